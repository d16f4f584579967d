"""HTTP 3008: give a file to the room, or receive some: ``python -m sandbox partage``.

One file is given, at one address: what a request names is compared with it, never looked for on
the disk, so that no « .. », link or odd path can lead anywhere else. A folder is given as an
archive, made when the server starts. What is received goes into one folder, under a name of ours.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import os
import shutil
import sys
import tempfile
import threading
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

import segno
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from sandbox.running.catalogue import EVERYWHERE, LOOPBACK, SERVERS
from sandbox.serving.http import (
    ANSWER_SECONDS,
    BODY_SECONDS,
    GetHandler,
    HTTPHandler,
    Problem,
    Response,
    byte_range,
    quoted,
    too_large,
)
from sandbox.serving.tcp import (
    TCPServer,
    explain_bind_error,
    log,
    own_address,
    port_number,
    serve_until_stopped,
)

NAME = "server_partage"
PIECE = 64 * 1024  # bytes read from the disk at a time
NOTED = 2.0  # s left to a download that ends, before we say that somebody is downloading
SLOWEST = 50_000  # bytes a second: who is slower than that is given up
LIMIT = 1000  # megabytes received at once, unless told otherwise
MEGABYTE = 1_000_000
MAX_RECEIVED = 1000  # files
MAX_FIELDS = 500_000  # bytes of a form, its files apart
MAX_NAME = 200  # bytes of the name of a file received
SPARE = 100 * MEGABYTE  # bytes to leave on the disk
FORBIDDEN = frozenset('<>:"|?*')  # on Windows
DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{kind}{n}" for kind in ("COM", "LPT") for n in range(10)),
}


@dataclass
class Drop:
    """What is given, and where what is received goes.

    Attributes:
        path: the file given, if any.
        name: the name under which it is.
        turns: how many times it may be.
        folder: where to put what is received, if anything may be.
        limit: bytes received at once.
        received: how many files were.
    """

    path: Path | None = None
    name: str = ""
    turns: Turns = field(default_factory=lambda: Turns(None))
    folder: Path | None = None
    limit: int = LIMIT * MEGABYTE
    received: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def target(self) -> str:
        """Return the path of the file in an URL."""
        return "/" + quote(self.name, safe="")


class Turns:
    """At most so many downloads, those under way included."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.done = self.begun = 0
        self.lock = threading.Condition()

    @property
    def left(self) -> int | None:
        """Return how many are left; None if there is no limit."""
        return None if self.limit is None else self.limit - self.done

    def check(self) -> None:
        """Raise `Problem` (410) when there is none left."""
        if self.left == 0:
            raise Problem(
                410, f"Trop tard : ce fichier devait être donné {self.limit} fois, et il l'a été."
            )

    def begin(self) -> None:
        """Take a turn, or raise `Problem`."""
        with self.lock:
            # A client has its last byte before we have noted it: asking at once is no hurry.
            self.lock.wait_for(lambda: self.left in (None, 0) or self.begun < self.left, NOTED)
            self.check()
            if self.begun == self.left:
                raise Problem(
                    503,
                    "Quelqu'un télécharge en ce moment, et il ne restera peut-être rien pour "
                    "vous. Réessayez dans quelques secondes.",
                    headers=[("Retry-After", "5")],
                )
            self.begun += 1

    def end(self, *, complete: bool) -> None:
        """Give a turn back; it counts if the client has got everything."""
        with self.lock:
            self.begun -= 1
            self.done += complete
            self.lock.notify_all()


class DropServer(TCPServer):
    def __init__(self, address: tuple[str, int], drop: Drop) -> None:
        self.drop = drop
        super().__init__(address, DropHandler)


