"""The web site of the lighthouses: its pages, and what HTTP offers around them."""

import contextlib
import gzip
import hashlib
import http.client
import itertools
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from sandbox import Server, start
from sandbox import server_web_site as site
from sandbox.web_site import files
from tests.helpers import serving, talk

ROOT = site.FOLDER / "www"
LAST = b"\r\nHost: x\r\nConnection: close\r\n\r\n"  # the rest of a request that is the last one
FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
PAGES = ["/", "/phares.html", "/telechargements/"]
BIG = "/telechargements/carte.bin"
new_key = map("essai{}".format, itertools.count()).__next__


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start("server_web_site", port=0) as server:
        yield server


@pytest.fixture
def get(server):
    """Ask for a target, compressed only if the test says so; return the response."""
    with requests.Session() as session:
        session.headers["Accept-Encoding"] = None
        yield lambda target, **headers: session.get(
            server.url + target,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            allow_redirects=False,
            timeout=10,
        )


def status_of(answer: bytes) -> int:
    return int(re.match(rb"HTTP/1\.1 (\d{3}) ", answer)[1])


# Pages

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    "": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_served_whole_under_its_type(get, name):
    response = get("/" + name)
    assert response.status_code == 200
    assert response.content == (ROOT / name).read_bytes()
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["Content-Type"] == TYPES[Path(name).suffix]


def test_a_folder_shows_its_index(get):
    assert get("/").content == get("/index.html").content
    assert get("/telechargements/").content == get("/telechargements/index.html").content


