"""What a client prefers, among languages or codings."""

from __future__ import annotations

import re

CHOICE = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*")


def weights(header: str) -> dict[str, float]:
    """Return the weight a client gives to each choice (RFC 9110, 12.4.2).

    ``"fr, en;q=0.8"`` gives ``{"fr": 1.0, "en": 0.8}``. What is malformed is left out.
    """
    found = {}
    for item in header.lower().split(","):
        match = CHOICE.fullmatch(item)
        if match:
            found[match[1]] = float(match[2] or 1)
    return found
