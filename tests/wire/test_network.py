"""The bad network: what it does to the bytes, the same at each run."""

import contextlib
import itertools
import math
import re
import socket
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import BadNetwork, wiretap
from sandbox.serving.scripted import ScriptedServer
from sandbox.wire import network as network_module
from sandbox.wire.network import Way
from sandbox.wire.recording import DIRECTIONS, TO_CLIENT, TO_SERVER
from sandbox.wire.unread import TABLE, is_unread
from tests.helpers import connect, eventually, read_to_end, talk

SAID = bytes(range(100))


def echo(connection: socket.socket) -> None:
    """Answer what was said, once it has been said."""
    connection.sendall(read_to_end(connection))


def received(client: socket.socket) -> list[bytes]:
    """Return what each ``recv`` returns, until the other side closes."""
    return list(iter(lambda: client.recv(1000), b""))


def pass_all(network: BadNetwork, *segments: bytes, connection=1, direction=TO_CLIENT) -> list:
    """Return the pieces in which segments pass."""
    way = Way(network, connection, direction)
    return [piece for segment in segments for piece in way.pieces(segment)]


def cuts(pieces: list) -> list[int]:
    return [piece.cut for piece in pieces if piece.cut is not None]


# Decided by the place of the bytes


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1), st.integers(1, 20), st.integers())
def test_segments_of_the_sender_change_nothing(segments, fragment, seed):
    network = BadNetwork(fragment=fragment, corrupt=0.3, drop_after=70, seed=seed)
    whole = pass_all(network, b"".join(segments))
    parted = pass_all(network, *segments)
    assert cuts(parted) == cuts(whole)
    passed, passed_whole = (b"".join(piece.data for piece in all_) for all_ in (parted, whole))
    assert passed[:70] == passed_whole


@pytest.mark.parametrize(
    "other",
    [{"connection": 2}, {"direction": TO_SERVER}, {"network": BadNetwork(fragment=6, seed=2)}],
    ids=["connection", "direction", "seed"],
)
def test_what_decides_the_cuts(other):
    network = BadNetwork(fragment=6, seed=1)
    cut = cuts(pass_all(network, SAID))
    assert cuts(pass_all(network, SAID)) == cut
    assert cuts(pass_all(other.pop("network", network), SAID, **other)) != cut


def test_one_option_does_not_change_what_another_decides():
    with_all = BadNetwork(fragment=6, corrupt=0.5, jitter=1, delay=1, bandwidth=100, seed=3)
    assert cuts(pass_all(with_all, SAID)) == cuts(pass_all(BadNetwork(fragment=6, seed=3), SAID))


@given(st.integers(1, 30), st.integers(0, 1000))
def test_pieces_have_the_sizes_that_were_asked(fragment, seed):
    pieces = pass_all(BadNetwork(fragment=fragment, seed=seed), SAID * 5)
    sizes = [len(piece.data) for piece in pieces]
    assert sum(sizes) == 500
    assert max(sizes) <= fragment
    assert min(sizes) >= 1


# Each option, through the relay, each way


@pytest.mark.parametrize("direction", [*DIRECTIONS, None])
@pytest.mark.slow
def test_fragments_arrive_apart(direction):
    network = BadNetwork(fragment=12, direction=direction, seed=1)
    heard = []

    def play(connection):
        heard.extend(received(connection))
        connection.sendall(SAID)

    with (
        ScriptedServer(play) as server,
        wiretap(server, network=network) as tap,
        connect(tap) as client,
    ):
        client.sendall(SAID[:50])
        client.sendall(SAID[50:])
        client.shutdown(socket.SHUT_WR)
        got = received(client)
    for way, pieces in ((TO_SERVER, heard), (TO_CLIENT, got)):
        assert b"".join(pieces) == SAID
        ends = list(itertools.accumulate(map(len, pieces)))[:-1]
        if direction in (way, None):
            assert ends == [c for c in tap.connections[0].cuts[way] if c < 100]
            assert len(ends) > 8
        elif way == TO_CLIENT:
            assert ends == []
    assert "morceaux" in str(tap)


@pytest.mark.skipif(not TABLE.exists(), reason="only Linux knows what has been read")
def test_fragments_arrive_apart_at_a_slow_reader(monkeypatch):
    monkeypatch.setattr(network_module, "PAUSE", 0.001)
    slow = BadNetwork(fragment=30, direction=TO_CLIENT)
    with (
        ScriptedServer(lambda connection: connection.sendall(SAID)) as server,
        wiretap(server, network=slow) as tap,
        connect(tap) as client,
    ):
        got = []
        while not got or got[-1]:
            time.sleep(0.05)
            got.append(client.recv(1000))
    ends = list(itertools.accumulate(map(len, got)))
    assert ends[:-2] == [cut for cut in tap.connections[0].cuts[TO_CLIENT] if cut < len(SAID)]