class Addresses(HTMLParser):
    """What a page loads by itself, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        found = dict(attributes)
        if tag == "a":
            self.links.append(found["href"])
        else:
            self.loaded += [found[name] for name in ("href", "src") if name in found]


def loaded_by(get, page: str) -> set[str]:
    """Return all that a browser asks for to show a page, the page included."""
    asked = [page, *(urljoin(page, found) for found in Addresses(get(page).text).loaded)]
    for address in asked:
        if address.endswith(".css"):
            found = re.findall(r'url\("(.+?)"\)', get(address).text)
        elif address.endswith(".js"):
            found = re.findall(r'fetch\("(.+?)"\)', get(address).text)
            address = page  # a script's addresses are relative to its page
        else:
            found = []
        asked += [urljoin(address, name) for name in found]
    return set(asked)


def test_the_home_page_takes_a_dozen_requests(get):
    asked = loaded_by(get, "/")
    assert len(asked) == 12
    assert {get(address).status_code for address in asked} == {200}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere_on_the_site(get, page):
    links = Addresses(get(page).text).links
    assert len(links) >= 3
    for link in links:
        assert "//" not in link
        with contextlib.suppress(requests.exceptions.ChunkedEncodingError):  # fragile.bin
            assert get(urljoin(page, link)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_their_language_and_what_pictures_show(get, page):
    text = get(page).content.decode()
    assert '<html lang="fr">' in text
    assert all(re.search(r'\balt="[^"]{5,}"', image) for image in re.findall(r"<img[^>]*>", text))


def test_a_missing_page_says_so_in_html(get):
    response = get("/nulle-part?x=1")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "« /nulle-part »".replace(" ", "\u00a0") in response.content.decode()


def test_a_missing_page_does_not_run_what_it_quotes(get):
    page = get("/<script>alert(1)</script>").text
    assert "&lt;script&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/bonjour", "/instable"])
def test_another_method_is_not_allowed(server, method, path):
    response = requests.request(method, server.url + path, timeout=10)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


OUTSIDE = {
    "dots": b"/../files.py",
    "dots in the middle": b"/images/../../files.py",
    "dots, encoded": b"/%2e%2e/files.py",
    "slash encoded too": b"/..%2ffiles.py",
    "encoded twice": b"/%252e%252e/files.py",
    "backslashes": b"/..\\files.py",
    "backslashes, encoded": b"/..%5cfiles.py",
    "absolute": b"/%2fetc/passwd",
    "two slashes": b"//etc/passwd",
    "a drive": b"/C:/Windows/win.ini",
    "a device": b"/CON",
    "NUL": b"/index.html%00.png",
    "overlong UTF-8": b"/%c0%ae%c0%ae/files.py",
    "a URL": b"file:///etc/passwd",
    "folder by its name": b"/images/",
    "file as a folder": b"/index.html/",
    "other case": b"/INDEX.HTML",
}


@pytest.mark.parametrize("target", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_nothing_outside_the_site_is_served(server, target):
    answer = talk(server, b"GET " + target + b" HTTP/1.1" + LAST)
    assert status_of(answer) in (400, 404)
    assert b"import gzip" not in answer


@pytest.mark.skipif(os.name == "nt", reason="Windows réserve les liens aux administrateurs")
def test_links_are_not_followed(tmp_path):
    root = tmp_path / "site"
    root.mkdir()
    (root / "page.html").write_text("page")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.txt").write_text("secret")
    (root / "secret.txt").symlink_to(tmp_path / "secrets" / "secret.txt")
    (root / "secrets").symlink_to(tmp_path / "secrets")
    assert set(files.load_site(root.resolve())) == {BIG, "/page.html"}


# Compression


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5", "*", "gzip;q=0.001, *;q=0"])
def test_a_text_is_compressed_for_who_accepts_it(server, accepted):
    answer = talk(server, b"GET / HTTP/1.1\r\nAccept-Encoding: " + accepted.encode() + LAST)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nContent-Encoding: gzip" in head
    assert b"\r\nContent-Length: %d" % len(body) in head
    assert gzip.decompress(body) == (ROOT / "index.html").read_bytes()


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "*;q=0", "br", "gzip;q=x"])
def test_a_text_is_left_plain_for_who_does_not_accept_gzip(server, accepted):
    answer = talk(server, b"GET / HTTP/1.1\r\nAccept-Encoding: " + accepted.encode() + LAST)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Encoding" not in head
    assert b"\r\nVary: Accept-Encoding" in head
    assert body == (ROOT / "index.html").read_bytes()


def test_what_gzip_would_not_shrink_is_left_alone(get):
    response = get("/images/carte.png", Accept_Encoding="gzip")
    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers


def test_other_bytes_have_another_tag(get):
    assert get("/").headers["ETag"] != get("/", Accept_Encoding="gzip").headers["ETag"]
    assert get("/").headers["ETag"] == get("/").headers["ETag"]
    assert get("/").headers["ETag"] != get("/phares.html").headers["ETag"]


# Freshness

DATE = "Tue, 01 Sep 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If_None_Match": "{etag}"}, 304),
        ({"If_None_Match": "W/{etag}"}, 304),
        ({"If_None_Match": '"autre", {etag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"autre"'}, 200),
        ({"If_None_Match": '"autre"', "If_Modified_Since": DATE}, 200),
        ({"If_None_Match": "{etag}", "If_Modified_Since": "Sun, 01 Jan 2017 00:00:00 GMT"}, 304),
        ({"If_Modified_Since": DATE}, 304),
        ({"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ({"If_Modified_Since": "Tue, 01 Sep 2026 07:59:59 GMT"}, 200),
        ({"If_Modified_Since": "hier"}, 200),
        ({"If_Modified_Since": "Tue, 99 Sep 99999 08:00:00 GMT"}, 200),
    ],
    ids=["same", "weak", "among others", "star", "other", "tag before date", "tag wins",
         "same date", "later", "earlier", "not a date", "impossible date"],
)  # fmt: skip
def test_what_the_client_has_is_not_sent_again(get, condition, status):
    etag = get("/").headers["ETag"]
    response = get("/", **{name: value.format(etag=etag) for name, value in condition.items()})
    assert response.status_code == status
    assert response.headers["ETag"] == etag
    assert response.headers["Cache-Control"] == "no-cache"
    assert bool(response.content) == (status == 200)


def test_files_have_a_date_that_never_changes(get):
    assert get("/").headers["Last-Modified"] == DATE


def test_pictures_may_be_kept(get):
    assert get("/images/carte.png").headers["Cache-Control"] == "public, max-age=3600"


# Ranges

SIZE = files.DOWNLOAD_SIZE
RANGES = {
    "first bytes": ("bytes=0-9", 206, (0, 9)),
    "one byte": ("bytes=5-5", 206, (5, 5)),
    "the rest": (f"bytes={SIZE - 3}-", 206, (SIZE - 3, SIZE - 1)),
    "last bytes": ("bytes=-7", 206, (SIZE - 7, SIZE - 1)),
    "all": ("bytes=0-", 206, (0, SIZE - 1)),
    "too far": (f"bytes=10-{SIZE * 2}", 206, (10, SIZE - 1)),
    "more than all": (f"bytes=-{SIZE * 2}", 206, (0, SIZE - 1)),
    "after the end": (f"bytes={SIZE}-", 416, None),
    "backwards": ("bytes=9-3", 416, None),
    "the last zero": ("bytes=-0", 416, None),
    "nothing": ("bytes=-", 200, None),
    "several": ("bytes=0-1,4-5", 200, None),
    "other unit": ("lignes=0-9", 200, None),
    "letters": ("bytes=a-b", 200, None),
    "negative": ("bytes=-5-9", 200, None),
    "very long": ("bytes=" + "9" * 1000 + "-", 200, None),
}


@pytest.mark.parametrize(("asked", "status", "part"), RANGES.values(), ids=RANGES.keys())
def test_a_part_may_be_asked_for(get, asked, status, part):
    response = get(BIG, Range=asked)
    assert response.status_code == status
    if status == 206:
        first, last = part
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
        assert response.content == files.download()[first : last + 1]
    elif status == 416:
        assert response.headers["Content-Range"] == f"bytes */{SIZE}"
    else:
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.content == files.download()


@pytest.mark.parametrize(
    ("condition", "status"),
    [("{etag}", 206), (DATE, 206), ('"autre"', 200), ("W/{etag}", 200), ("hier", 200),
     ("Fri, 01 Jan 2100 00:00:00 GMT", 200)],
    ids=["same", "same date", "other", "weak", "not a date", "later"],
)  # fmt: skip
def test_a_part_of_something_else_is_of_no_use(get, condition, status):
    etag = get(BIG).headers["ETag"]
    response = get(BIG, Range="bytes=0-9", If_Range=condition.format(etag=etag))
    assert response.status_code == status


def test_a_part_of_a_text_is_a_part_of_the_plain_text(get):
    response = get("/", Range="bytes=0-14", Accept_Encoding="gzip")
    assert response.content == b"<!doctype html>"
    assert "Content-Encoding" not in response.headers


def test_a_range_means_nothing_to_head(server):
    response = requests.head(server.url + BIG, headers={"Range": "bytes=0-9"}, timeout=10)
    assert (response.status_code, response.headers["Content-Length"]) == (200, str(SIZE))


def test_a_fragile_download_is_resumed(get, server):
    pieces = [piece_from(server, position) for position in (0, 100_000, 200_000)]
    assert [len(piece) for piece in pieces] == [100_000] * 3
    digest = hashlib.sha256(b"".join(pieces)).hexdigest()
    sums = get("/telechargements/SHA256SUMS").text
    assert sums == f"{digest}  carte.bin\n{digest}  fragile.bin\n"


def piece_from(server: Server, position: int) -> bytes:
    """Return what comes of the fragile download from `position` on, before it is cut."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    try:
        headers = {"Range": f"bytes={position}-"}
        connection.request("GET", "/telechargements/fragile.bin", headers=headers)
        return connection.getresponse().read()
    except http.client.IncompleteRead as error:
        return error.partial
    finally:
        connection.close()


