"""The class's messaging application: a JSON API, its description, its pages, its database.

Read it in this order: ``api.py`` (the routes), ``schemas.py`` (what travels), ``mailbox.py`` and
``accounts.py`` (what is done), ``database.py`` (what is kept), ``bells.py`` (how one waits).
``create_app`` makes the Flask application, for ``sandbox/server_messagerie.py`` or for gunicorn.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response

from sandbox.messagerie import accounts, api, cors, mailbox, pages, problems
from sandbox.messagerie.database import Database


def create_app(
    database: str | Database,
    *,
    clock: mailbox.Clock = mailbox.utc_now,
    token: accounts.TokenMaker = accounts.draw_token,
    origins: Iterable[str] = (),
) -> Flask:
    """Make the application.

    Args:
        database: one, or its URL as SQLAlchemy writes them; its tables are brought up to date.
        clock: says when a message was sent, from its number.
        token: gives a new token to the user of a name.
        origins: those of the pages elsewhere that may call the API (``http://localhost:8000``).
    """
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = problems.MAX_BODY
    if not isinstance(database, Database):
        database = Database(database)
    app.extensions["messagerie"] = api.Service(database, clock, token)
    problems.register(app)
    cors.allow(app, origins)
    app.register_blueprint(api.routes)
    app.register_blueprint(pages.routes)
    app.after_request(protect)
    app.after_request(put_methods_in_order)
    return app


def protect(response: Response) -> Response:
    """Keep pages from loading or being loaded by anything else, even if a mistake let HTML in."""
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def put_methods_in_order(response: Response) -> Response:
    """Write Allow the same way each time: Flask takes it from a set."""
    if "Allow" in response.headers:
        methods = response.headers["Allow"].split(", ")
        response.headers["Allow"] = ", ".join(sorted(methods))
    return response