class DropHandler(GetHandler):
    """One connection of somebody who takes the file or leaves one."""

    @property
    def allowed(self) -> tuple[str, ...]:
        receives = self.server.drop.folder and self.path in ("/", "*")
        return (*super().allowed, "POST") if receives else super().allowed

    def forget_last_request(self) -> None:
        super().forget_last_request()
        self.has_turn = False

    def find(self, path: str) -> Callable[[HTTPHandler], Response]:
        drop = self.server.drop
        if path == "/":
            return answer_receipt if self.command == "POST" else answer_page
        # The same name may be written in two ways: « é », or « e » and an accent.
        if drop.path and unicodedata.normalize("NFC", path) == "/" + drop.name:
            return answer_file
        raise Problem(404, f"Il n'y a rien à {quoted(path)}. Tout est sur la page d'accueil.")

    def explain(self, problem: Problem) -> Response:
        title = f"{problem.status} {self.responses[problem.status][0]}"
        body = f'<p>{escape(problem.error)}</p><p><a href="/">Retour à l’accueil</a></p>'
        return html_response(title, body, problem.status, list(problem.headers))

    def time_for(self, response: Response) -> float:
        return ANSWER_SECONDS + (response.length or 0) / SLOWEST

    def send(self, response: Response) -> None:
        complete = False
        try:
            super().send(response)
            complete = True
        finally:
            if self.has_turn:
                self.server.drop.turns.end(complete=complete)


# Giving


def answer_file(request: DropHandler) -> Response:
    """Answer the file, or the part of it asked for: a download cut short can be resumed."""
    drop = request.server.drop
    drop.turns.check()
    size, etag = state_of(drop.path)
    # A part of what has changed would not fit what the client has: it gets the whole.
    same = request.headers.get("If-Range", etag) == etag
    part = byte_range(request, size) if same else None
    first, last = part or (0, size - 1)
    headers = [
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", disposition(drop.name)),
        ("X-Content-Type-Options", "nosniff"),
        ("ETag", etag),
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", "no-cache"),
    ]
    if part:
        headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
    # Only who gets the last byte has a whole file.
    if request.command == "GET" and last == size - 1:
        drop.turns.begin()
        request.has_turn = True
    body = pieces(drop.path, etag, first, last + 1)
    return Response(body, 206 if part else 200, headers, length=last + 1 - first)


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


def make_archive(folder: Path, archive: Path) -> int:
    """Put the files under `folder` in a ZIP archive; return how many things were left out.

    Links are: they lead outside. So is what is not a file: reading a device may never end.
    """
    root = folder.resolve()
    left_out = 0
    with zipfile.ZipFile(
        archive, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False
    ) as archive_file:
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root)
            if path.resolve() != path or not (path.is_file() or path.is_dir()):
                left_out += 1
            else:
                archive_file.write(path, spelt(folder) / name)
    return left_out


def spelt(path: Path) -> str:
    """Return the name of a file or folder, whatever was typed, in a form fit for the network."""
    name = Path(os.path.abspath(path)).name or "dossier"
    # A name that is not UTF-8, on Linux, becomes one.
    return unicodedata.normalize("NFC", name.encode(errors="replace").decode())


# Receiving


def answer_receipt(request: DropHandler) -> Response:
    """Receive the files of a form, and say under which names."""
    drop = request.server.drop
    kind, parameters = parse_options_header(request.headers.get("Content-Type"))
    if kind != "multipart/form-data":
        raise Problem(415, "Un fichier s'envoie par le formulaire, en multipart/form-data.")
    if is_from_elsewhere(request):
        raise Problem(403, "Ce formulaire n'est pas le mien : une autre page l'a envoyé.")
    if request.length is None:
        raise Problem(411, "Dites d'abord, par Content-Length, combien d'octets vous envoyez.")
    if request.length > drop.limit:
        raise too_large(drop.limit)
    if shutil.disk_usage(drop.folder).free < request.length + SPARE:
        raise Problem(507, "Il n'y a plus assez de place sur le disque.")
    request.accept_body(drop.limit)
    request.stream.allow(BODY_SECONDS + request.length / SLOWEST)
    with contextlib.ExitStack() as stack:
        files = [file for file in read_form(request, parameters, stack) if file.filename]
        if not files:
            raise Problem(400, "Aucun fichier : choisissez-en un avant d'envoyer.")
        names = [keep(file, drop) for file in files]
    for name in names:
        log(request.client_address[0], f"a envoyé {quoted(name)}")
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    body = f'<p>Bien reçu :</p><ul>{items}</ul><p><a href="/">En envoyer d’autres</a></p>'
    return html_response("Merci !", body, 201)


