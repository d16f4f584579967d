"""``python -m tools.reexecute REFERENCE``: nbval on one reference, in a network of its own.

Nothing outside can be reached, and afterwards nothing may be left: no process, no open port.
Exits with nbval's status, or with `LEFTOVERS` and their names on stderr.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time

import psutil

from tools import REFERENCES, ROOT, isolation

LEFTOVERS = 70
LEAVE_SECONDS = 5.0  # left to servers to end after their kernel
PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>: orphans become ours, so we can see them


def command(reference: str, *options: str) -> list[str]:
    """Return the command that re-executes a reference alone with itself."""
    return [*isolation.prefix(), sys.executable, "-m", "tools.reexecute", reference, *options]


def main(arguments: list[str]) -> int:
    """Re-execute and look at what is left."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    nbval = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"]
    nbval += ["--nbval-sanitize-with", str(REFERENCES / "sanitize.cfg")]
    nbval += ["--nbval-cell-timeout", "120", "-p", "no:cacheprovider", "-p", "no:xdist"]
    # The settings of pyproject.toml are for our tests; nbval's own warnings are not our errors.
    nbval += ["--override-ini", "addopts=", "--override-ini", "filterwarnings=default"]
    status = subprocess.call([*nbval, *arguments], cwd=ROOT, env=isolation.environment())
    left = leftovers()
    if left:
        print("Left behind by the lesson:", *left, sep="\n  ", file=sys.stderr)
    return status or (LEFTOVERS if left else 0)


def leftovers() -> list[str]:
    """Return the processes and listening ports that are still there after `LEAVE_SECONDS`."""
    deadline = time.monotonic() + LEAVE_SECONDS
    while left := [*processes_left(), *ports_left()]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.05)
    return []


def processes_left() -> list[str]:
    """Name our children: all of them should have gone with the kernel."""
    left = []
    for process in psutil.Process().children(recursive=True):
        if process.status() == psutil.STATUS_ZOMBIE:
            os.waitpid(process.pid, os.WNOHANG)
        else:
            left.append(f"process {process.pid}: {' '.join(process.cmdline())}")
    return left


def ports_left() -> list[str]:
    """Name the listening ports of our own network, where nobody else can be listening."""
    if not isolation_is_on():
        return []
    return [
        f"port {connection.laddr.port} listening"
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]


def isolation_is_on() -> bool:
    """Tell whether this process has a network of its own: a loopback and nothing else."""
    return set(psutil.net_if_addrs()) <= {"lo"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
