"""Socket.IO: people who come, speak, listen and leave, told by a script that is plain data.

A script is a list of steps, ``(who, verb, …)``:

- ``("Ada", "comes")`` and ``("Ada", "leaves")``, her connection;
- ``("Ada", "says", "typing", {…})`` sends an event;
- ``("Ada", "asks", "typing", {…})`` sends one too, and tells what it is acknowledged by;
- ``("Ada", "hears", "arrival", …)`` tells what came to her under these names since she last
  listened, and forgets all the rest.

What is told is returned, in order. The functions whose first argument is the program itself are
for `Program.beside`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from sandbox.running.demos import load_demo

Step = tuple


def arriving(*names: str) -> list[Step]:
    """Return the script of people who come and say their names, and listen no more to that."""
    steps = []
    for name in names:
        steps += [(name, "comes"), (name, "says", "enter", {"user_name": name}), (name, "forgets")]
    return steps


def played(app: Flask, socketio: SocketIO, steps: Iterable[Step]) -> list:
    """Play a script; return what it tells."""
    people: dict[str, SocketIOTestClient] = {}
    told: list = []
    for who, verb, *rest in steps:
        if verb == "comes":
            people[who] = socketio.test_client(app)
        elif verb == "leaves":
            people[who].disconnect()
        elif verb == "says":
            people[who].emit(*rest)
        elif verb == "asks":
            answer = people[who].emit(*rest, callback=True)
            told.append(None if answer == [] else answer)
        else:
            received = people[who].get_received()
            if verb == "hears":
                told.append([each["args"][0] for each in received if each["name"] in rest])
    return told


def in_chat(create: Callable[[], tuple[Flask, SocketIO]], steps: Iterable[Step]) -> list:
    """Play a script in a site that the program makes."""
    app, socketio = create()
    return played(app, socketio, steps)


def in_new_site(add: Callable[[SocketIO], None], steps: Iterable[Step]) -> list:
    """Play a script in a site that does nothing but what the program adds to it."""
    app = Flask("bavardage")
    socketio = SocketIO(app, async_mode="threading")
    add(socketio)
    return played(app, socketio, steps)


def in_demo6(add: Callable[[SocketIO], None], steps: Iterable[Step]) -> list:
    """Play a script in demo6, with what the program adds to it."""
    demo = load_demo("demo6")
    add(demo.socketio)
    return played(demo.app, demo.socketio, steps)
