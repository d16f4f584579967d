"""``python -m tools style``: ruff's rules and format on our packages, in a second."""

from __future__ import annotations

import subprocess
import sys

from tools import ROOT

CHECKS = (("check", "--quiet"), ("format", "--check", "--quiet"))


def main(arguments: list[str]) -> int:
    """Run every check; return 1 when one has found something."""
    statuses = [
        subprocess.call([sys.executable, "-m", "ruff", *check, *arguments], cwd=ROOT)
        for check in CHECKS
    ]
    return int(any(statuses))
