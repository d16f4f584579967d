"""The WebSocket server: bad handshakes, bad frames, limits, deadlines, on a tiny handler."""

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from sandbox.serving import ws
from tests.helpers import (
    close_code,
    connect,
    frame,
    handshake,
    join,
    open_websocket,
    read_to_end,
    send_without_reading,
    still_echoes,
    talk,
)

LIMIT = ws.MAX_SIZE
TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9


async def echo(connection: ws.ServerConnection) -> None:
    async for message in connection:
        await ws.send(connection, message)


@pytest.fixture
def server(serve_websocket) -> SimpleNamespace:
    return serve_websocket(echo)


@pytest.fixture(autouse=True)
def logged(monkeypatch, caplog) -> Iterator[list[str]]:
    """Give the lines of the server's log; the library has nothing to add."""
    lines: list[str] = []
    monkeypatch.setattr(ws, "log", lambda *words: lines.append(" ".join(words)))
    yield lines
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# Bad handshakes

HANDSHAKES = {
    "plain HTTP": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 426),
    "a POST": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
    "no key": (handshake(Sec_WebSocket_Key=""), 400),
    "a key too short": (handshake(Sec_WebSocket_Key="YQ=="), 400),
    "a key that is no base64": (handshake(Sec_WebSocket_Key="é" * 24), 400),
    "no version": (handshake(Sec_WebSocket_Version=""), 400),
    "an old version": (handshake(Sec_WebSocket_Version="8"), 400),
    "another protocol": (handshake(Upgrade="h2c"), 426),
    "no Connection": (handshake(Connection=""), 426),
    "another site's page": (handshake(Origin="http://ailleurs.example"), 403),
    "a page without a site": (handshake(Origin="null"), 403),
    "the right site, another port": (handshake(Origin="http://x:1"), 403),
    "HTTP/1.0": (handshake().replace(b"HTTP/1.1", b"HTTP/1.0"), 505),
    "a long line": (handshake("/" + "x" * 10_000), 414),
    "a long header": (handshake(X_Long="x" * 10_000), 431),
}


@pytest.mark.parametrize(("sent", "status"), HANDSHAKES.values(), ids=HANDSHAKES)
def test_a_bad_handshake_is_refused(server, sent, status):
    answer = talk(server, sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    if status in ws.REFUSALS:
        assert answer.decode().endswith(f"\r\n\r\n{ws.REFUSALS[status]}\n")
    assert still_echoes(server)


GARBAGE = {
    "a sentence": b"bonjour\r\n\r\n",
    "NULs": bytes(100),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a frame before the handshake": frame(TEXT, b"bonjour"),
    "a header without a colon": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    "a request, then no frame": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\xff\xff",
}


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE)
def test_what_is_no_http_is_hung_up_on(server, sent):
    assert talk(server, sent, half_close=True) == b""
    assert still_echoes(server)


def test_a_page_from_here_is_welcome(server):
    with join(server, origin=f"http://{server.host}:{server.port}") as client:
        client.send("bonjour")
        assert client.recv(timeout=10) == "bonjour"


@pytest.mark.parametrize("sent", [b"", b"GET / HT", handshake()[:-2]], ids=["none", "some", "most"])
def test_a_handshake_that_does_not_come_is_not_awaited_for_ever(serve_websocket, monkeypatch, sent):
    monkeypatch.setattr(ws, "OPENING_SECONDS", 0.2)
    with connect(serve_websocket(echo)) as client, contextlib.suppress(ConnectionResetError):
        client.sendall(sent)
        assert read_to_end(client) == b""


# Bad frames

FRAMES = {
    "not masked": (frame(TEXT, b"bonjour", masked=False), 1002),
    "an unknown opcode": (frame(0x3, b""), 1002),
    "a reserved bit": (frame(TEXT, b"", fin=0xC0), 1002),
    "a continuation of nothing": (frame(0x0, b"suite"), 1002),
    "a message within a message": (frame(TEXT, b"a", fin=0) + frame(TEXT, b"b"), 1002),
    "a ping in pieces": (frame(PING, b"", fin=0), 1002),
    "a ping too long": (frame(PING, b"x" * 126), 1002),
    "a close of one byte": (frame(CLOSE, b"\x03"), 1002),
    "a close with no such code": (frame(CLOSE, (999).to_bytes(2, "big")), 1002),
    "text that is no UTF-8": (frame(TEXT, b"\xff"), 1007),
    "half a character": (frame(TEXT, "é".encode()[:1]), 1007),
    "a byte too many": (frame(BINARY, b"x" * (LIMIT + 1)), 1009),
    "an enormous length": (b"\x82\xff" + (1 << 62).to_bytes(8, "big") + bytes(4), 1009),
    "too much in fragments": (
        frame(BINARY, b"x" * LIMIT, fin=0) + frame(0x0, b"x"),
        1009,
    ),
}


@pytest.mark.parametrize(("sent", "code"), FRAMES.values(), ids=FRAMES)
def test_a_bad_frame_closes_the_connection_with_its_code(server, sent, code):
    with open_websocket(server) as client:
        client.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            assert close_code(read_to_end(client)) == code
    assert still_echoes(server)


# Clients who misbehave


def test_who_does_not_answer_a_ping_is_gone(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "PING_SECONDS", 0.1)
    monkeypatch.setattr(ws, "PONG_SECONDS", 0.2)
    with open_websocket(serve_websocket(echo)) as client:
        received = read_to_end(client)
    assert received[0] == 0x80 | PING
    assert close_code(received) == 1011


@pytest.mark.slow
def test_who_answers_pings_stays(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "PING_SECONDS", 0.05)
    monkeypatch.setattr(ws, "PONG_SECONDS", 0.5)
    with join(serve_websocket(echo)) as client:
        with pytest.raises(TimeoutError):
            client.recv(timeout=1.5)
        client.send("toujours là")
        assert client.recv(timeout=10) == "toujours là"


def test_who_reads_nothing_costs_little_and_is_dismissed(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "SENDING_SECONDS", 0.3)
    monkeypatch.setattr(ws, "CLOSING_SECONDS", 0.3)
    server = serve_websocket(echo)
    with open_websocket(server) as client:
        assert send_without_reading(client)
    assert still_echoes(server)


@pytest.mark.slow
def test_a_mistake_of_ours_is_one_line(serve_websocket, logged):
    async def wrong(connection):
        raise ZeroDivisionError("aïe")

    with open_websocket(serve_websocket(wrong)) as client:
        assert close_code(read_to_end(client)) == 1011
    assert "erreur du serveur : ZeroDivisionError: aïe" in logged
