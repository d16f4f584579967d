"""For each server, what a good conversation with it is; and what is like one, but may be wrong."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import random
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st

from sandbox import Server, server_socket_tcp
from sandbox.running.catalogue import SERVERS
from tests.helpers import breakable, connect, frame, handshake
from tests.servers import near_json

CROWD_SECONDS = 60  # for a whole crowd, on a busy machine
FILE = SERVERS["server_partage"].path  # given by the file drop, to the room
PICTURE = SERVERS["server_web_site"].path.with_name("web_site") / "www" / "images" / "carte.png"


@dataclass(frozen=True)
class Conversation:
    """How one talks to a server.

    Attributes:
        say: what client `n` says; no two say the same.
        is_right: whether client `n` got its own answer, whole.
        noise: what is like a request, in the segments that are sent.
        check: fails unless a server may answer so, second, to what it has heard, first.
        unfinished: beginnings that let the server expect more.
        gives_up: what is in its answer when no more comes, b"" if it does not answer.
        to_silence: the same when nothing came at all.
        arguments: those that the server is started with, given a folder of the test's.
        hangs_up: whether the server closes once it has answered.
    """

    say: Callable[[int], bytes]
    is_right: Callable[[int, bytes], bool]
    noise: st.SearchStrategy[list[bytes]]
    check: Callable[[bytes, bytes], None]
    unfinished: tuple[bytes, ...]
    gives_up: bytes
    to_silence: bytes
    arguments: tuple[str, ...] = ()
    hangs_up: bool = True

    def is_over(self, n: int, answer: bytes) -> bool:
        """Tell whether client `n` may leave before the server hangs up."""
        return not self.hangs_up and self.is_right(n, answer)


def ask_all_at_once(server: Server, conversation: Conversation, clients: range) -> list[bytes]:
    """Connect everybody, then send every message, then read every answer to its end."""
    deadline = time.monotonic() + CROWD_SECONDS
    answers = [bytearray() for _ in clients]
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        sockets = [stack.enter_context(connect(server)) for _ in clients]
        for client, n, answer in zip(sockets, clients, answers, strict=True):
            client.sendall(conversation.say(n))
            selector.register(client, selectors.EVENT_READ, (n, answer))
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(1):
                n, answer = key.data
                piece = key.fileobj.recv(65536)
                answer.extend(piece)
                if not piece or conversation.is_over(n, bytes(answer)):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()  # the server waits for that, to close gently
        assert not selector.get_map(), f"{len(selector.get_map())} clients were not answered"
    return [bytes(answer) for answer in answers]


def alone(messages: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[bytes]]:
    """Draw a message that leaves in one segment."""
    return messages.map(lambda message: [message])


# TCP


def is_quoted(n: int, answer: bytes) -> bool:
    return answer.decode().startswith(f"Vous m'avez dit « client {n} », soit")


def check_sentence(sent: bytes, answer: bytes) -> None:
    message = sent.partition(b"\n")[0].removesuffix(b"\r")
    text = message.decode(errors="replace")
    if not message:
        assert answer.decode() == "Vous ne m'avez rien dit. Au revoir !"
    elif len(message) > server_socket_tcp.MAX_MESSAGE:
        assert answer.decode().startswith("Votre message est trop long")
    else:
        sentence = f"Vous m'avez dit « {text} », soit {len(message)} octets. Au revoir !"
        assert answer.decode() == sentence


def add_contact(n: int) -> bytes:
    arguments = {"name": f"client {n}", "mail": f"c{n}@exemple.fr"}
    return json.dumps({"cmd": "add", "args": arguments}).encode()


def is_added(n: int, answer: bytes) -> bool:
    content = json.loads(answer)
    return content["status"] and f"client {n} " in breakable(content["msg"])


# HTTP

#: What our servers answer, and nothing else: 5xx would be a mistake of theirs, two apart.
STATUSES = {
    *(200, 201, 204, 206, 301, 302, 304),
    *(400, 401, 403, 404, 405, 411, 413, 414, 415, 416, 422, 429, 431, 501, 505),
}
METHODS = st.sampled_from([b"GET", b"GET", b"GET", b"HEAD", b"POST", b"OPTIONS", b"BREW"])
NAMES = st.sampled_from(
    [b"Range", b"If-Range", b"If-None-Match", b"If-Modified-Since", b"Accept-Encoding",
     b"Accept-Language", b"Connection", b"Expect", b"Content-Type", b"Authorization", b"Origin"]
)  # fmt: skip
VALUES = st.text("bytes=-,;q0.9*WgzipGMT: 2026Sep", max_size=30).map(str.encode)
HEADERS = st.lists(st.tuples(NAMES, VALUES).map(b": ".join), max_size=4)
ODD_HEADERS = st.lists(
    st.binary(max_size=40)
    | st.tuples(NAMES, st.binary(max_size=30)).map(b": ".join)
    | st.sampled_from([b"Host: x", b"Content-Length: 3", b"Transfer-Encoding: chunked"]),
    max_size=5,
)
QUERIES = st.text(max_size=30) | (st.integers(-5, 50) | st.text(max_size=9)).map("n={}".format)
LAST = b"Host: x\r\nConnection: close"  # a request that has it is well-formed, and the last one


def request(method: bytes, target: bytes, headers: list[bytes], body: bytes) -> bytes:
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", *headers, b"", body])


def near_http(*targets: bytes) -> st.SearchStrategy[list[bytes]]:
    """Draw what is more or less a request for one of the `targets`."""
    known = st.sampled_from(targets)
    wanted = known | st.builds(
        lambda path, query: path + b"?" + quote(query, safe="&=").encode(), known, QUERIES
    )
    good = st.builds(
        request, METHODS, wanted, HEADERS.map(lambda headers: [*headers, LAST]), st.just(b"")
    )
    anything = st.binary(max_size=60) | st.binary(max_size=40).map(b"/".__add__)
    odd = st.builds(request, METHODS, wanted | anything, ODD_HEADERS, st.binary(max_size=20))
    return alone(good | odd | st.binary(max_size=300))


class FakeSocket:
    """Bytes already received, as http.client wants them."""

    def __init__(self, received: bytes) -> None:
        self.received = received

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.received)


def read_http(answer: bytes, method: str = "GET") -> tuple[int, bytes]:
    """Return the status and the body of a whole, well-formed response, or fail."""
    response = http.client.HTTPResponse(FakeSocket(answer), method=method)
    response.begin()
    return response.status, response.read()


def check_http(sent: bytes, answer: bytes) -> None:
    if sent or answer:
        method = "HEAD" if sent.startswith(b"HEAD ") else "GET"
        assert read_http(answer, method)[0] in STATUSES, answer[:300]


def asking(target: str, *headers: str, method: str = "GET", body: str = "") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: a", "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def http_conversation(
    say: Callable[[int], bytes],
    expected: Callable[[int], tuple[int, object]],
    *targets: bytes,
    read: Callable[[bytes], object] = lambda body: body,
    arguments: tuple[str, ...] = (),
) -> Conversation:
    """Return a conversation; `expected` is the status for client `n`, and what `read` reads."""

    def is_right(n: int, answer: bytes) -> bool:
        status, body = read_http(answer)
        wanted, content = expected(n)
        return status == wanted and read(body) == content

    return Conversation(
        say,
        is_right,
        near_http(*targets),
        check_http,
        unfinished=(b"Hello", b"GET / HTTP/1.1\r\nHost"),
        gives_up=b"HTTP/1.1 408 ",
        to_silence=b"",
        arguments=arguments,
    )


def numbers_of(seed: int) -> tuple[int, list[int]]:
    generator = random.Random(seed)
    return 200, [generator.randrange(100) for _ in range(50)]


def write_message(n: int) -> bytes:
    token = ("alice", "bob", "chloe", "driss")[n % 4]  # each may write so many in a row
    headers = (f"Authorization: Bearer jeton-{token}", "Content-Type: application/json")
    body = json.dumps({"to": 2, "text": f"client {n}"})
    return asking("/api/messages", *headers, method="POST", body=body)


# WebSocket

OPCODES = st.sampled_from([0x0, 0x1, 0x2, 0x3, 0x8, 0x9, 0xA, 0xF])
FRAMES = st.builds(
    lambda opcode, payload, fin, masked: frame(opcode, payload, fin=fin, masked=masked),
    OPCODES,
    st.binary(max_size=200) | st.sampled_from([b'{"name": "a", "text": "b"}', b"\x03\xe8"]),
    st.sampled_from([0x80, 0x80, 0x00, 0xC0]),
    st.booleans(),
)
NEAR_WEBSOCKET = st.builds(
    lambda path, frames, end: [handshake(path), b"".join(frames) + end],
    st.sampled_from(["/", "/fuzz", "/a/b"]),
    st.lists(FRAMES, max_size=5),
    st.binary(max_size=20),
)


def check_websocket(sent: bytes, answer: bytes) -> None:
    # A client that does not wait to be welcomed gets its pongs first.
    assert not answer or answer.startswith((b"HTTP/1.1 ", b"\x8a"))


def websocket_conversation(
    say: Callable[[int], bytes], is_right: Callable[[int, bytes], bool]
) -> Conversation:
    return Conversation(
        say,
        is_right,
        NEAR_WEBSOCKET | alone(st.binary(max_size=300)) | near_http(b"/", b"/chat.html"),
        check_websocket,
        unfinished=(b"GET / HT", handshake()[:-2]),
        gives_up=b"",
        to_silence=b"",
        hangs_up=False,
    )


def speak(n: int) -> bytes:
    """Say something in a room of one's own."""
    said = json.dumps({"name": "Ada", "text": f"client {n}"})
    return handshake(f"/salon-{n}") + frame(0x1, said.encode())


