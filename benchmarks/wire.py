"""What the wire costs: round trips and throughput through it, beside a plain relay and no relay.

    .venv/bin/python -m benchmarks.wire

Everything is on the loopback; each relay runs in a process of its own. Only ratios and differences
mean something from one machine to another.
"""

from __future__ import annotations

import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sandbox.running.catalogue import LOOPBACK
from sandbox.wire import wiretap
from sandbox.wire.relay import CHUNK

ROUND_TRIPS = 3000
MESSAGE = bytes(64)
SIZE = 256 * 1024 * 1024  # bytes of one transfer
TRANSFERS = 5
BLOCK = bytes(1024 * 1024)

Address = tuple[str, int]


def serve(ready: multiprocessing.Queue, handle: Callable[[socket.socket], None]) -> None:
    """Accept for ever, a thread a connection."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        ready.put(listener.getsockname())
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=handle, args=(connection,), daemon=True).start()


def serve_target(ready: multiprocessing.Queue) -> None:
    """Answer short messages by themselves, and a byte each time that `SIZE` bytes have come."""
    serve(ready, answer)


def answer(connection: socket.socket) -> None:
    buffer = bytearray(len(BLOCK))
    total = 0
    while size := connection.recv_into(buffer):
        if total == 0 and size == len(MESSAGE):
            connection.sendall(buffer[:size])
            continue
        total += size
        if total == SIZE:
            total = 0
            connection.sendall(b"!")


def serve_plain_relay(ready: multiprocessing.Queue, target: Address) -> None:
    """Relay as the wire does, with the same buffer, and record nothing."""
    serve(ready, lambda client: pass_both_ways(client, target))


def pass_both_ways(client: socket.socket, target: Address) -> None:
    server = socket.create_connection(target)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=pass_on, args=(server, client), daemon=True).start()
    pass_on(client, server)


def pass_on(source: socket.socket, sink: socket.socket) -> None:
    view = memoryview(bytearray(CHUNK))
    while size := source.recv_into(view):
        sink.sendall(view[:size])
    sink.shutdown(socket.SHUT_WR)


def serve_wire(ready: multiprocessing.Queue, target: Address) -> None:
    tap = wiretap(target)
    ready.put((tap.host, tap.port))
    threading.Event().wait()


@contextmanager
def running(serve: Callable, *arguments: object) -> Iterator[Address]:
    """Run a server in a process of its own; give its address."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    process = context.Process(target=serve, args=(ready, *arguments), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=30)
    finally:
        process.terminate()
        process.join()


def connect(address: Address) -> socket.socket:
    client = socket.create_connection(address)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def round_trip(client: socket.socket) -> float:
    """Return the seconds that a short message and its answer take."""
    start = time.perf_counter()
    client.sendall(MESSAGE)
    client.recv(len(MESSAGE), socket.MSG_WAITALL)
    return time.perf_counter() - start


def throughput(client: socket.socket) -> float:
    """Return the megabytes per second of a transfer."""
    start = time.perf_counter()
    for _ in range(SIZE // len(BLOCK)):
        client.sendall(BLOCK)
    client.recv(1)
    return SIZE / 1e6 / (time.perf_counter() - start)


def measure(addresses: dict[str, Address]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the median round trip (s) and throughput (MB/s) by each way.

    The ways take turns: what else the machine does weighs on all of them.
    """
    clients = {name: connect(address) for name, address in addresses.items()}
    trips: dict[str, list[float]] = {name: [] for name in clients}
    rates: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUND_TRIPS):
        for name, client in clients.items():
            trips[name].append(round_trip(client))
    for _ in range(TRANSFERS):
        for name, client in clients.items():
            rates[name].append(throughput(client))
    for client in clients.values():
        client.close()
    return tuple({name: statistics.median(each[name]) for name in each} for each in (trips, rates))


def main() -> None:
    with (
        running(serve_target) as target,
        running(serve_plain_relay, target) as plain,
        running(serve_wire, target) as wire,
    ):
        trips, rates = measure({"direct": target, "plain relay": plain, "wire": wire})
    print(f"{'':12} {'round trip':>12} {'added':>10} {'throughput':>14} {'of the plain relay':>20}")
    for name in trips:
        print(
            f"{name:12} {trips[name] * 1e6:9.0f} µs {(trips[name] - trips['direct']) * 1e6:7.0f} µs"
            f" {rates[name]:9.0f} MB/s {rates[name] / rates['plain relay']:19.2f}×"
        )


if __name__ == "__main__":
    main()
