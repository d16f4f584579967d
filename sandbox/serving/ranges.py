"""A part of a resource, asked for by Range (RFC 9110, 14): a download cut short goes on."""

from __future__ import annotations

import re

from sandbox.serving.diagnosis import Problem, quoted
from sandbox.serving.reading import RequestReader


def byte_range(request: RequestReader, size: int) -> tuple[int, int] | None:
    """Return the first and last positions that a request asks for, by Range, in `size` bytes.

    None if it asks for the whole, or for what we do not understand (RFC 9110, 14.2).

    Raises:
        Problem: there is nothing there (416).
    """
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if request.command != "GET" or not asked or not any(asked.groups()):
        return None
    first, last = bounds(asked[1], asked[2], size)
    if first > last:
        raise Problem(
            416,
            f"Cette ressource a {size} octets : impossible d'en servir "
            f"{quoted(request.headers['Range'])}.",
            headers=[("Content-Range", f"bytes */{size}")],
        )
    return first, last


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Return the first and last positions that ``first-last`` designates in `size` bytes."""
    if not first:  # the last so many bytes
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size - 1)
    if last and int(last) < int(first):
        return size, size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
