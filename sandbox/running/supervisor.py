"""Run one program, and end it when the parent goes, whatever took the parent away.

    python supervisor.py PROGRAM [ARGUMENT...]      (standard library only)

The parent holds the other end of our standard input, the lifeline. When the parent closes it, or
dies, even from SIGKILL, the system closes that end and we read end-of-file. The program's output
goes straight to the parent: we touch nothing of it.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

POSIX = os.name == "posix"
GRACE_SECONDS = 3.0  # left to the program to stop by itself
LOOK_SECONDS = 0.25  # between two looks at the parent


def main() -> int:
    """Return the program's exit status (128 + signal if a signal ended it, as shells do)."""
    # Ctrl-C and a kernel's interruption are for the student's code, not for the servers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = subprocess.Popen(
        sys.argv[1:], stdin=subprocess.DEVNULL, preexec_fn=restore_interrupts if POSIX else None
    )
    over = threading.Event()
    for wait in (program.wait, wait_for_the_end_of_the_lifeline):
        threading.Thread(target=tell, args=(over, wait), daemon=True).start()
    parent = os.getppid()
    # A process forked by the parent may hold the lifeline too: look at the parent as well.
    while os.getppid() == parent and not over.wait(LOOK_SECONDS):
        pass
    end(program)
    return program.returncode if program.returncode >= 0 else 128 - program.returncode


def tell(over: threading.Event, wait: Callable[[], object]) -> None:
    """Set `over` when `wait` returns."""
    wait()
    over.set()


def restore_interrupts() -> None:
    """Give the program back the usual SIGINT, which it would inherit as ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_the_end_of_the_lifeline() -> None:
    """Return when our standard input ends."""
    while os.read(0, 1024):
        pass


def end(program: subprocess.Popen) -> None:
    """Ask the program to stop, then end it and all its children."""
    if POSIX:
        program.terminate()
        try:
            program.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)  # what it started: we lead the group, see launcher.py
    elif program.poll() is None:
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(program.pid)], capture_output=True, check=False
        )
        program.wait()


if __name__ == "__main__":
    sys.exit(main())
