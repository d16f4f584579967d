"""The echo server beside the real httpbin: same statuses, same keys, same values."""

import contextlib
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Server, server_http_echo, start
from sandbox.http_echo import said, streams
from tests.helpers import MEGABYTE, memory, serving, talk
from tools import ROOT

HERE = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv-httpbin" / f"{sys.version_info.major}.{sys.version_info.minor}"
REQUIREMENTS = HERE / "httpbin-requirements.txt"
LAST = b"\r\nHost: x\r\nConnection: close\r\n\r\n"  # the rest of a request that is the last one

Ask = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start("server_http_echo", port=0) as server:
        yield server


def asker(url: str) -> Ask:
    """Return a function that sends a request to the server at `url`."""

    def ask(method: str, target: str, **options) -> requests.Response:
        options = {"timeout": 20, "allow_redirects": False, **options}
        with requests.Session() as session:
            return session.request(method, url + target, **options)

    return ask


@pytest.fixture(scope="module")
def ask(server) -> Ask:
    return asker(server.url)


# The real one


def python_of(environment: Path) -> Path:
    windows = environment / "Scripts" / "python.exe"
    return windows if os.name == "nt" else environment / "bin" / "python"


def install_httpbin() -> None:
    """Make the environment of the real httpbin, unless it is there already."""
    done = ENVIRONMENT / "installed.txt"
    ENVIRONMENT.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(ENVIRONMENT / "lock", timeout=300)) as lock:
        lock.execute("BEGIN EXCLUSIVE")  # one test worker at a time; freed whatever ends it
        if done.is_file() and done.read_text() == REQUIREMENTS.read_text():
            return
        command = [sys.executable, "-m", "venv", ENVIRONMENT]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        pip = [python_of(ENVIRONMENT), "-m", "pip", "install", "--no-deps", "-r", REQUIREMENTS]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
        done.write_text(REQUIREMENTS.read_text())


