"""A student's server, given the socket that listens, and the manners of those who call it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Iterator
from types import SimpleNamespace

from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.running.catalogue import LOOPBACK
from sandbox.wire import Wiretap


@contextlib.contextmanager
def running(stage: Stage, program: Program) -> Iterator[SimpleNamespace]:
    """Run a student's server, in a thread, on a socket that listens; give its host and port."""
    over = threading.Event()

    def run() -> None:
        try:
            program(listener)
        except BaseException as error:
            if not over.is_set():  # we took its socket away: any server would complain
                stage.errors.append(error)

    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        host, port = listener.getsockname()
        threading.Thread(target=run, daemon=True).start()
        try:
            yield SimpleNamespace(host=host, port=port)
        finally:
            over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes accept() up on Linux


@contextlib.contextmanager
def tapped(stage: Stage, program: Program) -> Iterator[Wiretap]:
    """Run a student's server behind a relay, which a failure will show."""
    with running(stage, program) as server:
        yield stage.tap(server)


def read_until(connection: socket.socket, size: int) -> bytes:
    """Return `size` bytes, or those that came before the end or a long silence."""
    received = b""
    try:
        while len(received) < size and (chunk := connection.recv(65536)):
            received += chunk
    except TimeoutError:
        pass  # what is missing will be seen
    return received


def reset(connection: socket.socket) -> None:
    """Leave without manners: the other side gets a RST instead of a FIN."""
    at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    connection.close()
