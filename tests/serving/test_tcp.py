"""The TCP server: its end, its log, and what it says when it cannot listen."""

import argparse
import errno
import socket
import socketserver
import threading
import time

import pytest

from sandbox.checking.plays.servers import reset
from sandbox.running.catalogue import LOOPBACK
from sandbox.serving.tcp import (
    TCPServer,
    close_gently,
    explain_bind_error,
    log,
    option_parser,
    port_number,
)
from tests.helpers import MEGABYTE, breakable, connect, eventually, talk


class Refuses(socketserver.BaseRequestHandler):
    """Answers without reading what it is told."""

    def handle(self) -> None:
        self.request.sendall(b"non merci")


def test_an_answer_is_not_lost_with_what_was_not_read(serve):
    """Closing while bytes wait unread resets the connection: the answer could be lost."""
    assert talk(serve(Refuses), b"a" * MEGABYTE) == b"non merci"


@pytest.mark.parametrize("close", [socket.socket.close, reset], ids=["closed", "reset"])
def test_closing_gently_harms_nobody_when_the_client_has_left(close):
    ours, theirs = socket.socketpair()
    close(theirs)
    close_gently(ours)
    assert ours.fileno() == -1


def test_closing_gently_does_not_wait_for_ever():
    ours, theirs = socket.socketpair()
    begun = time.monotonic()
    with theirs:
        close_gently(ours, 0.1)
    assert ours.fileno() == -1
    assert 0.1 <= time.monotonic() - begun < 5


def test_a_mistake_is_one_line_and_others_are_served(serve, capsys):
    class Clumsy(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if self.request.recv(10) == b"1":
                raise ZeroDivisionError
            self.request.sendall(b"bien")

    server = serve(Clumsy)
    assert talk(server, b"1") == b""
    assert talk(server, b"2") == b"bien"
    assert capsys.readouterr().err == "127.0.0.1 connexion interrompue (ZeroDivisionError)\n"


def test_a_server_that_stops_waits_for_no_client():
    class Slow(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            ended.wait(10)

    ended = threading.Event()
    with TCPServer((LOOPBACK, 0), Slow) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        with socket.create_connection(server.server_address):
            begun = time.monotonic()
            server.shutdown()
            server.server_close()
            assert time.monotonic() - begun < 5
    ended.set()


def test_lines_of_the_log_do_not_mix(capsys):
    threads = [threading.Thread(target=log, args=(f"{n}", "a" * 200)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = capsys.readouterr().err.splitlines()
    assert sorted(lines) == sorted(f"{n} {'a' * 200}" for n in range(50))


def test_a_port_held_by_another_is_said():
    said = breakable(explain_bind_error("server", LOOPBACK, 3000, OSError(errno.EADDRINUSE, "…")))
    assert said == (
        "server : le port 3000 est déjà pris par un autre programme. Choisissez-en un autre "
        "(--port 3001), ou n'importe lequel (--port 0) ; « python -m sandbox doctor » dit qui "
        "tient ce port."
    )


def test_an_address_that_is_not_ours_is_said():
    said = breakable(explain_bind_error("server", "192.0.2.1", 1, OSError("non")))
    assert said == "server : impossible d'écouter sur 192.0.2.1:1 (non)."


def test_options_have_the_values_of_the_catalogue():
    chosen = option_parser("server_contact").parse_args([])
    assert (chosen.host, chosen.port) == (LOOPBACK, 3001)


@pytest.mark.parametrize("text", ["0", "65535"])
def test_a_port(text):
    assert port_number(text) == int(text)


@pytest.mark.parametrize("text", ["-1", "65536", "a", "1.5", ""])
def test_what_is_no_port(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"un port est un nombre de 0 à 65535"):
        port_number(text)


def test_a_thousand_connections_one_after_another(serve):
    """Each gives its place back."""
    server = serve(Refuses)
    for _ in range(1000):
        with connect(server) as client:
            assert client.recv(3) == b"non"
    assert eventually(lambda: threading.active_count() < 50)
