"""The WebSocket echo: messages of all kinds, bad handshakes, bad frames, clients who misbehave."""

import contextlib
import threading
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_websocket

from sandbox import Server, server_ws_echo, start
from sandbox.server_ws_echo import echo
from sandbox.serving import ws
from tests.helpers import (
    MEGABYTE,
    close_code,
    connect,
    eventually,
    frame,
    handshake,
    memory,
    open_websocket,
    read_to_end,
    talk,
)

LIMIT = ws.MAX_SIZE
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start("server_ws_echo", port=0) as server:
        yield server


@pytest.fixture
def own() -> Iterator[Server]:
    """A server of the test's own: by its file, since starting it by its name ends the other."""
    with start(server_ws_echo.__file__, "--port", "0") as server:
        yield server


def join(server: Server, path: str = "/", **options: object):
    """Connect as the library does."""
    return connect_websocket(f"ws://{server.host}:{server.port}{path}", proxy=None, **options)


def still_serves(server: Server) -> bool:
    with join(server) as client:
        client.send("toujours là ?")
        return client.recv(timeout=10) == "toujours là ?"


# The contract

MESSAGES = {
    "a word": "bonjour",
    "nothing": "",
    "accents": "l'été à Kyōto 北京 🙂",
    "a NUL": "a\0b",
    "no bytes": b"",
    "bytes that are no text": b"\xff\xfe\0",
    "125 bytes": b"x" * 125,
    "126 bytes": b"x" * 126,
    "the limit in text": "x" * LIMIT,
    "the limit in bytes": b"x" * LIMIT,
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_comes_back_as_it_was(server, message):
    with join(server) as client:
        client.send(message)
        assert client.recv(timeout=10) == message


def test_messages_come_back_in_order(server):
    sent = [f"message {n}" for n in range(500)]
    with join(server) as client:
        threading.Thread(target=lambda: [client.send(each) for each in sent]).start()
        assert [client.recv(timeout=10) for _ in sent] == sent


@pytest.mark.parametrize("path", ["/", "/any/path", "/?a=1", "//x", "/%ff"])
def test_any_path_will_do(server, path):
    with join(server, path) as client:
        client.send("ici")
        assert client.recv(timeout=10) == "ici"


def test_fragments_make_one_message(server):
    with open_websocket(server) as client:
        client.sendall(frame(TEXT, b"bon", fin=0) + frame(PING, b"?") + frame(0, b"jour"))
        expected = b"\x8a\x01?" + b"\x81\x07bonjour"
        received = b""
        while len(received) < len(expected):
            received += client.recv(100)
        assert received == expected


def test_bytes_may_come_one_by_one(server):
    with open_websocket(server) as client:
        for byte in frame(TEXT, "été".encode()):
            client.sendall(bytes([byte]))
        assert client.recv(100) == b"\x81\x05" + "été".encode()


def test_nothing_is_compressed(server):
    with join(server, compression="deflate") as client:
        assert client.response.headers.get("Sec-WebSocket-Extensions") is None


def test_the_close_is_answered_by_the_same_code(server):
    with open_websocket(server) as client:
        client.sendall(frame(CLOSE, (1000).to_bytes(2, "big") + b"merci"))
        assert close_code(read_to_end(client)) == 1000


def test_the_log_has_a_line_for_each_thing(own):
    with join(own, "/ici") as client:
        client.send("été")
        client.recv(timeout=10)
        client.send(b"1234")
        client.recv(timeout=10)
    assert eventually(lambda: "parti" in own.log())
    assert own.log().splitlines() == [
        "127.0.0.1 se connecte à /ici",
        "127.0.0.1 a envoyé 3 signes",
        "127.0.0.1 a envoyé 4 octets",
        "127.0.0.1 est parti (1000)",
    ]


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
    assert "Traceback" not in server.log()
    if status in ws.REFUSALS:
        assert answer.decode().endswith(f"\r\n\r\n{ws.REFUSALS[status]}\n")
    assert still_serves(server)


GARBAGE = {
    "a sentence": b"bonjour\r\n\r\n",
    "NULs": bytes(100),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a frame before the handshake": frame(TEXT, b"bonjour"),
    "a header without a colon": b"GET / HTTP/1.1\r\nHost\r\n\r\n",
}


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE)
def test_what_is_no_http_is_hung_up_on(server, sent):
    assert talk(server, sent, half_close=True) == b""
    assert "Traceback" not in server.log()
    assert still_serves(server)


