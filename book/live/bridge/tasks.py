"""« À vous »: a task's check, run on the application of the page."""

from __future__ import annotations

import json
import re
from itertools import count
from urllib.parse import urlencode

from bridge import socket_io
from bridge.project import Project
from bridge.visitor import Visitor

NOT_RUNNING = "L’application ne tourne pas : regardez l’erreur ci-dessus."
SOCKET_TARGET = "/socket.io/?EIO=4&transport=websocket"
EVENT = "42"  # how Socket.IO begins a packet that holds an event
CSRF_FIELD = re.compile('name="csrf_token"[^>]*value="([^"]+)"')
PASSED = "Réussi !"


class Site:
    """What a check looks at: the student's application, seen by a new visitor, and its files."""

    def __init__(self, project: Project, opened: list[Connection]) -> None:
        self.folder = project.folder
        self._project = project
        self._visitor = Visitor(project)
        self._opened = opened

    def other(self) -> Site:
        """Return the same site, seen by somebody else."""
        return Site(self._project, self._opened)

    def connect(self) -> Connection:
        """Open a Socket.IO connection."""
        self._opened.append(Connection(self._project, self._visitor))
        return self._opened[-1]

    def get(self, target: str) -> Answer:
        """Return the answer to a GET."""
        return Answer(self._visitor.request("GET", target, [], b""))

    def post(self, target: str, form: dict[str, str]) -> Answer:
        """Return the answer to a form sent by POST."""
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        return Answer(self._visitor.request("POST", target, headers, urlencode(form).encode()))

    def submit(self, target: str, form: dict[str, str]) -> Answer:
        """Fill in the page's form and send it, with its CSRF token, as a browser would."""
        token = CSRF_FIELD.search(self.get(target).text)
        assert token, f"Je ne trouve plus de formulaire à l’adresse {target}."
        return self.post(target, form | {"csrf_token": token[1]})

    def read(self, name: str) -> str:
        """Return the text of one of the student's files; empty if there is none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""


class Answer:
    """An application's answer: `status`, `text`, `headers` in lower case."""

    def __init__(self, answer: dict) -> None:
        self.status: int = answer["status"]
        self.text: str = bytes(answer["body"]).decode("utf-8", "replace")
        self.headers = {name.lower(): value for name, value in answer["headers"]}

    def json(self) -> object:
        """Return what the text says in JSON."""
        return json.loads(self.text)


class Connection:
    """A Socket.IO connection of a check."""

    _numbers = count(1)

    def __init__(self, project: Project, visitor: Visitor) -> None:
        self._packets: list[str] = []
        self._socket = f"task {next(self._numbers)}"
        environ = visitor.environ(SOCKET_TARGET)
        socket_io.connect(project, environ, self._socket, self._packets.append)
        socket_io.receive(self._socket, "40")

    def emit(self, event: str, data: dict) -> None:
        """Send an event."""
        socket_io.receive(self._socket, EVENT + json.dumps([event, data]))

    def received(self, event: str) -> list:
        """Return what came with every event of that name."""
        texts = [packet.removeprefix(EVENT) for packet in self._packets if packet.startswith(EVENT)]
        return [values[0] for name, *values in map(json.loads, texts) if name == event]

    def close(self) -> None:
        """Leave, so that the student's own windows no longer count it."""
        socket_io.close(self._socket)


def check(project: Project, source: str) -> dict:
    """Run the ``check(site)`` of a task's source: what it asserts is for the student to read."""
    names: dict = {}
    exec(compile(source, "<task>", "exec"), names)
    opened: list[Connection] = []
    try:
        names["check"](Site(project, opened))
    except AssertionError as error:
        return {"passed": False, "message": str(error)}
    finally:
        for connection in opened:
            connection.close()
    return {"passed": True, "message": PASSED}
