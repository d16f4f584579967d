"""``make test``: everything, one command, with the time of each part."""

from __future__ import annotations

import subprocess
import sys
import time

from tools import ROOT, slides, style
from tools.browser import NoBrowser, ensure_browser

#: By whole files: the tests of one share what is made once, or a port of the course.
#: Three for two cores: tests wait, for a page, for a time-out. The longest files come first, which
#: tests/conftest.py names.
SIDE_BY_SIDE = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")


def main(arguments: list[str]) -> int:
    """Build the book and the decks, then run pytest on all; `arguments` go to pytest."""
    started = time.monotonic()
    try:
        print(f"Navigateur : {ensure_browser()}", flush=True)
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    parts = {
        "livre": lambda: slides.main([]),
        "style": lambda: style.main([]),
        "tests": lambda: run("pytest", *SIDE_BY_SIDE, "--durations=8", *arguments),
    }
    times = {}
    for name, part in parts.items():
        begun = time.monotonic()
        if status := part():
            print(f"\nÉchec de la partie « {name} ».", file=sys.stderr)
            return status
        times[name] = time.monotonic() - begun
    detail = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in times.items())
    print(f"Tout est vert en {time.monotonic() - started:.0f} s ({detail}).")
    return 0


def run(module: str, *arguments: str) -> int:
    """Run a module of the environment from the root; return its exit status."""
    return subprocess.call([sys.executable, "-m", module, *arguments], cwd=ROOT)
