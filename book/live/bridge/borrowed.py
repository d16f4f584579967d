"""What the page borrows from inside Werkzeug, Flask-SocketIO and Engine.IO.

Tried with the versions below; ``tests/book/test_borrowed.py`` tells when one no longer holds.
Engine.IO is imported when it is used: few demos do, and it comes apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from engineio.server import Server
    from engineio.socket import Socket
    from flask import Flask
    from werkzeug.test import Client

TRIED = {"werkzeug": "3.1.9", "flask-socketio": "5.7.0", "python-engineio": "4.15.1"}

#: No heartbeat: a page and its own worker cannot lose sight of each other. Milliseconds.
NEVER = 24 * 3600 * 1000


def add_cookies(client: Client, environ: dict) -> None:
    """Give a request the cookies of the client's jar."""
    client._add_cookies_to_wsgi(environ)


def replace_socketio_run(serve: Callable[[Flask, str | None, int | None], NoReturn]) -> None:
    """Have ``socketio.run`` call `serve`, and tasks run at once: there are no threads."""
    import engineio.server
    import flask_socketio

    def run(self, app=None, host=None, port=None, **options):
        serve(app or self.sockio_mw.flask_app, host, port)

    def start_background_task(self, target, *args, **kwargs):
        if target == self._service_task:
            return None  # looks for silent clients, for ever
        return target(*args, **kwargs)

    flask_socketio.SocketIO.run = run
    engineio.server.Server.start_background_task = start_background_task


def engine_of(application: Flask | None) -> Server | None:
    """Return the application's Engine.IO server, if it has one."""
    extension = application.extensions.get("socketio") if application else None
    return extension.server.eio if extension else None


def open_socket(
    engine: Server, application: Flask, environ: dict, push: Callable[[str], None]
) -> Socket:
    """Open a connection that has its WebSocket already, and sends by `push`."""
    from engineio.packet import OPEN, Packet
    from engineio.socket import Socket

    class PageSocket(Socket):
        """Sends at once instead of filling a queue that a thread would empty."""

        def send(self, packet: Packet) -> None:
            push(packet.encode())

    identifier = engine.generate_id()
    opened = PageSocket(engine, identifier)
    opened.connected = opened.upgraded = True
    engine.sockets[identifier] = opened
    handshake = {"sid": identifier, "upgrades": [], "pingTimeout": NEVER, "pingInterval": NEVER,
                 "maxPayload": engine.max_http_buffer_size}  # fmt: skip
    opened.send(Packet(OPEN, handshake))
    environ["flask.app"] = application
    engine._trigger_event("connect", identifier, environ, run_async=False)
    return opened


def hand_over(opened: Socket, packet: str) -> None:
    """Give a connection a packet, text as Socket.IO writes it."""
    from engineio.packet import Packet

    opened.receive(Packet(encoded_packet=packet))


def close_socket(engine: Server, opened: Socket) -> None:
    """Close from the page's side."""
    opened.close(wait=False, abort=True, reason=engine.reason.TRANSPORT_CLOSE)
    engine.sockets.pop(opened.sid, None)
