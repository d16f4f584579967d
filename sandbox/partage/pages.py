"""What the file drop shows: ``page.html``, and what it frames, the other files of this folder."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from sandbox.serving.http import Problem, Response

FOLDER = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
UNITS = {"ko": 1e3, "Mo": 1e6, "Go": 1e9, "To": 1e12}


def give_section(name: str, target: str, size: int, left: int | None) -> str:
    """Return what offers a file; `left` says how many times it may still be given, if it does."""
    shown = {"name": escape(name), "size": readable(size)}
    if left == 0:
        return piece("given.html", **shown)
    count = f"<p>Téléchargements restants : {left}</p>" if left else ""
    return piece("give.html", **shown, left=count, target=escape(target))


def receive_section(limit: int) -> str:
    """Return the form that asks for files."""
    return piece("receive.html", limit=readable(limit))


def receipt(names: Iterable[str]) -> Response:
    """Return the answer to who has sent files."""
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    return html_response("Merci !", piece("received.html", names=items), 201)


def explanation(problem: Problem, phrase: str) -> Response:
    """Return the answer that tells of a problem."""
    body = piece("problem.html", error=escape(problem.error))
    return html_response(f"{problem.status} {phrase}", body, problem.status, problem.headers)


def html_response(
    title: str, body: str, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """Return a whole page as an answer."""
    frame = Template(read("page.html"))
    page = frame.substitute(title=escape(title), body=body, style=read("style.css"))
    fixed = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", POLICY),
        ("Cache-Control", "no-store"),
    ]
    return Response(page.encode(), status, [*fixed, *headers])


def piece(name: str, /, **texts: str) -> str:
    """Return a piece of page, the lines of its file put end to end, `texts` in their places."""
    return Template(read(name).replace("\n", "")).substitute(texts)


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def readable(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1000:
        return f"{size} octets"
    unit = next(unit for unit in UNITS if size < 1000 * UNITS[unit] or unit == "To")
    return f"{size / UNITS[unit]:.1f} {unit}".replace(".", ",").replace(",0 ", " ")
