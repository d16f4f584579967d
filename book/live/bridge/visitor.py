"""A browser that visits a project: its requests, its cookies."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from werkzeug.test import Client, EnvironBuilder

from bridge import borrowed
from bridge.project import Project

#: Set by the builder from the address, by the jar, or from the body itself.
OURS = frozenset({"host", "cookie", "content-length"})

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Visitor:
    """Has its own jar of cookies, which outlives the application, as a browser's does."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.seen: dict[str, str] = {}
        self.client = Client(self._serve)

    def request(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> dict:
        """Have the application answer; return its answer, and the request as it received it.

        Args:
            target: path and query, encoded as in a request line.
        """
        started = time.perf_counter()
        self.project.enter()
        self.project.failures.clear()
        response = self.client.open(self._builder(method, target, headers, body), buffered=True)
        answer = response.get_data()
        code, _, reason = response.status.partition(" ")
        log(method, target, code)
        return {
            "status": int(code),
            "reason": reason,
            "headers": [list(header) for header in response.headers],
            "body": answer,
            "sent": [list(header) for header in self.seen.items()],
            "failure": self.project.failures[-1] if self.project.failures else None,
            "milliseconds": (time.perf_counter() - started) * 1000,
        }

    def environ(self, target: str) -> dict:
        """Return the environment of a GET of this visitor, cookies included."""
        environ = self._builder("GET", target, [], b"").get_environ()
        borrowed.add_cookies(self.client, environ)
        return environ

    def _builder(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> EnvironBuilder:
        path, _, query = target.partition("?")
        return EnvironBuilder(
            path=path,
            query_string=query,
            base_url=self.project.origin,
            method=method,
            headers=[(name, value) for name, value in headers if name.lower() not in OURS],
            input_stream=io.BytesIO(body),
            environ_overrides={"REMOTE_ADDR": "127.0.0.1", "CONTENT_LENGTH": str(len(body))},
        )

    def _serve(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Hand over to the application of the moment, and keep what it received."""
        self.seen = dict(received_headers(environ))
        return self.project.application(environ, start_response)


def received_headers(environ: dict) -> Iterable[tuple[str, str]]:
    """Yield the headers of a WSGI environment by their usual names, Host first."""
    yield "Host", environ["HTTP_HOST"]
    for key, value in environ.items():
        name = key.removeprefix("HTTP_") if key.startswith("HTTP_") else key
        sent = key.startswith("HTTP_") or key == "CONTENT_TYPE"
        if key == "CONTENT_LENGTH":
            sent = value != "0" or environ["REQUEST_METHOD"] in WITH_BODY
        if sent and value and name != "HOST":
            yield name.replace("_", "-").title(), value


def log(method: str, target: str, code: str) -> None:
    """Write what Flask's own server writes for each request."""
    instant = datetime.now().strftime("%d/%b/%Y %H:%M:%S")
    print(f'127.0.0.1 - - [{instant}] "{method} {target} HTTP/1.1" {code} -', file=sys.stderr)
