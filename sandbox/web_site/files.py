"""The files of the web site, and the answers they make: compression, freshness, ranges."""

from __future__ import annotations

import gzip
import hashlib
import random
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from sandbox.serving.http import HTTPHandler, Response, byte_range
from sandbox.web_site.preferences import weights

LAST_MODIFIED = 1_788_249_600  # 1 September 2026, 8:00 GMT, the same on every machine
DOWNLOAD_SIZE = 300_000  # bytes

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".bin": "application/octet-stream",
}
COMPRESSIBLE = {".html", ".css", ".js", ".txt", ".json", ".svg"}


@dataclass(frozen=True)
class File:
    """A file of the site, as sent plain and, for texts, compressed."""

    body: bytes
    compressed: bytes | None
    digest: str
    media_type: str
    cache_control: str

    @classmethod
    def of(cls, body: bytes, suffix: str) -> File:
        """Return the file of these bytes, of the kind that `suffix` tells."""
        compressed = None
        if suffix in COMPRESSIBLE:
            body = body.replace(b"\r\n", b"\n")  # git may have changed line ends on Windows
            compressed = gzip.compress(body, mtime=0)
        # A page is asked again each time; what it shows may be kept an hour.
        cache_control = "no-cache" if suffix == ".html" else "public, max-age=3600"
        digest = hashlib.sha256(body).hexdigest()[:16]
        return cls(body, compressed, digest, TYPES.get(suffix, TYPES[".txt"]), cache_control)


def load_site(root: Path) -> dict[str, File]:
    """Return every file under `root` by its path in the site; links are left out."""
    site = {"/telechargements/carte.bin": File.of(download(), ".bin")}
    for path in root.rglob("*"):
        if path.is_file() and path.resolve() == path:
            name = "/" + path.relative_to(root).as_posix()
            site[name.removesuffix("index.html")] = site[name] = File.of(
                path.read_bytes(), path.suffix
            )
    return site


def download() -> bytes:
    """Return the bytes of the big file, the same on every machine."""
    return random.Random(2026).randbytes(DOWNLOAD_SIZE)


def answer_file(file: File, request: HTTPHandler) -> Response:
    """Answer a file, a part of it, or nothing when the client has it already."""
    body, coding = file.body, ""
    if file.compressed and "Range" not in request.headers and accepts_gzip(request):
        body, coding = file.compressed, "gzip"
    # A strong ETag: other bytes on the wire, another tag (RFC 9110, 8.8.3).
    etag = f'"{file.digest}-{coding}"' if coding else f'"{file.digest}"'
    headers = [
        ("ETag", etag),
        ("Last-Modified", formatdate(LAST_MODIFIED, usegmt=True)),
        ("Cache-Control", file.cache_control),
    ]
    if file.compressed:
        headers.append(("Vary", "Accept-Encoding"))
    if is_fresh(request, etag):
        return Response(status=304, headers=headers)
    headers += [("Content-Type", file.media_type), ("Accept-Ranges", "bytes")]
    if coding:
        headers.append(("Content-Encoding", coding))
    return answer_range(body, etag, headers, request)


def accepts_gzip(request: HTTPHandler) -> bool:
    choices = weights(request.headers.get("Accept-Encoding", ""))
    return choices.get("gzip", choices.get("*", 0)) > 0


def is_fresh(request: HTTPHandler, etag: str) -> bool:
    """Tell whether what the client has is still good; its ETag, if given, decides alone."""
    known = ", ".join(request.headers.get_all("If-None-Match", []))
    if known:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return etag in tags or "*" in tags
    return same_date(request.headers.get("If-Modified-Since", ""), exactly=False)


def same_date(date: str, *, exactly: bool) -> bool:
    """Tell whether `date` is that of our files, or later unless `exactly`."""
    try:
        seconds = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):
        return False
    return seconds == LAST_MODIFIED or (seconds > LAST_MODIFIED and not exactly)


def answer_range(
    body: bytes, etag: str, headers: list[tuple[str, str]], request: HTTPHandler
) -> Response:
    """Answer the part asked for by Range; the whole if there is none that we understand."""
    condition = request.headers.get("If-Range", etag)
    same = condition == etag or same_date(condition, exactly=True)
    part = byte_range(request, len(body)) if same else None
    if part is None:
        return Response(body, headers=headers)
    first, last = part
    headers.append(("Content-Range", f"bytes {first}-{last}/{len(body)}"))
    return Response(body[first : last + 1], 206, headers)
