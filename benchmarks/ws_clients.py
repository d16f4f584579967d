"""Many people in the WebSocket chat: is every message received, how fast, at what cost in memory?

    python -m benchmarks.ws_clients [CLIENTS [MESSAGES]]

A tenth of the crowd first, then all of it, in one room. One client writes, at the pace that the
chat allows; all listen, the writer included, and a delay is read on the one clock that they share.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time

from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.chat_clients import PERIOD, TOGETHER, WAIT_SECONDS, Outcome, memory
from sandbox import Server, start


async def enter(server: Server) -> ClientConnection:
    return await connect(f"ws://{server.host}:{server.port}/", compression=None, proxy=None)


async def listen(client: ClientConnection, expected: int, delays: list[float]) -> int:
    """Read until all messages have come; return how many never did."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while expected:
                content = json.loads(await client.recv())
                if content["type"] == "message":
                    delays.append(time.perf_counter() - float(content["text"]))
                    expected -= 1
    except TimeoutError:
        pass  # what has not come by now is lost
    return expected


async def crowd(server: Server, clients: int, messages: int) -> Outcome:
    """Fill the chat, let one client write, and see what the others receive."""
    outcome = Outcome()
    empty = memory(server)
    people: list[ClientConnection] = []
    listeners: list[asyncio.Task[int]] = []
    for first in range(0, clients, TOGETHER):
        number = min(TOGETHER, clients - first)
        newcomers = await asyncio.gather(*(enter(server) for _ in range(number)))
        people += newcomers
        # They listen at once: who let the announcements of arrivals pile up would be too slow.
        listeners += [
            asyncio.create_task(listen(client, messages, outcome.delays)) for client in newcomers
        ]
    await asyncio.sleep(1)  # the last announcements go by
    for _ in range(messages):
        said = {"name": "banc d'essai", "text": repr(time.perf_counter())}
        await people[0].send(json.dumps(said))
        await asyncio.sleep(PERIOD)
    outcome.lost = sum(await asyncio.gather(*listeners))
    outcome.memory = (memory(server) - empty) / clients
    for client in people:
        client.transport.abort()  # a thousand goodbyes, each told to all, would teach nothing
    return outcome


def main() -> None:
    """Print what a crowd loses, how its delay compares with a tenth of it, what a client costs."""
    clients, messages = (int(n) for n in (sys.argv[1:] + ["1000", "20"][len(sys.argv) - 1 :]))
    table = Table("clients", "lost", "median delay", "ratio", "kB a client")
    reference = None
    for number in (max(1, clients // 10), clients):
        with start("server_ws_chat", port=0) as server:
            outcome = asyncio.run(crowd(server, number, messages))
        median = statistics.median(outcome.delays)
        reference = reference or median
        table.add_row(
            f"{number}",
            f"{outcome.lost}",
            f"{1000 * median:.0f} ms",
            f"{median / reference:.2f}",
            f"{outcome.memory / 1000:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