# Chunks


def test_the_journal_comes_in_chunks_line_by_line(server):
    answer = talk(server, b"GET /journal.txt HTTP/1.1" + LAST)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nTransfer-Encoding: chunked" in head
    assert b"Content-Length" not in head
    expected = b""
    for line in site.JOURNAL:
        piece = line.encode() + b"\n"
        expected += b"%x\r\n%b\r\n" % (len(piece), piece)
    assert body == expected + b"0\r\n\r\n"


def test_a_line_of_the_journal_does_not_wait_for_the_next(monkeypatch):
    read = threading.Event()

    def journal_lines() -> Iterator[bytes]:
        yield b"premier\n"
        assert read.wait(10)
        yield b"second\n"

    monkeypatch.setattr(site, "journal_lines", journal_lines)
    with serving(site.SiteHandler) as (host, port):
        url = f"http://{host}:{port}/journal.txt"
        with requests.get(url, stream=True, timeout=10) as response:
            lines = response.iter_lines(chunk_size=1)
            assert next(lines) == b"premier"
            read.set()
            assert list(lines) == [b"second"]


# Languages


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr", "fr"), ("en", "en"), ("en-GB,en;q=0.5", "en"), ("fr-CA", "fr"), ("FR", "fr"),
     ("fr;q=0.3, en;q=0.7", "en"), ("en;q=0.3, fr;q=0.7", "fr"), ("de, en;q=0.1", "en"),
     ("de", "fr"), ("*", "fr"), ("fr;q=0, *", "en"), ("en;q=0.1, en-GB, fr;q=0.5", "en"),
     ("en-GB, en;q=0.1, fr;q=0.5", "en"), ("", "fr"), (";;,=", "fr"),
     ("en;q=nan", "fr"), ("en;q=9", "fr")],
)  # fmt: skip
def test_the_greeting_is_in_the_language_preferred(get, accepted, language):
    response = get("/bonjour", Accept_Language=accepted)
    assert response.headers["Content-Language"] == language
    assert response.headers["Vary"] == "Accept-Language"
    assert response.content.decode() == site.GREETINGS[language]


