"""Flask-SocketIO without a network: the page's sockets stand for WebSocket connections.

Engine.IO serves a WebSocket in a loop that blocks, which a page cannot afford: here each packet
of the page is handed over as it comes, and each answer pushed at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from bridge import borrowed
from bridge.project import Project, Serving

if TYPE_CHECKING:
    from engineio.server import Server
    from engineio.socket import Socket
    from flask import Flask

NO_SOCKETS = "cette application n’a pas de SocketIO"

_open: dict[str, tuple[Server, Socket]] = {}


def install() -> None:
    """Have `socketio.run` serve the page."""
    borrowed.replace_socketio_run(serve)


def serve(application: Flask, host: str | None, port: int | None) -> NoReturn:
    print(f" * Serving Flask app '{application.name}' (Socket.IO)")
    raise Serving(application, host, port)


def connect(project: Project, environ: dict, socket: str, push: Callable[[str], None]) -> str:
    """Open a connection that answers through `push`; return why not, or an empty string."""
    engine = borrowed.engine_of(project.flask)
    if engine is None:
        return NO_SOCKETS
    _open[socket] = engine, borrowed.open_socket(engine, project.flask, environ, push)
    return ""


def receive(socket: str, packet: str) -> None:
    """Hand over a packet, text as Socket.IO writes it."""
    if socket in _open:
        _, opened = _open[socket]
        borrowed.hand_over(opened, packet)


def close(socket: str) -> None:
    """Close from the page's side."""
    if socket in _open:
        borrowed.close_socket(*_open.pop(socket))