def is_from_elsewhere(request: DropHandler) -> bool:
    """Tell whether another site's page makes its reader send this form."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("Host")


class Body(io.RawIOBase):
    """The body of a request as a stream."""

    def __init__(self, request: HTTPHandler) -> None:
        self.request = request

    def read(self, size: int = -1) -> bytes:
        request = self.request
        wanted = min(size, request.unread)
        try:
            piece = request.rfile.read(wanted)
        except TimeoutError:
            request.close_connection = True
            raise Problem(408, "L'envoi est trop lent : je raccroche.") from None
        if len(piece) < wanted:
            request.close_connection = True
            raise Problem(400, f"L'envoi s'arrête en chemin ; annoncés : {request.length} octets.")
        request.unread -= wanted
        return piece


def read_form(
    request: DropHandler, parameters: dict[str, str], stack: contextlib.ExitStack
) -> list[FileStorage]:
    """Read a form; write its files, as they come, in temporary ones that `stack` removes."""

    def write(*_: object, **__: object) -> IO[bytes]:
        folder = request.server.drop.folder
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 -- the stack closes it
            suffix=".part", prefix=".", dir=folder, delete=False
        )
        stack.callback(Path(file.name).unlink, missing_ok=True)
        return stack.enter_context(file)

    parser = FormDataParser(write, MAX_FIELDS, silent=False, max_form_parts=100)
    try:
        _, _, files = parser.parse(Body(request), "multipart/form-data", request.length, parameters)
    except RequestEntityTooLarge:
        raise too_large(MAX_FIELDS) from None
    except ValueError:
        raise Problem(400, "Ce formulaire est mal formé.") from None
    return [file for _, file in files.items(multi=True)]


def keep(file: FileStorage, drop: Drop) -> str:
    """Give a file its own name, or the nearest that is free; return it."""
    if next(drop.received) > MAX_RECEIVED:
        raise Problem(507, f"J'ai déjà reçu {MAX_RECEIVED} fichiers : c'est assez.")
    file.stream.close()
    name = harmless(file.filename)
    stem, suffix = os.path.splitext(name)
    for number in itertools.count(2):
        # Created empty, or refused because something has that name, a link included: from here
        # on it is ours, and may be replaced at once by the whole file.
        try:
            (drop.folder / name).open("xb").close()
        except FileExistsError:
            name = f"{stem} ({number}){suffix}"
        else:
            os.replace(file.stream.name, drop.folder / name)
            return name


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


# The page

STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --paper: #fbfaf7; --line: #d9d6cd;
  --accent: #0b5cad; --panel: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ee; --paper: #14171f; --line: #343a49; --accent: #8fc1ff; --panel: #1c212c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 34rem; color: var(--ink);
  background: var(--paper); font: 1.1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
section { margin: 1rem 0; padding: 1rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: .75rem; }
h1, h2 { margin-top: 0; line-height: 1.2; }
a { color: var(--accent); }
label { display: block; }
input { display: block; width: 100%; margin: .5rem 0 1rem; font: inherit; }
.button, button { display: inline-block; padding: .6rem 1.2rem; border: 0; border-radius: .5rem;
  background: var(--accent); color: var(--paper); font: inherit; text-decoration: none;
  cursor: pointer; }
"""


def answer_page(request: DropHandler) -> Response:
    """Answer the page of what may be taken and left."""
    drop = request.server.drop
    sections = give_section(drop) if drop.path else ""
    sections += receive_section(drop) if drop.folder else ""
    return html_response("Partage", sections)


def give_section(drop: Drop) -> str:
    size, _ = state_of(drop.path)
    if drop.turns.left == 0:
        what = "<p>Ce fichier a été donné autant de fois que prévu : c’est fini.</p>"
    else:
        left = f"<p>Téléchargements restants : {drop.turns.left}</p>" if drop.turns.left else ""
        what = f'{left}<a class="button" href="{escape(drop.target)}">Télécharger</a>'
    return f"<section><h2>{escape(drop.name)}</h2><p>{readable(size)}</p>{what}</section>"


def receive_section(drop: Drop) -> str:
    return (
        '<section><h2>Envoyer des fichiers</h2><form method="post" action="/" '
        'enctype="multipart/form-data"><label>Vos fichiers, '
        f"{readable(drop.limit)} en tout au plus"
        '<input type="file" name="fichier" multiple required></label>'
        "<button>Envoyer</button></form></section>"
    )


