"""What every server must stand: a crowd, silence, bad manners, any bytes at all, the end."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

from sandbox import (
    Server,
    server_contact,
    server_http_echo,
    server_http_random,
    server_socket_tcp,
    server_web_site,
    server_ws_chat,
    server_ws_echo,
    start,
)
from sandbox.checking.plays.servers import reset
from sandbox.messagerie.serving import handler_of
from sandbox.running.catalogue import LOOPBACK, SERVERS
from sandbox.server_partage import Drop, DropServer
from sandbox.serving import tcp, ws
from sandbox.serving.http import HTTPHandler
from tests.helpers import (
    HEARS_INTERRUPTS,
    MEGABYTE,
    connect,
    drip,
    eventually,
    frame,
    handshake,
    memory,
    open_websocket,
    read_to_end,
    talk,
    without_date,
)
from tests.servers.conversations import (
    CONVERSATIONS,
    FILE,
    Conversation,
    ask_all_at_once,
    asking,
)
from tests.servers.messaging import demonstration
from tests.terminal import command, environment, run
from tools import ROOT

pytestmark = pytest.mark.slow  # a process for each server, and all that it must stand
CROWD = 256
SILENT = 20
LONG = b"x" * MEGABYTE  # more than any server wants
WEBSOCKETS = {
    "server_ws_echo": (server_ws_echo.echo,),
    "server_ws_chat": (server_ws_chat.chat, server_ws_chat.pages),
}
OTHERS = [name for name in SERVERS if name not in WEBSOCKETS]

Serve = Callable[[str], SimpleNamespace]


def test_every_server_has_its_conversation():
    assert CONVERSATIONS.keys() == SERVERS.keys()


@pytest.fixture(scope="module", params=SERVERS)
def server(request) -> Iterator[Server]:
    with start(request.param, *CONVERSATIONS[request.param].arguments, port=0) as server:
        yield server


@pytest.fixture
def conversation(server) -> Conversation:
    return CONVERSATIONS[server.name]


def check_unharmed(server: Server) -> None:
    """Check that a server still answers well, and has made no mistake."""
    conversation = CONVERSATIONS[server.name]
    (answer,) = ask_all_at_once(server, conversation, range(1))
    assert conversation.is_right(0, answer)
    assert "Traceback" not in server.log()
    assert "erreur du serveur" not in server.log()


def exchange(server: Server, conversation: Conversation, *segments: bytes) -> bytes:
    """Send, close one's side, and return all that is answered: within 10 s, or it is a failure."""
    if conversation.hangs_up:
        return talk(server, *segments, half_close=True)
    # A WebSocket server may cut a bad client off, who then does not know what it was answered.
    with contextlib.suppress(ConnectionError):
        return talk(server, *segments, half_close=True)
    return b""


# Crowds


def test_everybody_is_answered_in_a_crowd(server, conversation):
    """All at once, and silent ones meanwhile."""
    before = memory(server)
    with contextlib.ExitStack() as stack:
        for _ in range(SILENT):
            stack.enter_context(connect(server))
        answers = ask_all_at_once(server, conversation, range(CROWD))
    assert [n for n in range(CROWD) if not conversation.is_right(n, answers[n])] == []
    assert memory(server) - before < 40 * MEGABYTE


# Any bytes at all

GARBAGE = {
    "nothing": b"",
    "an empty line": b"\r\n",
    "a sentence": b"Bonjour, comment allez-vous ?\r\n\r\n",
    "NULs": bytes(100),
    "every byte": bytes(range(256)),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a frame": frame(0x1, b"bonjour"),
    "JSON": b'{"cmd": "list"}',
    "brackets": b"[" * 60_000,
    "a line without an end": LONG,
}


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_answered_or_hung_up_on(server, conversation, sent):
    conversation.check(sent, exchange(server, conversation, sent))
    check_unharmed(server)


@pytest.mark.parametrize("server", WEBSOCKETS, indirect=True)
def test_what_follows_a_request_and_is_no_frame_is_hung_up_on(server):
    sent = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + frame(0x1, b"", fin=0xF0)
    for _ in range(20):
        with contextlib.suppress(ConnectionError):
            assert talk(server, sent) == b""
    check_unharmed(server)


