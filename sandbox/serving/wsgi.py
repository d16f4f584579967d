"""Serving a WSGI application (PEP 3333), Flask's say, with the limits of the other HTTP servers.

A thread a connection, deadlines, bounded sizes, plain answers to bad HTTP: see serving_http.py.
For more people than a class there is gunicorn, which runs the same applications.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from sandbox.serving.http import HTTPHandler, Response

MAX_BODY = 64 * 1024  # bytes: an application may allow less


class WSGIHandler(HTTPHandler):
    """One connection; a subclass says which application answers."""

    application: WSGIApplication

    def respond(self) -> Response:
        answered = []

        def start_response(status: str, headers: list, exc_info: object = None) -> Callable:
            answered[:] = [int(status.split()[0]), headers]
            return self.wfile.write

        body = self.read_body(MAX_BODY)
        pieces = type(self).application(self.environment(body), start_response)
        status, headers = answered
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        length = int(lengths[0]) if lengths else None
        return Response(pieces, status, headers, length, live=length is None)

    def send(self, response: Response) -> None:
        try:
            super().send(response)
        finally:  # the application is told, even when the client left in the middle
            close = getattr(response.body, "close", None)
            if close:
                close()

    def environment(self, body: bytes) -> dict[str, object]:
        """Return the request as WSGI describes it."""
        host, port = self.connection.getsockname()[:2]
        environment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "QUERY_STRING": self.query,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name in set(self.headers) - {"Content-Type", "Content-Length", "Transfer-Encoding"}:
            # An underscore would let "X_Y" pass for "X-Y": such headers are dropped.
            if "_" not in name:
                values = self.headers.get_all(name, [])
                environment[f"HTTP_{name.upper().replace('-', '_')}"] = ", ".join(values)
        return environment
