"""The four servers that lesson 09 compares: the same answers, whoever else is there."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from sandbox import Server, start
from sandbox.checking.plays.servers import reset
from tests.helpers import connect, talk

FOLDER = Path(sandbox.__file__).with_name("echo_servers")
ALL = ["one_at_a_time", "threads", "selector", "coroutines"]


def test_all_are_tried():
    assert {path.stem for path in FOLDER.glob("*.py")} == {*ALL, "listening"}


@pytest.fixture(params=ALL)
def server(request) -> Iterator[Server]:
    with start(FOLDER / f"{request.param}.py") as server:
        yield server


@pytest.mark.parametrize(
    ("segments", "answer"),
    [
        ((b"un\n",), b"UN\n"),
        ((b"u", b"n\nde", b"ux\n"), b"UN\nDEUX\n"),
        ((b"\xff\x00\n",), b"\xff\x00\n"),
        ((b"\n\n",), b"\n\n"),
        ((), b""),
    ],
    ids=["a line", "lines cut anywhere", "no text", "empty lines", "nothing"],
)
def test_lines_come_back_in_capitals(server, segments, answer):
    assert talk(server, *segments, half_close=True) == answer


def test_a_client_who_reads_late_gets_everything(server):
    """The system takes only a part of the answers at first."""
    sent = b"a line of forty characters, give or take\n" * 150_000
    with connect(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)  # and no more
        sender = threading.Thread(target=client.sendall, args=(sent,))
        sender.start()
        sender.join(0.5)  # meanwhile, the buffers of both ways fill up
        received = b""
        while len(received) < len(sent):
            received += client.recv(65536)
        sender.join()
    assert received == sent.upper()


def test_a_client_that_leaves_harms_nobody(server):
    for _ in range(3):
        with connect(server) as client:
            client.sendall(b"un\ndeu")
            client.recv(10)
            reset(client)
    assert talk(server, b"un\n", half_close=True) == b"UN\n"
    assert "Traceback" not in server.log()


@pytest.mark.parametrize("name", ALL[1:])
def test_a_client_in_the_middle_of_a_line_keeps_nobody_waiting(name):
    with start(FOLDER / f"{name}.py") as server, connect(server) as dreamer:
        dreamer.sendall(b"je re")
        assert talk(server, b"un\n", half_close=True) == b"UN\n"
        dreamer.sendall(b"viens\n")
        assert dreamer.recv(100) == b"JE REVIENS\n"


def test_one_at_a_time_the_second_waits_for_the_first():
    with start(FOLDER / "one_at_a_time.py") as server, connect(server) as first:
        first.sendall(b"un\n")
        assert first.recv(100) == b"UN\n"
        with connect(server) as second:
            second.sendall(b"deux\n")
            second.settimeout(0.3)
            with pytest.raises(TimeoutError):
                second.recv(100)
            first.close()
            second.settimeout(10)
            assert second.recv(100) == b"DEUX\n"
