"""The bytes of the file given, read as they leave, and only if they are those announced."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sandbox.serving.http import Problem

PIECE = 64 * 1024  # bytes read from the disk at a time


def state_of(path: Path | int) -> tuple[int, str]:
    """Return a file's size and its ETag, which changes when it does."""
    try:
        status = os.stat(path)
    except OSError:
        raise Problem(410, "Le fichier n'est plus là.") from None
    return status.st_size, f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


def pieces(path: Path, etag: str, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of a file from `start` to `stop`; hang up if they are not those announced."""
    with path.open("rb") as file:
        if state_of(file.fileno())[1] != etag:
            raise ConnectionAbortedError
        file.seek(start)
        while start < stop:
            piece = file.read(min(PIECE, stop - start))
            if not piece:
                raise ConnectionAbortedError
            start += len(piece)
            yield piece
