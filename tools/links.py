"""``python -m tools links``: does each address that the book gives still answer?

Asks the Internet: for a maintainer, once in a while. No test does.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import ROOT

SEEN_BY_READERS = ("README.md", "CONTRIBUTING.md", "book/*.md", "notebooks/*.md")
#: An address; reserved names (RFC 2606) and our own servers are of no one.
ADDRESS = re.compile(r"https?://[^\s<>\"'`)\]}]+[^\s<>\"'`)\]}.,;:!?*]")
OURS = re.compile(r"https?://(127\.0\.0\.1|localhost|[\w.-]*\bexemple\b|[\w.-]*\bexample\b)")
AT_ONCE = 8
SECONDS = 20


def main(arguments: list[str]) -> int:
    """Ask each address; print those that do not answer, with where they are."""
    places = addresses(path for pattern in SEEN_BY_READERS for path in sorted(ROOT.glob(pattern)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        faults = dict(zip(places, pool.map(fault, places), strict=True))
    for address, problem in faults.items():
        if problem:
            print(f"{address}\n  {problem}\n  {', '.join(places[address])}")
    broken = sum(map(bool, faults.values()))
    print(f"{len(places)} addresses, {broken} to look at.")
    return int(broken > 0)


def addresses(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return the outside addresses in files, each with its places, ``file:line``."""
    places: dict[str, list[str]] = {}
    for path in paths:
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for address in ADDRESS.findall(text):
                if not OURS.match(address):
                    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
                    places.setdefault(address, []).append(f"{name}:{line}")
    return places


def fault(address: str) -> str:
    """Return what is wrong with an address, nothing if it answers."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (links)"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.reason}"
    except (OSError, ValueError) as error:
        return str(error)
