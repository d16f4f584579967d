"""Messages preceded by their length, JSON inside: clients who talk to a student's server.

Each play is given as the run of a case: a function of a stage and a program.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

from sandbox.checking.plays.streams import framed, read_all
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.wire import BadNetwork
from sandbox.wire.recording import TO_SERVER

Run = Callable[[Stage, Program], object]

MAX_SIZE = 65_536  # bytes of an answer
SILENCE = "rien : votre serveur se tait"
GONE = "plus rien : votre serveur a raccroché"


def next_answer(connection: socket.socket) -> Any:
    """Return the next answer of a server, or tell what came instead."""
    try:
        with connection.makefile("rb", buffering=0) as stream:
            size = int.from_bytes(read_all(stream, 4), "big")
            if size > MAX_SIZE:
                return f"une longueur annoncée de {size} octets"
            return json.loads(read_all(stream, size))
    except TimeoutError:
        return SILENCE
    except ConnectionError:
        return GONE
    except ValueError:
        return "des octets qui ne sont pas du JSON"


def answers(*payloads: bytes, fragment: int | None = None) -> Run:
    """Send each payload after the answer to the one before; stop at what is no answer."""

    def run(stage: Stage, program: Program) -> list:
        network = BadNetwork(fragment=fragment, direction=TO_SERVER) if fragment else ()
        connection = stage.connect(stage.serve(program, network))
        found = []
        for payload in payloads:
            connection.sendall(framed(payload))
            found.append(next_answer(connection))
            if isinstance(found[-1], str):
                break
        return found

    return run


def counts(*payloads: bytes, fragment: int | None = None) -> Run:
    """Do the same; give the count in each answer, "refusé" for a refusal."""

    def count(answer: dict | str) -> object:
        if isinstance(answer, str):
            return answer
        return answer["data"]["count"] if answer["status"] else "refusé"

    ask = answers(*payloads, fragment=fragment)
    return lambda stage, program: [count(answer) for answer in ask(stage, program)]


def twice_at_once(payload: bytes) -> Run:
    """Send a payload twice in one go; give what the two answers hold."""

    def run(stage: Stage, program: Program) -> list:
        connection = stage.connect(stage.serve(program))
        connection.sendall(2 * framed(payload))
        return [next_answer(connection)["data"], next_answer(connection)["data"]]

    return run


def announce(size: int) -> Run:
    """Announce so many bytes and wait; give the answer's status and what comes after it."""

    def run(stage: Stage, program: Program) -> tuple:
        connection = stage.connect(stage.serve(program))
        connection.sendall(size.to_bytes(4, "big"))
        answer = next_answer(connection)
        if isinstance(answer, str):
            return (answer,)
        return answer["status"], next_answer(connection)

    return run


def counts_of_two_clients(payload: bytes) -> Run:
    """Let two clients send a payload each; give the count that each one is told."""

    def run(stage: Stage, program: Program) -> list:
        tap = stage.serve(program)
        found = []
        for _ in range(2):
            connection = stage.connect(tap)
            connection.sendall(framed(payload))
            found.append(next_answer(connection)["data"]["count"])
        return found

    return run


def leave_in_the_middle(payload: bytes) -> Run:
    """Hang up after five bytes of a payload; give what the program returns."""

    def run(stage: Stage, program: Program) -> object:
        ours, theirs = stage.pair()
        ours.sendall(framed(payload)[:9])
        ours.close()
        return program(theirs)

    return run
