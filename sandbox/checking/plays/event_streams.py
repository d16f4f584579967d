"""Event streams: servers that give them, cut them, and note how clients come back."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import Any

from sandbox.checking.program import Program
from sandbox.checking.stage import Stage

START = "retry: 100\nid: 4\n\n"  # the first block, which has no event


def event(number: int, text: str) -> str:
    """Return the block of a message."""
    data = json.dumps({"id": number, "text": text}, ensure_ascii=False)
    return f"id: {number}\nevent: message\ndata: {data}\n\n"


def chunked(*blocks: str, end: bool = True) -> bytes:
    """Return an answer whose body is an event stream, as the course's server writes it."""
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    pieces = [f"{len(block.encode()):x}\r\n{block}\r\n" for block in blocks]
    closing = "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    return (head + closing + "".join(pieces) + ("0\r\n\r\n" if end else "")).encode()


class Streams:
    """A server that gives a stream to each client in turn, the last one again and again.

    Attributes:
        resumed: the Last-Event-ID of each request, None if it had none.
        times: when each came.
    """

    def __init__(self, *answers: bytes, hold: bool = False) -> None:
        self.answers = list(answers)
        self.hold = hold
        self.resumed: list[str | None] = []
        self.times: list[float] = []

    def play(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            file.readline()
            headers = http.client.parse_headers(file)
        said = self.answers[min(len(self.resumed), len(self.answers) - 1)]
        self.times.append(time.monotonic())
        self.resumed.append(headers.get("Last-Event-ID"))
        connection.sendall(said)
        if self.hold:
            connection.recv(1)  # a stream goes on: nothing comes until the client leaves


def followed(stage: Stage, program: Program, number: int, streams: Streams) -> object:
    """Have a client follow streams; return the first events delivered, and how it came back."""
    texts: list[str] = []

    def deliver(name: str, data: Any) -> bool:
        texts.append(f"{name} {data['text']}")
        return len(texts) < number

    program(stage.scripted(streams.play).url, "jeton-bob", deliver)
    return texts, streams.resumed
