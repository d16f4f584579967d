"""Byte streams: what arrives on a connection, in pieces, and what is left on it."""

from __future__ import annotations

import socket
import threading

from sandbox.checking.stage import Stage

BETWEEN_SECONDS = 0.03  # two pieces: enough for a program that waits to read the first one alone
LEFT_SECONDS = 0.2  # to see what is still to be read


def send_slowly(stage: Stage, *pieces: bytes, close: bool = False) -> socket.socket:
    """Return a connection on which `pieces` arrive one after the other."""
    ours, theirs = stage.pair()

    def send() -> None:
        for piece in pieces:
            ours.sendall(piece)
            threading.Event().wait(BETWEEN_SECONDS)
        if close:
            ours.shutdown(socket.SHUT_WR)

    threading.Thread(target=send, daemon=True).start()
    return theirs


def left_on(connection: socket.socket) -> bytes:
    """Return what is still to be read, without waiting long for it."""
    connection.settimeout(LEFT_SECONDS)
    try:
        return connection.recv(1000)
    except TimeoutError:
        return b""


def as_bytes(value: object) -> object:
    """Take a bytearray for bytes: both are right."""
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


def read_frame(connection: socket.socket) -> bytes:
    """Return a message preceded by its length on four bytes, most significant first."""
    with connection.makefile("rb", buffering=0) as stream:
        size = int.from_bytes(read_all(stream, 4), "big")
        return read_all(stream, size)


def read_all(stream: socket.SocketIO, size: int) -> bytes:
    """Return `size` bytes.

    Raises:
        ConnectionError: the other side closed before that.
    """
    received = b""
    while len(received) < size:
        piece = stream.read(size - len(received))
        if not piece:
            raise ConnectionError(f"{len(received)} bytes of {size}")
        received += piece
    return received


def framed(content: bytes) -> bytes:
    """Return a message preceded by its length on four bytes, most significant first."""
    return len(content).to_bytes(4, "big") + content