@pytest.fixture(scope="session")
def real(request, tmp_path_factory) -> Iterator[Ask]:
    """The real httpbin, running; without it, nothing is compared: never in silence."""
    try:
        install_httpbin()
    except (subprocess.SubprocessError, OSError) as error:
        details = getattr(error, "stderr", None) or b""
        reason = f"httpbin ne s'installe pas dans {ENVIRONMENT} : {error}\n{details.decode()}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n*** RIEN N'EST COMPARÉ AU VRAI HTTPBIN ***\n{reason}", file=sys.stderr)
        pytest.skip(reason)
    program = tmp_path_factory.mktemp("httpbin") / "real_httpbin.py"
    program.write_text(
        "from httpbin import app\n"
        "from werkzeug.serving import make_server\n"
        "server = make_server('127.0.0.1', 0, app, threaded=True)\n"
        "print('port', server.port, flush=True)\n"
        "server.serve_forever()\n"
    )
    with subprocess.Popen(
        [python_of(ENVIRONMENT), program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield asker(f"http://127.0.0.1:{process.stdout.readline().split()[1]}")
        finally:
            process.terminate()


JSON = {"json": {"a": [1, None, "é"]}}
FORM = {"data": {"a": ["1", "2"], "b": "é &"}}
FILE = {"files": {"f": ("é.txt", "bonjour à tous")}, "data": {"a": "1"}}
BINARY = {"files": {"f": ("x.bin", b"\xff\x00", "image/x")}}
RAW = {"data": b"\xff\x00\x01", "headers": {"Content-Type": "application/octet-stream"}}
BAD_JSON = {"data": b'{"a": ', "headers": {"Content-Type": "application/json"}}
BODIES = {
    "no body": {},
    "JSON": JSON,
    "form": FORM,
    "text file": FILE,
    "binary file": BINARY,
    "bytes": RAW,
    "bad JSON": BAD_JSON,
    "plain text": {"data": "é".encode(), "headers": {"Content-Type": "text/plain"}},
}

SAME = [
    *[(verb, f"/{verb.lower()}?x=1", body)
      for verb in ("POST", "PUT", "PATCH", "DELETE") for body in BODIES],
    *[(verb, "/anything/a/b?x=é", body)
      for verb in ("GET", "POST", "PUT", "PATCH", "DELETE")
      for body in ("no body", "JSON", "form")],
    *[(verb, f"/status/{code}", "no body")
      for verb in ("GET", "POST", "DELETE")
      for code in (200, 201, 202, 204, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403,
                   404, 405, 406, 407, 409, 410, 418, 422, 429, 451, 500, 501, 502, 503, 504, 599)],
    *[("GET", target, "no body") for target in (
        "/get", "/get?a=1&a=2&b=", "/get?%C3%A9=%26", "/headers", "/ip", "/user-agent",
        "/status/200:1,404:0", "/status/abc", "/redirect/1", "/redirect/3",
        "/redirect/2?absolute=true", "/relative-redirect/2", "/absolute-redirect/2",
        "/redirect-to?url=/get", "/redirect-to?url=/get&status_code=307",
        "/redirect-to?url=/get&status_code=200", "/cookies", "/cookies/set?a=1&b=2",
        "/cookies/set/a/1", "/cookies/delete?a", "/basic-auth/u/p", "/bearer", "/gzip", "/deflate",
        "/json", "/html", "/encoding/utf8", "/uuid", "/base64/Qm9uam91ciAh", "/delay/0.01",
        "/delay/0", "/drip?duration=0&numbytes=5", "/drip?duration=0.05&numbytes=3&code=201",
        "/bytes/0", "/bytes/50?seed=1", "/bytes/200000?seed=1", "/stream-bytes/50?seed=1",
        "/stream-bytes/50?seed=1&chunk_size=7", "/stream/0", "/stream/3?x=1", "/etag/abc",
        "/cache", "/cache/60", "/response-headers?X-A=1&X-A=2&X-B=3", "/nulle-part", "/post",
    )],
    *[(verb, target, "no body") for verb in ("HEAD", "OPTIONS")
      for target in ("/get", "/anything", "/status/404", "/bytes/9", "/redirect/2", "/cache")],
    *[("POST", target, body) for target in ("/delay/0", "/redirect-to?url=/get", "/get")
      for body in ("no body", "form")],
]  # fmt: skip

#: Headers that must be the same; ETag is not: httpbin forgets its quotes.
HEADERS = (
    "Content-Encoding", "Cache-Control", "Location", "Set-Cookie", "WWW-Authenticate",
    "Proxy-Authenticate", "x-more-info", "X-A", "X-B",
)  # fmt: skip
OUR_OWN_TEXT = ("/json", "/html", "/encoding/utf8", "/status/406", "/status/418")


def shape(value: object) -> object:
    """Return the keys and types of a JSON value, without what it says."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def comparable(response: requests.Response, target: str) -> dict[str, object]:
    """Return what must be the same on both sides."""
    host = response.request.url.split("/")[2]
    found: dict[str, object] = {name: response.headers.get(name) for name in HEADERS}
    found["status"] = response.status_code
    if "Allow" in response.headers and response.request.method == "OPTIONS":
        found["allowed"] = set(response.headers["Allow"].split(", "))
    if response.request.method == "HEAD" or response.status_code in (400, 405):
        return masked(found, host)
    if response.status_code < 300:
        found["type"] = response.headers.get("Content-Type")
    if target.startswith("/stream/"):
        found["body"] = [json.loads(line) for line in response.text.splitlines()]
    elif response.headers.get("Content-Type") == "application/json":
        content = response.json()
        found["body"] = shape(content) if target in OUR_OWN_TEXT else content
    elif response.status_code < 300 and target not in OUR_OWN_TEXT:
        found["body"] = response.content.hex()
    return masked(found, host)


def masked(found: dict, host: str) -> dict:
    """Hide what cannot be the same: the port, identifiers, and the errors' and texts' length."""
    body = found.get("body")
    if isinstance(body, dict):
        for name in ("Content-Length", "uuid"):
            if name in body:
                body[name] = "…"
        if found["status"] >= 400 and "error" in body:
            del found["body"]  # our errors are JSON, those of httpbin HTML
    return json.loads(json.dumps(found, default=sorted).replace(host, "hôte"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "target", "body"), SAME, ids=[f"{m} {t} {b}" for m, t, b in SAME]
)
def test_same_as_httpbin(ask, real, method, target, body):
    options = dict(BODIES[body])
    if "files" in options:  # the boundary must not be drawn at random
        request = requests.Request(method, "http://x", **options).prepare()
        boundary = request.headers["Content-Type"].split("boundary=")[1]
        raw = request.body.replace(boundary.encode(), b"limite")
        options = {"data": raw, "headers": {"Content-Type": "multipart/form-data; boundary=limite"}}
    ours, theirs = ask(method, target, **options), real(method, target, **options)
    bare = target.partition("?")[0]
    if bare == "/base64/Qm9uam91ciAh":  # as plain text here: see view_base64
        assert theirs.headers["Content-Type"].startswith("text/html")
        theirs.headers["Content-Type"] = "text/plain; charset=utf-8"
    assert comparable(ours, bare) == comparable(theirs, bare)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("/basic-auth/u/p", {"auth": ("u", "p")}),
        ("/basic-auth/u/p", {"auth": ("u", "faux")}),
        ("/bearer", {"headers": {"Authorization": "Bearer jeton"}}),
        ("/bearer", {"headers": {"Authorization": "Basic jeton"}}),
        ("/cookies", {"cookies": {"a": "1", "b": "2"}}),
        ("/cookies/delete?a", {"cookies": {"a": "1"}}),
        ("/cache", {"headers": {"If-None-Match": "x"}}),
        ("/cache", {"headers": {"If-Modified-Since": "hier"}}),
        ("/etag/abc", {"headers": {"If-None-Match": '"abc"'}}),
        ("/etag/abc", {"headers": {"If-None-Match": 'W/"x", "abc"'}}),
        ("/etag/abc", {"headers": {"If-None-Match": '"x"'}}),
        ("/etag/abc", {"headers": {"If-None-Match": "*"}}),
        ("/etag/abc", {"headers": {"If-Match": '"x"'}}),
        ("/etag/abc", {"headers": {"If-Match": '"abc"'}}),
        ("/ip", {"headers": {"X-Forwarded-For": "192.0.2.1"}}),
        ("/user-agent", {"headers": {"User-Agent": "Corne de brume/1.0"}}),
        ("/headers", {"headers": {"X-A": "1", "X_A": "2", "X_B": "3"}}),
        ("/headers", {"headers": {"X-Phare": "é".encode("latin-1"), "Accept": "text/plain"}}),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(map(str, value.values())),
)
def test_same_as_httpbin_with_headers(ask, real, target, options):
    assert comparable(ask("GET", target, **options), target) == comparable(
        real("GET", target, **options), target
    )


@pytest.mark.slow
def test_every_path_of_ours_is_one_of_httpbin(ask, real):
    """We add nothing of our own: a lesson on ours holds on the real one."""
    code = "import httpbin; print(*{rule.rule for rule in httpbin.app.url_map.iter_rules()})"
    command = [python_of(ENVIRONMENT), "-c", code]
    theirs = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    ours = {re.sub("<.*?>", "<>", path) for path in ask("GET", "/").json()["paths"]}
    assert len(ours) == 38
    assert ours <= set(re.sub("<.*?>", "<>", theirs.stdout).split())


# What a client makes of it


@pytest.mark.parametrize("kind", ["redirect", "relative-redirect", "absolute-redirect"])
def test_redirections_are_followed_to_the_end(ask, kind):
    response = ask("GET", f"/{kind}/4", allow_redirects=True)
    assert [step.status_code for step in response.history] == [302] * 4
    assert response.json()["url"].endswith("/get")


def test_a_session_keeps_its_cookies(server):
    with requests.Session() as session:
        session.get(server.url + "/cookies/set?a=1&b=2", timeout=10)
        session.get(server.url + "/cookies/delete?a", timeout=10)
        assert session.get(server.url + "/cookies", timeout=10).json() == {"cookies": {"b": "2"}}


def test_compressed_answers_are_truly_compressed(server):
    for path, decompress in (("/gzip", gzip.decompress), ("/deflate", zlib.decompress)):
        answer = talk(server, f"GET {path} HTTP/1.1".encode() + LAST)
        assert json.loads(decompress(answer.partition(b"\r\n\r\n")[2]))["origin"] == "127.0.0.1"


def test_a_body_sent_in_chunks_is_received(ask):
    assert ask("POST", "/post", data=iter([b"ab", b"c" * 1000])).json()["data"] == "ab" + "c" * 1000


def test_some_statuses_at_random(ask):
    seen = {ask("GET", "/status/200:1,201:1,503:0").status_code for _ in range(40)}
    assert seen == {200, 201}


def test_a_delay_delays(ask):
    begun = time.monotonic()
    assert ask("GET", "/delay/0.3").status_code == 200
    assert time.monotonic() - begun >= 0.3


def test_durations_are_cut_to_ten_seconds():
    assert said.seconds("delay", "3600") == 10


def test_a_drip_comes_drop_by_drop():
    assert list(streams.drip(3, 0.001)) == [b"*"] * 3
    assert [len(piece) for piece in streams.drip(2500, 0)] == [2500]
    assert sum(map(len, streams.drip(2500, 0.000001))) == 2500


def test_a_drop_does_not_wait_for_the_next(monkeypatch):
    read = threading.Event()

    def drip(count: int, pause: float) -> Iterator[bytes]:
        yield b"*"
        assert read.wait(10)
        yield b"+"

    monkeypatch.setattr(streams, "drip", drip)
    with serving(server_http_echo.EchoHandler) as (host, port):
        url = f"http://{host}:{port}/drip?numbytes=2"
        with requests.get(url, stream=True, timeout=10) as response:
            assert response.raw.read(1) == b"*"
            read.set()
            assert response.raw.read() == b"+"


# Errors

REFUSED = {
    "status of three letters": ("GET", "/status/abc", 400),
    "provisional status": ("GET", "/status/100", 400),
    "status out of bounds": ("GET", "/status/600", 400),
    "status of four digits": ("GET", "/status/2000", 400),
    "no status at all": ("GET", "/status/,", 400),
    "no weight at all": ("GET", "/status/200:0,404:0", 400),
    "no redirection": ("GET", "/redirect/0", 400),
    "negative redirections": ("GET", "/redirect/-1", 400),
    "redirection to nowhere": ("GET", "/redirect-to", 400),
    "redirection on two lines": ("GET", "/redirect-to?url=%0d%0aX:1", 400),
    "cookie without a name": ("GET", "/cookies/set?=1", 400),
    "cookie with an odd name": ("GET", "/cookies/set?%C3%A9=1", 400),
    "delay a word": ("GET", "/delay/abc", 400),
    "delay not a number": ("GET", "/delay/nan", 400),
    "delay infinite": ("GET", "/delay/inf", 400),
    "delay negative": ("GET", "/delay/-1", 400),
    "no drop": ("GET", "/drip?numbytes=0", 400),
    "too many drops": ("GET", "/drip?numbytes=102401", 400),
    "drops of status 100": ("GET", "/drip?code=100", 400),
    "bytes a word": ("GET", "/bytes/abc", 400),
    "bytes longer than an int may be": ("GET", "/bytes/" + "9" * 5000, 400),
    "seed a word": ("GET", "/bytes/3?seed=abc", 400),
    "empty chunks": ("GET", "/stream-bytes/3?chunk_size=0", 400),
    "lines a word": ("GET", "/stream/abc", 400),
    "cache a word": ("GET", "/cache/abc", 400),
    "header with a line end": ("GET", "/response-headers?X=%0d%0aY:1", 400),
    "header that is not one": ("GET", "/response-headers?a%20b=1", 400),
    "header in Greek": ("GET", "/response-headers?X=%CE%B1", 400),
    "ETag in Latin": ("GET", "/etag/%C3%A9", 400),
    "ETag with a quote": ("GET", "/etag/a%22b", 400),
    "not base64": ("GET", "/base64/x", 400),
    "base64 of what is not text": ("GET", "/base64/_w==", 400),
    "unknown path": ("GET", "/nulle-part", 404),
    "wrong method": ("POST", "/get", 405),
    "unknown method": ("BREW", "/get", 405),
}


@pytest.mark.parametrize(("method", "target", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_says_why(ask, method, target, status):
    response = ask(method, target)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert 20 < len(response.json()["error"]) < 400


def test_a_wrong_method_is_told_which_are_right(ask):
    response = ask("GET", "/post")
    assert response.headers["Allow"] == "OPTIONS, POST"
    assert response.json()["allowed"] == ["OPTIONS", "POST"]


def post(body: bytes, *headers: bytes) -> bytes:
    return b"".join([b"POST /post HTTP/1.1", *(b"\r\n" + header for header in headers), LAST, body])


def test_a_body_has_its_limit(server):
    sent = post(b"a" * 1_100_000, b"Content-Length: 1100000")
    assert talk(server, sent).startswith(b"HTTP/1.1 413 ")


def test_a_form_without_sense_is_no_mistake(server):
    form = b"Content-Type: multipart/form-data; boundary=x"
    sent = post(b"a=&" * 2000, form, b"Content-Length: 6000")
    assert talk(server, sent).startswith(b"HTTP/1.1 200 ")


TARGETS = st.sampled_from(
    ["/get?", "/status/", "/redirect/", "/redirect-to?url=", "/cookies/set?", "/basic-auth/",
     "/bytes/", "/stream/", "/stream-bytes/9?chunk_size=", "/drip?duration=0&numbytes=",
     "/etag/", "/cache/", "/response-headers?", "/base64/", "/anything/", "/"]
)  # fmt: skip
PIECES = st.text(max_size=12) | st.text("0123456789-.,:=&/%aé", max_size=12)
KINDS = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "multipart/form-data", "x", ""]
)  # fmt: skip


def survives(server: Server, examples: int) -> None:
    """Check that whatever the target and the body, the server answers, and does not fail."""
    before = memory(server)

    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(st.sampled_from(["GET", "POST", "DELETE"]), TARGETS, PIECES, KINDS, st.binary())
    def send(method: str, target: str, piece: str, kind: str, body: bytes) -> None:
        url = requests.Request(method, server.url + target + piece).prepare().path_url
        head = f"{method} {url} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
        answer = talk(server, head.encode() + LAST + body, half_close=True)
        allowed = b"23456" if target == "/status/" else b"234"
        assert answer.startswith(b"HTTP/1.1 ")
        assert answer[9:10] in allowed, answer[:300]

    send()
    assert memory(server) - before < 20 * MEGABYTE
    assert "Traceback" not in server.log()
    assert "erreur du serveur" not in server.log()


@pytest.mark.slow
def test_any_request_is_survived(server):
    survives(server, examples=200)


@pytest.mark.soak
def test_any_request_is_survived_for_long(server):
    survives(server, examples=20_000)
