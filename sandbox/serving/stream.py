"""A connection with a deadline."""

from __future__ import annotations

import io
import socket
import time

BLOCK = 16 * 1024  # bytes received at a time


class TimedStream(io.RawIOBase):
    """A connection as a stream with a deadline, however slowly the bytes drip.

    A socket's own time-out starts afresh with each byte: a client that sends one a second would
    hold its thread for ever.
    """

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self.connection = connection
        self.allow(seconds)

    def allow(self, seconds: float) -> None:
        """Set the deadline of what follows."""
        self.deadline = time.monotonic() + seconds

    def receive(self) -> bytes:
        self.set_timeout()
        return self.connection.recv(BLOCK)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.set_timeout()
        return self.connection.send(data)

    def set_timeout(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)
