"""HTTP: requests read and responses written by hand, and servers that give them."""

from __future__ import annotations

import json
import re
import socket
import threading
from urllib.parse import parse_qs, urlsplit

from sandbox.serving.scripted import Play

SILENT_SECONDS = 3.0  # that a server says nothing
CITIES = ["Paris", "Lyon", "Marseille", "Lille", "Nantes", "Strasbourg", "Nice"]


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


def as_json(status: str, content: object, *headers: str) -> bytes:
    """Return a JSON response after which the server closes."""
    body = json.dumps(content, ensure_ascii=False).encode()
    return answer(status, body, "Content-Type: application/json", *headers)


def target_of(request: bytes) -> tuple[str, dict[str, str]]:
    """Return the path of a request and its query."""
    parts = urlsplit(request.split(b" ")[1].decode())
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def paginated(
    size: int, items: list = CITIES, *, absolute: bool = False, endless: bool = False
) -> Play:
    """Serve `items`, `size` by page, at ``/v1/villes?page=``; for ever if `endless`."""

    def play(connection: socket.socket) -> None:
        request = read_request(connection)
        if not request:
            return
        path, query = target_of(request)
        if path != "/v1/villes":
            connection.sendall(as_json("404 Not Found", {"error": f"rien à {path}"}))
            return
        page = int(query.get("page", 1))
        host = re.search(rb"(?i)\r\nhost: *([^\r]+)", request)[1].decode()
        base = f"http://{host}/v1/villes" if absolute else ""
        more = endless or page * size < len(items)
        shown = items[:size] if endless else items[(page - 1) * size : page * size]
        following = f"{base}?page={page + 1}" if more else None
        connection.sendall(as_json("200 OK", {"items": shown, "next": following}))

    return play