# Redirections, refusals


@pytest.mark.parametrize(
    ("old", "new"),
    [("/ancienne-page", "/phares.html"), ("/telechargements", "/telechargements/")],
)
def test_what_has_moved_says_where(get, old, new):
    response = get(old)
    assert (response.status_code, response.headers["Location"]) == (301, new)
    assert get(new).status_code == 200


def test_the_unstable_answers_at_the_third_try(get):
    key = new_key()
    responses = [get(f"/instable?cle={key}") for _ in range(5)]
    assert [response.status_code for response in responses] == [503, 503, 200, 200, 200]
    assert responses[0].headers["Retry-After"] == "0"


def test_the_unstable_tells_keys_apart(get):
    first, second = new_key(), new_key()
    assert [get(f"/instable?cle={key}").status_code for key in (first, second, first, second)] == [
        503
    ] * 4


def test_visits_are_not_miscounted_in_a_crowd():
    class SlowCounts(OrderedDict):
        def get(self, *arguments):
            found = super().get(*arguments)
            time.sleep(0.001)  # time for another thread to look too
            return found

    visits = site.Visits()
    visits.counts = SlowCounts()
    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(visits.add, ["phare"] * 20)) == list(range(1, 21))


@pytest.mark.slow
def test_the_limit_is_three_requests_then_a_wait(get):
    key, other = new_key(), new_key()
    responses = [get(f"/limite?cle={key}") for _ in range(5)]
    assert [response.status_code for response in responses] == [200, 200, 200, 429, 429]
    assert get(f"/limite?cle={other}").status_code == 200
    time.sleep(int(responses[3].headers["Retry-After"]))
    assert get(f"/limite?cle={key}").status_code == 200


@pytest.mark.parametrize("path", ["/instable", "/limite"])
def test_a_long_key_is_refused(get, path):
    assert get(f"{path}?cle={'a' * 64}").status_code != 400
    assert get(f"{path}?cle={'a' * 65}").status_code == 400


def test_visits_of_only_so_many_keys_are_remembered():
    visits = site.Visits()
    for key in range(5000):
        visits.add(str(key))
    assert len(visits.counts) == site.MAX_KEYS
    assert visits.add("4999") == 2
    assert visits.add("0") == 1


# Connections, crowds and floods


@pytest.mark.parametrize("hello", [b"Hello\r\n", b"Hello\r\n\r\n", b"GET /\r\n\r\n"])
def test_a_malformed_request_gets_a_400_in_html(server, hello):
    answer = talk(server, hello)
    assert status_of(answer) == 400
    assert b"\r\nContent-Type: text/html; charset=utf-8" in answer
    assert "Ligne de requête incompréhensible".encode() in answer
