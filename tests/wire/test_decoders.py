"""What is made of the bytes: HTTP, WebSocket, Socket.IO, TLS, JSON, text, and what is none."""

import gzip
import json
import ssl
import zlib

import h11
import pytest
import socketio
import trustme
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    Pong,
    Request,
    TextMessage,
)
from wsproto.extensions import PerMessageDeflate

from sandbox import wiretap
from sandbox.serving.scripted import ScriptedServer
from sandbox.wire.conversation import conversation
from sandbox.wire.http import MAX_INFLATED
from sandbox.wire.message import MAX_BODY, Message
from sandbox.wire.plain import caption_of
from sandbox.wire.recording import TO_CLIENT, TO_SERVER
from tests.helpers import connect, recorded

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SWITCHING = "HTTP/1.1 101"


def messages(*happened, decode=None) -> list[Message]:
    items = conversation(recorded(*happened), decode).items
    return [item for item in items if isinstance(item, Message)]


def captions(*happened, decode=None) -> list[str]:
    return [caption_of(message) for message in messages(*happened, decode=decode)]


def remarks(*happened) -> list[str]:
    return [item.text for item in conversation(recorded(*happened)).items if item.direction is None]


# What is no protocol


@pytest.mark.parametrize(
    ("data", "decode", "caption", "body"),
    [
        (b"Bonjour\n", None, "texte, 8 octets", "Bonjour⏎"),
        (b"a\r\nb", None, "texte, 4 octets", "a\\r⏎\nb"),
        (b"a", None, "texte, 1 octet", "a"),
        (b'{"a": [1, "\xc3\xa9"]}', None, "JSON, 16 octets", '{"a": [1, "é"]}'),
        (b'{"a": 1', None, "texte, 7 octets", '{"a": 1'),
        (b'"\\ud800"', None, "texte, 8 octets", '"\\ud800"'),
        (b'["\\ud800"]', None, "JSON, 10 octets", '["\\ud800"]'),
        (b"[" * 2000 + b"]" * 2000, None, "texte, 4000 octets", "[" * 2000 + "]" * 2000),
        (b"\x00caf\xe9", None, "5 octets", "00 63 61 66 e9           .caf."),
        (b"\x1b[2J", None, "4 octets", "1b 5b 32 4a              .[2J"),
        (b"\x1b[2J", "text", "texte, 4 octets", "\\x1b[2J"),
        (b"\xff", "text", "texte, 1 octet", "�"),
        (b"ab", "bytes", "2 octets", "61 62                    ab"),
        (GET[:9], None, "texte, 9 octets", "GET /a HT"),
    ],
)
def test_without_a_protocol(data, decode, caption, body):
    (message,) = messages((">", data), decode=decode)
    assert caption_of(message) == caption
    assert message.body == body


def test_json_is_laid_out():
    value = {"name": "Zoé", "numbers": list(range(40))}
    (message,) = messages((">", json.dumps(value).encode()))
    assert json.loads(message.body) == value
    assert message.body.startswith('{\n  "name": "Zoé"')


def test_a_turn_lasts_until_the_other_side_speaks():
    said = captions((">", b"un"), (">", b"deux"), ("<", b"trois"), (">", b"quatre"))
    assert said == ["texte, 6 octets", "texte, 5 octets", "texte, 6 octets"]


@pytest.mark.parametrize("data", [b"a" * 50_000, b"\x00" * 50_000, b"[" + b"1," * 20_000 + b"1]"])
def test_what_is_long_is_cut_and_said(data):
    (message,) = messages((">", data))
    assert len(message.body) <= 3 * MAX_BODY
    assert "de plus" in message.body


# HTTP


def test_requests_and_answers_of_one_connection():
    said = messages((">", GET), ("<", OK), (">", GET.replace(b"/a", b"/b")), ("<", OK))
    assert [each.title for each in said] == [
        "GET /a HTTP/1.1", "HTTP/1.1 200 OK", "GET /b HTTP/1.1", "HTTP/1.1 200 OK",
    ]  # fmt: skip
    assert said[1].fields == [("Content-Length", "2")]
    assert said[1].body == "ok"


def test_chunks_do_not_matter():
    whole = captions((">", GET + GET), ("<", OK + OK))
    bytewise = [(">", bytes([byte])) for byte in GET + GET]
    bytewise += [("<", bytes([byte])) for byte in OK + OK]
    assert captions(*bytewise) == whole
    assert whole == ["GET /a HTTP/1.1"] * 2 + ["HTTP/1.1 200 OK"] * 2


