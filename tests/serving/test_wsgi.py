"""The WSGI adapter: what PEP 3333 asks of a server, checked by ``wsgiref.validate`` and by us."""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from wsgiref.validate import validator

import pytest

from sandbox import server_http_echo
from sandbox.checking.plays.servers import reset
from sandbox.serving.wsgi import WSGIHandler
from tests.helpers import connect, eventually, logged, read_to_end, read_until, talk

LAST = b"Host: x\r\nConnection: close\r\n\r\n"  # the rest of a request that is the last one
TEXT = [("Content-Type", "text/plain")]

Serve = Callable[..., SimpleNamespace]


@pytest.fixture
def serve_application(serve) -> Serve:
    """Serve an application in this very process; give host and port."""

    def run(app: Callable, **attributes: object) -> SimpleNamespace:
        return serve(type("Handler", (WSGIHandler,), {"application": app, **attributes}))

    return run


def says_what_it_got(environ: dict, start_response: Callable) -> list[bytes]:
    """Answer the environment, but what is not text, and the body."""
    body = environ["wsgi.input"].read(100)
    said = {name: value for name, value in environ.items() if isinstance(value, str)}
    content = json.dumps(said | {"body": body.decode()}).encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    )
    return [content]


def streams(environ: dict, start_response: Callable) -> Iterator[bytes]:
    """Answer piece by piece; being a generator, it starts its answer late."""
    start_response("200 OK", TEXT)
    yield b""
    yield b"un"
    yield b"deux"


REQUESTS = {
    "a GET": b"GET /a?b=c HTTP/1.1\r\n" + LAST,
    "a HEAD": b"HEAD / HTTP/1.1\r\n" + LAST,
    "a POST": b"POST / HTTP/1.1\r\nContent-Type: a/b\r\nContent-Length: 3\r\n" + LAST + b"abc",
    "chunks": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + LAST + b"1\r\na\r\n0\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "odd headers": b"GET / HTTP/1.1\r\nX-A: 1\r\nX-A: 2\r\nX_B: 3\r\nX-C: \xe9\r\n" + LAST,
}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("application", [says_what_it_got, streams])
@pytest.mark.parametrize("sent", REQUESTS.values(), ids=REQUESTS)
def test_the_validator_finds_nothing(serve_application, capsys, application, sent):
    answer = talk(serve_application(validator(application)), sent)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert re.fullmatch(r"127\.0\.0\.1 .* → 200, \d+ octets\n", capsys.readouterr().err)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("path", ["/uuid", "/bytes/9", "/drip?duration=0"])
def test_the_validator_finds_nothing_in_a_flask_application(serve_application, capsys, path):
    server = serve_application(validator(server_http_echo.app))
    assert talk(server, f"GET {path} HTTP/1.1\r\n".encode() + LAST).startswith(b"HTTP/1.1 200 ")
    assert re.fullmatch(r"127\.0\.0\.1 .* → 200, \d+ octets\n", capsys.readouterr().err)


def got(server: SimpleNamespace, sent: bytes) -> dict[str, str]:
    return json.loads(talk(server, sent).partition(b"\r\n\r\n")[2])


def test_the_environment_says_what_the_request_says(serve_application):
    server = serve_application(says_what_it_got)
    environ = got(
        server,
        b"POST /%C3%A9%2F?a=%20b HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
        b"X-A: 1\r\nAccept: b\r\nX-A: 2\r\n" + LAST + b"abc",
    )
    assert environ == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/é/".encode().decode("latin-1"),
        "QUERY_STRING": "a=%20b",
        "SERVER_NAME": server.host,
        "SERVER_PORT": str(server.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "3",
        "HTTP_X_A": "1,2",
        "HTTP_ACCEPT": "b",
        "HTTP_HOST": "x",
        "HTTP_CONNECTION": "close",
        "wsgi.url_scheme": "http",
        "body": "abc",
    }


def test_nothing_is_said_that_the_client_did_not_say(serve_application):
    environ = got(serve_application(says_what_it_got), b"GET / HTTP/1.1\r\n" + LAST)
    assert not {"CONTENT_TYPE", "CONTENT_LENGTH"} & environ.keys()


def test_a_header_with_an_underscore_is_not_one_with_a_hyphen(serve_application):
    sent = b"GET / HTTP/1.1\r\nX_User: alice\r\n" + LAST
    assert "HTTP_X_USER" not in got(serve_application(says_what_it_got), sent)


