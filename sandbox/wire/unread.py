"""Tell whether what was sent has been read by the program at the other end.

TCP only says that the other system has received it. Where both ends are on this system, and it is
Linux, its table of connections knows more.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

TABLE = Path("/proc/net/tcp")  # one line a connection of IPv4; see proc(5)


def is_unread(end: socket.socket) -> bool:
    """Tell whether bytes sent on `end` wait to be read; False where nobody knows.

    Raises:
        OSError: it is no longer connected.
    """
    if end.family != socket.AF_INET or not TABLE.exists():
        return False
    other_side = [entry(end.getpeername()), entry(end.getsockname())]
    for line in TABLE.read_text().splitlines():
        _, local, remote, _, queues, *_ = line.split()
        if [local, remote] == other_side:
            return int(queues.split(":")[1], 16) > 0
    return False


def entry(address: tuple[str, int]) -> str:
    """Write an address as the table does."""
    host, port = address
    return f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"
