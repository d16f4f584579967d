"""Two hundred clients at once, twenty silent ones meanwhile: everybody is answered."""

import json
import selectors
import socket
import threading
import time

import pytest

from sandbox import Server
from sandbox.running.catalogue import LOOPBACK
from sandbox.server_socket_tcp import MessageHandler
from sandbox.serving import tcp
from tests.helpers import MEGABYTE, connect, memory, talk

CROWD = 200
SILENT = 20
SECONDS = 60  # for the whole crowd, on a busy machine


def message_of(name: str, n: int) -> bytes:
    """Return what client `n` says: no two say the same."""
    return {
        "server_socket_tcp": f"client {n}\n",
        "server_contact": json.dumps(
            {"cmd": "add", "args": {"name": f"client {n}", "mail": f"c{n}@exemple.fr"}}
        ),
        "server_http_random": (
            f"GET /api/random/int?n=3&seed={n} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        ),
    }[name].encode()


def is_right(name: str, n: int, answer: bytes) -> bool:
    """Tell whether client `n` got its own answer, whole."""
    if name == "server_socket_tcp":
        return answer.decode().startswith(f"Vous m'avez dit « client {n} », soit")
    if name == "server_contact":
        content = json.loads(answer)
        return content["status"] and f"client {n}" in content["msg"]
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 200 ") and len(json.loads(body)) == 3


def ask_all_at_once(server: Server, messages: list[bytes]) -> list[bytes]:
    """Connect everybody, then send every message, then read every answer to its end."""
    deadline = time.monotonic() + SECONDS
    clients = [connect(server) for _ in messages]
    answers = [bytearray() for _ in messages]
    with selectors.DefaultSelector() as selector:
        for client, message, answer in zip(clients, messages, answers, strict=True):
            client.sendall(message)
            selector.register(client, selectors.EVENT_READ, answer)
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(1):
                if data := key.fileobj.recv(65536):
                    key.data.extend(data)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
        assert not selector.get_map(), f"{len(selector.get_map())} clients were not answered"
    return [bytes(answer) for answer in answers]


@pytest.fixture(params=["server_socket_tcp", "server_contact", "server_http_random"])
def server(request, launch) -> Server:
    return launch(request.param)


@pytest.fixture
def silent(server) -> list[socket.socket]:
    clients = [connect(server) for _ in range(SILENT)]
    yield clients
    for client in clients:
        client.close()


def test_everybody_is_answered(server, silent):
    before = memory(server)
    answers = ask_all_at_once(server, [message_of(server.name, n) for n in range(CROWD)])
    wrong = [n for n, answer in enumerate(answers) if not is_right(server.name, n, answer)]
    assert not wrong
    assert memory(server) - before < 40 * MEGABYTE


def test_two_hundred_contacts_are_kept(launch):
    server = launch("server_contact")
    ask_all_at_once(server, [message_of("server_contact", n) for n in range(CROWD)])
    kept = json.loads(talk(server, b'{"cmd": "list", "args": {}}', half_close=True))["data"]
    assert {f"client {n}": f"c{n}@exemple.fr" for n in range(CROWD)}.items() <= kept.items()


def test_more_clients_than_threads_take_turns(serve, monkeypatch):
    """Those beyond the limit wait in the kernel's queue; none is turned away."""
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 10)
    at_once = Counted()
    ten = threading.Barrier(10, timeout=SECONDS)

    class Handler(MessageHandler):
        def handle(self) -> None:
            with at_once:
                ten.wait()
                super().handle()

    answers = ask_all_at_once(serve(Handler), [b"moi\n"] * 50)
    assert set(answers) == {"Vous m'avez dit « moi », soit 3 octets. Au revoir !".encode()}
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
