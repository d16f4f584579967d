"""Sites of files, with secrets beside them, and those who come to take these."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sandbox.checking.plays.handlers import NO_ANSWER, ask, serve
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.wire import Wiretap

FILES = {
    "site/index.html": "<h1>Bonjour</h1>",
    "site/style.css": "h1 { color: teal; }",
    "site/js/page.js": "alert(1);",
    "site/à propos.html": "<h1>Nous</h1>",
    "site/vide/notes.txt": "des notes",
    "site-prive/secret.txt": "le secret",
    "secret.txt": "le secret",
}
ATTACKS = {
    "..": "/../secret.txt",
    "voisin": "/../site-prive/secret.txt",
    "..%2f": "/..%2fsecret.txt",
    "%2e%2e": "/%2e%2e/secret.txt",
    "absolu": "/%2f{folder}/secret.txt",
    "lien": "/lien.txt",
}


@contextlib.contextmanager
def site(stage: Stage, program: Program) -> Iterator[tuple[Wiretap, Path]]:
    """Run the handler that a program makes for a site, a secret beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for file, content in FILES.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, encoding="utf-8")
        with contextlib.suppress(OSError):  # Windows asks for rights
            os.symlink(folder / "secret.txt", folder / "site" / "lien.txt")
        yield serve(stage, program, folder / "site"), folder


def visit(stage: Stage, program: Program, target: str) -> object:
    """Ask a site for a page; return its status, its type, its content if it is found."""
    with site(stage, program) as (tap, _):
        response = ask(stage, tap, target)
        if response is None:
            return NO_ANSWER
        if response.status != 200:
            return response.status
        kind = response.headers.get("Content-Type", "sans type").partition(";")[0]
        return 200, kind, response.content.decode("utf-8", "replace")[:60]


def attack(stage: Stage, program: Program, *names: str) -> list[str]:
    """Send attacks to a site; return the names of those that bring the secret."""
    with site(stage, program) as (tap, folder):
        won = []
        for name in names:
            target = ATTACKS[name].format(folder=quote(str(folder).lstrip("/")))
            response = ask(stage, tap, target)
            if response is not None and b"secret" in response.content:
                won.append(name)
        return won
