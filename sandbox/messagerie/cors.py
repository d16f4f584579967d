"""Letting a page of another origin call the API: https://fetch.spec.whatwg.org/#http-cors-protocol

A browser lets a page read an answer only if the page's origin (scheme, host, port) is the server's,
or if the answer names it. Before a request that a form could not make — here, all those that show
a token — it asks first, by OPTIONS: the preflight.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, Response, request

METHODS = "GET, POST, PATCH"
REQUEST_HEADERS = "Authorization, Content-Type, Last-Event-ID"
EXPOSED = "Location, Retry-After"  # the answer's headers that the page may read
MAX_AGE = 600  # seconds during which a browser need not ask again


def allow(app: Flask, origins: Iterable[str]) -> None:
    """Let the pages of these origins call the API; ``*`` means of any."""
    allowed = frozenset(origins)

    @app.after_request
    def name_the_origin(response: Response) -> Response:
        if not request.path.startswith("/api/"):
            return response
        response.headers.add("Vary", "Origin")
        origin = request.headers.get("Origin")
        if origin is None or not allowed & {origin, "*"}:
            return response
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = METHODS
            response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = str(MAX_AGE)
        return response