@pytest.mark.skipif(not TABLE.exists(), reason="only Linux knows what has been read")
def test_what_is_unread():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = socket.create_connection(listener.getsockname())
        there, _ = listener.accept()
        with here, there:
            assert not is_unread(here)
            here.sendall(b"ab")
            assert eventually(lambda: is_unread(here))
            assert not is_unread(there)
            there.recv(1)
            assert is_unread(here)
            there.recv(1)
            assert not is_unread(here)


def test_segments_of_a_server_are_put_together_before_they_are_cut():
    def play(connection):
        connection.recv(1)
        for byte in SAID:
            connection.sendall(bytes([byte]))

    network = BadNetwork(fragment=40, direction=TO_CLIENT)
    with (
        ScriptedServer(play) as server,
        wiretap(server, network=network) as tap,
        connect(tap) as client,
    ):
        client.sendall(b"?")
        got = received(client)
    assert list(itertools.accumulate(map(len, got)))[:-1] == tap.connections[0].cuts[TO_CLIENT]
    assert b"".join(got) == SAID


@pytest.mark.parametrize("size", [0, 1, 40])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_drop_after(direction, size):
    network = BadNetwork(drop_after=size, direction=direction)
    heard = []

    def play(connection):
        try:
            heard.append(connection.recv(1000))
            connection.sendall(SAID)
            heard.append(connection.recv(1000))
        except ConnectionError as error:
            heard.append(type(error))

    with ScriptedServer(play) as server, wiretap(server, network=network) as tap:
        with connect(tap) as client:
            client.sendall(SAID)
            with pytest.raises(ConnectionResetError):
                client.recv(1000, socket.MSG_WAITALL) and client.recv(1)
            assert eventually(lambda: ConnectionResetError in heard)
        passed = [e.data for e in tap.exchanges if e.direction == direction]
        assert b"".join(passed) == SAID[:size]
        assert passed == ([SAID[:size]] if size else [])
        told = f"coupe la connexion après {size} octet{'s'[: size > 1]}"
        assert told in str(tap)
        assert told in tap._repr_html_()


@pytest.mark.parametrize("size", [0, 40])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_stall(direction, size):
    network = BadNetwork(stall=size, direction=direction)
    with ScriptedServer(echo) as server, wiretap(server, network=network) as tap:
        with connect(tap) as client:
            client.sendall(SAID)
            client.shutdown(socket.SHUT_WR)
            client.settimeout(0.3)
            heard = SAID[:size] if direction == TO_CLIENT else b""
            assert not heard or client.recv(size, socket.MSG_WAITALL) == heard
            with pytest.raises(TimeoutError):
                client.recv(1)
        assert f"le réseau se tait après {size} octet" in str(tap)
    assert tap.connections[0].ended.wait(5)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_corrupt_changes_every_byte_that_it_says(direction):
    network = BadNetwork(corrupt=1, direction=direction, seed=4)
    with ScriptedServer(echo) as server, wiretap(server, network=network) as tap:
        got = talk(tap, SAID, half_close=True)
    assert len(got) == len(SAID)
    assert all(a != b for a, b in zip(got, SAID, strict=True))
    recorded = {e.direction: e.data for e in tap.exchanges}
    assert recorded[TO_CLIENT] == got
    assert (recorded[TO_SERVER] == SAID) == (direction == TO_CLIENT)


def test_corrupt_never_replaces_a_byte_by_itself():
    (piece,) = pass_all(BadNetwork(corrupt=1), bytes(5000))
    assert 0 not in piece.data


def test_corrupt_changes_some_bytes():
    got = b"".join(piece.data for piece in pass_all(BadNetwork(corrupt=0.1), bytes(10_000)))
    assert 500 < sum(map(bool, got)) < 1500


