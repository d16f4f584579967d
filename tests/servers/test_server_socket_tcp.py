"""The first server: where a message ends, what is answered to any message at all."""

import contextlib
import time
from collections.abc import Iterator

import pytest

from sandbox import Server, server_socket_tcp, start
from tests.helpers import connect, eventually, read_to_end, talk

LIMIT = server_socket_tcp.MAX_MESSAGE
TOO_LONG = "Votre message est trop long"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start("server_socket_tcp", port=0) as server:
        yield server


def sentence(text: str, size: int) -> str:
    return f"Vous m'avez dit « {text} », soit {size} octets. Au revoir !"


# Where a message ends


@pytest.mark.parametrize(
    ("segments", "text"),
    [
        ((b"Bonjour\n",), "Bonjour"),
        ((b"Bonjour\r\n",), "Bonjour"),
        ((b"Bon", b"jour", b"\n"), "Bonjour"),
        ((b"Bonjour\nla suite\n",), "Bonjour"),
        (("Été €\n".encode()[:1], "Été €\n".encode()[1:]), "Été €"),
        ((b"a\rb\n",), "a\rb"),
        ((b" \t \n",), " \t "),
        ((b"\x00\n",), "\x00"),
        (("« ' \" \\ »\n".encode(),), "« ' \" \\ »"),
    ],
    ids=[
        "newline",
        "CR LF",
        "three segments",
        "bytes after the newline",
        "character cut in two",
        "lone CR",
        "blanks",
        "NUL",
        "quotes",
    ],
)
def test_a_newline_ends_the_message(server, segments, text):
    assert talk(server, *segments).decode() == sentence(text, len(text.encode()))


def test_closing_one_s_side_ends_the_message(server):
    assert talk(server, b"Bonjour", half_close=True).decode() == sentence("Bonjour", 7)


@pytest.mark.slow
def test_silence_ends_the_message_within_a_second(server):
    def seconds() -> float:
        with connect(server) as client:
            client.sendall(b"Bonjour")
            sent = time.monotonic()
            assert read_to_end(client).decode() == sentence("Bonjour", 7)
            return time.monotonic() - sent

    assert min(seconds() for _ in range(3)) < 1  # the machine may be busy, not three times


def test_a_pause_of_100_ms_ends_nothing(server):
    def answer() -> str:
        with connect(server) as client:
            client.sendall(b"Bon")
            time.sleep(0.1)
            with contextlib.suppress(ConnectionError):  # answered already, and closed
                client.sendall(b"jour\n")
            return read_to_end(client).decode()

    assert sentence("Bonjour", 7) in [answer() for _ in range(3)]


# Any message at all


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""], ids=["newline", "CR LF", "half-close"])
@pytest.mark.parametrize("size", [1, 1500, 5000, LIMIT - 1, LIMIT])
def test_up_to_the_limit_a_message_is_quoted_whole(server, size, end):
    answer = talk(server, b"x" * size + end, half_close=True)
    assert answer.decode() == sentence("x" * size, size)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""], ids=["newline", "CR LF", "half-close"])
@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 2, LIMIT + 3, 4 * LIMIT])
def test_beyond_the_limit_a_sentence_says_so(server, size, end):
    answer = talk(server, b"x" * size + end, half_close=True).decode()
    assert answer.startswith(TOO_LONG)
    assert str(LIMIT) in answer


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (b"\xff\xfe\n", "\N{REPLACEMENT CHARACTER}" * 2),
        ("Été\n".encode("latin-1"), "\N{REPLACEMENT CHARACTER}t\N{REPLACEMENT CHARACTER}"),
        ("€".encode()[:2] + b"\n", "\N{REPLACEMENT CHARACTER}"),
    ],
    ids=["no encoding", "Latin-1", "half a character"],
)
def test_bytes_that_are_not_utf_8_are_answered(server, sent, text):
    assert talk(server, sent).decode() == sentence(text, len(sent) - 1)


@pytest.mark.parametrize("sent", [b"\n", b"\r\n", b""], ids=["newline", "CR LF", "half-close"])
def test_an_empty_message_is_answered(server, sent):
    answer = talk(server, sent, half_close=True).decode()
    assert answer == "Vous ne m'avez rien dit. Au revoir !"


# Bad manners


def test_the_log_has_one_line_a_message(server):
    talk(server, b"x" * 4321 + b"\n")
    line = "127.0.0.1 a envoyé 4321 octets"
    assert eventually(lambda: server.log().splitlines().count(line) == 1)