def survives(server: Server, examples: int) -> None:
    """Check that whatever is sent gets a well-formed answer, in bounded time and memory."""
    conversation = CONVERSATIONS[server.name]

    @settings(max_examples=examples, deadline=None, derandomize=True)
    @given(conversation.noise)
    def send(segments: list[bytes]) -> None:
        conversation.check(b"".join(segments), exchange(server, conversation, *segments))

    before = memory(server)
    send()
    assert memory(server) - before < 20 * MEGABYTE
    check_unharmed(server)


def test_any_bytes_are_survived(server):
    survives(server, examples=200)


@pytest.mark.soak
def test_any_bytes_are_survived_for_long(server):
    survives(server, examples=20_000)


# Bad manners


def test_a_client_that_leaves_harms_nobody(server, conversation):
    """It leaves by a reset, at any moment, its answer unread."""
    said = conversation.say(1)
    for sent in (b"", said[: len(said) // 2], said, said + LONG, LONG):
        with connect(server) as client:
            with contextlib.suppress(ConnectionError):  # refused already, and cut off
                client.sendall(sent)
            reset(client)
    check_unharmed(server)


def test_a_client_that_closes_its_side_hears_the_end(server, conversation):
    said = conversation.say(2)
    conversation.check(said[:5], exchange(server, conversation, said[:5]))
    answer = exchange(server, conversation, said)
    assert conversation.is_right(2, answer) or not conversation.hangs_up
    check_unharmed(server)


def test_a_message_may_come_byte_by_byte(server, conversation):
    with connect(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for byte in conversation.say(3):
            client.sendall(bytes([byte]))
        answer = b""
        while piece := client.recv(65536):
            answer += piece
            if not conversation.hangs_up and conversation.is_right(3, answer):
                break
    assert conversation.is_right(3, answer)


# Limits, made small: in this very process


@pytest.fixture
def here(serve, serve_websocket, tmp_path, monkeypatch) -> Iterator[Serve]:
    """Serve in this process what a server serves; give host and port."""
    # What is logged once the test is over would be printed among the results.
    for module in (server_contact, server_socket_tcp, ws):
        monkeypatch.setattr(module, "log", lambda *words: None)
    book = server_contact.ContactBook(server_contact.BOOK.all())
    monkeypatch.setattr(server_contact, "BOOK", book)
    with contextlib.ExitStack() as stack:

        def run_here(name: str) -> SimpleNamespace:
            if name in WEBSOCKETS:
                return serve_websocket(*WEBSOCKETS[name])
            if name == "server_partage":
                return serve(Drop(FILE, FILE.name), DropServer)
            if name == "server_messagerie":
                return serve(handler_of(stack.enter_context(demonstration(tmp_path))))
            return serve(HANDLERS[name])

        yield run_here


HANDLERS = {
    "server_socket_tcp": server_socket_tcp.MessageHandler,
    "server_contact": server_contact.ContactHandler,
    "server_web_site": server_web_site.SiteHandler,
    "server_http_random": server_http_random.RandomHandler,
    "server_http_echo": server_http_echo.EchoHandler,
}


@pytest.fixture
def hasty(here, monkeypatch) -> Serve:
    """The same, with little patience."""
    monkeypatch.setattr(server_socket_tcp, "BEGIN_SECONDS", 0.2)
    monkeypatch.setattr(server_socket_tcp, "DEADLINE_SECONDS", 0.3)
    monkeypatch.setattr(server_contact, "BEGIN_SECONDS", 0.2)
    monkeypatch.setattr(server_contact, "DEADLINE_SECONDS", 0.3)
    monkeypatch.setattr(HTTPHandler, "head_seconds", 0.2)
    monkeypatch.setattr(ws, "OPENING_SECONDS", 0.2)
    return here


def says(answer: bytes, expected: bytes) -> bool:
    return expected in answer if expected else answer == b""


@pytest.mark.parametrize("name", SERVERS)
def test_silence_is_not_awaited_for_ever(hasty, name):
    with connect(hasty(name)) as client:
        assert says(read_to_end(client), CONVERSATIONS[name].to_silence)


@pytest.mark.parametrize("name", SERVERS)
def test_the_rest_of_a_message_is_not_awaited_for_ever(hasty, name):
    server = hasty(name)
    for beginning in CONVERSATIONS[name].unfinished:
        with connect(server) as client, contextlib.suppress(ConnectionResetError):
            client.sendall(beginning)
            assert says(read_to_end(client), CONVERSATIONS[name].gives_up)


@pytest.mark.parametrize("name", SERVERS)
def test_dripping_does_not_prolong_patience(hasty, name):
    """A byte now and then restarts a socket's time-out: it must not restart ours."""
    with connect(hasty(name)) as client:
        client.sendall(CONVERSATIONS[name].unfinished[-1])
        assert says(drip(client), CONVERSATIONS[name].gives_up)


@pytest.mark.parametrize("name", OTHERS)
def test_one_client_too_many_waits_for_its_turn(here, monkeypatch, name):
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 3)
    server, conversation = here(name), CONVERSATIONS[name]
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connect(server)) for _ in range(3)]
        late = stack.enter_context(connect(server))
        late.sendall(conversation.say(4))
        late.settimeout(0.3)
        with pytest.raises(TimeoutError):
            late.recv(1)
        silent.pop().close()
        late.settimeout(10)
        assert conversation.is_right(4, read_to_end(late))


