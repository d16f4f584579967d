"""Find a Chromium or Chrome on this machine, and have it show a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "chromium-headless-shell",
)

#: Usual places that are not on the PATH: on Windows below these variables' folders, on macOS.
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
#: Where Playwright keeps its own, by system.
PLAYWRIGHT_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_BINARIES = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-win*/chrome.exe",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome, None if there is none.

    The variable CHROMIUM, when set, is believed first.
    """
    return next((path for path in _candidates() if path and Path(path).is_file()), None)


def rendered(url: str, limit: float = 10.0) -> str | None:
    """Return the HTML of a page once its scripts have run, as a browser without a window has it.

    None if no browser could do so within `limit` seconds.
    """
    browser = find_browser()
    if browser is None:
        return None
    # Its clock is a false one, which waits for requests: two of its seconds are soon over.
    options = ["--headless", "--disable-gpu", "--no-sandbox", "--no-first-run"]
    options += ["--disable-background-networking", "--virtual-time-budget=2000", "--dump-dom"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        try:
            result = subprocess.run(
                [browser, f"--user-data-dir={profile}", *options, url],
                capture_output=True,
                timeout=limit,
                check=False,
                **_memory_of_its_own(),
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    return result.stdout.decode("utf-8", "replace") or None


def _memory_of_its_own() -> dict:
    """Lift the browser's limit on memory, not ours: it reserves far more than it uses."""
    try:
        import resource
    except ImportError:
        return {}  # Windows

    def lift() -> None:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    return {"preexec_fn": lift}


def _candidates() -> Iterator[str | None]:
    yield os.environ.get("CHROMIUM")
    yield from map(shutil.which, NAMES)
    yield from MACOS
    for folder in filter(None, map(os.environ.get, WINDOWS_FOLDERS)):
        yield from (str(Path(folder, place)) for place in WINDOWS)
    for cache in _playwright_caches():
        for pattern in PLAYWRIGHT_BINARIES:
            yield from sorted(map(str, cache.glob(pattern)), key=_length_first, reverse=True)


def _playwright_caches() -> list[Path]:
    if chosen := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return [Path(chosen)]
    caches = [Path(cache).expanduser() for cache in PLAYWRIGHT_CACHES]
    if local := os.environ.get("LOCALAPPDATA"):
        caches.append(Path(local, "ms-playwright"))
    return caches


def _length_first(path: str) -> tuple[int, str]:
    """Sort chromium-999 before chromium-1000."""
    return len(path), path
