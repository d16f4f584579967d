"""What passed through the relay, byte for byte, in the order in which it passed."""

from __future__ import annotations

import itertools
import threading
import time
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

Direction = Literal["client→server", "server→client"]
TO_SERVER: Direction = "client→server"
TO_CLIENT: Direction = "server→client"
DIRECTIONS = (TO_SERVER, TO_CLIENT)

Kind = Literal["opened", "data", "closed", "reset", "refused", "cut", "silenced"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on a connection.

    Attributes:
        kind: ``opened`` by the client; ``data``; ``closed`` or ``reset`` by the side that speaks
            in `direction`; ``refused`` by the server; ``cut`` or ``silenced`` by a `BadNetwork`.
        direction: whose doing it is: what the client does goes ``client→server``.
        data: the bytes that passed, empty but for ``data``.
        time: seconds since the first event of the recording.
    """

    kind: Kind
    direction: Direction
    data: bytes
    time: float


@dataclass(frozen=True)
class Exchange:
    """All the bytes that went one way on a connection until the other side spoke.

    Attributes:
        connection: 1 for the first connection that was opened, then 2…
        direction: ``client→server`` or ``server→client``.
        data: the bytes.
        time: seconds between the first event of the recording and the first of these bytes.
    """

    connection: int
    direction: Direction
    data: bytes
    time: float


class Recording:
    """The connections in the order of their opening, within a limit of bytes and of number.

    Args:
        limit: bytes kept in all; what passes beyond is counted, not kept.
        max_connections: connections kept; those beyond are counted.
    """

    def __init__(self, limit: int, max_connections: int) -> None:
        self.limit = limit
        self.max_connections = max_connections
        self.connections: list[Connection] = []
        self.bytes_kept = 0
        self.bytes_passed = 0
        self.connections_passed = 0
        self.connections_lost = 0
        self._lock = threading.Lock()
        self._start: float | None = None

    @property
    def full(self) -> bool:
        """Tell whether something passed that was not kept."""
        return self.bytes_passed > self.bytes_kept or self.connections_lost > 0

    def open(self) -> Connection:
        """Record that a client connected; return its connection."""
        with self._lock:
            self.connections_passed += 1
            kept = len(self.connections) < self.max_connections
            connection = Connection(self, self.connections_passed, kept=kept)
            if kept:
                self.connections.append(connection)
            else:
                self.connections_lost += 1
        connection.note("opened", TO_SERVER)
        return connection

    def forget(self, connection: Connection) -> None:
        """Make room for others: this connection has been shown."""
        with self._lock:
            self.connections.remove(connection)
            size = sum(len(event.data) for event in connection.events)
            self.bytes_kept -= size
            self.bytes_passed -= size

    def _event(self, kind: Kind, direction: Direction, data: bytes = b"") -> Event:
        now = time.monotonic()
        if self._start is None:
            self._start = now
        return Event(kind, direction, data, now - self._start)

    def _keep(self, connection: Connection, direction: Direction, data: memoryview) -> None:
        """Record `data`, as much of it as the limit allows."""
        with self._lock:
            self.bytes_passed += len(data)
            room = self.limit - self.bytes_kept
            if room <= 0 or not connection.kept:
                return
            event = self._event("data", direction, bytes(data[:room]))
            self.bytes_kept += len(event.data)
            connection.events.append(event)


class Connection:
    """One connection: what happened on it, in order.

    Attributes:
        number: 1 for the first that was opened.
        kept: whether its bytes are recorded.
        events: everything that happened.
        cuts: where a `BadNetwork` cut each way's bytes into pieces: offsets in the stream.
    """

    def __init__(self, recording: Recording, number: int, *, kept: bool) -> None:
        self.number = number
        self.kept = kept
        self.events: list[Event] = []
        self.cuts: dict[Direction, list[int]] = {TO_SERVER: [], TO_CLIENT: []}
        self.ended = threading.Event()  # nothing more can happen
        self._kinds: set[Kind] = set()
        self._recording = recording

    def note(self, kind: Kind, direction: Direction) -> None:
        """Record something other than data."""
        with self._recording._lock:
            self._kinds.add(kind)
            self.events.append(self._recording._event(kind, direction))

    def keep(self, direction: Direction, data: memoryview) -> None:
        """Record bytes that pass."""
        if data:
            self._recording._keep(self, direction, data)

    @property
    def silenced(self) -> set[Direction]:
        """The directions in which nothing passes any more."""
        return {event.direction for event in list(self.events) if event.kind == "silenced"}

    def has(self, *kinds: Kind) -> bool:
        """Tell whether something of these kinds happened."""
        return not self._kinds.isdisjoint(kinds)

    def stream(self, direction: Direction) -> Stream:
        """Return all that went one way, and when."""
        return Stream(list(self.events), direction)

    def exchanges(self) -> list[Exchange]:
        """Return what passed, an element each time the other side speaks."""
        data = (event for event in list(self.events) if event.kind == "data")
        found = []
        for direction, turn in itertools.groupby(data, lambda event: event.direction):
            said = list(turn)
            whole = b"".join(event.data for event in said)
            found.append(Exchange(self.number, direction, whole, said[0].time))
        return found


class Stream:
    """The bytes that went one way, and the event in which each of them passed."""

    def __init__(self, events: list[Event], direction: Direction) -> None:
        chunks = [
            (index, event.data)
            for index, event in enumerate(events)
            if event.kind == "data" and event.direction == direction
        ]
        self.direction = direction
        self.data = b"".join(data for _, data in chunks)
        self.ended = any(
            event.kind in ("closed", "reset", "cut") and event.direction == direction
            for event in events
        )
        self._events = [index for index, _ in chunks]
        self._offsets = [0]
        for _, data in chunks:
            self._offsets.append(self._offsets[-1] + len(data))

    def event_of(self, offset: int) -> int:
        """Return the index of the event in which the byte at `offset` passed."""
        position = bisect_right(self._offsets, offset) - 1
        return self._events[min(position, len(self._events) - 1)]
