"""What passed through the relay, byte for byte, in the order in which it passed."""

from __future__ import annotations

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


@dataclass(frozen=True)
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
        self._lock = threading.Lock()
        self._start: float | None = None

    @property
    def full(self) -> bool:
        """Tell whether something passed that was not kept."""
        return self.bytes_passed > self.bytes_kept or self.connections_passed > self.max_connections

    def open(self) -> Connection:
        """Record that a client connected; return its connection."""
        with self._lock:
            self.connections_passed += 1
            connection = Connection(self, self.connections_passed)
            if self.connections_passed <= self.max_connections:
                self.connections.append(connection)
        connection.note("opened", TO_SERVER)
        return connection

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
            if room <= 0 or connection.number > self.max_connections:
                return
            event = self._event("data", direction, bytes(data[:room]))
            self.bytes_kept += len(event.data)
            connection.events.append(event)


class Connection:
    """One connection: what happened on it, in order.

    Attributes:
        number: 1 for the first that was opened.
        events: everything that happened.
        cuts: where a `BadNetwork` cut each way's bytes into pieces: offsets in the stream.
    """

    def __init__(self, recording: Recording, number: int) -> None:
        self.number = number
        self.events: list[Event] = []
        self.cuts: dict[Direction, list[int]] = {TO_SERVER: [], TO_CLIENT: []}
        self.ended = threading.Event()  # nothing more can happen
        self._recording = recording

    def note(self, kind: Kind, direction: Direction) -> None:
        """Record something other than data."""
        with self._recording._lock:
            self.events.append(self._recording._event(kind, direction))

    def keep(self, direction: Direction, data: memoryview) -> None:
        """Record bytes that pass."""
        self._recording._keep(self, direction, data)

    def has(self, *kinds: Kind) -> bool:
        """Tell whether something of these kinds happened."""
        return any(event.kind in kinds for event in list(self.events))

    def stream(self, direction: Direction) -> Stream:
        """Return all that went one way, and when."""
        return Stream(list(self.events), direction)

    def exchanges(self) -> list[Exchange]:
        """Return what passed, an element each time the other side speaks."""
        found: list[Exchange] = []
        for event in list(self.events):
            if event.kind != "data":
                continue
            if found and found[-1].direction == event.direction:
                last = found[-1]
                found[-1] = Exchange(
                    last.connection, last.direction, last.data + event.data, last.time
                )
            else:
                found.append(Exchange(self.number, event.direction, event.data, event.time))
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