@pytest.mark.parametrize("name", WEBSOCKETS)
def test_one_client_too_many_is_told_so(here, monkeypatch, name):
    monkeypatch.setattr(ws, "MAX_CONNECTIONS", 3)
    server = here(name)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(open_websocket(server)) for _ in range(3)]
        answer = talk(server, handshake())
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert "complet" in answer.decode()
        clients.pop().close()
        assert eventually(lambda: shaking_hands(server) == 101)


def shaking_hands(server: SimpleNamespace) -> int:
    with connect(server) as client:
        client.sendall(handshake())
        return int(client.recv(100).split()[1])


# What HTTP servers share

TARGETS = {
    "server_http_random": ("/api/random/int?seed=1", "/", "/openapi.json", "/rien"),
    "server_web_site": (
        *("/", "/nulle-part", "/journal.txt", "/ancienne-page", "/bonjour"),
        "/telechargements/carte.bin",
    ),
    "server_http_echo": ("/get", "/stream/3", "/bytes/9?seed=1", "/nulle-part"),
    "server_messagerie": ("/", "/openapi.json", "/api/users", "/rien"),
    "server_partage": ("/", f"/{FILE.name}", "/rien"),
}
HTTP = pytest.mark.parametrize("server", TARGETS, indirect=True)


@HTTP
def test_a_connection_serves_many_requests(server):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
    sockets = set()
    for target in TARGETS[server.name]:
        connection.request("GET", target)
        connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1
    assert None not in sockets


@HTTP
def test_head_has_the_headers_of_get_and_no_body(server):
    for target in TARGETS[server.name]:
        head, _, body = talk(server, asking(target)).partition(b"\r\n\r\n")
        alone = talk(server, asking(target, method="HEAD"))
        assert without_date(alone) == without_date(head) + b"\r\n\r\n"
        if b"Transfer-Encoding" not in head:
            assert b"\r\nContent-Length: %d" % len(body) in head
        assert body


# The beginning and the end


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_says_that_its_port_is_taken(name):
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        result = run(name, "--port", str(port))
    assert result.returncode not in (0, 2)
    assert f"le port {port} est déjà pris par un autre programme" in result.stderr
    assert "doctor" in result.stderr
    assert "Traceback" not in result.stderr


SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.mark.parametrize("sent", SIGNALS, ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise on Windows")
def test_a_server_stops_at_once_when_asked_to(name, sent):
    """Whoever is still there: clients who say nothing, and one in the middle of a message."""
    server = subprocess.Popen(
        command(name, "--port", "0"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **HEARS_INTERRUPTS,
    )
    try:
        ready = server.stdout.readline()
        assert ready.startswith(f"{name} listening on {LOOPBACK}:")
        address = LOOPBACK, int(ready.rpartition(":")[2])
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(socket.create_connection(address)) for _ in range(3)]
            clients[0].sendall(CONVERSATIONS[name].unfinished[0])
            server.send_signal(sent)
            _, said = server.communicate(timeout=10)
    finally:
        server.kill()  # where it has not heard
    assert said.splitlines()[-1] == f"{name} : arrêt demandé."
    assert "Traceback" not in said
    assert server.returncode == 0
