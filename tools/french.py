"""``python -m tools french``: the typography and spelling of all that students read."""

from __future__ import annotations

import subprocess
import sys

from tools import ROOT


def main(arguments: list[str]) -> int:
    """Run the tests of French alone."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/book/test_french.py", *arguments]
    return subprocess.call(command, cwd=ROOT)
