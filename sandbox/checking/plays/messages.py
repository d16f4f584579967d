"""The class's messaging application: four people, what they write, what they receive."""

from __future__ import annotations

import contextlib
import http.client
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sandbox.checking.plays.http import answer
from sandbox.messagerie import accounts, create_app, mailbox, schemas
from sandbox.server_messagerie import DEMONSTRATION

Ask = Callable[..., Any]  # ask(method, path, body=None): a request of somebody, and its JSON


class Classroom:
    """The messaging application itself, in this process: Alice, Bob, Chloé, Driss, no message."""

    def __init__(self, folder: str) -> None:
        database = f"sqlite:///{Path(folder, 'classe.db').as_posix()}"
        self.app = create_app(database, **DEMONSTRATION)
        self.service = self.app.extensions["messagerie"]
        self.requests: list[str] = []  # of those who ask through us
        for name in ("Alice", "Bob", "Chloé", "Driss"):
            self.welcome(name)

    def welcome(self, name: str) -> None:
        """Add somebody, whose token everybody knows: jeton-bob."""
        with self.service.database.session() as session:
            newcomer = accounts.add_user(session, name)
            accounts.give_token(session, newcomer, self.service.token(name))

    def as_user(self, name: str) -> Ask:
        """Return what asks as somebody, and notes it."""
        client = self.app.test_client()
        headers = {"Authorization": f"Bearer {self.service.token(name)}"}

        def asked(method: str, path: str, body: Any = None) -> Any:
            self.requests.append(f"{method} {path}")
            response = client.open(path, method=method, headers=headers, json=body)
            if response.status_code >= 400:
                raise ValueError(response.json["detail"])
            return response.json

        return asked

    def write(self, sender: int, to: int, *texts: str) -> None:
        """Have messages sent, all in one transaction."""
        with self.service.database.session() as session:
            for text in texts:
                new = schemas.NewMessage(to=to, text=text)
                mailbox.send(session, sender, new, self.service.clock)
        self.service.bells.look_now()

    def received(self, name: str) -> list[tuple[int, str]]:
        """Return who wrote what to somebody."""
        messages = self.as_user(name)("GET", "/api/messages")
        return [(message["from"], message["text"]) for message in messages]

    def play(self, connection: socket.socket) -> None:
        """Answer a request of a client on the network."""
        with connection.makefile("rb") as file:
            method, target, _ = file.readline().decode().split(" ")
            headers = http.client.parse_headers(file)
            body = file.read(int(headers.get("Content-Length", 0)))
        said = self.app.test_client().open(
            target, method=method, headers=headers.items(), data=body
        )
        kept = [f"{name}: {value}" for name, value in said.headers if name != "Content-Length"]
        connection.sendall(answer(said.status, said.data, *kept))


@contextlib.contextmanager
def classroom() -> Iterator[Classroom]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        room = Classroom(folder)
        yield room
        room.service.database.close()
