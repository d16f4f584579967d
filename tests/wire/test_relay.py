"""The relay: what passes is what was sent, and nothing is left behind."""

import contextlib
import io
import json
import socket
import threading
import time

import dpkt
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import wiretap
from sandbox.checking.plays.servers import reset
from sandbox.serving.scripted import ScriptedServer
from sandbox.wire import relay
from sandbox.wire.recording import TO_CLIENT, TO_SERVER
from tests.helpers import MEGABYTE, connect, eventually, read_to_end, recorded, talk


def echo(connection: socket.socket) -> None:
    while data := connection.recv(65536):
        connection.sendall(data)


def echo_nothing(connection: socket.socket) -> None:
    read_to_end(connection)


def shout(connection: socket.socket) -> None:
    """Say a lot, whoever listens."""
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(bytes(65536))


@pytest.fixture
def tapped():
    """Serve a play behind a relay; give the relay."""
    with contextlib.ExitStack() as stack:

        def run(play, **options):
            server = stack.enter_context(ScriptedServer(play))
            return stack.enter_context(wiretap(server, **options))

        yield run


def kinds(connection) -> list[tuple[str, str]]:
    """Return what happened on a connection, apart from data."""
    return [(e.kind, e.direction) for e in connection.events if e.kind != "data"]


# True


def test_each_turn_is_an_exchange(tapped):
    tap = tapped(echo)
    with connect(tap) as client:
        for word in (b"un", b"\x00\xff", "été\n".encode()):
            client.sendall(word)
            assert client.recv(100) == word
    assert [(e.connection, e.direction, e.data) for e in tap.exchanges] == [
        (1, direction, word)
        for word in (b"un", b"\x00\xff", "été\n".encode())
        for direction in (TO_SERVER, TO_CLIENT)
    ]
    assert sorted(tap.exchanges, key=lambda e: e.time) == tap.exchanges
    assert tap.exchanges[0].time >= 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=2000), min_size=1, max_size=8))
@pytest.mark.slow
def test_any_bytes_pass_and_are_recorded(segments):
    sent = b"".join(segments)
    with ScriptedServer(echo) as server, wiretap(server) as tap:
        assert talk(tap, *segments, half_close=True) == sent
        for direction in (TO_SERVER, TO_CLIENT):
            assert b"".join(e.data for e in tap.exchanges if e.direction == direction) == sent
            assert b"".join(e.data for e in tap.chunks if e.direction == direction) == sent


def test_what_was_sent_is_recorded_even_if_nobody_answers(tapped):
    tap = tapped(echo_nothing)
    with contextlib.ExitStack() as stack:
        for number in range(1, 50):
            stack.enter_context(connect(tap)).sendall(b"alors ?")
            assert [e.data for e in tap.exchanges] == [b"alors ?"] * number


@pytest.mark.slow
def test_a_client_that_does_not_wait_is_heard():
    heard = []
    with ScriptedServer(lambda connection: heard.append(read_to_end(connection))) as server:
        for number in range(1, 20):
            with wiretap(server) as tap, connect(tap) as client:
                client.sendall(b"bonsoir")
            assert [e.data for e in tap.exchanges] == [b"bonsoir"]
            assert eventually(lambda number=number: len(heard) == number)
    assert set(heard) == {b"bonsoir"}


def test_half_close_passes(tapped):
    tap = tapped(lambda connection: connection.sendall(read_to_end(connection).upper()))
    assert talk(tap, b"et fin", half_close=True) == b"ET FIN"
    assert kinds(tap.connections[0]) == [
        ("opened", TO_SERVER),
        ("closed", TO_SERVER),
        ("closed", TO_CLIENT),
    ]


def test_who_closes_first_is_said(tapped):
    tap = tapped(lambda connection: connection.sendall(b"adieu"))
    for _ in range(10):
        talk(tap)
    assert tap.exchanges
    assert {tuple(kinds(c)[1:]) for c in tap.connections} == {
        (("closed", TO_CLIENT), ("closed", TO_SERVER))
    }


def ask_and_leave(tap) -> None:
    """Read an answer and close first."""
    with connect(tap) as client:
        client.sendall(b"bonjour")
        client.recv(10)


def test_a_server_slow_to_close_is_waited_for(tapped):
    """As on a busy machine: a drawing without its last line would differ from run to run."""

    def linger(connection):
        echo(connection)
        time.sleep(0.7)

    tap = tapped(linger)
    ask_and_leave(tap)
    assert "ferme aussi" in str(tap)