def is_told(n: int, answer: bytes) -> bool:
    said = json.dumps({"type": "message", "name": "Ada", "text": f"client {n}"})
    return answer.startswith(b"HTTP/1.1 101 ") and answer.endswith(said.encode())


def is_echoed(n: int, answer: bytes) -> bool:
    # A server's frames are not masked.
    echo = frame(0x1, f"client {n}".encode(), masked=False)
    return answer.startswith(b"HTTP/1.1 101 ") and answer.endswith(echo)


CONVERSATIONS = {
    "server_socket_tcp": Conversation(
        lambda n: f"client {n}\n".encode(),
        is_quoted,
        st.lists(st.binary(min_size=1, max_size=2000), max_size=5),
        check_sentence,
        unfinished=(b"Bon",),
        gives_up=b"Vous m'avez dit",
        to_silence=b"Vous ne m'avez rien dit. Au revoir !",
    ),
    "server_contact": Conversation(
        add_contact,
        is_added,
        alone(near_json.ANYTHING),
        lambda sent, answer: near_json.understand(answer),
        unfinished=(b"{", b'{"cmd": "'),
        gives_up=b"Je n'attends que",
        to_silence=b"Je n'attends que",
    ),
    "server_http_random": http_conversation(
        lambda n: asking(f"/api/random/int?n=50&seed={n}"),
        numbers_of,
        *(b"/", b"/openapi.json", b"/api/random/int", b"/api/random/float"),
        read=json.loads,
    ),
    "server_web_site": http_conversation(
        lambda n: asking("/images/carte.png", f"Range: bytes={n}-"),
        lambda n: (206, PICTURE.read_bytes()[n:]),
        *(b"/", b"/bonjour", b"/limite?cle=x", b"/telechargements/carte.bin"),
    ),
    "server_http_echo": http_conversation(
        lambda n: asking(f"/get?client={n}"),
        lambda n: (200, {"client": str(n)}),
        *(b"/get", b"/post", b"/headers", b"/cookies/set", b"/base64/x", b"/bytes/9"),
        read=lambda body: json.loads(body)["args"],
    ),
    "server_messagerie": http_conversation(
        write_message,
        lambda n: (201, f"client {n}"),
        *(b"/", b"/openapi.json", b"/api/messages", b"/api/users/me", b"/static/messagerie.js"),
        read=lambda body: json.loads(body)["text"],
        arguments=("--demonstration",),
    ),
    "server_partage": http_conversation(
        lambda n: asking(f"/{FILE.name}", f"Range: bytes={n}-"),
        lambda n: (206, FILE.read_bytes()[n:]),
        *(b"/", f"/{FILE.name}".encode()),
    ),
    "server_ws_echo": websocket_conversation(
        lambda n: handshake() + frame(0x1, f"client {n}".encode()), is_echoed
    ),
    "server_ws_chat": websocket_conversation(speak, is_told),
}
