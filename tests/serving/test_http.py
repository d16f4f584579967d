"""The HTTP server's connections, bodies, limits and deadlines, on a tiny handler."""

import json
import re
import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from sandbox.serving import reading
from sandbox.serving.http import GetHandler, HTTPHandler, Problem, Response
from tests.helpers import (
    MEGABYTE,
    breakable,
    connect,
    drip,
    eventually,
    logged,
    read_to_end,
    serving,
    talk,
)

LIMIT = 1000  # bytes of a body
LAST = b"Host: x\r\nConnection: close\r\n\r\n"  # the rest of a request that is the last one
GET = b"GET / HTTP/1.1\r\n"
POST = b"POST / HTTP/1.1\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Tiny(HTTPHandler):
    """Says what it has received; some paths do otherwise."""

    def respond(self) -> Response:
        if self.path in ANSWERS:
            return ANSWERS[self.path]()
        if self.path == "/mistake":
            raise ZeroDivisionError("aïe")
        body = self.read_body(LIMIT)
        return Response(f"{self.command} {self.path} ".encode() + body)


def cut() -> Iterator[bytes]:
    yield b"abc"
    raise ConnectionAbortedError


ANSWERS = {
    "/pieces": lambda: Response(iter([b"un", b"", b"deux"])),
    "/unread": lambda: Response(b"non lu"),
    "/nothing": lambda: Response(status=204),
    "/known": lambda: Response(b"", 304, [("ETag", '"a"')]),
    "/odd": lambda: Response(b"", 599),
    "/cut": lambda: Response(cut(), length=10),
    "/liar": lambda: Response(iter([b"abc"]), length=10),
    "/refused": lambda: refuse(),
}


def refuse() -> Response:
    raise Problem(429, "Doucement.", allowed=["/"], headers=[("Retry-After", "1")])


@pytest.fixture(scope="module")
def server() -> Iterator[SimpleNamespace]:
    with serving(Tiny) as (host, port):
        yield SimpleNamespace(host=host, port=port)


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def error_of(answer: bytes) -> str:
    return breakable(json.loads(body_of(answer))["error"])


# An answer


def test_an_answer_byte_for_byte(server):
    answer = talk(server, GET + LAST)
    expected = (
        rb"HTTP/1\.1 200 OK\r\n"
        rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n"
        rb"Server: ProgrammesCooperants\r\n"
        rb"Content-Length: 6\r\n"
        rb"Connection: close\r\n\r\n"
        rb"GET / "
    )
    assert re.fullmatch(expected, answer)


def test_a_small_answer_leaves_in_one_segment(server):
    with connect(server) as client:
        client.sendall(GET + b"Host: x\r\n\r\n")
        assert client.recv(65536).endswith(b"GET / ")


def test_an_answer_of_unknown_length_comes_in_chunks(server):
    answer = talk(server, b"GET /pieces HTTP/1.1\r\n" + LAST)
    assert b"\r\nTransfer-Encoding: chunked\r\n" in answer
    assert b"Content-Length" not in answer
    assert body_of(answer) == b"2\r\nun\r\n4\r\ndeux\r\n0\r\n\r\n"


