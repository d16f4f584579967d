"""HTTP: requests read and responses written by hand, and servers that give them."""

from __future__ import annotations

import socket
import threading

from sandbox.serving.scripted import Play

SILENT_SECONDS = 3.0


def read_request(connection: socket.socket) -> bytes:
    """Read a request that has no body; empty if the client left."""
    received = b""
    while b"\r\n\r\n" not in received and (chunk := connection.recv(4096)):
        received += chunk
    return received


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return a response after which the server closes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def in_turn(*answers: bytes) -> Play:
    """Give the first answer to the first client, and so on; the last one is given again."""
    left = list(answers)
    lock = threading.Lock()

    def play(connection: socket.socket) -> None:
        if read_request(connection):
            with lock:
                said = left.pop(0) if len(left) > 1 else left[0]
            connection.sendall(said)

    return play


def silence(connection: socket.socket) -> None:
    """Read the request, and do not answer."""
    read_request(connection)
    threading.Event().wait(SILENT_SECONDS)
