"""A relay in front of any server, that records what passes and shows it.

A relay cannot do all that a wire does: it has accepted the client before it knows whether the
server accepts, so that a refusal is seen as a reset.
"""

from __future__ import annotations

import os
import selectors
import socket
import struct
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from sandbox.running.catalogue import LOOPBACK
from sandbox.wire import drawing, plain
from sandbox.wire.conversation import Decoder, conversation
from sandbox.wire.network import BadNetwork, Piece, Way, by_direction
from sandbox.wire.recording import (
    DIRECTIONS,
    TO_CLIENT,
    TO_SERVER,
    Connection,
    Direction,
    Exchange,
    Kind,
    Recording,
)
from sandbox.wire.unread import is_unread

LIMIT = 1024 * 1024  # bytes recorded
MAX_CONNECTIONS = 256  # connections recorded, and served at once
CONNECT_SECONDS = 5.0
CHUNK = 256 * 1024  # bytes taken at a time
BACKLOG_SECONDS = 0.05  # before trying again to accept, when the system has no file to spare
IN_FLIGHT_SECONDS = 0.5  # what is on its way is recorded before we draw or stop
#: After them a connection that one side has closed is drawn as it is.
SETTLE_SECONDS = 1.0
#: The close of a client is not passed on at once: if the server closes meanwhile, it did so by
#: itself. Two ends that close together are then always drawn in the same order. Many short waits,
#: which last longer on a busy machine, as does what the server has to do; but not for ever.
HOLDS, HOLD_SECONDS, LONGEST_HOLD_SECONDS = 50, 0.002, 0.3
#: During them a bad network waits for the rest of what it has begun to receive: it cuts where
#: it has decided, wherever the sender's own pieces end.
GATHER_SECONDS = 0.01
READER = 0.5  # s left to a program to read a piece before the next is sent
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
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=MAX_CONNECTIONS)
        self._listener.setblocking(False)
        self._stopped = threading.Event()
        self.host, self.port = self._listener.getsockname()[:2]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

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

    @property
    def opened(self) -> int:
        """How many connections there were."""
        return self._recording.connections_passed

    @property
    def limits(self) -> list[str]:
        """What passed and was not recorded, in French."""
        return plain.limits(self._recording)

    def forget(self, connection: Connection) -> None:
        """Make room in the recording."""
        self._recording.forget(connection)

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
        if self._stopped.is_set():
            return
        self._settle()
        self._stopped.set()
        try:
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        except OSError:
            pass  # not needed, nor possible, on every system
        links = self._open_links()
        for link in links:
            link.abort()
        deadline = time.monotonic() + IN_FLIGHT_SECONDS
        for link in links:
            link.connection.ended.wait(max(0, deadline - time.monotonic()))
        self._acceptor.join(IN_FLIGHT_SECONDS)
        self._listener.close()  # at last: closed, it would wake nobody

    def _open_links(self) -> list[Link]:
        with self._lock:
            return list(self._links)

    def _settle(self) -> None:
        """Wait until what has been sent is recorded, and what is closing is closed."""
        deadline = time.monotonic() + IN_FLIGHT_SECONDS
        while self._closing() or (self._busy() and time.monotonic() < deadline):
            time.sleep(0.002)

    def _closing(self) -> bool:
        return any(link.closing() for link in self._open_links())

    def _busy(self) -> bool:
        with self._lock:  # nobody is between the listener and the links
            waiting = self._listener.fileno() >= 0 and is_readable(self._listener)
        return waiting or any(link.busy() for link in self._open_links())

    def _accept(self) -> None:
        while not self._stopped.is_set():
            self._slots.acquire()
            if not self._accept_one():
                self._slots.release()

    def _accept_one(self) -> bool:
        """Accept a client, if one comes soon; tell whether one did."""
        try:
            if not is_readable(self._listener, IN_FLIGHT_SECONDS):
                return False
            with self._lock:
                if self._stopped.is_set():
                    return False
                client, _ = self._listener.accept()
                link = Link(client, self._recording.open(), self._target, self._networks)
                self._links.add(link)
        except (OSError, ValueError):  # no file to spare, or stop()
            self._stopped.wait(BACKLOG_SECONDS)
            return False
        threading.Thread(target=self._serve, args=(link,), daemon=True).start()
        return True

    def _serve(self, link: Link) -> None:
        try:
            link.run()
        finally:
            link.close()
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
        self._closed: set[Direction] = set()
        self._first_close = 0.0  # when, once something is closed
        self._closing = threading.Lock()
        self._server_closed = threading.Event()
        #: Held from the moment when bytes are taken from a socket until they are recorded.
        self._taking = {direction: threading.Lock() for direction in DIRECTIONS}

    def run(self) -> None:
        """Connect to the server, then pass on what comes, both ways, until both have closed."""
        (client,) = self._sockets
        try:
            server = socket.create_connection(self._target, timeout=CONNECT_SECONDS)
        except OSError:
            self.connection.note("refused", TO_CLIENT)
            self.abort()
            return
        self._sockets.append(server)
        if self._gone.is_set():  # cut meanwhile
            self.abort()
            return
        for end in self._sockets:
            end.settimeout(None)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=self._pump, args=(server, client, TO_CLIENT), daemon=True)
        back.start()
        self._pump(client, server, TO_SERVER)
        back.join()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: Direction) -> None:
        """Pass on what `source` sends, until it closes or the connection is cut."""
        network = self._networks.get(direction)
        way = network and Way(network, self.connection.number, direction)
        view = memoryview(bytearray(CHUNK))
        try:
            while pieces := self._take(source, view, direction, way):
                for piece in pieces:
                    if piece.wait and self._gone.wait(piece.wait):
                        return
                    if way:
                        self._wait_for_reader(sink)
                    sink.sendall(piece.data)
                if pieces[-1].end == "cut":
                    self.abort()
                elif pieces[-1].end == "silenced":
                    self._gone.wait()  # nobody can know that the other has left
                if pieces[-1].end:
                    return
            if not self._gone.is_set():
                sink.shutdown(socket.SHUT_WR)
        except OSError:  # `sink` left first: `source` has to know
            self._note_close("closed", TO_CLIENT if direction == TO_SERVER else TO_SERVER)
            if way:
                self._hear_out(source, view, direction, way)
            self._note_close("closed", direction)
            self.abort()

    def _hear_out(
        self, source: socket.socket, view: memoryview, direction: Direction, way: Way
    ) -> None:
        """Record what `source` had to say: the slower the network, the more would be missing."""
        deadline = time.monotonic() + IN_FLIGHT_SECONDS
        while (left := deadline - time.monotonic()) > 0 and is_readable(source, left):
            if not self._take(source, view, direction, way):
                return

    def _take(
        self, source: socket.socket, view: memoryview, direction: Direction, way: Way | None
    ) -> list[Piece]:
        """Take what `source` sends, and record it; note its end, and return nothing.

        It is recorded before it passes, as its sender sent it: how much of it still reaches a
        client that leaves in the middle depends on chance.
        """
        try:
            source.recv(1, socket.MSG_PEEK)  # waits, and takes nothing
            with self._taking[direction]:
                size = source.recv_into(view)
                while way and 0 < size < CHUNK and is_readable(source, GATHER_SECONDS):
                    more = source.recv_into(view[size:])
                    if not more:
                        break
                    size += more
                if self._gone.is_set():
                    return []
                if size:
                    return self._record(view[:size], direction, way)
            self._end(direction, "closed")
        except OSError:
            # A client that leaves without having read all resets or closes, by chance.
            self._end(direction, "reset" if direction == TO_CLIENT else "closed")
        return []

    def _record(self, data: memoryview, direction: Direction, way: Way | None) -> list[Piece]:
        """Return `data` as the network lets it pass, once recorded."""
        pieces = list(way.pieces(bytes(data))) if way else [Piece(0, data)]
        for piece in pieces:
            self.connection.keep(direction, memoryview(piece.data))
            if piece.cut is not None:
                self.connection.cuts[direction].append(piece.cut)
        if pieces[-1].end:
            self.connection.note(pieces[-1].end, direction)
        return pieces

    def _end(self, direction: Direction, kind: Kind) -> None:
        """Note that a side has closed, or reset."""
        if direction == TO_SERVER:
            self._hold()
        self._note_close(kind, direction)
        if kind == "reset":
            self.abort()
        if direction == TO_CLIENT:
            self._server_closed.set()

    def _hold(self) -> None:
        """Leave the server the time to close by itself."""
        deadline = time.monotonic() + LONGEST_HOLD_SECONDS
        for _ in range(HOLDS):
            if self._server_closed.wait(HOLD_SECONDS) or time.monotonic() > deadline:
                return

    def _note_close(self, kind: Kind, direction: Direction) -> None:
        """Note a close, once, unless the connection has been cut."""
        with self._closing:
            if not self._gone.is_set() and direction not in self._closed:
                self._first_close = self._first_close or time.monotonic()
                self._closed.add(direction)
                self.connection.note(kind, direction)

    def _wait_for_reader(self, sink: socket.socket) -> None:
        """Leave what was sent a chance to be read: pieces would arrive as one otherwise."""
        deadline = time.monotonic() + READER
        while is_unread(sink) and time.monotonic() < deadline and not self._gone.is_set():
            time.sleep(0.002)

    def busy(self) -> bool:
        """Tell whether something has been sent that is not recorded yet."""
        if self._gone.is_set():
            return False
        silenced = self.connection.silenced
        for direction, end in zip(DIRECTIONS, list(self._sockets), strict=False):
            if direction in silenced or direction in self._closed:
                continue
            try:
                with self._taking[direction]:
                    if is_readable(end):
                        return True
            except (OSError, ValueError):  # just closed
                return True
        return False

    def closing(self) -> bool:
        """Tell whether one side has closed, and the other may be about to."""
        return (
            bool(self._closed)
            and not self._gone.is_set()
            and not self.connection.silenced
            and time.monotonic() < self._first_close + SETTLE_SECONDS
        )

    def abort(self) -> None:
        """Reset both ends."""
        self._gone.set()
        for end in self._sockets:
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.shutdown(socket.SHUT_RD)  # wakes recv_into()
            except OSError:
                continue  # it has left already

    def close(self) -> None:
        for end in self._sockets:
            end.close()


def is_readable(end: socket.socket, seconds: float | None = 0.0) -> bool:
    """Tell whether something comes from `end` within so many seconds; None waits for ever."""
    with selectors.DefaultSelector() as selector:  # select() knows no file beyond the 1024th
        selector.register(end, selectors.EVENT_READ)
        return bool(selector.select(seconds))


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
        ValueError: `server` is no address, or `decode` no decoder; the message, in French, says
            what was expected.
        OSError: the port is taken.
    """
    if decode not in (None, *get_args(Decoder)):
        known = ", ".join(get_args(Decoder))
        raise ValueError(f"decode vaut {known}, ou None, et voici {decode!r}.")
    name, target = address(server)
    networks = [network] if isinstance(network, BadNetwork) else network
    return Wiretap(
        name, target, networks=networks, decode=decode, limit=limit, host=host, port=port
    )


def address(server: object) -> tuple[str, tuple[str, int]]:
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
        if not host or not 0 < int(port) < 65536:
            raise ValueError(server)
        str(host).encode("idna")  # what no system can look up
        return "serveur", (str(host), int(port))
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(
            f"wiretap attend un serveur rendu par start, « hôte:port » ou (hôte, port), "
            f"et voici {server!r}."
        ) from error
