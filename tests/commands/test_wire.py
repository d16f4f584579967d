"""``python -m sandbox wire``, as a student runs it: what passes is printed, message by message."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import click
import pytest
import requests

from sandbox import start, wiretap
from sandbox.commands import wire
from sandbox.serving.scripted import ScriptedServer
from sandbox.wire.recording import TO_CLIENT, TO_SERVER
from tests.helpers import HEARS_INTERRUPTS, connect, eventually, read_to_end, recorded, talk

COMMAND = [sys.executable, "-m", "sandbox", "wire"]


class Running:
    """The command, running, and what it has printed."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **HEARS_INTERRUPTS,
        )
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        assert eventually(lambda: self.lines), "nothing printed"
        self.port = int(re.search(r"navigateur : http://127\.0\.0\.1:(\d+)", self.lines[0])[1])
        self.host = "127.0.0.1"

    def _read(self) -> None:
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def prints(self, words: str) -> bool:
        return eventually(lambda: words in self.text)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)


@pytest.fixture
def run() -> Iterator:
    running = []

    def run(*arguments: str) -> Running:
        running.append(Running(*arguments))
        return running[-1]

    yield run
    for each in running:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for another process")
def test_requests_pass_before_the_eyes(run):
    with start("server_http_echo", port=0) as server:
        relay = run("--to", f"{server.host}:{server.port}")
        assert f"Le relais mène à {server.host}:{server.port}." in relay.lines[0]
        with requests.Session() as session:
            assert session.get(f"http://127.0.0.1:{relay.port}/get?x=1").ok
            assert relay.prints("GET /get?x=1 HTTP/1.1")
            assert relay.prints("HTTP/1.1 200 OK")
            assert "ferme la connexion" not in relay.text
            assert session.post(f"http://127.0.0.1:{relay.port}/post", json=[1]).ok
            assert relay.prints("POST /post HTTP/1.1")
        assert relay.prints("ferme aussi")
        assert talk(relay, b"HEAD / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.")
        assert relay.prints("  2 ── HEAD / HTTP/1.0")
        assert relay.stop() == 0
    assert eventually(lambda: relay.lines[-1] == "Arrêt. 2 connexions, 6 messages.")
    assert "\x1b" not in relay.text
    assert (relay.text.count("GET /get?"), relay.text.count("POST /post")) == (1, 1)
    assert "encore ouverte" not in relay.text


def test_messages_and_not_chunks(run):
    with ScriptedServer(lambda connection: connection.sendall(read_to_end(connection))) as server:
        relay = run("--to", server.url, "--decode", "bytes")
        with connect(relay) as client:
            for byte in b"abc":
                client.sendall(bytes([byte]))
            client.shutdown(1)
            assert read_to_end(client) == b"abc"
        assert relay.prints("ferme aussi")
        assert "61 62 63" in relay.text
        assert relay.text.count("3 octets") == 2


def test_what_nothing_ends_is_printed_when_it_is_quiet(run):
    with ScriptedServer(read_to_end) as server:
        relay = run("--to", server.url)
        with connect(relay) as client:
            client.sendall(b"il y a quelqu'un ?")
            assert relay.prints("il y a quelqu'un ?")


def called(*arguments: str) -> SimpleNamespace:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=20, check=False
    )


@pytest.mark.parametrize("to", ["", "3000", ":3000", "127.0.0.1:x", "127.0.0.1:99999"])
def test_a_bad_address_is_an_error_in_french(to, capsys):
    assert wire.main(to, host="127.0.0.1", port=0, decode=None) == 2
    said = capsys.readouterr()
    assert f"--to attend une adresse, comme 127.0.0.1:5003, et voici « {to} »." in said.err
    assert said.out == ""


def test_a_taken_port_is_an_error_in_french():
    with wiretap("127.0.0.1:3000") as tap:
        said = called("--to", "127.0.0.1:3000", "--port", str(tap.port))
    assert said.returncode == 1
    assert said.stdout == ""
    assert f"Impossible d'écouter sur 127.0.0.1:{tap.port}" in said.stderr
    assert "--port 0 en prend un libre" in said.stderr


@pytest.mark.parametrize("host", ["nulle.part.invalid", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_an_error(host, capsys):
    assert wire.main("127.0.0.1:3000", host=host, port=0, decode=None) == 1
    assert f"Impossible d'écouter sur {host}:0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--to attend une adresse"),
        (("--to", "127.0.0.1:1", "--decode", "xml"), "Je ne comprends pas"),
        (("--to", "127.0.0.1:1", "--port", "-1"), "Un port est un nombre de 0 à 65535, pas -1."),
    ],
)
def test_bad_options_are_refused(arguments, words):
    said = called(*arguments)
    assert said.returncode == 2
    assert words in said.stderr


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """The lines that this very process prints."""
    lines = []
    monkeypatch.setattr(click, "echo", lines.append)
    return lines


def test_a_turn_is_printed_when_the_other_side_speaks(printed):
    connection = recorded((">", b"un"))
    follower = wire.Follower(connection, None)
    for more, count in ((b" deux", 1), (b" trois", 1)):
        assert not follower.look()
        assert len(printed) == count  # « ouvre la connexion »
        connection.keep(TO_SERVER, memoryview(more))
    connection.keep(TO_CLIENT, memoryview(b"quatre"))
    follower.look()
    assert "texte, 13 octets" in printed[1]
    assert len(printed) == 3


def test_a_message_that_says_its_size_is_printed_when_it_is_whole(printed, monkeypatch):
    monkeypatch.setattr(wire, "QUIET", -1)  # whatever the silence
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"
    connection = recorded((">", request[:30]))
    follower = wire.Follower(connection, None)
    for part in (request[30:-1], request[-1:]):
        assert not follower.look()
        assert len(printed) == 1
        connection.keep(TO_SERVER, memoryview(part))
    follower.look()
    assert "POST / HTTP/1.1" in printed[1]
    assert follower.messages == 1


def test_ways_have_their_colours(printed):
    with (
        ScriptedServer(lambda connection: connection.sendall(read_to_end(connection))) as server,
        wiretap(server) as tap,
    ):
        talk(tap, b"ab", half_close=True)
        assert tap.exchanges
        follower = wire.Follower(tap.connections[0], None)
        assert follower.look()
    assert sum("\x1b[36m" in line for line in printed) == 2  # what the client says, and its arrow
    assert sum("\x1b[33m" in line for line in printed) == 2
    assert follower.messages == 2


def test_connections_that_have_been_shown_make_room():
    with ScriptedServer(read_to_end) as server, wiretap(server, limit=10) as tap:
        for _ in range(5):
            with connect(tap) as client:
                client.sendall(bytes(5))
            assert tap.exchanges
            tap.forget(tap.connections[0])
        assert not tap.full
        assert (tap.connections, tap.opened, tap.limits) == ([], 5, [])
