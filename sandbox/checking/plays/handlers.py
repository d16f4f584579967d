"""Handlers of `http.server` that students write: how they are run, and asked."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.wire import Wiretap

NO_ANSWER = "pas de réponse"


def serve(stage: Stage, program: Program, *args: object) -> Wiretap:
    """Run for each client, behind a relay, the handler that a program is, or makes of `args`."""
    handler = program.beside(silent, *args)
    return stage.serve(lambda connection: handler(connection, connection.getpeername(), None))


def silent(program: Callable, *args: object) -> type[BaseHTTPRequestHandler]:
    """Return a student's handler, which notes nothing in its log."""
    handler = program(*args) if args else program
    return type(handler.__name__, (handler,), {"log_message": lambda *_: None})


@contextlib.contextmanager
def serve_file(
    stage: Stage, program: Program, name: str, content: bytes, *args: object
) -> Iterator[Wiretap]:
    """Run the handler that a program makes of the path of a file and of `args`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield serve(stage, program, path, *args)


def ask(stage: Stage, tap: Wiretap, target: str, method: str = "GET") -> HTTPResponse | None:
    """Send a request as it is written; return the response, read, or None."""
    with stage.connect(tap) as client:
        client.sendall(f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        response = HTTPResponse(client, method=method)
        try:
            response.begin()
            response.content = response.read()
        except (OSError, HTTPException):
            return None
        return response


def status(stage: Stage, tap: Wiretap, method: str) -> object:
    """Return the status that answers a request for ``/``."""
    response = ask(stage, tap, "/", method)
    return response.status if response else NO_ANSWER
