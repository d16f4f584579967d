"""Serve the built site on the loopback and open it: live parts need http, not ``file://``."""

from __future__ import annotations

import functools
import http.server
import sys
import webbrowser
from http import HTTPStatus
from pathlib import Path

from tools import HTML

PORT = 8000


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of the site and its own page of what is not there, without a line of log for each."""

    def log_message(self, format: str, *args) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None):
        """Answer as public hosts do: with ``404.html``, whatever the address."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def server(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """Return a server of `folder` on the loopback; port 0 is any free one."""
    handler = functools.partial(Handler, directory=str(folder))
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C, on port 8000 or any free one."""
    if not (HTML / "index.html").exists():
        print("Le livre n'est pas encore construit. À faire : make book", file=sys.stderr)
        return 1
    try:
        httpd = server(HTML, PORT)
    except OSError:
        httpd = server(HTML)
    url = f"http://127.0.0.1:{httpd.server_port}/"
    print(f"Le livre est à l'adresse {url}   (Ctrl-C pour arrêter)", flush=True)
    if "--no-browser" not in arguments:
        webbrowser.open(url)
    try:
        httpd.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0
