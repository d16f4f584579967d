"""Servers that play a part: what they tell of it."""

import socket
import threading

import pytest

from sandbox.checking.plays.servers import reset
from sandbox.serving.scripted import ScriptedServer
from tests.helpers import connect, eventually, read_to_end, talk


def in_capitals(connection: socket.socket) -> None:
    connection.sendall(connection.recv(100).upper())


def test_each_client_has_its_part_played():
    with ScriptedServer(in_capitals) as server:
        assert talk(server, b"un") == b"UN"
        with connect(server) as dreamer:
            assert talk(server, b"deux") == b"DEUX"
            dreamer.sendall(b"trois")
            assert read_to_end(dreamer) == b"TROIS"
        assert server.connections == 3
        assert server.errors == []
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_a_mistake_in_the_part_is_kept():
    def play(connection: socket.socket) -> None:
        raise ZeroDivisionError

    with ScriptedServer(play) as server:
        assert talk(server) == b""
        assert eventually(lambda: server.errors)
    assert [type(error) for error in server.errors] == [ZeroDivisionError]


@pytest.mark.parametrize("leave", [reset, socket.socket.close])
def test_a_client_that_leaves_is_no_mistake(leave):
    ended = threading.Event()

    def play(connection: socket.socket) -> None:
        try:
            while connection.recv(100):
                pass
            connection.sendall(b"adieu")
        finally:
            ended.set()

    with ScriptedServer(play) as server:
        client = connect(server)
        client.sendall(b"un")
        leave(client)
        assert ended.wait(10)
        assert server.errors == []


def test_a_silent_client_is_not_awaited_for_ever():
    with ScriptedServer(in_capitals, timeout=0.1) as server, connect(server) as client:
        assert read_to_end(client) == b""
        assert server.errors == []


def test_stopping_hangs_up_on_everybody():
    server = ScriptedServer(in_capitals)
    with connect(server) as client:
        assert eventually(lambda: server.connections == 1)
        server.stop()
        assert read_to_end(client) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(server)


def test_it_does_not_show_what_varies():
    with ScriptedServer(in_capitals) as server:
        assert repr(server) == "<serveur d'essai>"
