"""Many people in demo6's chat: is every message received, how fast, at what cost in memory?

    python -m benchmarks.chat_clients [CLIENTS [MESSAGES]]

The chat runs with threads, then with gevent. One client writes, at the pace that the chat allows;
all listen, the writer included, and a delay is read on the one clock that they share.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table
from simple_websocket import AioClient, ConnectionClosed

from sandbox import Server, start
from sandbox.running.catalogue import DEMO_FOLDER

PERIOD = 0.1  # seconds between two messages: the fastest that one client may send
WAIT_SECONDS = 60.0  # to wait for what has not come
TOGETHER = 50  # connections opened side by side


@dataclass
class Outcome:
    """What came of a run: messages lost, delays in seconds, bytes of memory a client."""

    lost: int = 0
    delays: list[float] = field(default_factory=list)
    memory: float = 0.0


@contextlib.contextmanager
def chat(mode: str) -> Iterator[Server]:
    """Run demo6's own server in an async mode, on a free port."""
    folder = str(DEMO_FOLDER / "demo6")
    program = (
        f"import os, sys\nos.environ['SOCKETIO_ASYNC_MODE'] = {mode!r}\n"
        f"sys.path.insert(0, {folder!r})\nfrom app import app, socketio\n"
        "socketio.run(app, port=0, allow_unsafe_werkzeug=True)\n"
    )
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / f"chat_{mode}.py"
        path.write_text(program, encoding="utf-8")
        with start(str(path)) as server:
            yield server


def memory(server: Server) -> int:
    """Return the bytes that the server holds."""
    return sum(child.memory_info().rss for child in psutil.Process(server._process.pid).children())


async def enter(server: Server) -> AioClient:
    """Connect as Socket.IO does, by WebSocket at once."""
    client = await AioClient.connect(
        f"ws://{server.host}:{server.port}/socket.io/?EIO=4&transport=websocket"
    )
    await client.send("40")
    return client


async def listen(client: AioClient, expected: int, delays: list[float]) -> int:
    """Read until all messages have come; return how many never did."""
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        async with asyncio.timeout(WAIT_SECONDS):
            while expected:
                packet = await client.receive()
                if packet == "2":  # Engine.IO asks whether we are there
                    await client.send("3")
                elif packet.startswith('42["the_response"'):
                    sent = float(json.loads(packet[2:])[1]["message"])
                    delays.append(time.perf_counter() - sent)
                    expected -= 1
    return expected


async def crowd(server: Server, clients: int, messages: int) -> Outcome:
    """Fill the chat, let one client write, and see what the others receive."""
    outcome = Outcome()
    empty = memory(server)
    people: list[AioClient] = []
    for first in range(0, clients, TOGETHER):
        number = min(TOGETHER, clients - first)
        people += await asyncio.gather(*(enter(server) for _ in range(number)))
    listeners = [asyncio.create_task(listen(client, messages, outcome.delays)) for client in people]
    await asyncio.sleep(1)  # the announcements of arrivals go by
    for _ in range(messages):
        data = {"user_name": "banc d'essai", "message": repr(time.perf_counter())}
        await people[0].send("42" + json.dumps(["receive_msg", data]))
        await asyncio.sleep(PERIOD)
    outcome.lost = sum(await asyncio.gather(*listeners))
    outcome.memory = (memory(server) - empty) / clients
    for client in people:
        with contextlib.suppress(ConnectionClosed):
            await client.close()
    return outcome


def measure(mode: str, clients: int, messages: int) -> Outcome:
    with chat(mode) as server:
        return asyncio.run(crowd(server, clients, messages))


def main() -> None:
    """Print what each mode loses, how its delay compares, and what a client costs it."""
    clients, messages = (int(n) for n in (sys.argv[1:] + ["500", "20"][len(sys.argv) - 1 :]))
    table = Table(
        "mode",
        "lost",
        "median delay",
        "ratio",
        "kB a client",
        title=f"{clients} clients, {messages} messages",
    )
    reference = None
    for mode in ("threading", "gevent"):
        outcome = measure(mode, clients, messages)
        median = statistics.median(outcome.delays)
        reference = reference or median
        table.add_row(
            mode,
            f"{outcome.lost}",
            f"{1000 * median:.0f} ms",
            f"{median / reference:.2f}",
            f"{outcome.memory / 1000:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
