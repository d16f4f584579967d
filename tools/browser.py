"""A browser for the tests: found, or installed, or said to be missing; never skipped in silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from sandbox.running.browser import find_browser

#: Chromium without its calls home, and able to run as root in a container.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


#: Chromium's engine without a window that nobody sees: a page costs less than half. Debian's name.
WINDOWLESS = "chromium-headless-shell"


class NoBrowser(Exception):
    """No Chromium on this machine, and none could be installed."""


def ensure_browser() -> str:
    """Return the path of a Chromium or Chrome, preferably one without windows.

    One is installed if need be. The variable CHROMIUM, when set, is believed first.

    Raises:
        NoBrowser: with what was tried.
    """
    windowless = None if "CHROMIUM" in os.environ else shutil.which(WINDOWLESS)
    if found := windowless or find_browser():
        return found
    tried = []
    for command in installers():
        print(f"Aucun navigateur : {' '.join(command)}", file=sys.stderr, flush=True)
        tried.append(" ".join(command))
        if subprocess.call(command, stdout=subprocess.DEVNULL) == 0 and (found := find_browser()):
            return found
    raise NoBrowser(
        "Aucun navigateur Chromium ou Chrome sur cette machine, et l'installation a échoué "
        f"({' ; '.join(tried)}). À faire : en installer un, ou donner son chemin dans CHROMIUM."
    )


def installers() -> list[list[str]]:
    """Return the commands worth trying on this machine, best first."""
    commands = []
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        commands.append(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    commands.append([sys.executable, "-m", "playwright", "install", "chromium"])
    return commands