@pytest.mark.slow
def test_a_server_that_never_closes_is_drawn_as_it_is(tapped):
    over = threading.Event()

    def stay(connection):
        echo(connection)
        over.wait(30)

    tap = tapped(stay)
    ask_and_leave(tap)
    first, second = str(tap), str(tap)
    over.set()
    assert "ferme la connexion" in first
    assert "ferme aussi" not in first
    assert second == first


def test_a_reset_by_the_server_is_one_for_the_client(tapped):
    def slam(connection):
        connection.recv(10)
        reset(connection)

    tap = tapped(slam)
    with connect(tap) as client:
        client.sendall(b"bonjour")
        with pytest.raises(ConnectionResetError):
            client.recv(10)
    assert kinds(tap.connections[0]) == [("opened", TO_SERVER), ("reset", TO_CLIENT)]
    assert "coupe net (RST)" in str(tap)


def test_a_refusal_is_said():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with wiretap(nobody.getsockname()) as tap:
            # The reset may come before connect() has returned.
            with pytest.raises(ConnectionResetError), connect(tap) as client:
                client.recv(10)
            assert kinds(tap.connections[0]) == [("opened", TO_SERVER), ("refused", TO_CLIENT)]


@pytest.mark.parametrize("leave", [socket.socket.close, reset], ids=["close", "reset"])
def test_a_client_that_leaves_in_the_middle_frees_the_server(tapped, leave):
    tap = tapped(shout)
    client = connect(tap)
    client.recv(10)
    leave(client)
    assert tap.connections[0].ended.wait(10)
    assert sorted(kinds(tap.connections[0])[1:]) == [("closed", TO_SERVER), ("closed", TO_CLIENT)]


def test_a_server_that_leaves_frees_the_client(tapped):
    tap = tapped(lambda connection: None)
    with connect(tap) as client, contextlib.suppress(ConnectionError):
        for _ in range(1000):
            client.sendall(bytes(65536))
        pytest.fail("the client still writes to nobody")
    assert tap.connections[0].ended.wait(10)


# Many, and bounded


def test_256_connections_at_once(tapped):
    tap = tapped(echo)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connect(tap)) for _ in range(256)]
        for number, client in enumerate(clients):
            client.sendall(b"%d" % number)
        for number, client in enumerate(clients):
            assert client.recv(10) == b"%d" % number
    assert {len(c.exchanges()) for c in tap.connections} == {2}
    assert len(tap.connections) == 256
    assert not tap.full


def test_connections_beyond_are_served_counted_and_not_kept(tapped, monkeypatch):
    monkeypatch.setattr(relay, "MAX_CONNECTIONS", 3)
    tap = tapped(echo)
    for _ in range(5):
        assert talk(tap, b"moi", half_close=True) == b"moi"
    assert len(tap.connections) == 3
    assert tap.full
    for drawn in (str(tap), tap._repr_html_()):
        assert "2 autres connexions" in drawn
        assert "octets : " not in drawn


def test_recording_stops_at_its_limit_and_says_so(tapped):
    tap = tapped(echo, limit=1000)
    with connect(tap) as client:
        for _ in range(30):
            client.sendall(bytes(50))
            assert client.recv(50, socket.MSG_WAITALL) == bytes(50)
    assert sum(len(e.data) for e in tap.exchanges) == 1000
    assert all(chunk.data for chunk in tap.chunks)
    assert tap.full
    for drawn in (str(tap), tap._repr_html_()):
        assert "enregistrement arrêté à 1000 octets : 2000 autres sont passés" in drawn


def test_much_passes_in_little_memory(tapped):
    def swallow(connection):
        size = 0
        while data := connection.recv(MEGABYTE):
            size += len(data)
        connection.sendall(str(size).encode())

    tap = tapped(swallow)
    before = psutil.Process().memory_info().rss
    with connect(tap) as client:
        block = bytes(MEGABYTE)
        for _ in range(128):
            client.sendall(block)
        client.shutdown(socket.SHUT_WR)
        assert int(read_to_end(client)) == 128 * MEGABYTE
    assert psutil.Process().memory_info().rss - before < 32 * MEGABYTE
    assert len(str(tap)) < 10_000
    assert len(tap._repr_html_()) < 100_000


# Nothing left


def test_stop_leaves_no_thread_and_no_socket():
    process = psutil.Process()
    with ScriptedServer(echo) as server:
        threads, files = set(threading.enumerate()), process.num_fds()
        tap = wiretap(server)
        clients = [connect(tap) for _ in range(20)]
        for client in clients[:10]:
            client.sendall(b"?")
            assert client.recv(1) == b"?"
        tap.stop()
        tap.stop()
        for client in clients:
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(1) == b""
            client.close()
        assert eventually(lambda: set(threading.enumerate()) <= threads)
        assert eventually(lambda: process.num_fds() <= files)
    with pytest.raises(ConnectionRefusedError):
        connect(tap)


