"""What tests do over and over with a server."""

import contextlib
import os
import socket
import struct
import time

import psutil

from sandbox import Server

MEGABYTE = 1024 * 1024


def talk(server: Server, *segments: bytes, half_close: bool = False) -> bytes:
    """Send `segments`, one ``sendall`` each, and return all that the server answers."""
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        for segment in segments:
            client.sendall(segment)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


def read_to_end(client: socket.socket) -> bytes:
    """Return everything received until the other side closes."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def drip(client: socket.socket) -> bytes:
    """Send a byte every 50 ms until an answer comes; return it, or nothing after 10 s."""
    client.settimeout(0.05)
    for _ in range(200):
        client.sendall(b"a")
        with contextlib.suppress(TimeoutError):
            return client.recv(65536)
    return b""


def reset(client: socket.socket) -> None:
    """Leave without manners: the other side gets a RST instead of a FIN."""
    at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    client.close()


def process_of(server: Server) -> psutil.Process:
    """Return the server's own process, the child of its supervisor."""
    (process,) = psutil.Process(server._process.pid).children()
    return process


def memory(server: Server) -> int:
    """Return the bytes of memory that the server's process holds."""
    return process_of(server).memory_info().rss


def eventually(condition, seconds: float = 10.0) -> bool:
    """Tell whether `condition` comes true within `seconds`: as soon as it does."""
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(met)
