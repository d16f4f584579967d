"""The WebSocket echo: messages of all kinds, crowds, clients who misbehave."""

import contextlib
import threading
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed

from sandbox import Server, server_ws_echo, start
from sandbox.serving import ws
from tests.helpers import (
    MEGABYTE,
    close_code,
    eventually,
    frame,
    join,
    memory,
    open_websocket,
    read_to_end,
    send_without_reading,
    still_echoes,
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


def test_an_enormous_length_takes_no_memory(server):
    before = memory(server)
    for _ in range(50):
        with open_websocket(server) as client:
            client.sendall(b"\x82\xff" + (1 << 40).to_bytes(8, "big") + bytes(4) + b"x" * 1000)
            read_to_end(client)
    assert memory(server) - before < 10 * MEGABYTE


# Clients who misbehave


@pytest.mark.slow
def test_who_reads_nothing_is_made_to_wait(server):
    before = memory(server)
    with open_websocket(server) as client:
        assert not send_without_reading(client, seconds=1)
        assert memory(server) - before < 10 * MEGABYTE
        assert still_echoes(server)


def test_256_stay_connected_together(server):
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(open_websocket(server)) for _ in range(256)]
        for client in clients:
            client.sendall(frame(TEXT, b"?"))
        assert all(client.recv(10) == b"\x81\x01?" for client in clients)


# The end


def test_stopping_says_goodbye(own):
    with join(own) as client:
        threading.Thread(target=own.stop).start()
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=10)
    assert closed.value.rcvd.code == 1001
    assert closed.value.rcvd.reason == "Le serveur s'arrête."


def test_stopping_does_not_wait_for_the_silent(own):
    with open_websocket(own), open_websocket(own):
        own.stop()
    assert own.log().splitlines()[-1] == "server_ws_echo : arrêt demandé."
