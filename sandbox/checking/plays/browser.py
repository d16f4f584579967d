"""Pages as a browser shows them: an application served on a free port, and what is in a list."""

from __future__ import annotations

import contextlib
import html
import re
import threading
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.running.browser import rendered
from sandbox.running.catalogue import LOOPBACK

ALL, NO_BROWSER = "tous", "aucun navigateur ici : à essayer vous-même"
SHOWN = (ALL, NO_BROWSER)


@contextlib.contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; give its address."""
    server = make_server(LOOPBACK, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def items_shown(app: Flask, path: str, list_id: str) -> list[str] | None:
    """Return the texts that a browser shows in a page's list; None if no browser could be had."""
    with serving(app) as url:
        page = rendered(url + path)
    if page is None:
        return None
    inside = re.search(rf'(?s)<ul\b[^>]*\bid="{list_id}".*?</ul>', page)
    items = re.findall(r"(?s)<li\b[^>]*>(.*?)</li>", inside[0] if inside else "")
    return [html.unescape(re.sub(r"<[^>]+>", "", item)).strip() for item in items]


def scripts_of(client: FlaskClient, path: str) -> list[tuple[int, str]]:
    """Return the code and the type of each script that a page names."""
    text = client.get(path).text
    addresses = re.findall(r"<script\b[^>]*\bsrc\s*=\s*[\"']?([^\"'\s>]+)", text)
    found = [client.get(f"/{address.lstrip('/')}") for address in addresses]
    return [(each.status_code, each.mimetype) for each in found]


def books(client: FlaskClient, query: str = "") -> list[str]:
    """Return the titles that the demo ``api`` gives."""
    return [book["title"] for book in client.get(f"/api/books{query}").json["items"]]


def titles_shown(stage: Stage, program: Program, *added: str) -> list[str] | str:
    """Add books; return "tous" when a browser shows all the titles in order, or those it shows."""
    app = stage.demo("api").app
    program(app)
    client = app.test_client()
    for title in added:
        client.post("/api/books", json={"title": title, "author": "André Breton", "year": 1928})
    items = items_shown(app, "/titres", "titles")
    if items is None:
        return NO_BROWSER
    return ALL if items == books(client) else items
