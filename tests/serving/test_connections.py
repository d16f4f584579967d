"""So many connections at once, and no more: none is turned away, none is lost."""

import socket
import threading

import pytest

from sandbox.running.catalogue import LOOPBACK
from sandbox.server_socket_tcp import MessageHandler
from sandbox.serving import tcp
from tests.servers.conversations import CONVERSATIONS, CROWD_SECONDS, ask_all_at_once


def test_more_clients_than_threads_take_turns(serve, monkeypatch):
    """Those beyond the limit wait in the kernel's queue; none is turned away."""
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 10)
    at_once = Counted()
    ten = threading.Barrier(10, timeout=CROWD_SECONDS)

    class Handler(MessageHandler):
        def handle(self) -> None:
            with at_once:
                ten.wait()
                super().handle()

    conversation = CONVERSATIONS["server_socket_tcp"]
    answers = ask_all_at_once(serve(Handler), conversation, range(50))
    assert all(conversation.is_right(n, answer) for n, answer in enumerate(answers))
    assert at_once.most == 10


class Counted:
    """Counts the threads inside a ``with`` block."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0

    def __enter__(self) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *exc_info: object) -> None:
        with self.lock:
            self.now -= 1


def test_control_c_is_not_lost_when_a_connection_has_just_been_served(monkeypatch):
    """It may fall anywhere in `process_request`: once the thread has given its slot back, say."""

    def serve_then_interrupt(server, request, client_address):
        server.process_request_thread(request, client_address)
        raise KeyboardInterrupt

    monkeypatch.setattr("socketserver.ThreadingMixIn.process_request", serve_then_interrupt)
    monkeypatch.setattr(tcp.TCPServer, "finish_request", lambda *_: None)
    with tcp.TCPServer((LOOPBACK, 0), MessageHandler) as server:
        ours, theirs = socket.socketpair()
        theirs.close()
        with pytest.raises(KeyboardInterrupt):
            server.process_request(ours, (LOOPBACK, 1))


def test_a_connection_that_gets_no_thread_gives_its_slot_back(monkeypatch):
    def fail(server, request, client_address):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 1)
    monkeypatch.setattr("socketserver.ThreadingMixIn.process_request", fail)
    with tcp.TCPServer((LOOPBACK, 0), MessageHandler) as server:
        with pytest.raises(RuntimeError):
            server.process_request(None, (LOOPBACK, 1))
        assert server.slots.acquire(blocking=False)
