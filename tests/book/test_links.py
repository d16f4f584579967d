"""Links of the built site lead somewhere; ``python -m tools links`` asks outside addresses."""

import http.server
import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tools import HTML, links

LINK = re.compile(r"<(?:a|link|img|script|source|iframe)\b[^>]*?\s(?:href|src)=[\"']([^\"']+)[\"']")
ANCHOR = re.compile(r"\s(?:id|name)=[\"']([^\"']+)[\"']")
#: A demo's own page, quoted in a lesson: its links are the demo's.
QUOTED = re.compile(r"<(pre|template)\b.*?</\1>|\ssrcdoc=('|\").*?\2", re.DOTALL)


def pages(site: Path) -> dict[Path, str]:
    """Return the pages of a site, without what they quote."""
    found = [*site.glob("*.html"), *site.glob("book/*.html"), *site.glob("notebooks/*.html")]
    return {path: QUOTED.sub("", path.read_text(encoding="utf-8")) for path in found}


def dead_links(site: Path) -> list[str]:
    """Return the links of a site that lead to no file, or to no anchor of a page."""
    texts = pages(site)
    anchors = {path: set(ANCHOR.findall(text)) for path, text in texts.items()}
    dead = []
    for page, text in texts.items():
        for link in map(unescape, LINK.findall(text)):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            place = site if parts.path.startswith("/") else page.parent
            path = unquote(parts.path).lstrip("/")
            target = (place / path).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            wanted = unquote(parts.fragment)
            if not target.exists() or (
                wanted and target in anchors and wanted not in anchors[target]
            ):
                dead.append(f"{page.relative_to(site)}: {link}")
    return dead


def test_no_link_of_the_site_is_dead():
    assert dead_links(HTML) == []


@pytest.mark.parametrize(
    ("link", "is_dead"),
    [
        ("autre.html", False),
        ("autre.html#ici", False),
        ("#nulle-part", True),
        ("autre.html#nulle-part", True),
        ("absent.html", True),
        ("images/absente.png", True),
        ("https://exemple.invalid/", False),
    ],
)
def test_a_dead_link_is_seen(tmp_path, link, is_dead):
    (tmp_path / "page.html").write_text(f'<a class="x" href="{link}">a</a>', encoding="utf-8")
    (tmp_path / "autre.html").write_text('<p id="ici">b</p>', encoding="utf-8")
    assert dead_links(tmp_path) == ([f"page.html: {link}"] if is_dead else [])


# Outside


class Outside(http.server.BaseHTTPRequestHandler):
    """One page, and nothing else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ici" else 404)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def outside() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Outside) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("path", "problem"), [("/ici", ""), ("/ailleurs", "404 Not Found")])
def test_an_address_is_asked(outside, path, problem):
    assert links.fault(outside + path) == problem


def test_an_address_where_nobody_answers_is_told():
    assert "refused" in links.fault("http://127.0.0.1:9/")


def test_addresses_are_found_with_their_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "Voir [a](https://a.org/b.html), ou <http://b.org>.\n"
        "`http://127.0.0.1:5000` et https://phare.example sont à nous ; http://b.org/x.\n",
        encoding="utf-8",
    )
    found = links.addresses([page])
    assert {address: len(places) for address, places in found.items()} == {
        "https://a.org/b.html": 1,
        "http://b.org": 1,
        "http://b.org/x": 1,
    }
    assert found["http://b.org/x"] == [f"{page}:2"]