def test_a_page_from_here_is_welcome(server):
    with join(server, origin=f"http://{server.host}:{server.port}") as client:
        client.send("bonjour")
        assert client.recv(timeout=10) == "bonjour"


@pytest.mark.parametrize("sent", [b"", b"GET / HT", handshake()[:-2]], ids=["none", "some", "most"])
def test_a_handshake_that_does_not_come_is_not_awaited_for_ever(serve_websocket, monkeypatch, sent):
    monkeypatch.setattr(ws, "OPENING", 0.2)
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
    assert "Traceback" not in server.log()
    assert still_serves(server)


def test_an_enormous_length_takes_no_memory(server):
    before = memory(server)
    for _ in range(50):
        with open_websocket(server) as client:
            client.sendall(b"\x82\xff" + (1 << 40).to_bytes(8, "big") + bytes(4) + b"x" * 1000)
            read_to_end(client)
    assert memory(server) - before < 10 * MEGABYTE


# Clients who misbehave


def test_who_does_not_answer_a_ping_is_gone(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "PING_INTERVAL", 0.1)
    monkeypatch.setattr(ws, "PING_TIMEOUT", 0.2)
    with open_websocket(serve_websocket(echo)) as client:
        received = read_to_end(client)
    assert received[0] == 0x80 | PING
    assert close_code(received) == 1011


def test_who_answers_pings_stays(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "PING_INTERVAL", 0.05)
    monkeypatch.setattr(ws, "PING_TIMEOUT", 0.5)
    with join(serve_websocket(echo)) as client:
        with pytest.raises(TimeoutError):
            client.recv(timeout=1.5)
        client.send("toujours là")
        assert client.recv(timeout=10) == "toujours là"


def send_without_reading(client, seconds: float = 10.0) -> bool:
    """Send messages and read nothing; tell whether the server hung up."""
    client.settimeout(seconds)
    message = frame(BINARY, b"x" * LIMIT)
    try:
        for _ in range(2000):
            client.sendall(message)
    except TimeoutError:
        return False
    except OSError:
        return True
    return False


def test_who_reads_nothing_costs_little_and_is_dismissed(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "SENDING", 0.3)
    monkeypatch.setattr(ws, "CLOSING", 0.3)
    server = serve_websocket(echo)
    with open_websocket(server) as client:
        assert send_without_reading(client)
    assert still_serves(server)


def test_who_reads_nothing_is_made_to_wait(server):
    before = memory(server)
    with open_websocket(server) as client:
        assert not send_without_reading(client, seconds=1)
        assert memory(server) - before < 10 * MEGABYTE
        assert still_serves(server)


def test_256_stay_connected_together(server):
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(open_websocket(server)) for _ in range(256)]
        for client in clients:
            client.sendall(frame(TEXT, b"?"))
        assert all(client.recv(10) == b"\x81\x01?" for client in clients)


def test_too_many_are_told_so(serve_websocket, monkeypatch):
    monkeypatch.setattr(ws, "MAX_CONNECTIONS", 3)
    server = serve_websocket(echo)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(open_websocket(server)) for _ in range(3)]
        answer = talk(server, handshake())
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert "complet" in answer.decode()
        clients.pop().close()
        assert eventually(lambda: talk_status(server) == 101)


def talk_status(server: Server) -> int:
    with connect(server) as client:
        client.sendall(handshake())
        return int(client.recv(100).split()[1])


# The end


def test_stopping_says_goodbye(own):
    with join(own) as client:
        threading.Thread(target=own.stop).start()
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=10)
    assert closed.value.rcvd.code == 1001
    assert closed.value.rcvd.reason == "Le serveur s'arrête."


def test_a_mistake_of_ours_is_one_line(serve_websocket, capsys):
    async def wrong(connection):
        raise ZeroDivisionError("aïe")

    with open_websocket(serve_websocket(wrong)) as client:
        assert close_code(read_to_end(client)) == 1011
    assert "erreur du serveur : ZeroDivisionError: aïe\n" in capsys.readouterr().err