def readable(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1000:
        return f"{size} octets"
    unit = next(unit for unit in UNITS if size < 1000 * UNITS[unit] or unit == "To")
    return f"{size / UNITS[unit]:.1f} {unit}".replace(".", ",").replace(",0 ", " ")


UNITS = {"ko": 1e3, "Mo": 1e6, "Go": 1e9, "To": 1e12}


def html_response(
    title: str, body: str, status: int = 200, headers: list[tuple[str, str]] | None = None
) -> Response:
    page = f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
    fixed = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("Cache-Control", "no-store"),
    ]
    return Response(page.encode(), status, [*fixed, *(headers or ())])


# From a terminal


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description=SERVERS[NAME].description,
    )
    parser.add_argument(
        "chemin",
        nargs="?",
        type=existing_path,
        help="le fichier, ou le dossier, à donner ; par défaut, ce programme lui-même",
    )
    parser.add_argument(
        "--recevoir", type=writable_folder, metavar="DOSSIER", help="où ranger ce qu'on envoie"
    )
    parser.add_argument(
        "--fois", type=positive, metavar="N", help="combien de téléchargements (sans limite)"
    )
    parser.add_argument(
        "--limite",
        type=positive,
        default=LIMIT,
        metavar="MO",
        help="ce qu'on reçoit en une fois, en mégaoctets (%(default)s)",
    )
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help=f"adresse d'écoute (%(default)s ; toutes : {EVERYWHERE})",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        default=SERVERS[NAME].port,
        help="port, 0 pour un port libre (%(default)s)",
    )
    chosen = parser.parse_args()
    if not chosen.chemin and not chosen.recevoir:
        chosen.chemin = Path(__file__)
    return chosen


def existing_path(text: str) -> Path:
    path = Path(text)
    if not (path.is_file() or path.is_dir()):
        raise argparse.ArgumentTypeError(f"il n'y a ni fichier ni dossier « {text} »")
    if not os.access(path, os.R_OK):
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas lisible")
    return path


def writable_folder(text: str) -> Path:
    if not Path(text).is_dir() or not os.access(text, os.W_OK):
        raise argparse.ArgumentTypeError(f"il n'y a pas de dossier « {text} » où écrire")
    return Path(text).resolve()


def positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise argparse.ArgumentTypeError(f"j'attends un nombre entier positif, pas « {text} »")
    return int(text)


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; say first at which address."""
    chosen = options()
    with tempfile.TemporaryDirectory() as scratch:
        path = chosen.chemin and chosen.chemin.resolve()
        name = chosen.chemin and spelt(chosen.chemin)
        if path and path.is_dir():
            path, name = Path(scratch) / "archive.zip", f"{name}.zip"
            say_left_out(make_archive(chosen.chemin, path))
        limit = chosen.limite * MEGABYTE
        drop = Drop(path, name or "", Turns(chosen.fois), chosen.recevoir, limit)
        try:
            server = DropServer((chosen.host, chosen.port), drop)
        except OSError as error:
            sys.exit(explain_bind_error(NAME, chosen.host, chosen.port, error))
        announce(*server.server_address[:2])
        serve_until_stopped(NAME, server)


def say_left_out(number: int) -> None:
    if number:
        log(f"Laissés de côté, car ce sont des liens ou des périphériques : {number}.")


def announce(host: str, port: int) -> None:
    """Say who can come, and give the address, to read and to photograph."""
    everywhere = host == EVERYWHERE
    address = own_address() if everywhere else host
    url = f"http://{address or LOOPBACK}:{port}/"
    if address is None:
        log("Cette machine n'a pas de réseau : elle seule peut se parler.")
    elif address.startswith("127."):
        log("Cette machine seule peut venir.")
    else:
        log("Toute machine du même réseau peut venir, et rien n'est chiffré.")
    log(f"\n    {url}\n")
    if sys.stderr.isatty():
        segno.make(url, micro=False).terminal(sys.stderr, compact=True, border=2)
    log("Ctrl-C pour arrêter.")


if __name__ == "__main__":
    main()
