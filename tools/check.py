"""``make test``: everything, one command, with the time of each part."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import time
from collections.abc import Callable

from tools import ROOT, book, slides, style
from tools.browser import NoBrowser, ensure_browser

#: By whole files: the tests of one share what is made once, or a port of the course.
#: Four for two cores: tests wait, for a page, for a time-out. The longest files come first, which
#: tests/conftest.py names.
SIDE_BY_SIDE = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")
#: A screen holds all: a dot for so many tests.
QUIET = ("-q", "--no-header", "--dot-for", "25")


def main(arguments: list[str]) -> int:
    """Build the book and the decks, then run pytest on all; `arguments` go to pytest."""
    started = time.monotonic()
    try:
        print(f"Navigateur : {ensure_browser()}", flush=True)
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    parts = {
        "livre": lambda: quietly(book.main),
        "diaporamas": lambda: quietly(slides.main),
        "style": lambda: style.main([]),
        "tests": lambda: run_tests("--durations=5", *arguments),
    }
    for name, part in parts.items():
        begun = time.monotonic()
        if status := part():
            print(f"\nÉchec de la partie « {name} ».", file=sys.stderr)
            return status
        print(f"{name:12}{time.monotonic() - begun:4.0f} s", flush=True)
    print(f"Tout est vert en {time.monotonic() - started:.0f} s.")
    return 0


def quietly(command: Callable[[list[str]], int]) -> int:
    """Run a command of ours and return its status; show what it says when it fails."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = command([])
    if status:
        print(said.getvalue())
    return status


def run_tests(*arguments: str) -> int:
    """Run pytest from the root; return its exit status."""
    command = [sys.executable, "-m", "pytest", *SIDE_BY_SIDE, *QUIET, *arguments]
    return subprocess.call(command, cwd=ROOT)
