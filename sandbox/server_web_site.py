"""HTTP 3002: a small web site, with what HTTP offers to those who ask politely.

The pages are the files of ``web_site/``, all read when the server starts: what a request names is
looked up in a dictionary, so that no « .. », link or odd path can lead anywhere else. Around
them, a few resources whose behaviour is the point: see `RESOURCES`.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import random
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from sandbox.serving.http import (
    GetHandler,
    HTTPHandler,
    Problem,
    Response,
    byte_range,
    quoted,
)
from sandbox.serving.tcp import main

ROOT = Path(__file__).resolve().parent / "web_site"
LAST_MODIFIED = 1_788_249_600  # 1 September 2026, 8:00 GMT, the same on every machine
DOWNLOAD_SIZE = 300_000  # bytes
CUT_AFTER = 100_000  # bytes that the fragile download sends before it breaks
JOURNAL_PAUSE = 0.05  # seconds between two lines of the journal
REFUSALS = 2  # times that /instable refuses before it answers
LIMIT = 3  # requests that /limite allows...
PERIOD = 2  # ...in so many seconds
MAX_KEYS = 1000  # keys remembered; the oldest is forgotten first
MAX_KEY = 64  # characters

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


class SiteHandler(GetHandler):
    """One connection of the web site."""

    site = load_site(ROOT)

    def find(self, path: str) -> Callable[[HTTPHandler], Response]:
        if path in RESOURCES:
            return RESOURCES[path]
        if path in self.site:
            return partial(answer_file, self.site[path])
        if path + "/" in self.site:
            return partial(answer_moved, path + "/")
        raise Problem(404, f"Il n'y a pas de page {quoted(path)} sur ce site.")

    def explain(self, problem: Problem) -> Response:
        phrase = self.responses[problem.status][0]
        page = ERROR_PAGE.format(
            status=problem.status, phrase=escape(phrase), error=escape(problem.error)
        )
        return html_response(page, problem.status, list(problem.headers))


ERROR_PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{status} {phrase}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles/base.css">
</head>
<body>
<main>
<h1>{status} {phrase}</h1>
<p>{error}</p>
<p><a href="/">Retour à l’accueil</a></p>
</main>
</body>
</html>
"""


def html_response(page: str, status: int, headers: list[tuple[str, str]]) -> Response:
    return Response(page.encode(), status, [("Content-Type", TYPES[".html"]), *headers])


def text_response(text: str, headers: list[tuple[str, str]], status: int = 200) -> Response:
    return Response(text.encode(), status, [("Content-Type", TYPES[".txt"]), *headers])


# Files: compression, freshness, ranges


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


def answer_fragile(request: HTTPHandler) -> Response:
    """Answer the big file, or a range of it, but hang up after `CUT_AFTER` bytes."""
    response = answer_file(request.site["/telechargements/carte.bin"], request)
    return Response(
        cut(b"".join(response.body)), response.status, response.headers, response.length
    )


def cut(body: bytes) -> Iterator[bytes]:
    yield body[:CUT_AFTER]
    if len(body) > CUT_AFTER:
        raise ConnectionAbortedError  # on purpose, before the Content-Length announced


# Resources whose behaviour is the point


def answer_moved(target: str, request: HTTPHandler) -> Response:
    """Answer that a page has moved for good."""
    return text_response(f"Cette page est maintenant ici : {target}\n", [("Location", target)], 301)


GREETINGS = {"fr": "Bonjour, moussaillon !\n", "en": "Hello, sailor!\n"}


def answer_greeting(request: HTTPHandler) -> Response:
    """Greet in the language the client prefers, French if it has no preference."""
    accepted = weights(request.headers.get("Accept-Language", ""))
    wanted: dict[str, float] = {}
    for choice, weight in accepted.items():  # who reads British English reads English
        language = choice.partition("-")[0]
        wanted[language] = max(weight, wanted.get(language, 0))
    language = max(GREETINGS, key=lambda known: wanted.get(known, wanted.get("*", 0)))
    return text_response(
        GREETINGS[language], [("Content-Language", language), ("Vary", "Accept-Language")]
    )


