"""A network of one's own for a program: the same ports for everyone, and no outside.

Where the system allows it (Linux with user namespaces), `prefix` gives a command prefix that
runs a program in a new network namespace holding nothing but a loopback. Elsewhere it is empty,
and `environment` makes programs that run side by side take turns on a port.
"""

import functools
import os
import shutil
import socket
import struct
import subprocess
import sys

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1  # <linux/sockios.h>, <linux/if.h>
TURN = 120  # seconds that a lesson waits for a port which another lesson uses


@functools.cache
def prefix() -> tuple[str, ...]:
    """Return the words to put before a command, none where the system has no namespaces."""
    unshare = shutil.which("unshare")
    if unshare is None or not sys.platform.startswith("linux"):
        return ()
    words = (unshare, "-rn", sys.executable, "-I", "-S", __file__)
    probe = subprocess.run([*words, "true"], capture_output=True, check=False)
    return words if probe.returncode == 0 else ()


def environment() -> dict[str, str]:
    """Return this process's environment, with what a program run beside others needs."""
    return dict(os.environ) if prefix() else {**os.environ, "SANDBOX_PORT_WAIT": str(TURN)}


def bring_loopback_up() -> None:
    """Do what ``ip link set lo up`` does, on machines that have no ``ip``."""
    import fcntl  # not on Windows, where we are never called

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        _, flags = struct.unpack("16sH14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


if __name__ == "__main__":
    bring_loopback_up()
    os.execvp(sys.argv[1], sys.argv[1:])
