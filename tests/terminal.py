"""``python -m sandbox`` run as in a terminal, whatever proxy the machine has."""

import os
import subprocess
import sys

from tests.helpers import breakable
from tools import ROOT


def environment(**changes: str | None) -> dict[str, str]:
    """Return our environment with `changes`; None takes a variable away."""
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    kept = {**clean, "PYTHONUTF8": "1", **changes}
    return {name: value for name, value in kept.items() if value is not None}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "sandbox", *arguments]


def run(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess:
    result = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        timeout=60,
        check=False,
    )
    encoding = changes.get("PYTHONIOENCODING") or "utf-8"
    result.stdout = breakable(result.stdout.decode(encoding, errors="replace"))
    result.stderr = breakable(result.stderr.decode(encoding, errors="replace"))
    return result
