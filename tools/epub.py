"""``make epub``: the book for e-readers, without scripts.

See ``book/_ext/editions/offline_epub.py``.
"""

from __future__ import annotations

import sys
import time

from tools import EPUB, book


def main(arguments: list[str]) -> int:
    """Make the ePub in ``_build/epub``; ``--force`` executes and builds everything again."""
    started = time.monotonic()
    try:
        book.make("epub", EPUB.parent, force="--force" in arguments)
    except book.FAILURES as error:
        print(f"\n{error}\n\nL'ePub n'a pas été fait.", file=sys.stderr)
        return 1
    size = EPUB.stat().st_size / 1e6
    print(f"{size:.1f} Mo, en {time.monotonic() - started:.0f} s : {EPUB}")
    return 0