def answer(head: bytes, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body


def compressed(encoding: bytes, body: bytes) -> bytes:
    return answer(b"200 OK\nContent-Encoding: %s\nContent-Length: %d" % (encoding, len(body)), body)


@pytest.mark.parametrize(
    ("request_", "answers", "drawn"),
    [
        (GET, answer(b"200 OK\nTransfer-Encoding: chunked", b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
         [("HTTP/1.1 200 OK", "abcde")]),
        (b"HEAD" + GET[3:], answer(b"200 OK\nContent-Length: 99"), [("HTTP/1.1 200 OK", "")]),
        (GET, answer(b"204 No Content"), [("HTTP/1.1 204 No Content", "")]),
        (GET, answer(b"304 Not Modified\nContent-Length: 9"), [("HTTP/1.1 304 Not Modified", "")]),
        (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
         answer(b"100 Continue") + OK, [("HTTP/1.1 100 Continue", ""), ("HTTP/1.1 200 OK", "ok")]),
        (GET, answer(b"103 Early Hints") + OK,
         [("HTTP/1.1 103 Early Hints", ""), ("HTTP/1.1 200 OK", "ok")]),
        (GET, compressed(b"gzip", gzip.compress(b"abc")),
         [("HTTP/1.1 200 OK, gzip, décompressé", "abc")]),
        (GET, compressed(b"deflate", zlib.compress(b"abc")),
         [("HTTP/1.1 200 OK, deflate, décompressé", "abc")]),
    ],
    ids=["chunked", "HEAD", "204", "304", "100", "103", "gzip", "deflate"],
)  # fmt: skip
def test_answers_of_all_sorts(request_, answers, drawn):
    said = messages((">", request_), ("<", answers), (">", GET), ("<", OK))
    assert [(caption_of(each), each.body) for each in said[1:-2]] == drawn
    assert [each.title for each in said[-2:]] == ["GET /a HTTP/1.1", "HTTP/1.1 200 OK"]


def test_a_body_that_the_close_ends():
    start = (">", GET), ("<", b"HTTP/1.0 200 OK\r\n\r\nla fin")
    assert captions(*start)[1] == "HTTP/1.0 200 OK, incomplet"
    said = messages(*start, ("<", "closed"))
    assert (caption_of(said[1]), said[1].body) == ("HTTP/1.0 200 OK", "la fin")


def test_a_bomb_is_inflated_a_little_only():
    bomb = zlib.compress(bytes(20_000_000))
    said = messages((">", GET), ("<", compressed(b"deflate", bomb)))
    assert f"et {MAX_INFLATED - MAX_BODY // 8} de plus" in said[1].body


@pytest.mark.parametrize("size", range(1, len(OK)))
def test_an_answer_cut_in_the_middle(size):
    said = messages((">", GET), ("<", OK[:size]), ("<", "cut"))
    assert said[0].title == "GET /a HTTP/1.1"
    assert caption_of(said[1]).endswith("incomplet")
    shown = said[1].title + said[1].body + "".join(map(str, said[1].fields))
    assert OK[:size].decode().split("\r")[0] in shown.replace("\\r", "\r")


@pytest.mark.parametrize("size", range(len(GET) - 8, len(GET)))
def test_a_request_cut_in_the_middle(size):
    assert captions((">", GET[:size]), (">", "closed")) == [f"texte, {size} octets, incomplet"]


@pytest.mark.parametrize(
    "happened",
    [
        [(">", b"GET / HTTP/1.1\r\nno colon\r\n\r\n"), ("<", b"quoi ?")],
        [(">", GET), ("<", b"Vous m'avez dit\n"), ("<", "closed")],
        [(">", GET), ("<", b"Vous m'avez dit\n")],
    ],
    ids=["request", "answer", "answer, still open"],
)
def test_what_begins_like_http_and_is_not(happened):
    assert captions(*happened)[1].startswith("texte, ")
    assert any("HTTP/1.1 correct" in text for text in remarks(*happened))


def test_what_ceases_to_be_http():
    happened = (">", GET), ("<", OK), (">", b"zut\r\n\r\n"), ("<", OK)
    assert captions(*happened) == [
        "GET /a HTTP/1.1", "HTTP/1.1 200 OK", "texte, 7 octets", "HTTP/1.1 200 OK",
    ]  # fmt: skip
    assert "la suite est du texte : ce que dit le client n'est pas" in remarks(*happened)[0]


def test_a_protocol_proposed_and_not_taken():
    upgrade = GET[:-2] + b"Upgrade: h2c\r\nConnection: upgrade\r\n\r\n"
    assert captions((">", upgrade), ("<", OK), (">", GET), ("<", OK))[2:] == [
        "GET /a HTTP/1.1", "HTTP/1.1 200 OK",
    ]  # fmt: skip


def test_a_protocol_proposed_and_taken():
    upgrade = GET[:-2] + b"Upgrade: h2c\r\nConnection: upgrade\r\n\r\n"
    switch = answer(b"101 Switching Protocols\nUpgrade: h2c\nConnection: upgrade")
    happened = (">", upgrade), ("<", switch + b"\x00\x01"), (">", b"PRI")
    assert captions(*happened)[2:] == ["2 octets", "texte, 3 octets"]
    assert remarks(*happened)[0] == "la suite n'est plus du HTTP"


def test_pieces_of_a_bad_network():
    connection = recorded((">", "été\n".encode()), ("<", b"abcd"))
    connection.cuts[TO_SERVER] = [1, 2, 6, 9]
    connection.cuts[TO_CLIENT] = [4]
    first, second = (i for i in conversation(connection).items if isinstance(i, Message))
    assert caption_of(first) == "texte, 6 octets, en 3 morceaux"
    assert first.pieces == ["\\xc3", "\\xa9", "té\\n"]
    assert (caption_of(second), second.pieces) == ("texte, 4 octets", [])


def test_many_messages_are_read_in_a_time_that_grows_with_their_number(monkeypatch):
    fed = []
    receive = h11.Connection.receive_data
    monkeypatch.setattr(
        "h11.Connection.receive_data",
        lambda self, data: (fed.append(len(data)), receive(self, data)),
    )
    assert len(messages((">", GET * 1000), ("<", OK * 1000))) == 2000
    assert 0 < sum(fed) < 2000 * 20_000


# WebSocket and Socket.IO


class Talk:
    """A WebSocket client and server of wsproto, and the bytes that they exchange."""

    def __init__(self, target: str = "/ws", *, deflate: bool = False) -> None:
        extensions = [[PerMessageDeflate()] if deflate else [] for _ in range(2)]
        self.ends = {
            ">": WSConnection(ConnectionType.CLIENT),
            "<": WSConnection(ConnectionType.SERVER),
        }
        self.happened: list[tuple[str, bytes | str]] = []
        self.say(">", Request(host="x", target=target, extensions=extensions[0]))
        self.say("<", AcceptConnection(extensions=extensions[1]))

    def say(self, who: str, event) -> None:
        self.happened.append((who, self.ends[who].send(event)))
        other = self.ends["<" if who == ">" else ">"]
        other.receive_data(self.happened[-1][1])
        list(other.events())

    def drawn(self) -> list[tuple[str, str]]:
        """Return captions and bodies of what followed the handshake."""
        return [(caption_of(each), each.body) for each in messages(*self.happened)[2:]]


@pytest.mark.parametrize("deflate", [False, True], ids=["plain", "deflate"])
def test_frames(deflate):
    talk = Talk(deflate=deflate)
    talk.say(">", TextMessage("été " * 5))
    talk.say("<", BytesMessage(b"\x00\x01"))
    talk.say(">", TextMessage("en deux ", message_finished=False))
    talk.say(">", TextMessage("fois"))
    talk.say("<", Ping(b"?"))
    talk.say(">", Pong(b"?"))
    talk.say("<", CloseConnection(1001, "bonne nuit"))
    drawn = [(caption.split(",")[0], body) for caption, body in talk.drawn()]
    assert [caption for caption, _ in drawn] == [
        f"WebSocket : {name}"
        for name in ("texte (0x1)", "binaire (0x2)", "texte (0x1)", "suite (0x0)", "ping (0x9)",
                     "pong (0xa)", "fermeture (0x8)")
    ]  # fmt: skip
    bodies = [body for _, body in drawn]
    assert bodies[0] == "été " * 5
    assert bodies[1].startswith("00 01 ")
    assert bodies[2] + bodies[3] == "en deux fois"
    assert bodies[4:] == ["?", "?", "1001 bonne nuit"]
    captions_ = [caption for caption, _ in talk.drawn()]
    assert "à suivre (FIN = 0)" in captions_[2]
    assert ", masqué" in captions_[0]
    assert ", non masqué" in captions_[1]


def test_a_handshake_is_drawn_as_http():
    said = messages(*Talk("/salon").happened)
    assert said[0].title == "GET /salon HTTP/1.1"
    assert said[1].title.startswith(SWITCHING)


def test_a_frame_of_many_bytes_and_one_cut():
    talk = Talk()
    talk.say("<", BytesMessage(bytes(70_000)))
    assert talk.drawn()[0][0] == "WebSocket : binaire (0x2), 70010 octets, non masqué"
    talk.happened[-1] = ("<", talk.happened[-1][1][:100])
    assert talk.drawn()[0][0] == "100 octets, début de trame, incomplet"


def test_of_a_frame_only_the_number_of_pieces_is_drawn():
    talk = Talk()
    talk.say(">", TextMessage("bonjour"))
    connection = recorded(*talk.happened)
    connection.cuts[TO_SERVER] = [len(talk.happened[0][1]) + 5]
    frame = conversation(connection).items[-2]
    assert "en 2 morceaux" in caption_of(frame)
    assert frame.pieces == []


def test_what_is_no_frame():
    talk = Talk()
    talk.happened += [("<", b"\x81\x02ok"), ("<", b"\xff\xff\xff"), (">", b"\x81\x02ok")]
    drawn = talk.drawn()
    assert drawn[0] == ("WebSocket : texte (0x1), 4 octets, non masqué", "ok")
    assert "pas une trame WebSocket" in drawn[1][0]
    assert "pas une trame WebSocket" in drawn[2][0]  # a client has to mask


SOCKET_IO = [
    ('0{"sid": "abc", "upgrades": []}', 'Engine.IO OPEN {"sid": "abc", "upgrades": []}'),
    ("2", "Engine.IO PING"),
    ("2probe", 'Engine.IO PING "probe"'),
    ("6", "Engine.IO NOOP"),
    ("4" + socketio.packet.Packet(socketio.packet.CONNECT).encode(), "Socket.IO CONNECT"),
    ("4" + socketio.packet.Packet(socketio.packet.EVENT, ["dire", {"mot": "é"}]).encode(),
     'Socket.IO EVENT ["dire", {"mot": "é"}]'),
    ("4" + socketio.packet.Packet(socketio.packet.EVENT, ["dire"], "/salon", 7).encode(),
     'Socket.IO EVENT /salon n° 7 ["dire"]'),
    ("4" + socketio.packet.Packet(socketio.packet.ACK, ["lu"], id=7).encode(),
     'Socket.IO ACK n° 7 ["lu"]'),
    ("bAAEC", "Engine.IO MESSAGE, 3 octets en base64"),
    ("ok", "ok"),
    ("", ""),
    ("4" + "[" * 5000, "4" + "[" * 5000),
    ('42["\\ud800"]', 'Socket.IO EVENT ["\\ud800"]'),
    ("4\x1b[2J", "4\\x1b[2J"),
]  # fmt: skip


@pytest.mark.parametrize(("packet", "drawn"), SOCKET_IO)
def test_packets_over_a_websocket(packet, drawn):
    talk = Talk("/socket.io/?EIO=4&transport=websocket")
    talk.say("<", TextMessage(packet))
    assert [body for _, body in talk.drawn()] == [drawn]


def test_packets_over_http():
    packets, drawn = zip(*SOCKET_IO[:9] * 3, strict=True)
    body = "\x1e".join(packets).encode()
    asked = GET.replace(b"/a", b"/socket.io/?transport=polling&EIO=4&t=1700.5")
    said = messages((">", asked), ("<", answer(b"200 OK\nContent-Length: %d" % len(body), body)))
    assert said[1].body.split("\n") == list(drawn)
    assert caption_of(said[0]).endswith("EIO=4&t=⟨heure⟩ HTTP/1.1")


# TLS


def test_tls_is_said_to_be_opaque(monkeypatch):
    authority = trustme.CA()
    ours, theirs = (ssl.create_default_context(side) for side in
                    (ssl.Purpose.CLIENT_AUTH, ssl.Purpose.SERVER_AUTH))  # fmt: skip
    authority.issue_cert("localhost").configure_cert(ours)
    authority.configure_trust(theirs)

    def play(connection):
        with ours.wrap_socket(connection, server_side=True) as secure:
            secure.sendall(secure.recv(100))

    with ScriptedServer(play) as server, wiretap(server) as tap:
        with theirs.wrap_socket(connect(tap), server_hostname="localhost") as client:
            client.sendall(b"le secret")
            assert client.recv(100) == b"le secret"
        drawn = str(tap)
    assert "TLS : ClientHello" in drawn
    assert "TLS : ServerHello" in drawn
    assert "la suite est chiffrée dans les deux sens" in drawn
    assert "secret" not in drawn
    assert b"secret" not in b"".join(e.data for e in tap.exchanges)


@pytest.mark.parametrize(
    ("happened", "drawn"),
    [
        ([], []),
        (
            [(">", b"\x16\x03\x01\x00"), ("<", b"\x15\x03\x01")],
            ["TLS : ClientHello", "TLS : alerte"],
        ),
        ([(">", b"\x16\x03\x01\x00"), ("<", b"220 ")], ["TLS : ClientHello", "TLS : ?"]),
    ],
    ids=["nothing", "refused", "not TLS"],
)
def test_tls_that_does_not_begin(happened, drawn):
    assert captions(*happened, decode="tls") == drawn
