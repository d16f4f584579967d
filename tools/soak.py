"""``make soak``: the long repetitions, outside ``make test``."""

import subprocess
import sys

from tools import ROOT


def main(arguments: list[str]) -> int:
    """Run the tests marked *soak*; `arguments` go to pytest."""
    return subprocess.call([sys.executable, "-m", "pytest", "-m", "soak", *arguments], cwd=ROOT)