@pytest.mark.parametrize(
    ("network", "least", "most"),
    [
        (BadNetwork(), 0, 0),
        (BadNetwork(delay=2), 2, 2),
        (BadNetwork(jitter=2), 0, 2),
        (BadNetwork(delay=1, jitter=2), 1, 3),
        (BadNetwork(bandwidth=50), 2, 2),
        (BadNetwork(delay=1, bandwidth=50), 3, 3),
    ],
)
def test_what_each_piece_waits(network, least, most):
    waits = [piece.wait for piece in pass_all(network, *[SAID] * 20)]
    assert all(least <= wait <= most for wait in waits)
    assert (len(set(waits)) > 10) == (network.jitter > 0)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_delay_is_waited_for(direction):
    network = BadNetwork(delay=0.2, direction=direction)
    with ScriptedServer(echo) as server, wiretap(server, network=network) as tap:
        start = time.monotonic()
        assert talk(tap, SAID, half_close=True) == SAID
        assert time.monotonic() - start >= 0.2
    assert "morceaux" not in str(tap)


def test_what_a_client_did_not_wait_for_is_recorded_all_the_same():
    left = threading.Event()

    def play(connection):
        connection.sendall(SAID[:50])
        left.wait(5)
        for piece in (SAID[50:60], SAID[60:]):
            connection.sendall(piece)
            time.sleep(0.06)

    network = BadNetwork(fragment=5, direction=TO_CLIENT)
    with ScriptedServer(play) as server, wiretap(server, network=network) as tap:
        with connect(tap) as client:
            client.recv(1)
        left.set()
        assert tap.connections[0].ended.wait(5)
    assert [e.data for e in tap.exchanges] == [SAID]
    assert [(e.kind, e.direction) for e in tap.connections[0].events if e.kind != "data"] == [
        ("opened", TO_SERVER),
        ("closed", TO_SERVER),
        ("closed", TO_CLIENT),
    ]


def test_a_network_for_each_way():
    networks = [
        BadNetwork(corrupt=1, direction=TO_SERVER),
        BadNetwork(stall=5, direction=TO_CLIENT),
    ]
    with (
        ScriptedServer(echo) as server,
        wiretap(server, network=networks) as tap,
        connect(tap) as client,
    ):
        client.sendall(SAID)
        client.shutdown(socket.SHUT_WR)
        got = client.recv(5, socket.MSG_WAITALL)
    assert all(a != b for a, b in zip(got, SAID, strict=False))


def test_stop_does_not_wait_for_a_slow_network():
    network = BadNetwork(delay=3600)
    with ScriptedServer(echo) as server:
        tap = wiretap(server, network=network)
        with connect(tap) as client:
            client.sendall(SAID)
            assert [e.data for e in tap.exchanges] == [SAID]
            tap.stop()
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(1) == b""


# Refused


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fragment": 0}, "fragment vaut au moins 1, et voici 0."),
        ({"fragment": -3}, "fragment vaut au moins 1, et voici -3."),
        ({"fragment": 2.5}, "fragment est un nombre entier d'octets, et voici 2.5."),
        ({"stall": 0.5}, "stall est un nombre entier d'octets, et voici 0.5."),
        ({"drop_after": "10"}, "drop_after est un nombre entier d'octets, et voici '10'."),
        ({"delay": "1"}, "delay est un nombre, et voici '1'."),
        ({"delay": None}, "delay est un nombre, et voici None."),
        ({"delay": -1}, "delay vaut au moins 0, et voici -1."),
        ({"delay": math.nan}, "delay vaut au moins 0, et voici nan."),
        ({"delay": math.inf}, "delay est un nombre fini, et voici inf."),
        ({"jitter": -0.1}, "jitter vaut au moins 0, et voici -0.1."),
        ({"stall": -1}, "stall vaut au moins 0, et voici -1."),
        ({"drop_after": -1}, "drop_after vaut au moins 0, et voici -1."),
        ({"corrupt": -0.1}, "corrupt vaut au moins 0, et voici -0.1."),
        ({"corrupt": 1.1}, "corrupt est une probabilité, de 0 à 1, et voici 1.1."),
        ({"bandwidth": 0}, "bandwidth est un débit positif, et voici 0."),
        ({"bandwidth": math.nan}, "bandwidth est un débit positif, et voici nan."),
        ({"bandwidth": None}, "bandwidth est un nombre, et voici None."),
        ({"direction": "client"}, "direction vaut 'client→server' ou 'server→client', et voici"),
    ],
)
def test_bad_values_are_refused_in_french(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        BadNetwork(**options)


@pytest.mark.parametrize("first", [None, TO_CLIENT])
def test_two_networks_for_one_way_are_refused(first):
    networks = [BadNetwork(direction=first), BadNetwork(direction=TO_CLIENT)]
    with pytest.raises(ValueError, match="Deux réseaux se disputent le sens server→client"):
        wiretap("127.0.0.1:3000", network=networks)
