"""WebSocket: people connected to a server, what they say and hear; a chat where Bob speaks."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from sandbox.checking.stage import Stage
from sandbox.serving.ws import Handler
from sandbox.wire import Wiretap

NOTHING, CLOSED = "(rien)", "(raccroché)"
HEARD_SECONDS = 2.0  # given to a message to come
CLOSE_SECONDS = 0.5  # given to a server to say goodbye
BOB_FIRST_SECONDS = 0.02  # between what Bob says and what comes after him


class Person:
    """A client of ours."""

    def __init__(self, client: ClientConnection) -> None:
        self.client = client

    def says(self, *messages: str | bytes) -> None:
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                self.client.send(message)

    def hears(self, number: int) -> list:
        """Return the next messages, as many as asked, in which what does not come is told."""
        heard = []
        for _ in range(number):
            try:
                heard.append(self.client.recv(timeout=HEARD_SECONDS))
            except TimeoutError:
                return [*heard, NOTHING]
            except ConnectionClosed:
                return [*heard, CLOSED]
        return heard

    def asks(self, message: str) -> object:
        """Say something; return what is heard next."""
        self.says(message)
        return self.hears(1)[0]

    def leaves(self) -> None:
        self.client.close()


@contextlib.contextmanager
def people_on(tap: Wiretap, number: int) -> Iterator[list[Person]]:
    """Have people connected, one after the other."""
    with contextlib.ExitStack() as stack:
        url = url_of(tap)
        yield [
            Person(stack.enter_context(connect(url, proxy=None, close_timeout=CLOSE_SECONDS)))
            for _ in range(number)
        ]


@contextlib.contextmanager
def people_at(stage: Stage, handler: Handler, number: int) -> Iterator[list[Person]]:
    """Have people connected, one after the other, to a server that runs `handler`."""
    with people_on(stage.serve_websocket(handler), number) as people:
        yield people


def answers(stage: Stage, handler: Handler, *messages: str | bytes, greetings: int = 0) -> list:
    """Have somebody say messages to a server; return what is heard, one a message and greetings."""
    with people_at(stage, handler, 1) as [ada]:
        ada.says(*messages)
        return ada.hears(greetings + len(messages))


def hear(*people: Person) -> list:
    """Return the next message that each one hears."""
    return [person.hears(1)[0] for person in people]


def chat_with_bob(bob_says: str) -> Handler:
    """Return a chat where Bob speaks each time, before the message of another is heard."""

    async def chat(connection: ServerConnection) -> None:
        await connection.send('{"type": "present", "count": 2}')
        async for message in connection:
            await connection.send(json.dumps({"type": "message", "name": "Bob", "text": bob_says}))
            await asyncio.sleep(BOB_FIRST_SECONDS)
            await connection.send(json.dumps({"type": "message"} | json.loads(message)))

    return chat


def url_of(tap: Wiretap) -> str:
    return f"ws://{tap.host}:{tap.port}/"
