"""HTTP 3008: give a file to the room, or receive some: ``python -m sandbox partage``.

One file is given, at one address: what a request names is compared with it, never looked for on
the disk, so that no « .. », link or odd path can lead anywhere else. A folder is given as an
archive, made when the server starts. What is received goes into one folder, under a name of ours.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from sandbox.partage import pages
from sandbox.partage.archive import make_archive
from sandbox.partage.forms import is_from_elsewhere, read_form
from sandbox.partage.names import disposition, harmless, spelt
from sandbox.partage.pieces import pieces, state_of
from sandbox.partage.terminal import LIMIT, announce, options, say_left_out
from sandbox.partage.turns import Turns
from sandbox.running.catalogue import SERVERS
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
from sandbox.serving.tcp import TCPServer, explain_bind_error, log, serve_until_stopped

NAME = "server_partage"
SLOWEST = 50_000  # bytes a second: who is slower than that is given up
MEGABYTE = 1_000_000
MAX_RECEIVED = 1000  # files
SPARE = 100 * MEGABYTE  # bytes to leave on the disk


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
        return pages.explanation(problem, self.responses[problem.status][0])

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
        form = read_form(request, parameters, drop.folder, stack)
        files = [file for file in form if file.filename]
        if not files:
            raise Problem(400, "Aucun fichier : choisissez-en un avant d'envoyer.")
        names = [keep(file, drop) for file in files]
    for name in names:
        log(request.client_address[0], f"a envoyé {quoted(name)}")
    return pages.receipt(names)


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


def answer_page(request: DropHandler) -> Response:
    """Answer the page of what may be taken and left."""
    drop = request.server.drop
    sections = ""
    if drop.path:
        size, _ = state_of(drop.path)
        sections = pages.give_section(drop.name, drop.target, size, drop.turns.left)
    if drop.folder:
        sections += pages.receive_section(drop.limit)
    return pages.html_response("Partage", sections)


# From a terminal


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; say first at which address."""
    chosen = options(SERVERS[NAME])
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


if __name__ == "__main__":
    main()