def test_a_body_has_its_limit(serve_application):
    server = serve_application(says_what_it_got, max_body=2)
    sent = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n" + LAST + b"abc"
    assert talk(server, sent).startswith(b"HTTP/1.1 413 ")


# How an answer begins, and how it ends


def test_each_piece_leaves_as_it_comes(serve_application):
    def slow(environ, start_response):
        start_response("200 OK", [*TEXT, ("Content-Length", "6")])
        yield b"un"
        read_by_client.wait(10)
        yield b"deux"

    read_by_client = threading.Event()
    with connect(serve_application(slow)) as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + LAST)
        read_until(client, b"\r\n\r\nun")
        read_by_client.set()
        assert read_to_end(client) == b"deux"


def test_what_is_written_goes_before_what_is_returned(serve_application):
    def old(environ, start_response):
        write = start_response("200 OK", TEXT)
        write(b"un")
        write(b"deux")
        return [b"trois"]

    answer = talk(serve_application(old), b"GET / HTTP/1.0\r\n\r\n")
    assert answer.endswith(b"\r\n\r\nundeuxtrois")


def test_an_application_may_change_its_mind_before_its_answer_has_begun(serve_application):
    def regretful(environ, start_response):
        start_response("200 OK", TEXT)
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            start_response("500 Oups", TEXT, sys.exc_info())
        return [b"pardon"]

    answer = talk(serve_application(regretful), b"GET / HTTP/1.1\r\n" + LAST)
    assert answer.startswith(b"HTTP/1.1 500 ")


def late(environ, start_response):
    start_response("200 OK", TEXT)
    yield b"un"
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        start_response("500 Oups", TEXT, sys.exc_info())


def test_an_application_that_changes_its_mind_too_late_is_cut(serve_application):
    with logged() as journal:
        answer = talk(serve_application(late), b"GET / HTTP/1.1\r\n" + LAST)
        # No last chunk: the client knows that some is missing.
        assert answer.endswith(b"2\r\nun\r\n")
        assert eventually(lambda: "interrompue (ZeroDivisionError)" in journal.getvalue())


def twice(environ, start_response):
    start_response("200 OK", TEXT)
    start_response("200 OK", TEXT)
    return []


WRONG = {
    "it raises": lambda environ, start_response: 1 // 0,
    "it starts nothing": lambda environ, start_response: [b"abc"],
    "it starts twice": twice,
    "a header on two lines": lambda environ, start: start("200 OK", [("A", "b\r\nC: d")]) and [],
    "a status of one's own": lambda environ, start: start("huit cents", TEXT) and [],
    "a status that ends nothing": lambda environ, start: start("100 Continue", TEXT) and [],
    "a length that is a word": lambda environ, start: start("200 OK", [("Content-Length", "a")]),
}


@pytest.mark.parametrize("application", WRONG.values(), ids=WRONG)
def test_a_mistake_of_the_application_is_a_500(serve_application, capsys, application):
    answer = talk(serve_application(application), b"GET / HTTP/1.1\r\n" + LAST)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"\r\nA: b" not in answer
    assert "erreur du serveur" in capsys.readouterr().err


class Answer:
    """An answer that notes when it is closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = iter(pieces)
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"GET / HTTP/1.1\r\n", "200 OK"), (b"HEAD / HTTP/1.1\r\n", "200 OK"),
     (b"GET / HTTP/1.1\r\n", "304 Not Modified")],
    ids=["read", "HEAD", "no body"],
)  # fmt: skip
def test_an_answer_is_closed_once(serve_application, sent, status):
    answer = Answer(b"abc")

    def app(environ, start_response):
        start_response(status, TEXT)
        return answer

    talk(serve_application(app), sent + LAST)
    assert eventually(lambda: answer.closed == 1)


def test_an_answer_is_closed_when_it_fails(serve_application):
    answer = Answer()
    answer.pieces = (1 // 0 for _ in "a")

    def app(environ, start_response):
        start_response("200 OK", TEXT)
        return answer

    talk(serve_application(app), b"GET / HTTP/1.1\r\n" + LAST)
    assert eventually(lambda: answer.closed == 1)


def test_an_answer_is_closed_when_the_client_leaves_in_the_middle(serve_application):
    answer = Answer(*[b"a" * 65536] * 1000)

    def app(environ, start_response):
        start_response("200 OK", TEXT)
        return answer

    client = connect(serve_application(app))
    client.sendall(b"GET / HTTP/1.1\r\n" + LAST)
    client.recv(10)
    reset(client)
    assert eventually(lambda: answer.closed == 1)
