"""Flask: pages as one sees them, demos to which something is added, templates rendered.

The functions whose first argument is the program itself are for `Program.beside`.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from flask import Flask, render_template_string, url_for
from flask.testing import FlaskClient
from jinja2 import DictLoader

from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.running.demos import load_demo

READ = ("title", "h1", "li", "td", "th")  # the elements whose texts a page keeps apart


class Page(HTMLParser):
    """What a page holds, as a browser would see it.

    Attributes:
        tags: the names of its elements.
        text: all that one reads.
        texts: what one reads in the elements of `READ`, by name.
        rows: the texts of the cells of its tables, row by row.
        links, sheets: where its links lead, and its style sheets.
        fields: what each named field contains.
        hidden: the same, for those that one does not see: they are sent back as they came.
        errors: how many elements are of the class ``error``.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.texts: dict[str, list[str]] = {tag: [] for tag in READ}
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.sheets: list[str] = []
        self.fields: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        self.errors = 0
        self._into: list[str] | None = None  # where the current element's text goes
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.errors += "error" in values.get("class", "").split()
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "link" and "stylesheet" in values.get("rel", ""):
            self.sheets.append(values.get("href", ""))
        if tag == "input" and "name" in values and values.get("type") != "submit":
            kept = self.hidden if values.get("type") == "hidden" else self.fields
            kept[values["name"]] = values.get("value", "")
        if tag == "tr":
            self.rows.append([])
        if tag in READ:
            self._into = self.rows[-1] if tag in ("td", "th") and self.rows else self.texts[tag]
            self._into.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in READ:
            self._into = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._into is not None:
            self._into[-1] = " ".join(f"{self._into[-1]}{data}".split())


def client_of_demo(stage: Stage, demo: str, program: Program) -> FlaskClient:
    """Return a client of a demo, once the program has added to it."""
    app = stage.demo(demo).app
    program(app)
    return app.test_client()


def link_in_demo(add: Callable[[Flask], None], demo: str, endpoint: str, values: dict) -> str:
    """Return what ``url_for`` gives in a demo, once `add` has added to it."""
    app = load_demo(demo).app
    add(app)
    with app.test_request_context():
        return url_for(endpoint, **values)


def rendered(make: Callable[[], str], values: dict[str, Any]) -> str:
    """Render the template that `make` returns, as a view does."""
    with Flask("essai").test_request_context():
        return render_template_string(make(), **values)


def answer_of_demo2(
    make: Callable[[], str], path: str, prefix: str = ""
) -> tuple[int, str | None, str]:
    """Ask demo2, installed under `prefix`, with the template that `make` returns at ``/page``.

    Returns:
        The answer's status, type and text.
    """
    app = load_demo("demo2").app
    app.jinja_env.loader = DictLoader({"page.html": make(), "index.html": "", "wheel.html": ""})
    app.add_url_rule("/page", "page", lambda: app.jinja_env.get_template("page.html").render())
    answer = app.test_client().get(path, base_url=f"http://localhost{prefix}")
    return answer.status_code, answer.mimetype, answer.text
