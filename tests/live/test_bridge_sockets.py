"""Socket.IO on the Python side of live pages, in an ordinary Python."""

import pytest
from bridge import calls

from tests.live.bridging import HELLO, demo_files, run

pytestmark = pytest.mark.usefixtures("packets")


@pytest.fixture
def chat(packets):
    """Run demo6; return a function that sends a visitor's event."""
    assert run(demo_files("demo6"))["failure"] is None
    for name in ("alice", "bob"):
        assert calls.socket_open("one", name, name, "/socket.io/?EIO=4&transport=websocket") == ""
        calls.socket_receive(name, "40")
    return lambda name, packet: calls.socket_receive(name, packet)


def said(packets, name: str) -> list[str]:
    return [packet for socket, packet in packets if socket == name and packet.startswith("42")]


def test_two_visitors_chat(chat, packets):
    chat("alice", '42["receive_msg",{"user_name":"Alice","message":"salut"}]')
    for name in ("alice", "bob"):
        assert any("salut" in packet for packet in said(packets, name))


def test_a_room_is_private(chat, packets):
    chat("alice", '42["receive_msg",{"user_name":"Alice","message":"secret","room":"cuisine"}]')
    assert any("secret" in packet for packet in said(packets, "alice"))
    assert not any("secret" in packet for packet in said(packets, "bob"))


def test_leaving_is_told_to_the_others(chat, packets):
    chat("alice", '42["enter",{"user_name":"Alice"}]')
    packets.clear()
    calls.socket_close("alice")
    assert any("departure" in packet for packet in said(packets, "bob"))


def test_an_application_without_socket_io_says_so():
    run(HELLO)
    assert calls.socket_open("one", "alice", "s", "/socket.io/") != ""
