"""A relay in front of any server, that records what passes and shows it.

A relay cannot do all that a wire does: it has accepted the client before it knows whether the
server accepts, so that a refusal is seen as a reset.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.ports import LOOPBACK
from sandbox.wire import drawing, plain
from sandbox.wire.conversation import Decoder, conversation
from sandbox.wire.network import BadNetwork, Way, by_direction
from sandbox.wire.recording import (
    TO_CLIENT,
    TO_SERVER,
    Connection,
    Direction,
    Exchange,
    Recording,
)

LIMIT = 1024 * 1024  # bytes recorded
MAX_CONNECTIONS = 256  # connections recorded, and served at once
CONNECT_TIMEOUT = 5.0  # s
CHUNK = 256 * 1024  # bytes taken at a time
PATIENCE = 0.5  # s left to a connection that one side has closed to be closed by the other
#: s during which the close of a client is not passed on: if the server closes meanwhile, it did
#: so by itself. Two ends that close together are then always drawn in the same order.
HOLD = 0.01
#: The option by which closing a socket sends a reset: two integers, short ones on Windows.
RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Wiretap:
    """A recording relay; see `wiretap`.

    Attributes:
        name: the server's, as the drawing says it.
        host, port: where clients connect.
        connections: what happened, connection by connection.
    """

    def __init__(
        self,
        name: str,
        target: tuple[str, int],
        *,
        networks: Iterable[BadNetwork],
        decode: Decoder | None,
        limit: int,
        host: str,
        port: int,
    ) -> None:
        self.name = name
        self.decode = decode
        self._target = target
        self._networks = by_direction(networks)
        self._recording = Recording(limit, MAX_CONNECTIONS)
        self._links: set[Link] = set()
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._listener = socket.create_server((host, port), backlog=MAX_CONNECTIONS)
        self.host, self.port = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def connections(self) -> list[Connection]:
        return list(self._recording.connections)

    @property
    def full(self) -> bool:
        """Tell whether something passed beyond the limit and was not recorded."""
        return self._recording.full

    @property
    def exchanges(self) -> list[Exchange]:
        """What passed: an element each time the other side speaks, connection by connection."""
        self._settle()
        return [exchange for connection in self.connections for exchange in connection.exchanges()]

    @property
    def chunks(self) -> list[Exchange]:
        """What passed, in the chunks in which it came: they vary from run to run."""
        self._settle()
        found = [
            Exchange(connection.number, event.direction, event.data, event.time)
            for connection in self.connections
            for event in list(connection.events)
            if event.kind == "data"
        ]
        return sorted(found, key=lambda chunk: chunk.time)

    def to_json(self, path: str | Path | None = None) -> str:
        """Return the exchanges in JSON, bytes in base64; write them to `path` if there is one."""
        self._settle()
        text = plain.to_json(self.name, self.connections)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def to_pcap(self, path: str | Path) -> None:
        """Write a capture that Wireshark opens: one TCP connection for each recorded."""
        from sandbox.wire import pcap  # its library is long to import

        self._settle()
        Path(path).write_bytes(pcap.capture(self.connections))

    def stop(self) -> None:
        """Stop listening, let connections that are closing close, cut the others."""
        if self._listener.fileno() < 0:
            return
        try:
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        except OSError:
            pass  # not needed, nor possible, on every system
        self._listener.close()
        self._settle()
        for link in self._open_links():
            link.abort()
            link.connection.ended.wait(PATIENCE)

    def _open_links(self) -> list[Link]:
        with self._lock:
            return list(self._links)

    def _settle(self) -> None:
        """Wait until what has been sent is recorded, and what is closing is closed."""
        deadline = time.monotonic() + PATIENCE
        while any(link.busy() for link in self._open_links()) and time.monotonic() < deadline:
            time.sleep(0.002)

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            link = Link(client, self._recording.open(), self._target, self._networks)
            with self._lock:
                self._links.add(link)
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: Link) -> None:
        try:
            link.run()
        finally:
            with self._lock:
                self._links.discard(link)
            link.connection.ended.set()
            self._slots.release()

    def __enter__(self) -> Wiretap:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __str__(self) -> str:
        self._settle()
        return plain.draw(self.name, self._conversations(), self._recording)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        self._settle()
        return drawing.draw(self.name, self._conversations(), self._recording)

    def _conversations(self) -> list:
        return [conversation(connection, self.decode) for connection in self.connections]


class Link:
    """The two sockets of one connection, and the bytes that go from one to the other."""

    def __init__(
        self,
        client: socket.socket,
        connection: Connection,
        target: tuple[str, int],
        networks: dict[Direction, BadNetwork],
    ) -> None:
        self.connection = connection
        self._target = target
        self._networks = networks
        self._sockets = [client]
        self._gone = threading.Event()  # the connection was cut: nothing is to be passed any more
        self._server_closed = threading.Event()

    def run(self) -> None:
        """Connect to the server, then pass on what comes, both ways, until both have closed."""
        (client,) = self._sockets
        try:
            server = socket.create_connection(self._target, timeout=CONNECT_TIMEOUT)
        except OSError:
            self.connection.note("refused", TO_CLIENT)
            self.abort()
            self._close()
            return
        server.settimeout(None)
        self._sockets.append(server)
        for end in self._sockets:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=self._pump, args=(server, client, TO_CLIENT), daemon=True)
        back.start()
        self._pump(client, server, TO_SERVER)
        back.join()
        self._close()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: Direction) -> None:
        """Pass on what `source` sends, until it closes or the connection is cut."""
        network = self._networks.get(direction)
        way = network and Way(network, self.connection.number, direction)
        view = memoryview(bytearray(CHUNK))
        try:
            while (size := self._receive(source, view, direction)) and not self._gone.is_set():
                if way:
                    self._pass_badly(way, bytes(view[:size]), sink, direction)
                else:
                    self.connection.keep(direction, view[:size])
                    sink.sendall(view[:size])
            if not self._gone.is_set():
                sink.shutdown(socket.SHUT_WR)
        except OSError:  # `sink` left: `source` has to know
            if not self._gone.is_set():
                self.connection.note("closed", direction)
            self.abort()

    def _receive(self, source: socket.socket, view: memoryview, direction: Direction) -> int:
        """Receive some bytes; note the end, whatever it is, and return 0."""
        try:
            size = source.recv_into(view)
        except OSError:
            size = -1
        if size > 0:
            return size
        if direction == TO_SERVER:
            self._server_closed.wait(HOLD)
        if not self._gone.is_set():
            # A client that leaves without having read all resets or closes, by chance.
            reset = size < 0 and direction == TO_CLIENT
            self.connection.note("reset" if reset else "closed", direction)
            if reset:
                self.abort()
        if direction == TO_CLIENT:
            self._server_closed.set()
        return 0

    def _pass_badly(self, way: Way, data: bytes, sink: socket.socket, direction: Direction) -> None:
        """Pass `data` on as the network lets it pass.

        It is recorded before, as its sender sent it: how much of it still reaches a client that
        leaves in the middle depends on chance.
        """
        pieces = list(way.pieces(data))
        for piece in pieces:
            self.connection.keep(direction, memoryview(piece.data))
            self.connection.cuts[direction].append(piece.offset)
        if pieces[-1].end:
            self.connection.note(pieces[-1].end, direction)
        for piece in pieces:
            if self._gone.wait(piece.wait):
                return
            sink.sendall(piece.data)
        if pieces[-1].end == "cut":
            self.abort()
        elif pieces[-1].end == "silenced":
            self._gone.wait()

    def busy(self) -> bool:
        """Tell whether something has been sent or closed that is not recorded yet."""
        if self.connection.has("silenced") or self._gone.is_set():
            return False
        if self.connection.has("closed", "reset"):
            return True
        try:
            return bool(select.select(self._sockets, [], [], 0)[0])
        except (OSError, ValueError):  # just closed
            return True

    def abort(self) -> None:
        """Reset both ends."""
        self._gone.set()
        for end in self._sockets:
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.shutdown(socket.SHUT_RD)  # wakes recv_into()
            except OSError:
                continue  # it has left already

    def _close(self) -> None:
        for end in self._sockets:
            end.close()


def wiretap(
    server: object,
    *,
    network: BadNetwork | Iterable[BadNetwork] = (),
    decode: Decoder | None = None,
    limit: int = LIMIT,
    host: str = LOOPBACK,
    port: int = 0,
) -> Wiretap:
    """Put a recording relay before a server; clients then talk to the relay.

    Args:
        server: what `start` returned, ``"host:port"``, a URL, or a ``(host, port)`` pair.
        network: what the network between the two does to the bytes.
        decode: ``text``, ``json``, ``bytes``, ``http`` or ``tls``; found from what passes when
            None.
        limit: bytes recorded in all; what passes beyond is counted, not kept.
        host, port: where the relay listens; any free port when 0.

    Raises:
        ValueError: `server` is no address; the message, in French, says what was expected.
        OSError: the port is taken.
    """
    name, target = _address(server)
    networks = [network] if isinstance(network, BadNetwork) else network
    return Wiretap(
        name, target, networks=networks, decode=decode, limit=limit, host=host, port=port
    )


def _address(server: object) -> tuple[str, tuple[str, int]]:
    """Return a name and the ``(host, port)`` of a server."""
    if hasattr(server, "host") and hasattr(server, "port"):
        return getattr(server, "name", "serveur"), (server.host, server.port)
    try:
        if isinstance(server, str):
            parts = urlsplit(server if "//" in server else f"//{server}")
            host = parts.hostname
            port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        else:
            host, port = server
        return "serveur", (str(host), int(port))
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(
            f"wiretap attend un serveur rendu par start, « hôte:port » ou (hôte, port), "
            f"et voici {server!r}."
        ) from error
