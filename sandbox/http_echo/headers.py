"""Headers: conditions, caches, and those that one orders."""

from __future__ import annotations

import re
import uuid

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import MultiDict
from werkzeug.http import http_date

from sandbox.http_echo.said import as_get, flatten, whole
from sandbox.http_echo.statuses import status_response
from sandbox.serving.http import Problem, quoted

HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*")

routes = Blueprint("headers", __name__)


@routes.get("/cache")
def view_cache():
    """Answer as /get, or 304 to whoever asks under any condition."""
    if "If-Modified-Since" in request.headers or "If-None-Match" in request.headers:
        return status_response(304)
    response = as_get()
    response.headers["Last-Modified"] = http_date()
    response.set_etag(uuid.uuid4().hex)
    return response


@routes.get("/cache/<n>")
def view_cache_control(n: str):
    """Answer as /get, good for n seconds."""
    response = as_get()
    response.headers["Cache-Control"] = f"public, max-age={whole('n', n, 0, 10**9)}"
    return response


@routes.get("/etag/<etag>")
def view_etag(etag: str):
    """Answer as /get under this ETag, obeying If-None-Match (304) and If-Match (412)."""
    if not re.fullmatch(r"[!#-~]+", etag):
        raise Problem(
            400, f"Un ETag est en ASCII, sans espace ni guillemet ; reçu : {quoted(etag)}."
        )
    if request.if_none_match:
        if request.if_none_match.contains_weak(etag):
            response = status_response(304)
            response.set_etag(etag)
            return response
    elif request.if_match and etag not in request.if_match:
        return status_response(412)
    response = as_get()
    response.set_etag(etag)
    return response


@routes.route("/response-headers", methods=["GET", "POST"])
def view_response_headers():
    """Answer with the headers of the query; the body tells them all."""
    response = jsonify({})
    # The body says its own length, which changes the body: a few turns settle it.
    for _ in range(5):
        headers = flatten(MultiDict(response.headers.items()))
        response = jsonify(headers)
        for name, value in request.args.items(multi=True):
            add_header(response, name, value)
    return response


def add_header(response: Response, name: str, value: str) -> None:
    try:
        if not HEADER.fullmatch(f"{name}:{value}"):
            raise ValueError
        response.headers.add(name, value)
    except ValueError:
        raise Problem(400, f"Ceci ne fait pas un en-tête : {quoted(f'{name}: {value}')}.") from None
