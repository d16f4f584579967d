"""Pin what requirements*.in ask for, for every supported Python and system, with uv."""

import shutil
import subprocess
import sys

from tools import ROOT, environment

OPTIONS = ["--quiet", "--universal", "--python-version=3.11", "--no-emit-index-url", "--no-header"]


def main(arguments: list[str]) -> int:
    """Pin everything, then each level at the same versions; `arguments` go to uv.

    ``--upgrade`` or ``--upgrade-package NAME`` renews.
    """
    uv = shutil.which("uv") or environment.bring_uv()
    if not uv:
        print("uv is needed to resolve for every system, and pip cannot get it", file=sys.stderr)
        return 2
    *parts, everything = environment.REQUIREMENTS
    if status := pin(uv, everything, *arguments):
        return status
    return max(pin(uv, part, "--no-annotate", "--constraints", everything) for part in parts)


def pin(uv: str, pinned: str, *arguments: str) -> int:
    """Write the file `pinned` from the ``.in`` of its name; return uv's status."""
    wanted = pinned.replace(".txt", ".in")
    command = [uv, "pip", "compile", *OPTIONS, "-o", pinned, wanted, *arguments]
    return subprocess.call(command, cwd=ROOT)
