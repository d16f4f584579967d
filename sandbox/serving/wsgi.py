"""Serving a WSGI application (PEP 3333), Flask's say, with the limits of the other HTTP servers.

A thread a connection, deadlines, bounded sizes, plain answers to bad HTTP: see ``http.py``.
For more people than a class there is gunicorn, which runs the same applications.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from itertools import chain
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from sandbox.serving.http import HTTPHandler, Response

STATUS = re.compile(r"[2-5][0-9]{2}\b")
LINE_END = re.compile(r"[\r\n\0]")


class WSGIHandler(HTTPHandler):
    """One connection; a subclass says which application answers."""

    application: WSGIApplication
    max_body = 64 * 1024  # bytes: an application may allow less

    def handle_one_request(self) -> None:
        self.close_answer: Callable[[], object] | None = None
        self.head_sent = False
        try:
            super().handle_one_request()
        finally:  # the application is told, even when the client left in the middle
            if self.close_answer:
                self.close_answer()

    def respond(self) -> Response:
        started: list = []
        written: list[bytes] = []

        def start_response(status: str, headers: list, exc_info: tuple | None = None) -> Callable:
            if started and not exc_info:
                raise AssertionError("start_response was already called")
            if self.head_sent:
                raise exc_info[1].with_traceback(exc_info[2])
            check(status, headers)
            started[:] = [int(status[:3]), headers]
            return written.append

        environment = self.environment(self.read_body(self.max_body))
        answer = type(self).application(environment, start_response)
        self.close_answer = getattr(answer, "close", None)
        pieces = iter(answer)
        if not started:  # an application may wait until its first piece is asked for
            written.append(next(pieces, b""))
        status, headers = started
        lengths = [int(value) for name, value in headers if name.lower() == "content-length"]
        others = [(name, value) for name, value in headers if name.lower() != "content-length"]
        length = lengths[0] if lengths else None
        return Response(chain(written, pieces), status, others, length, at_once=True)

    def head_of(self, response: Response, *, chunked: bool) -> bytes:
        self.head_sent = True
        return super().head_of(response, chunked=chunked)

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
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,  # a body in chunks has no length, but it has an end
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name in dict.fromkeys(self.headers):
            if "_" not in name:  # "X_Y" would pass for "X-Y": such headers are dropped
                key = name.upper().replace("-", "_")
                prefix = "" if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_"
                environment[prefix + key] = ",".join(self.headers.get_all(name))
        return environment


def check(status: str, headers: list[tuple[str, str]]) -> None:
    """Refuse what would not be an answer, or would be two."""
    lines = [status, *(f"{name}: {value}" for name, value in headers)]
    if not STATUS.match(status) or any(LINE_END.search(line) for line in lines):
        raise ValueError(f"not an answer: {lines}")
