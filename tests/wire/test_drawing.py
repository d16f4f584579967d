"""The drawings: the same at each run, whatever passes; well-formed, bounded, and masked."""

import contextlib
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser

import psutil
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandbox import BadNetwork, wiretap
from sandbox.serving.scripted import ScriptedServer
from sandbox.wire import drawing, plain
from sandbox.wire.conversation import Decoder, conversation
from sandbox.wire.masks import mask, mask_field, mask_members
from sandbox.wire.recording import TO_CLIENT, Recording
from tests.helpers import connect, read_to_end, read_until, recorded, talk

DECODERS = [None, *Decoder.__args__]
VOID = {"br", "hr", "img", "input", "meta", "link"}


class Balanced(HTMLParser):
    """Fails on an element that is not closed in its turn; gathers text and elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] != "style":
            self.text += data


def draw(*happened, decode=None, name="serveur") -> tuple[str, str]:
    """Return both drawings of a connection."""
    drawn = [conversation(recorded(*happened), decode)]
    recording = Recording(1000, 1)
    return plain.draw(name, drawn, recording), drawing.draw(name, drawn, recording)


#: Bytes that lead decoders far, then anything.
PROTOCOLS = st.sampled_from(
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //[?EIO=4 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n",
        b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n",
        b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99\r\n\r\n",
        b"\x81\x03", b"\xc1\x03", b"\x16\x03\x01", b"<script>alert('&')</script>", b"[[[", b"42[",
    ]
)  # fmt: skip
ANYTHING = st.lists(st.tuples(st.sampled_from("><"), PROTOCOLS | st.binary(min_size=1)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.sampled_from(DECODERS), st.booleans())
def test_anything_is_drawn(happened, decode, closed):
    ends = [("<", "closed"), (">", "closed")] if closed else []
    text, html = draw(*happened, *ends, decode=decode)
    Balanced(html)
    assert "\x1b" not in text + html
    (text + html).encode()  # could be printed, or written in a page


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
@example("<script>alert('&amp;')</script>")
def test_text_is_drawn_as_it_is(said):
    text, html = draw((">", said.encode()), decode="text")
    page = Balanced(html)
    assert mask(said) in page.text
    assert page.elements <= {"div", "style", "b", "span", "ol", "li", "p", "pre",
                             "details", "summary"}  # fmt: skip
    assert text.startswith("client")


@pytest.mark.parametrize("name", ["<b>", "n" * 100, "'"])
def test_any_name_of_server(name):
    text, html = draw((">", b"?"), name=name)
    assert name in text
    assert name in Balanced(html).text


# Bounded


def test_many_messages_are_folded_then_counted():
    happened = [(who, b"?") for _ in range(3000) for who in "><"]
    text, html = draw(*happened)
    assert "5962 autres" in html  # 6000 turns and two remarks, of which 40 are shown
    assert "… et 5762 autres, non dessinés" in html
    assert len(Balanced(html).text) < 20_000
    assert "… et 5802 autres échanges" in text
    assert html.count("<details") == 1


@pytest.mark.parametrize("number", [1, 6, 7])
def test_many_connections_are_folded(number):
    drawn = [conversation(recorded((">", b"?"))) for _ in range(number)]
    html = drawing.draw("s", drawn, Recording(1000, 1))
    Balanced(html)
    assert html.count("class='wire-connection'") == number
    assert ("1 autres connexions" in html) == (number > 6)
    assert ("connexion 1<" in html) == (number > 1)


def test_what_is_long_is_folded_and_whole():
    said = "\n".join(f"ligne {number}" for number in range(500))
    text, html = draw((">", said.encode()))
    assert "<details><summary>la suite</summary>" in html
    assert "ligne 499" in html
    assert "caractères de plus" in text


def test_nobody():
    with wiretap("127.0.0.1:3000") as tap:
        assert "personne ne s'est connecté" in str(tap)
        assert "Personne ne s’est encore connecté" in Balanced(tap._repr_html_()).text


def test_who_speaks_is_said_to_those_who_do_not_see():
    _, html = draw((">", b"?"), ("<", b"!"))
    said = re.sub(r"\s+", " ", Balanced(html).text)
    assert "client → serveur : texte, 1 octet?" in said
    assert "serveur → client : texte, 1 octet!" in said


# Masked, in the drawing only


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Sat, 21 Nov 2026 07:35:05 GMT", "⟨date⟩"),
        ("Expires=Sat, 21-Nov-2026 07:35:05 GMT", "Expires=⟨date⟩"),
        ("http://127.0.0.1:41234/a", "http://127.0.0.1:⟨port⟩/a"),
        ("localhost%3A41234", "localhost%3A⟨port⟩"),
        ("[::1]:41234", "[::1]:⟨port⟩"),
        ("Python-urllib/3.11", "Python-urllib/3.⟨…⟩"),
        ("Werkzeug/3.1 Python/3.11.4", "Werkzeug/3.1 Python/3.⟨…⟩"),
        ("Bearer eyJ.a-b_c", "Bearer ⟨jeton⟩"),
        ("<input name='csrf_token' type=hidden value='x.y'>",
         "<input name='csrf_token' type=hidden value='⟨jeton⟩'>"),
        ("csrf_token=Im.a-b_c&username=ada", "csrf_token=⟨jeton⟩&username=ada"),
        ('{"sid": "aB-_9"}', '{"sid": "⟨sid⟩"}'),
        ("/socket.io/?EIO=4&sid=aB9&t=Pq.1", "/socket.io/?EIO=4&sid=⟨sid⟩&t=⟨heure⟩"),
        ("GET /?t=12 and 10.0.0.1:8080", "GET /?t=12 and 10.0.0.1:8080"),
    ],
)  # fmt: skip
def test_masks(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('["chat_time", {"seconds": 7.2e-05}]', '["chat_time", {"seconds": ⟨durée⟩}]'),
        ('{"seconds":3,"n":3}', '{"seconds":⟨durée⟩,"n":3}'),
        ('{"seconds": "trois", "milliseconds": 3}', '{"seconds": "trois", "milliseconds": 3}'),
    ],
)
def test_a_number_that_varies_is_masked_where_it_is_asked(text, masked):
    assert mask_members(text, {"seconds": "durée"}) == masked


def test_a_drawing_masks_what_is_said_to_vary():
    said = b'{"seconds": 3.5}'
    with (
        ScriptedServer(lambda connection: connection.sendall(said)) as server,
        wiretap(server, varying={"seconds": "durée"}) as tap,
    ):
        assert talk(tap) == said
    assert '"seconds": ⟨durée⟩' in str(tap)
    assert "3.5" not in tap._repr_html_()
    assert tap.exchanges[0].data == said


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("Sec-WebSocket-Key", "abc==", "⟨clé⟩"),
        ("sec-websocket-accept", "abc=", "⟨clé⟩"),
        ("X-CSRFToken", "abc", "⟨clé⟩"),
        ("Cookie", "a=1; b=x=y", "a=⟨valeur⟩; b=⟨valeur⟩"),
        ("Set-Cookie", "a=1; Max-Age=60; Expires=Sat, 21 Nov 2026 07:35:05 GMT",
         "a=⟨valeur⟩; Max-Age=60; Expires=⟨date⟩"),
        ("Date", "Sat, 21 Nov 2026 07:35:05 GMT", "⟨date⟩"),
        ("Accept", "a=1", "a=1"),
    ],
)  # fmt: skip
def test_masks_of_headers(name, value, masked):
    assert mask_field(name, value) == masked


def test_data_is_not_masked():
    secret = b"GET /?sid=s3cr3t HTTP/1.1\r\nHost: x\r\nCookie: a=s3cr3t\r\n\r\n"
    with ScriptedServer(read_to_end) as server, wiretap(server) as tap, connect(tap) as client:
        client.sendall(secret)
        assert [e.data for e in tap.exchanges] == [secret]
        for drawn in (str(tap), tap._repr_html_()):
            assert "⟨valeur⟩" in drawn
            assert "s3cr3t" not in drawn


# The same at each run


@contextlib.contextmanager
def busy_processor():
    """Leave this process little time to run."""
    hogs = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(psutil.cpu_count())
    ]
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


def polite(connection: socket.socket) -> None:
    """Answer the line received, in several segments, then close."""
    line = read_until(connection, b"\n")
    for word in (b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n", b"vous disiez : ", line[:26]):
        connection.sendall(word)


def patient(client: socket.socket) -> None:
    client.sendall("Bonjour, café, thé, chocolat !\n".encode())
    read_to_end(client)


def naive(client: socket.socket) -> None:
    client.sendall("Bonjour, café, thé, chocolat !\n".encode())
    client.recv(1000)


def abrupt(client: socket.socket) -> None:
    with contextlib.suppress(ConnectionResetError):
        patient(client)


def tired(client: socket.socket) -> None:
    naive(client)
    client.settimeout(0.02)
    with contextlib.suppress(TimeoutError):
        read_to_end(client)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("play", "network"),
    [
        (patient, ()),
        (patient, BadNetwork(fragment=60, seed=2)),
        (naive, BadNetwork(fragment=24, direction=TO_CLIENT)),
        (abrupt, BadNetwork(drop_after=20, direction=TO_CLIENT)),
        (tired, BadNetwork(stall=20, direction=TO_CLIENT)),
    ],
    ids=["good network", "fragments", "naive client", "cut", "silence"],
)
def test_the_same_exchange_is_drawn_the_same(play, network):
    drawn = set()
    with busy_processor(), ScriptedServer(polite) as server:
        for _ in range(30):
            with wiretap(server, network=network) as tap, connect(tap) as client:
                play(client)
            drawn.add((str(tap), tap._repr_html_()))
    assert len(drawn) == 1, "\n".join(text for text, _ in drawn)
