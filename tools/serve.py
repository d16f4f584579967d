"""Serve the built site on the loopback and open it: live parts need http, not ``file://``.

The archive holds this very file, as servir.py beside the site: it needs nothing but Python.
"""

from __future__ import annotations

import functools
import http.server
import sys
import webbrowser
from http import HTTPStatus
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: In the archive, then in the repository.
SITES = (HERE / "site", HERE.parent / "_build" / "html")
PORT = 8000


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of the site and its own page of what is not there, without a line of log for each."""

    def translate_path(self, path: str) -> str:
        """The archive has its documents beside the site, where people find them."""
        found = super().translate_path(path)
        beside = Path(self.directory).parent / Path(found).relative_to(self.directory)
        return str(beside) if path.startswith("/documents/") and beside.exists() else found

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


class Site(http.server.ThreadingHTTPServer):
    """The site, to browsers which leave in the middle of a file: nobody need hear of it."""

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """Return a server of `folder` on the loopback; port 0 is any free one."""
    handler = functools.partial(Handler, directory=str(folder))
    return Site(("127.0.0.1", port), handler)


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C, on port 8000 or any free one."""
    site = next((each for each in SITES if (each / "index.html").exists()), None)
    if site is None:
        print("Le livre n'est pas encore construit. À faire : make book", file=sys.stderr)
        return 1
    try:
        httpd = server(site, PORT)
    except OSError:
        httpd = server(site)
    url = f"http://127.0.0.1:{httpd.server_port}/"
    print(f"Le livre est à l'adresse {url}   (Ctrl-C pour arrêter)", flush=True)
    if "--no-browser" not in arguments:
        webbrowser.open(url)
    try:
        httpd.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
