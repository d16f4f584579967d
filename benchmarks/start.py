"""How long after a server can accept connections `start()` returns (Linux).

    python -m benchmarks.start [STARTS]

The other witness is a process apart, which reads the system's table of listening sockets as fast
as it can while `start` waits: the server can accept from the moment its port stands there, whatever
the server says and whenever the launcher sees it. Both read the same clock, CLOCK_MONOTONIC.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table

from sandbox import start
from sandbox.running.catalogue import SERVERS
from sandbox.running.launcher import is_free

AIM = 30  # milliseconds

#: `start` itself listens for an instant, to see whether the port is free: the last time counts.
WATCH = """
import sys, time
wanted = f":{int(sys.argv[1]):04X} 00000000:0000 0A"
print("watching", flush=True)
listening = False
while True:
    with open("/proc/net/tcp", encoding="ascii") as table:
        was, listening = listening, wanted in table.read()
    if listening and not was:
        print(time.monotonic(), flush=True)
"""


def main() -> None:
    """Print, for each server, the median and the greatest delay, and the whole start's time."""
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    table = Table(
        "server", "median", "greatest", "aim", "whole start", title=f"ms, {starts} starts"
    )
    for name, port in sorted((each.name, each.port) for each in SERVERS.values()):
        if not is_free(port):
            sys.exit(f"port {port} is held by another program: nothing can be measured")
        delays, wholes = zip(*(measure(name, port) for _ in range(starts)), strict=True)
        median, greatest = statistics.median(delays), max(delays)
        whole = statistics.median(wholes)
        table.add_row(name, f"{median:.1f}", f"{greatest:.1f}", f"{AIM}", f"{whole:.0f}")
    Console().print(table)


def measure(name: str, port: int) -> tuple[float, float]:
    """Return the milliseconds from listening to the return of `start`, and from its call."""
    command = [sys.executable, "-c", WATCH, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:
        watcher.stdout.readline()
        called = time.monotonic()
        with start(name):
            returned = time.monotonic()
            time.sleep(0.05)  # the witness may be a look behind
        watcher.kill()
        listening = float(watcher.stdout.read().split()[-1])
    return (returned - listening) * 1000, (returned - called) * 1000


if __name__ == "__main__":
    main()