JOURNAL = (
    "06 h 00 — Éteint le feu. Mer belle, vent d'ouest.",
    "08 h 30 — Un voilier demande l'heure. Répondu.",
    "10 h 15 — Le même voilier redemande l'heure. Répondu aussi : un phare n'a pas de mémoire.",
    "12 h 00 — Le Relais répète mon message. Je ne l'avais pas encore envoyé.",
    "15 h 40 — Brume. On ne voit plus le Muet ; on ne l'entendait déjà pas.",
    "18 h 05 — Pointe-Écho me souhaite bonne nuit. C'est moi qui avais commencé.",
    "20 h 00 — Allumé le feu : trois éclats, douze secondes.",
)


def answer_journal(request: HTTPHandler) -> Response:
    """Answer the journal line after line, its length unknown beforehand: in chunks."""
    return Response(journal_lines(), headers=[("Content-Type", TYPES[".txt"])], live=True)


def journal_lines() -> Iterator[bytes]:
    for line in JOURNAL:
        yield f"{line}\n".encode()
        time.sleep(JOURNAL_PAUSE)


class Visits:
    """Counts visits by key over periods of some seconds."""

    def __init__(self, period: float = math.inf) -> None:
        self.period = period
        self.counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self.lock = threading.Lock()

    def add(self, key: str) -> int:
        """Count a visit; return the number of those of the current period, this one included."""
        now = time.monotonic()
        with self.lock:
            begun, count = self.counts.get(key, (now, 0))
            if now - begun >= self.period:
                begun, count = now, 0
            self.counts[key] = begun, count + 1
            if len(self.counts) > MAX_KEYS:
                self.counts.popitem(last=False)
        return count + 1


def key_of(request: HTTPHandler) -> str:
    """Return the key by which a client tells its own tries from the others'."""
    key = parse_qs(request.query).get("cle", [""])[0]
    if len(key) > MAX_KEY:
        raise Problem(400, f"cle a {len(key)} caractères : je n'en accepte que {MAX_KEY}.")
    return key


def answer_unstable(visits: Visits, request: HTTPHandler) -> Response:
    """Refuse the first tries of each key, then answer."""
    count = visits.add(key_of(request))
    if count <= REFUSALS:
        raise Problem(
            503,
            f"Le gardien prend son café (refus {count} sur {REFUSALS}). Réessayez.",
            headers=[("Retry-After", "0")],
        )
    return text_response("Le gardien est là. Que puis-je pour vous ?\n", [])


def answer_limited(visits: Visits, request: HTTPHandler) -> Response:
    """Answer so many times a period for each key; beyond, ask to wait for the whole of one."""
    if visits.add(key_of(request)) > LIMIT:
        raise Problem(
            429,
            f"Doucement : {LIMIT} requêtes par {PERIOD} secondes, pas une de plus. "
            f"Réessayez dans {PERIOD} secondes.",
            headers=[("Retry-After", str(PERIOD))],
        )
    return text_response("Un éclat pour vous.\n", [])


def weights(header: str) -> dict[str, float]:
    """Return the weight a client gives to each choice (RFC 9110, 12.4.2).

    ``"fr, en;q=0.8"`` gives ``{"fr": 1.0, "en": 0.8}``. What is malformed is left out.
    """
    found = {}
    for item in header.lower().split(","):
        match = re.fullmatch(r"\s*([\w*-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*", item)
        if match:
            found[match[1]] = float(match[2] or 1)
    return found


#: What is not a file. /ancienne-page has moved; /instable and /limite teach patience, by ?cle=.
RESOURCES = {
    "/ancienne-page": partial(answer_moved, "/phares.html"),
    "/bonjour": answer_greeting,
    "/journal.txt": answer_journal,
    "/telechargements/fragile.bin": answer_fragile,
    "/instable": partial(answer_unstable, Visits()),
    "/limite": partial(answer_limited, Visits(PERIOD)),
}


if __name__ == "__main__":
    main("server_web_site", SiteHandler)
