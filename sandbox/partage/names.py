"""Names of files: what a client is told, what a client may make us write."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from urllib.parse import quote

MAX_NAME = 200  # bytes of the name of a file received
FORBIDDEN = frozenset('<>:"|?*')  # on Windows
DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{kind}{n}" for kind in ("COM", "LPT") for n in range(10)),
}


def spelt(path: Path) -> str:
    """Return the name of a file or folder, whatever was typed, in a form fit for the network."""
    name = Path(os.path.abspath(path)).name or "dossier"
    # A name that is not UTF-8, on Linux, becomes one.
    return unicodedata.normalize("NFC", name.encode(errors="replace").decode())


def disposition(name: str) -> str:
    """Return the Content-Disposition that saves a file under its name (RFC 6266).

    Twice: in ASCII for the oldest programs, then as it is, in UTF-8 (RFC 8187).
    """
    letters = [c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)]
    plain = "".join(
        c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in letters
    )
    exact = quote(name, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def harmless(name: str) -> str:
    """Return the name to give to a file received under `name`: no folder, nothing special."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if c.isspace() else c if is_allowed(c) else "_" for c in name).strip(" .")
    stem, suffix = os.path.splitext(name)
    if stem.partition(".")[0].rstrip().upper() in DEVICES:
        stem = f"_{stem}"
    suffix = shorten(suffix, 20)
    return shorten(stem, MAX_NAME - 20) + suffix or "sans nom"


def is_allowed(character: str) -> bool:
    return character.isprintable() and character not in FORBIDDEN


def shorten(text: str, size: int) -> str:
    """Return the beginning of `text`, `size` bytes at most."""
    return text.encode(errors="replace")[:size].decode(errors="ignore")
