"""Flask-SocketIO without a network: the page's sockets stand for WebSocket connections.

Engine.IO serves a WebSocket in a loop that blocks, which a page cannot afford: here each packet
of the page is handed over as it comes, and each answer pushed at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bridge.project import Project, Serving

if TYPE_CHECKING:
    from engineio.server import Server

NO_SOCKETS = "cette application n’a pas de SocketIO"
#: No heartbeat: a page and its own worker cannot lose sight of each other. Milliseconds.
NEVER = 24 * 3600 * 1000

_open: dict[str, tuple[Server, Any]] = {}


def install() -> None:
    """Have `socketio.run` serve the page, and tasks run at once: there are no threads."""
    import engineio.server
    import flask_socketio

    def run(self, app=None, host=None, port=None, **options):
        application = app or self.sockio_mw.flask_app
        print(f" * Serving Flask app '{application.name}' (Socket.IO)")
        raise Serving(application, host, port)

    def start_background_task(self, target, *args, **kwargs):
        if target == self._service_task:
            return None  # looks for silent clients, for ever
        return target(*args, **kwargs)

    flask_socketio.SocketIO.run = run
    engineio.server.Server.start_background_task = start_background_task


def connect(project: Project, environ: dict, socket: str, push: Callable[[str], None]) -> str:
    """Open a connection that answers through `push`; return why not, or an empty string."""
    extension = project.flask.extensions.get("socketio") if project.flask else None
    if extension is None:
        return NO_SOCKETS
    from engineio.packet import OPEN, Packet
    from engineio.socket import Socket

    class PageSocket(Socket):
        """Sends at once instead of filling a queue that a thread would empty."""

        def send(self, packet: Packet) -> None:
            push(packet.encode())

    engine = extension.server.eio
    identifier = engine.generate_id()
    opened = PageSocket(engine, identifier)
    opened.connected = opened.upgraded = True
    engine.sockets[identifier] = opened
    _open[socket] = engine, opened
    handshake = {"sid": identifier, "upgrades": [], "pingTimeout": NEVER, "pingInterval": NEVER,
                 "maxPayload": engine.max_http_buffer_size}  # fmt: skip
    opened.send(Packet(OPEN, handshake))
    environ["flask.app"] = project.flask
    engine._trigger_event("connect", identifier, environ, run_async=False)
    return ""


def receive(socket: str, packet: str) -> None:
    """Hand over a packet, text as Socket.IO writes it."""
    from engineio.packet import Packet

    if socket in _open:
        _, opened = _open[socket]
        opened.receive(Packet(encoded_packet=packet))


def close(socket: str) -> None:
    """Close from the page's side."""
    if socket in _open:
        engine, opened = _open.pop(socket)
        opened.close(wait=False, abort=True, reason=engine.reason.TRANSPORT_CLOSE)
        engine.sockets.pop(opened.sid, None)
