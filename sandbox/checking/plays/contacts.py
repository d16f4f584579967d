"""The address book: servers that play it on bad days, and how a program fares before them."""

from __future__ import annotations

import json
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.serving.scripted import Play
from sandbox.wire import BadNetwork
from sandbox.wire.recording import TO_SERVER

Message = dict[str, Any]  # a request or an answer: a JSON object
SILENT_SECONDS = 2.0  # given to a client of version 2 that says nothing

LIST = {"cmd": "list", "args": {}}
YES = {"status": True, "msg": "Voilà l'été.", "data": {"Zoé Lefèvre": "zoe@example.org"}}
NO = {"status": False, "msg": "Commande inconnue.", "data": {}}
NO_MAIL = "mail doit avoir de 1 à 254 caractères, pas 0."
THREE = [
    {"cmd": "find", "args": {"name": "Zoé Lefèvre"}},
    {"cmd": "list", "args": {}},
    {"cmd": "find", "args": {"name": "Inès"}},
]
ANSWERS = ["find Zoé Lefèvre", "list", "find Inès"]  # to these three, by a server of version 2


def to_bytes(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def read_object(connection: socket.socket) -> Message:
    """Read one JSON object.

    Raises:
        ConnectionError: the client left before its end.
    """
    received = b""
    while chunk := connection.recv(4096):
        received += chunk
        with suppress(ValueError):  # not whole yet
            return json.loads(received)
    raise ConnectionError("the client left")


# Version 1: a request and an answer on each connection


def in_turn(*answers: Message | bytes | None) -> Play:
    """Give the first answer to the first client, and so on, the last one again; None is silence."""
    left = iter(answers)

    def play(connection: socket.socket) -> None:
        read_object(connection)
        said = next(left, answers[-1])
        if said is not None:
            connection.sendall(to_bytes(said) if isinstance(said, dict) else said)
            return
        while connection.recv(4096):
            pass

    return play


def facing(
    *answers: Message | bytes | None, network: BadNetwork | tuple = (), **settings: float
) -> Callable[[Stage, Program], tuple[object, int] | None]:
    """Return what tries a program, with such settings, before a server that answers `in_turn`.

    It gives the answer or the name of the exception, and how many connections it took.
    """

    def tried(stage: Stage, program: Program) -> tuple[object, int] | None:
        tap = stage.scripted(in_turn(*answers), network)
        try:
            answer = program(tap.host, tap.port, LIST, **settings)
        except OSError:
            answer = "OSError"
        stage.carried(TO_SERVER)  # all of it has been recorded
        return None if answer is None else (answer, len(tap.connections))

    return tried


def in_at_least(seconds: float, tried: Callable[[Stage, Program], tuple | None]) -> Callable:
    """Tell in addition whether it took that long."""

    def timed(stage: Stage, program: Program) -> tuple | None:
        started = time.monotonic()
        found = tried(stage, program)
        return found and (*found, time.monotonic() - started > seconds)

    return timed


class Book:
    """A book that only knows ``add``, and takes its time.

    Attributes:
        contacts: mails by name.
        most: the largest number of clients that there were at once.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self.contacts: dict[str, str] = {}
        self.most = 0
        self._pause = pause
        self._now = 0
        self._lock = threading.Lock()

    def play(self, connection: socket.socket) -> None:
        with self._counted():  # ends before the client can call again
            answer = self._answer(read_object(connection))
        connection.sendall(to_bytes(answer))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1

    def _answer(self, request: Message) -> Message:
        time.sleep(self._pause)
        match request:
            case {"cmd": "add", "args": {"name": str(name), "mail": str(mail)}} if mail:
                self.contacts[name] = mail
                return {"status": True, "msg": f"« {name} » est ajouté au carnet.", "data": {}}
            case {"cmd": "add", "args": {"name": str(), "mail": ""}}:
                return {"status": False, "msg": NO_MAIL, "data": {}}
        return {"status": False, "msg": "J'attends add, avec name et mail.", "data": {}}


def added(
    stage: Stage, program: Program, contacts: dict[str, str], pause: float = 0.0, workers: int = 8
) -> tuple[object, Book]:
    """Return what the program returned, and the book just after."""
    book = Book(pause)
    tap = stage.scripted(book.play)
    return program(tap.host, tap.port, contacts, workers), book


def importing(text: str, encoding: str = "utf-8") -> Callable[[Stage, Program], tuple | None]:
    """Return what has a program import a file.

    It gives what the program returned or the name of its exception, and what the book has.
    """

    def tried(stage: Stage, program: Program) -> tuple[object, dict] | None:
        book = Book()
        tap = stage.scripted(book.play)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "contacts.csv"
            path.write_text(text, encoding=encoding, newline="")
            try:
                result = program(tap.host, tap.port, path)
            except ValueError:
                result = "ValueError"
        return None if result is None else (result, book.contacts)

    return tried


# Version 2: a JSON object a line


def reply(message: Message) -> bytes:
    """Return the line that answers a message of version 2."""
    number, words = message.get("id"), [message.get("cmd"), *message.get("args", {}).values()]
    right = message.get("version") == 2
    msg = " ".join(map(str, words)) if right else "Je parle la version 2."
    return to_bytes({"version": 2, "id": number, "status": right, "msg": msg, "data": {}}) + b"\n"


def prompt(connection: socket.socket) -> None:
    """Answer each line at once."""
    connection.settimeout(SILENT_SECONDS)
    with connection.makefile("rwb") as stream:
        for line in stream:
            stream.write(reply(json.loads(line)))
            stream.flush()


def in_order(*order: int, strangers: bool = False, cut: bool = False) -> Play:
    """Wait for three lines, then answer them in that order.

    Args:
        order: 0 is the first of the lines.
        strangers: send lines between, that answer nothing.
        cut: send only half of the last line.
    """

    def play(connection: socket.socket) -> None:
        connection.settimeout(SILENT_SECONDS)
        with connection.makefile("rwb") as stream:
            messages = [json.loads(stream.readline()) for _ in range(3)]
            for index in order:
                if strangers:
                    stream.write(to_bytes({**NO, "version": 2, "id": None}) + b"\n")
                line = reply(messages[index])
                stream.write(line[:20] if cut and index == order[-1] else line)

    return play


def asking(
    play: Play, requests: Sequence[Message] = THREE, network: BadNetwork | tuple = ()
) -> Callable[[Stage, Program], tuple | None]:
    """Return what has a program send requests to a server of version 2.

    It gives the sentences of the answers, and how many connections it took.
    """

    def tried(stage: Stage, program: Program) -> tuple | None:
        tap = stage.scripted(play, network)
        answers = program(tap.host, tap.port, [dict(request) for request in requests])
        stage.carried(TO_SERVER)  # all of it has been recorded
        if answers is None:
            return None
        with suppress(TypeError, KeyError):  # no list of answers: shown as it is
            return [answer["msg"] for answer in answers], len(tap.connections)
        return answers, len(tap.connections)

    return tried
