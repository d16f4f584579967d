"""Answers in several formats; texts and pages are the files of this folder."""

from __future__ import annotations

import base64
import gzip
import json
import uuid
import zlib
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from sandbox.http_echo.said import describe, text_of
from sandbox.serving.http import Problem, quoted

routes = Blueprint("formats", __name__)


@routes.get("/gzip")
def view_gzip():
    """Answer compressed by gzip."""
    return compressed("gzip", gzip.compress, gzipped=True)


@routes.get("/deflate")
def view_deflate():
    """Answer compressed by deflate, which HTTP means in zlib's wrapping."""
    return compressed("deflate", zlib.compress, deflated=True)


def compressed(coding: str, compress: Callable[[bytes], bytes], **extras: bool) -> Response:
    response = jsonify(describe("origin", "headers", method=request.method, **extras))
    response.data = compress(response.data)
    response.headers["Content-Encoding"] = coding
    return response


@routes.get("/json")
def view_json():
    """Answer a JSON document."""
    return jsonify(json.loads(text_of("slideshow.json")))


@routes.get("/html")
def view_html():
    """Answer an HTML page."""
    return text_of("keeper.html")


@routes.get("/encoding/utf8")
def view_utf8():
    """Answer text in many scripts."""
    return text_of("scripts.html")


@routes.get("/uuid")
def view_uuid():
    """Answer an identifier that nobody ever had."""
    return jsonify(uuid=str(uuid.uuid4()))


@routes.get("/base64/<value>")
def view_base64(value: str):
    """Answer the text that `value` encodes in base64url."""
    try:
        text = base64.urlsafe_b64decode(value).decode()
    except ValueError:
        raise Problem(
            400, f"Ce n'est pas un texte en base64 : {quoted(value)}. Essayez Qm9uam91ciAh."
        ) from None
    # As plain text: a page made by whoever wrote the link would be read as ours.
    return text, {"Content-Type": "text/plain; charset=utf-8"}
