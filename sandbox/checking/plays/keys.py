"""Clients of a student's server of keys, and the dictionary that its threads share."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from sandbox.checking.plays.servers import read_until
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.wire import BadNetwork, Wiretap

SLOW_SECONDS = 0.01  # that a value takes to be read
BETWEEN_SECONDS = 0.02  # two segments


class SlowStore(dict):
    """A dictionary that takes its time, as a disk does: those who share it trip over each other."""

    def get(self, key: str, default: object = None) -> object:
        found = super().get(key, default)
        time.sleep(SLOW_SECONDS)
        return found

    def __getitem__(self, key: str) -> object:
        found = super().__getitem__(key)
        time.sleep(SLOW_SECONDS)
        return found


def serve(
    stage: Stage, program: Program, store: dict[str, str], network: BadNetwork | tuple = ()
) -> Wiretap:
    """Run the student's conversation for each client, all with the same store and lock."""
    lock = threading.Lock()
    return stage.serve(lambda connection: program(connection, store, lock), network)


def ask(
    stage: Stage, program: Program, *segments: bytes, network: BadNetwork | tuple = ()
) -> list[str]:
    """Send segments to a server of keys; return the lines that it answers until it hangs up."""
    client = stage.connect(serve(stage, program, SlowStore(), network))
    for segment in segments:
        client.sendall(segment)
        time.sleep(BETWEEN_SECONDS)
    client.shutdown(socket.SHUT_WR)
    return lines_until_the_end(client)


def lines_until_the_end(client: socket.socket) -> list[str]:
    """Return the lines received before the end, or before a long silence or a reset."""
    received = b""
    with contextlib.suppress(OSError):
        while chunk := client.recv(65536):
            received += chunk
    return received.decode("utf-8", "replace").splitlines()


def without_end(stage: Stage, program: Program, size: int) -> list[str]:
    """Send a command and `size` bytes, but no newline; return what is answered meanwhile."""
    client = stage.connect(serve(stage, program, {}))
    client.sendall(b"SET a " + b"x" * size)
    received = b""
    with contextlib.suppress(OSError):
        received = client.recv(100)
    return received.decode("utf-8", "replace").splitlines()


def all_count(stage: Stage, program: Program, number: int) -> str:
    """Let `number` clients increment the same key at once; return what it is worth in the end."""
    store = SlowStore()
    tap = serve(stage, program, store)
    clients = [stage.connect(tap) for _ in range(number)]
    for client in clients:
        client.sendall(b"INCR visites\n")
    for client in clients:
        read_until(client, 2)
    return dict.get(store, "visites")
