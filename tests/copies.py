"""A copy of the whole project, which a test may damage."""

import os
import shutil
import subprocess
from pathlib import Path

from tools import BUILD, ROOT


def tracked() -> list[str]:
    """Return the project's files: what git knows, and what it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in names.split("\0") if name and (ROOT / name).is_file()]


def copy_to(folder: Path) -> None:
    """Copy the project, with the executions and live parts that are already made."""
    for name in tracked():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for made in ("execution", "live"):
        shutil.copytree(BUILD / made, folder / "_build" / made)


def environment(copy: Path) -> dict[str, str]:
    """Return our environment, where a copy's own packages come first."""
    return {**os.environ, "PYTHONPATH": str(copy)}
