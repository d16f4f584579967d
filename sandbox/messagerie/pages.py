"""The pages: files as they are, which know nothing that the API does not tell them."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app

from sandbox.messagerie.openapi import DESCRIPTION

routes = Blueprint("pages", __name__)


@routes.get("/")
def application() -> Response:
    return current_app.send_static_file("index.html")


@routes.get("/docs")
def documentation() -> Response:
    return current_app.send_static_file("docs.html")


@routes.get("/classe")
def classroom() -> Response:
    """The teacher's page: who is there."""
    return current_app.send_static_file("classe.html")


@routes.get("/openapi.json")
def description() -> Response:
    body = json.dumps(DESCRIPTION, ensure_ascii=False, indent=2)
    return Response(body, content_type="application/json")