def test_http_1_0_knows_no_chunks(server):
    answer = talk(server, b"GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert b"Transfer-Encoding" not in answer
    assert b"\r\nConnection: close\r\n" in answer
    assert body_of(answer) == b"undeux"


@pytest.mark.parametrize("path", [b"/", b"/pieces", b"/refused", b"/mistake"])
def test_head_has_the_headers_of_get_and_no_body(server, path):
    """What is asked next on the same connection is understood: nothing came in between."""
    asked = b"%b " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = talk(server, asked % b"HEAD" + GET + LAST)
    assert len(statuses(answer)) == 2
    assert body_of(answer).startswith(b"HTTP/1.1 200 OK\r\n")
    got = talk(server, asked % b"GET", half_close=True)
    framing = rb"\r\n(?:Content-Length|Transfer-Encoding): \w+"
    assert len(re.findall(framing, answer.partition(b"\r\n\r\n")[0])) == 1
    assert re.findall(framing, got)[0].partition(b":")[0] in answer


@pytest.mark.parametrize("path", [b"/nothing", b"/known"])
def test_some_statuses_have_no_body(server, path):
    answer = talk(server, b"GET " + path + b" HTTP/1.1\r\n" + LAST)
    assert b"Content-Length" not in answer
    assert body_of(answer) == b""


def test_a_status_that_nobody_knows_has_no_phrase(server):
    assert talk(server, b"GET /odd HTTP/1.1\r\n" + LAST).startswith(b"HTTP/1.1 599 \r\n")


def test_a_problem_is_an_answer_in_json(server):
    answer = talk(server, b"GET /refused HTTP/1.1\r\n" + LAST)
    assert statuses(answer) == [429]
    assert b"\r\nRetry-After: 1\r\n" in answer
    assert json.loads(body_of(answer)) == {"error": "Doucement.", "allowed": ["/"]}


def test_a_mistake_of_ours_is_told_without_its_details(server, capsys):
    answer = talk(server, b"GET /mistake HTTP/1.1\r\n" + LAST)
    assert statuses(answer) == [500]
    assert error_of(answer) == "Le serveur s'est trompé : voyez son journal."
    assert "erreur du serveur : ZeroDivisionError: aïe\n" in breakable(capsys.readouterr().err)


@pytest.mark.parametrize("path", [b"/cut", b"/liar"])
def test_an_answer_cut_short_ends_the_connection(server, path):
    answer = talk(server, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n" + GET + LAST)
    assert answer.endswith(b"\r\nContent-Length: 10\r\n\r\nabc")


def test_the_log_has_a_line_for_each_request_and_is_safe_to_show(server, capsys):
    talk(server, GET + LAST)
    talk(server, b"\x1b[31m" + b"!" * 1000 + b"\r\n")
    talk(server, b"", half_close=True)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "127.0.0.1 GET / HTTP/1.1 → 200, 6 octets"
    assert re.fullmatch(r"127\.0\.0\.1 �\[31m!{195}… → 400, \d+ octets", second)


# A request


@pytest.mark.parametrize(
    "sent",
    [
        b"\r\n" + GET + LAST,
        (GET + LAST).replace(b"\r\n", b"\n"),
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET http://x/ HTTP/1.1\r\n" + LAST,
        GET + b"X-Accent: \xe9\r\n" + LAST,
    ],
    ids=["empty line first", "bare LF", "HTTP/1.0", "whole URL", "accent in a header"],
)
def test_unusual_http_is_served(server, sent):
    assert statuses(talk(server, sent)) == [200]


def test_a_request_cut_anywhere_is_served(server):
    sent = POST + b"Content-Length: 3\r\n" + LAST + b"abc"
    for cut in range(1, len(sent), 5):
        assert body_of(talk(server, sent[:cut], sent[cut:])) == b"POST / abc"


CUT = "La requête s'arrête au milieu : une ligne vide doit finir les en-têtes."


@pytest.mark.parametrize("sent", [b"GET / HT", GET, GET + b"Host: x\r\nA", GET + b"Host: x\r\n"])
def test_a_request_that_stops_in_the_middle(server, sent):
    answer = talk(server, sent, half_close=True)
    assert statuses(answer) == [400]
    assert error_of(answer) == CUT
    assert b"\r\nConnection: close\r\n" in answer


def test_a_wrong_request_is_answered_at_once(server):
    """The client has not closed its side, and could still be writing."""
    answer = talk(server, b"Hello\r\n")
    assert error_of(answer).startswith("Ligne de requête incompréhensible : « Hello ».")


# Connections


def test_requests_sent_together_are_answered_in_order(server):
    asked = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(9))
    chunked = POST + CHUNKED + b"Host: x\r\n\r\n1\r\na\r\n0\r\n\r\n"
    answer = talk(server, asked + chunked + GET + LAST)
    assert statuses(answer) == [200] * 11
    said = re.findall(rb"\r\n\r\n(\w+ /\d* a?)", answer)
    assert said == [*(b"GET /%d " % n for n in range(9)), b"POST / a", b"GET / "]


@pytest.mark.parametrize(
    ("sent", "header"),
    [
        (GET + LAST, b"Connection: close"),
        (b"GET / HTTP/1.0\r\n\r\n", b"Connection: close"),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", b"Connection: keep-alive"),
        (POST + b"Host: x\r\nContent-Length: 99999999\r\n\r\n", b"Connection: close"),
        (b"POST /unread HTTP/1.1\r\nHost: x\r\n" + CHUNKED + b"\r\n", b"Connection: close"),
    ],
    ids=["close", "HTTP/1.0", "HTTP/1.0 kept", "huge body", "unread chunks"],
)
def test_the_answer_says_what_becomes_of_the_connection(server, sent, header):
    assert header in talk(server, sent, half_close=True).partition(b"\r\n\r\n")[0]


def test_a_connection_in_http_1_0_is_kept_if_the_client_asks(server):
    asked = b"GET /%d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    answer = talk(server, asked % 1 + asked % 2 + b"GET /3 HTTP/1.0\r\n\r\n")
    assert re.findall(rb"GET /\d ", answer) == [b"GET /1 ", b"GET /2 ", b"GET /3 "]


@pytest.mark.parametrize("size", [22, 60_000])
def test_an_unused_body_is_not_taken_for_the_next_request(server, size):
    body = b"GET /piege HTTP/1.1\r\n\r\n".ljust(size)[:size]
    first = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size
    answer = talk(server, first + body + GET + LAST)
    assert statuses(answer) == [200, 200]
    assert answer.endswith(b"GET / ")


def test_the_answer_to_a_huge_body_is_not_lost(server):
    head = POST + b"Host: x\r\nContent-Length: 8388608\r\n\r\n"
    assert statuses(talk(server, head, b"a" * 8 * MEGABYTE)) == [413]


# Bodies


def post(body: bytes, *headers: bytes) -> bytes:
    return POST + b"".join(header + b"\r\n" for header in headers) + LAST + body


def chunks(body: bytes) -> bytes:
    return post(body, CHUNKED.strip())


SIZE = "Chaque morceau doit commencer par sa taille en hexadécimal ; reçu : "
BIG = f"Corps trop gros : j'accepte {LIMIT} octets."
TRAILER = "Après les morceaux, j'attends des en-têtes « Nom: valeur », ou rien."
LONG = "Ligne trop longue : je n'en lis que 8192 octets."
BAD_BODIES = {
    "too long": (post(b"a" * 1001, b"Content-Length: 1001"), 413, BIG),
    "shorter than announced": (
        post(b"abc", b"Content-Length: 10"), 400, "Le corps s'arrête à 3 octets ; annoncés : 10."
    ),
    "no size": (chunks(b"salut\r\n"), 400, f"{SIZE}« salut »."),
    "a size of -1": (chunks(b"-1\r\n"), 400, f"{SIZE}« -1 »."),
    "an enormous chunk": (chunks(b"fffffff\r\n"), 413, BIG),
    "chunks that are too much": (chunks(b"3e8\r\n" + b"a" * 1000 + b"\r\n1\r\n"), 413, BIG),
    "a chunk cut short": (
        chunks(b"a\r\nabc"), 400, "Le corps s'arrête à 3 octets ; annoncés : 10."
    ),
    "longer than its size": (chunks(b"3\r\nabcdef\r\n0\r\n\r\n"), 400, f"{SIZE}« def »."),
    "no end of chunk": (chunks(b"3\r\nabc3\r\ndef\r\n0\r\n\r\n"), 400, f"{SIZE}« 3 »."),
    "no last chunk": (chunks(b"3\r\nabc\r\n"), 400, CUT),
    "no line after the last": (chunks(b"3\r\nabc\r\n0\r\n"), 400, CUT),
    "a trailer that is no header": (chunks(b"0\r\nsalut\r\n\r\n"), 400, TRAILER),
    "a size too long": (chunks(b"1" * 9000), 400, LONG),
    "a trailer too long": (chunks(b"0\r\nA: " + b"b" * 9000), 431, LONG),
    "too many trailers": (
        chunks(b"0\r\n" + b"A: b\r\n" * 6000), 431,
        "Trop d'en-têtes : j'en accepte 100, de 32768 octets en tout.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "status", "error"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_body_gets_its_answer(server, sent, status, error):
    answer = talk(server, sent, half_close=True)
    assert statuses(answer) == [status]
    assert error_of(answer) == error


@pytest.mark.parametrize(
    "sent",
    [
        chunks(b"3\r\nabc\r\n0\r\n\r\n"),
        chunks(b"1;x=y\r\na\r\n02\r\nbc\r\n0\r\n\r\n"),
        chunks(b"3\r\nabc\r\n0\r\nA: b\r\n\r\n"),
        post(b"abc", b"Content-Length: 003"),
    ],
    ids=["a chunk", "two with odd sizes", "a trailer", "a length with zeros"],
)
def test_a_body_is_received_however_it_is_cut(server, sent):
    assert body_of(talk(server, sent)) == b"POST / abc"
    with connect(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for byte in sent:
            client.sendall(bytes([byte]))
        assert body_of(read_to_end(client)) == b"POST / abc"


ASKS = b"Expect: 100-continue"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (post(b"abc", ASKS, b"Content-Length: 3"), [100, 200]),
        (post(b"3\r\nabc\r\n0\r\n\r\n", ASKS, b"Transfer-Encoding: chunked"), [100, 200]),
        (post(b"", ASKS, b"Content-Length: 1001"), [413]),
        (b"POST /unread HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n" + LAST, [200]),
        (b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", [200]),
    ],
    ids=["a length", "chunks", "too much", "of no use", "HTTP/1.0"],
)
def test_a_client_that_asks_first_is_told_to_go_on_if_its_body_is_wanted(server, sent, said):
    answer = talk(server, sent)
    assert statuses(answer) == said
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ") == (said[0] == 100)


# Deadlines


class Hasty(Tiny):
    head_seconds = 0.2


START = GET + b"Host: x"


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"Hello", [408]), (START, [408]), (b"", [])],
    ids=["half a line", "half a head", "silence"],
)
def test_a_head_is_not_awaited_for_ever(serve, sent, status):
    with connect(serve(Hasty)) as client:
        client.sendall(sent)
        answer = read_to_end(client)
    assert statuses(answer) == status
    if answer:
        assert error_of(answer) == "La requête n'était pas finie après 0.2 s : je raccroche."


