"""HTTP: servers that answer what they are told to, whatever is asked."""

from __future__ import annotations

import socket
import threading


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


def silence(connection: socket.socket) -> None:
    read_request(connection)
    threading.Event().wait(3)


def bad_gateway(connection: socket.socket) -> None:
    """Answer as an intermediary whose server is down, and which knows nothing of JSON."""
    read_request(connection)
    page = answer("502 Bad Gateway", b"<h1>Bad Gateway</h1>", "Content-Type: text/html")
    connection.sendall(page)


UNAUTHORIZED = answer(
    "401 Unauthorized", b'{"detail": "?"}', "Content-Type: application/problem+json"
)
