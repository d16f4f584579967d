"""The stage on which a student's program is tried: servers that play a part, seen on the wire."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING

from sandbox.running.demos import load_demo
from sandbox.running.launcher import Server, start
from sandbox.serving.scripted import Play, ScriptedServer
from sandbox.wire import BadNetwork, Wiretap, wiretap
from sandbox.wire.recording import Direction

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

    from sandbox.serving.ws import Handler

WAIT_SECONDS = 2.0  # every wait of ours ends before the case's


class Stage:
    """What a case may use; all of it is put away at the end.

    Attributes:
        taps: the relays, whose drawings explain a failure.
        errors: what the student's servers raised.
    """

    def __init__(self) -> None:
        self.taps: list[Wiretap] = []
        self.errors: list[BaseException] = []
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def scripted(self, play: Play, network: BadNetwork | Iterable[BadNetwork] = ()) -> Wiretap:
        """Run a server of ours that plays a part, behind a relay."""
        server = self._stack.enter_context(ScriptedServer(play, timeout=WAIT_SECONDS))
        return self.tap(server, network)

    def serve(self, play: Play, network: BadNetwork | Iterable[BadNetwork] = ()) -> Wiretap:
        """Run the student's function for each client, behind a relay."""
        server = self._stack.enter_context(ScriptedServer(play, timeout=WAIT_SECONDS))
        server.errors = self.errors
        return self.tap(server, network)

    def serve_websocket(self, handler: Handler) -> Wiretap:
        """Run the student's coroutine for each WebSocket client, behind a relay."""
        from websockets.exceptions import ConnectionClosed  # the other lessons need not wait for it

        from sandbox.serving import ws

        async def watched(connection: ServerConnection) -> None:
            try:
                await handler(connection)
            except ConnectionClosed:
                pass  # its own side tells more than ours
            except Exception as error:
                self.errors.append(error)

        return self.tap(self._stack.enter_context(ws.in_background(watched)))

    def start(self, name: str, network: BadNetwork | Iterable[BadNetwork] = ()) -> Wiretap:
        """Start a server of the course, on a free port, behind a relay."""
        return self.tap(self._stack.enter_context(start(name, port=0)), network)

    def tap(
        self, server: Server | ScriptedServer, network: BadNetwork | Iterable[BadNetwork] = ()
    ) -> Wiretap:
        """Put a relay before a server."""
        tap = self._stack.enter_context(wiretap(server, network=network))
        self.taps.append(tap)
        return tap

    def demo(self, name: str) -> ModuleType:
        """Return a demo's ``app.py``, imported anew: what is added to it stays in the case."""
        return load_demo(name)

    def pair(self) -> tuple[socket.socket, socket.socket]:
        """Return the two ends of a connection."""
        ends = socket.socketpair()
        for end in ends:
            end.settimeout(WAIT_SECONDS)
            self._stack.enter_context(end)
        return ends

    def connect(self, tap: Wiretap) -> socket.socket:
        """Connect to a server as a client of ours."""
        address = (tap.host, tap.port)
        return self._stack.enter_context(socket.create_connection(address, timeout=WAIT_SECONDS))

    def passed(self, direction: Direction) -> bytes:
        """Return all the bytes that went one way, through all the relays."""
        exchanges = [exchange for tap in self.taps for exchange in tap.exchanges]
        return b"".join(each.data for each in exchanges if each.direction == direction)
