"""Flask: pages as one sees them, demos to which something is added, templates rendered.

The functions whose first argument is the program itself are for `Program.beside`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string, url_for
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from werkzeug.test import Client, TestResponse

from sandbox.checking.exercise import Expect
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.running.catalogue import DEMO_FOLDER
from sandbox.running.demos import load_demo

SIGN = "<p>Un panneau planté dans base.html</p>"
READ = ("title", "h1", "li", "td", "th")  # the elements whose texts a page keeps apart


class Page(HTMLParser):
    """What a page holds, as a browser would see it.

    Attributes:
        status: that of the answer which brought it, None if unknown.
        tags: the names of its elements.
        text: all that one reads.
        texts: what one reads in the elements of `READ`, by name.
        rows: the texts of the cells of its tables, row by row.
        links, sheets: where its links lead, and its style sheets.
        fields: what each named field contains.
        hidden: the same, for those that one does not see: they are sent back as they came.
        errors: how many elements are of the class ``error``.
    """

    def __init__(self, html: str, status: int | None = None) -> None:
        super().__init__()
        self.status = status
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

    @property
    def title(self) -> str:
        return " ".join(self.texts["title"])

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


def status_and_text(answer: TestResponse) -> tuple[int, str]:
    """Return an answer's status, and what one reads of its body."""
    text = Page(answer.text).text if answer.mimetype == "text/html" else answer.text
    return answer.status_code, " ".join(text.split())


def says(sentence: str) -> Expect:
    """Expect an answer, whatever its shape, that holds a sentence: see `status_and_text`."""
    return Expect(f"200 et « {sentence} »", lambda got: got[0] == 200 and sentence in got[1])


def page_of(answer: TestResponse) -> Page:
    return Page(answer.text, answer.status_code)


def code_of(answer: TestResponse) -> int:
    """Return an answer's status, 303 for any redirection."""
    return 303 if answer.location else answer.status_code


def pages_of(client: Client, *paths: str, **options: Any) -> list[Page]:
    return [page_of(client.get(path, **options)) for path in paths]


def pages_that_show_a_sign(
    client: Client, folder: Path, template: str, *paths: str
) -> list[bool] | str:
    """Plant a sign in a template of a site, and tell which of its pages show it.

    Args:
        folder: the site's, where it has not read the template yet.
    """
    file = folder / "templates" / template
    if not file.exists():
        return f"pas de templates/{template}"
    file.write_text(file.read_text(encoding="utf-8") + SIGN, encoding="utf-8")
    return [SIGN in client.get(path).text for path in paths]


def status_and_fields(answer: TestResponse) -> tuple[int, dict[str, str]]:
    """Return an answer's status, and what the fields of its page contain."""
    return answer.status_code, Page(answer.text).fields


def another(client: Client) -> Client:
    """Return a client of the same application, who never came before."""
    return type(client)(client.application)


def send(client: Client, **fields: str) -> TestResponse:
    """Send the form of ``/``, with what its page hides, if it hides something."""
    return client.post("/", data=Page(client.get("/").text).hidden | fields)


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


def look_at_demo5(extend: Callable[[type], type], name: str) -> str:
    """Return the text of the first page of demo5: see `demo5_with`."""
    return demo5_with(extend, name).get("/").text


def sign_in(
    extend: Callable[[type], type], name: str, fields: dict[str, str]
) -> tuple[int, str | None, str]:
    """Sign in to demo5: see `demo5_with`.

    Returns:
        The answer's status, where it redirects, and its text.
    """
    answer = send(demo5_with(extend, name), **fields)
    return answer.status_code, answer.location, answer.text


def told(status: int, location: str | None, text: str) -> str:
    """Tell in words what `sign_in` returns: where one goes, or what stands under each field."""
    if location:
        return f"{status}, vers {location}"
    errors = re.findall(r'class="error" id="(\w+)-error">(.*?)<', text)
    said = " ; ".join(f"{name} : {error}" for name, error in errors)
    return f"{status}, {said or 'sans un mot'}"


def refused(field: str) -> Expect:
    """Expect what `told` says of a refusal, a word being under this field."""
    return Expect(
        f"400, et un mot sous le champ {field}",
        lambda got: re.search(rf"^400, .*\b{field} : ", got) is not None,
    )


def demo5_with(extend: Callable[[type], type], name: str) -> FlaskClient:
    """Return a client of demo5, with the form that `extend` makes of its own.

    Args:
        name: the field that its page shows besides its own ones.
    """
    os.environ["FLASK_SECRET_KEY"] = "celle de l'épreuve"
    demo = load_demo("demo5")
    demo.app.logger.disabled = True
    page = (DEMO_FOLDER / "demo5" / "templates" / "login.html").read_text(encoding="utf-8")
    page = page.replace("form.password]", f"form.password, form.{name}]")
    loaders = [DictLoader({"login.html": page}), demo.app.jinja_loader]
    demo.app.jinja_loader = ChoiceLoader(loaders)
    demo.LoginForm = extend(demo.LoginForm)
    return demo.app.test_client()