@pytest.mark.parametrize("beginning", [b"", post(b"", b"Content-Length: 500"), chunks(b"1f4\r\n")])
def test_dripping_does_not_prolong_the_wait(serve, monkeypatch, beginning):
    """A byte now and then restarts a socket's time-out: it must not restart ours."""
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.2)
    with connect(serve(Hasty)) as client:
        client.sendall(beginning)
        assert statuses(drip(client)) == [408]


def test_a_body_is_not_awaited_for_ever(serve, monkeypatch):
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.2)
    answer = talk(serve(Tiny), post(b"abc", b"Content-Length: 10"))
    assert error_of(answer) == "Le corps n'était pas fini après 0.2 s."


def test_an_answer_that_nobody_reads_is_given_up(serve):
    class Endless(HTTPHandler):
        def respond(self) -> Response:
            return Response(iter(lambda: b"a" * 65536, b""))

        def time_for(self, response: Response) -> float:
            return 0.2

    with logged() as journal, connect(serve(Endless)) as client:
        client.sendall(GET + LAST)
        assert eventually(lambda: "connexion interrompue (TimeoutError)" in journal.getvalue())


# Resources that are only read


class Page(GetHandler):
    def find(self, path: str):
        if path != "/é":
            raise Problem(404, "Rien.")
        return lambda request: Response(b"page")


@pytest.mark.parametrize(
    ("line", "status", "allow"),
    [
        (b"GET /%C3%A9", 200, False),
        (b"OPTIONS /%C3%A9", 204, True),
        (b"OPTIONS *", 204, True),
        (b"POST /%C3%A9", 405, True),
        (b"POST /rien", 404, False),
        (b"BREW /rien", 501, False),
        (b"get /%C3%A9", 501, False),
    ],
)
def test_methods(serve, line, status, allow):
    answer = talk(serve(Page), line + b" HTTP/1.1\r\n" + LAST)
    assert statuses(answer) == [status]
    assert (b"\r\nAllow: GET, HEAD, OPTIONS\r\n" in answer) == allow