def test_stop_while_the_server_is_being_called(monkeypatch):
    called, answered = threading.Event(), threading.Event()
    here, there = socket.socketpair()

    def call(*_, **__):
        called.set()
        answered.wait(5)
        return there

    with here, ScriptedServer(echo) as server, wiretap(server) as tap, socket.socket() as client:
        monkeypatch.setattr(socket, "create_connection", call)
        client.connect((tap.host, tap.port))
        assert called.wait(5)
        tap.stop()
        answered.set()
        assert tap.connections[0].ended.wait(5)
        assert there.fileno() < 0


# Where


@pytest.mark.parametrize(
    "form",
    [
        lambda server: server,
        lambda server: server.url,
        lambda server: f"{server.host}:{server.port}",
        lambda server: (server.host, server.port),
        lambda server: (server.host, str(server.port)),
    ],
    ids=["server", "URL", "host:port", "pair", "port in characters"],
)
def test_forms_of_an_address(form):
    with ScriptedServer(echo) as server, wiretap(form(server)) as tap:
        assert talk(tap, b"oui", half_close=True) == b"oui"
        assert tap.url == f"http://{tap.host}:{tap.port}"


@pytest.mark.parametrize(
    "server",
    [
        None, 3000, "", "127.0.0.1", ":3000", "127.0.0.1:port", "127.0.0.1:99999", "ftp://x",
        ("127.0.0.1",), ("", 3000), (None, 3000), ("127.0.0.1", 0), ("127.0.0.1", 65536),
        ("a" * 70, 80), "http://[::1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(server):
    with pytest.raises(ValueError, match="wiretap attend un serveur rendu par start"):
        wiretap(server)


def test_what_is_no_decoder_is_refused():
    with pytest.raises(ValueError, match="decode vaut text, json, bytes, http, tls, ou None"):
        wiretap("127.0.0.1:3000", decode="xml")


def test_a_taken_port_is_an_error():
    with wiretap("127.0.0.1:3000") as tap, pytest.raises(OSError, match="in use"):
        wiretap("127.0.0.1:3000", port=tap.port)


# In files


def test_json_says_what_passed(tapped, tmp_path):
    tap = tapped(echo)
    talk(tap, b"\x00\xff", half_close=True)
    written = json.loads(tap.to_json(tmp_path / "wire.json"))
    assert written == json.loads((tmp_path / "wire.json").read_text())
    assert written["server"] == "serveur"
    assert [e["direction"] for e in written["exchanges"]] == [TO_SERVER, TO_CLIENT]
    assert {e["data"] for e in written["exchanges"]} == {"AP8="}


def streams(capture: bytes) -> dict[tuple[int, int], bytes]:
    """Put the TCP segments of a capture together, by their sequence numbers."""
    found, following = {}, {}
    for _, packet in dpkt.pcap.Reader(io.BytesIO(capture)):
        ip = dpkt.ip.IP(packet)
        assert ip.len == len(packet)
        tcp, way = ip.data, (ip.data.sport, ip.data.dport)
        if tcp.flags & dpkt.tcp.TH_SYN:
            found[way], following[way] = b"", tcp.seq
        assert tcp.seq == following[way]
        found[way] += tcp.data
        flags = tcp.flags & (dpkt.tcp.TH_SYN | dpkt.tcp.TH_FIN)
        following[way] += len(tcp.data) + bool(flags)
        if tcp.flags & dpkt.tcp.TH_ACK:
            assert tcp.ack == following[way[::-1]]
    return found


def test_a_capture_holds_what_passed(tapped, tmp_path):
    tap = tapped(echo)
    said = [b"a" * 5000, bytes(range(256)), b"!"]
    for each in said:
        assert talk(tap, each, half_close=True) == each
    tap.to_pcap(tmp_path / "wire.pcap")
    found = streams((tmp_path / "wire.pcap").read_bytes())
    assert sorted(found.values()) == sorted(said * 2)


@pytest.mark.parametrize("end", ["closed", "reset", "cut", "silenced", "refused"])
def test_a_capture_of_any_end(end):
    from sandbox.wire import pcap

    found = streams(pcap.capture([recorded((">", b"bonjour"), ("<", end))]))
    assert sorted(found.values()) == [b"", b"bonjour"]
