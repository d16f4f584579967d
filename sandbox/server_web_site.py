"""HTTP 3002: a small web site, with what HTTP offers to those who ask politely.

The pages are the files of ``web_site/www/``, all read when the server starts: what a request names
is looked up in a dictionary, so that no « .. », link or odd path can lead anywhere else. Around
them, a few resources whose behaviour is the point: see `RESOURCES`.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from sandbox.serving.http import GetHandler, HTTPHandler, Problem, Response, quoted
from sandbox.serving.tcp import main
from sandbox.web_site.files import TYPES, answer_file, load_site
from sandbox.web_site.preferences import weights

FOLDER = Path(__file__).resolve().parent / "web_site"
ERROR_PAGE = Template((FOLDER / "error.html").read_text(encoding="utf-8"))
CUT_AFTER = 100_000  # bytes that the fragile download sends before it breaks
JOURNAL_PAUSE_SECONDS = 0.05  # between two lines of the journal
REFUSALS = 2  # times that /instable refuses before it answers
LIMIT = 3  # requests that /limite allows...
PERIOD_SECONDS = 2  # ...in so much time
MAX_KEYS = 1000  # keys remembered; the oldest is forgotten first
MAX_KEY = 64  # characters


class SiteHandler(GetHandler):
    """One connection of the web site."""

    site = load_site(FOLDER / "www")

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
        page = ERROR_PAGE.substitute(
            status=problem.status, phrase=escape(phrase), error=escape(problem.error)
        )
        return html_response(page, problem.status, list(problem.headers))


def html_response(page: str, status: int, headers: list[tuple[str, str]]) -> Response:
    return Response(page.encode(), status, [("Content-Type", TYPES[".html"]), *headers])


def text_response(text: str, headers: list[tuple[str, str]], status: int = 200) -> Response:
    return Response(text.encode(), status, [("Content-Type", TYPES[".txt"]), *headers])


# Resources whose behaviour is the point


def answer_moved(target: str, request: HTTPHandler) -> Response:
    """Answer that a page has moved for good."""
    return text_response(f"Cette page est maintenant ici : {target}\n", [("Location", target)], 301)


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
    return Response(journal_lines(), headers=[("Content-Type", TYPES[".txt"])], at_once=True)


def journal_lines() -> Iterator[bytes]:
    for line in JOURNAL:
        yield f"{line}\n".encode()
        time.sleep(JOURNAL_PAUSE_SECONDS)


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
            f"Doucement : {LIMIT} requêtes par {PERIOD_SECONDS} secondes, pas une de plus. "
            f"Réessayez dans {PERIOD_SECONDS} secondes.",
            headers=[("Retry-After", str(PERIOD_SECONDS))],
        )
    return text_response("Un éclat pour vous.\n", [])


#: What is not a file. /ancienne-page has moved; /instable and /limite teach patience, by ?cle=.
RESOURCES = {
    "/ancienne-page": partial(answer_moved, "/phares.html"),
    "/bonjour": answer_greeting,
    "/journal.txt": answer_journal,
    "/telechargements/fragile.bin": answer_fragile,
    "/instable": partial(answer_unstable, Visits()),
    "/limite": partial(answer_limited, Visits(PERIOD_SECONDS)),
}


if __name__ == "__main__":
    main("server_web_site", SiteHandler)
