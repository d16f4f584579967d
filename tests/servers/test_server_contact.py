"""The address book: its contract on the wire, bad requests of all kinds, a store under threads."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandbox import Server, server_contact, start
from sandbox.contact.checks import Refused
from sandbox.contact.strict_json import ObjectFollower
from sandbox.server_contact import ContactBook, ContactHandler
from tests.helpers import MEGABYTE, connect, eventually, memory, read_to_end, talk
from tests.servers.conversations import CONVERSATIONS, ask_all_at_once
from tests.servers.near_json import COMMANDS, OBJECTS, understand

LIMIT = server_contact.MAX_REQUEST
FIRST = {"Zoé Lefèvre": "zoe.lefevre@example.org", "Karim Benali": "karim.benali@example.org"}
LIST = b'{"cmd": "list"}'
TOO_SLOW = "Je n'attends que"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The server itself, whose contacts nobody counts."""
    with start("server_contact", port=0) as server:
        yield server


@pytest.fixture
def fresh(serve, monkeypatch) -> SimpleNamespace:
    """The same in this process, with the contacts of the start."""
    monkeypatch.setattr(server_contact, "BOOK", ContactBook(server_contact.BOOK.all()))
    return serve(ContactHandler)


def ask(server: Server | SimpleNamespace, cmd: str, **args: object) -> tuple[bool, str, dict]:
    """Send a command; return what its answer says."""
    return understand(talk(server, json.dumps({"cmd": cmd, "args": args}).encode()))


# The contract


def test_help_describes_every_command_in_french(server):
    status, _, data = ask(server, "help")
    assert status
    assert list(data) == COMMANDS
    assert data["add"].startswith("Ajoute un contact")
    for cmd, arguments in {"add": "name et mail", "find": "name", "remove": "name"}.items():
        assert arguments in data[cmd]
    for cmd in ("help", "list"):
        assert "Sans argument" in data[cmd]


@pytest.mark.parametrize(
    "request_",
    [{"cmd": "list"}, {"cmd": "list", "args": {}}, {"args": {}, "cmd": "list"}],
    ids=["without args", "empty args", "args first"],
)
def test_list_gives_the_contacts_of_the_start(fresh, request_):
    status, _, data = understand(talk(fresh, json.dumps(request_).encode()))
    assert (status, data) == (True, FIRST)


def test_a_contact_s_life(fresh):
    name, mail = "Anaïs 北京 🙂", "anais@example.org"
    status, msg, data = ask(fresh, "add", name=name, mail=mail)
    assert (status, data) == (True, {})
    assert "est ajouté" in msg
    assert ask(fresh, "find", name=name)[::2] == (True, {name: mail})
    assert ask(fresh, "list")[2] == {**FIRST, name: mail}

    status, msg, data = ask(fresh, "add", name=name, mail="autre@example.org")
    assert (status, data) == (True, {})
    assert "était déjà" in msg
    assert ask(fresh, "find", name=name)[2] == {name: "autre@example.org"}

    assert ask(fresh, "remove", name=name)[::2] == (True, {})
    assert ask(fresh, "list")[2] == FIRST


@pytest.mark.parametrize("cmd", ["find", "remove"])
@pytest.mark.parametrize("name", ["Personne", "zoé lefèvre", "Zoé Lefèvre "])
def test_an_unknown_name_is_refused(fresh, cmd, name):
    status, msg, _ = ask(fresh, cmd, name=name)
    assert not status
    assert name in msg
    assert "n'est pas dans le carnet" in msg
    assert ask(fresh, "list")[2] == FIRST


@pytest.mark.parametrize(
    "name",
    ["x", " ", "x" * 254, "é" * 254, "🙂" * 254, "\0", 'a"b\\c', "ligne 1\nligne 2", "e\u0301"],
    ids=["1", "blank", "254", "254 é", "254 emojis", "NUL", "quotes", "two lines", "accent apart"],
)
def test_any_text_of_1_to_254_characters_is_a_name_and_a_mail(fresh, name):
    assert ask(fresh, "add", name=name, mail=name)[0]
    assert ask(fresh, "find", name=name)[2] == {name: name}


def test_the_answer_is_utf_8_without_escapes(fresh):
    assert "Zoé Lefèvre".encode() in talk(fresh, LIST)


# Where a request ends


@pytest.mark.parametrize("tail", [b"", b"\r\n", b"hello", b"\xff", b"{", LIST, b"x" * 10 * LIMIT])
def test_the_last_brace_ends_the_request(server, tail):
    assert understand(talk(server, LIST + tail))[0]


def test_a_request_may_come_in_any_pieces(server):
    request = ' {"cmd": "find", "args": {"name": "Zo\\u00e9 Lefèvre"}}'.encode()
    for cut in range(1, len(request)):
        with connect(server) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            client.sendall(request[:cut])
            client.sendall(request[cut:])
            assert understand(read_to_end(client))[0], cut
    with connect(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for byte in request:
            client.sendall(bytes([byte]))
        assert understand(read_to_end(client))[0]


BEGINNINGS = {  # and what may follow them
    "a space": (b" ", LIST),
    "a brace": (b"{", b'"cmd": "list"}'),
    "half a key": (b'{"cm', b'd": "list"}'),
    "a key": (b'{"cmd"', b': "list"}'),
    "a colon": (b'{"cmd":', b'"list"}'),
    "half a text": (b'{"cmd": "li', b'st"}'),
    "a backslash": (b'{"cmd": "\\', b'u006cist"}'),
    "half an escape": (b'{"cmd": "\\u00', b'6cist"}'),
    "half a character": (b'{"cmd": "find", "args": {"name": "Zo\xc3', b'\xa9 Lef\xc3\xa8vre"}}'),
    "a text": (b'{"cmd": "list"', b', "args": {}}'),
    "a comma": (b'{"cmd": "list",', b' "args": {}}'),
    "all but the last brace": (LIST[:-1], b"}"),
    "an inner brace": (b'{"cmd": "list", "args": {}', b"}"),
}


@pytest.mark.parametrize(("sent", "rest"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_what_may_become_a_request_is_waited_for(server, sent, rest):
    with connect(server) as client:
        client.sendall(sent)
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(10)
        client.sendall(rest)
        assert understand(read_to_end(client))[0]


@pytest.mark.parametrize(("sent", "rest"), BEGINNINGS.values(), ids=BEGINNINGS)
def test_closing_one_s_side_ends_the_request(server, sent, rest):
    status, msg, _ = understand(talk(server, sent, half_close=True))
    assert not status
    assert "Requête incomplète" in msg or sent.isspace()
    assert TOO_SLOW not in msg


def test_nothing_at_all_is_answered(server):
    status, msg, _ = understand(talk(server, half_close=True))
    assert (status, msg) == (False, "Je n'ai reçu aucune requête.")


@pytest.mark.slow
def test_two_seconds_of_silence_are_too_slow(server):
    status, msg, _ = understand(talk(server, LIST[:-1]))
    assert not status
    assert "il y manque au moins « } »" in msg
    assert f"{TOO_SLOW} 2 s en silence" in msg


# What is refused, at once, and the reason given

NOT_AN_OBJECT = {
    "a word": b"hello",
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a list": b"[1,2]",
    "a text": b'"list"',
    "a number": b"12",
    "null": b"null",
    "a closing brace": b"}",
    "a byte order mark": b"\xef\xbb\xbf" + LIST,
    "UTF-16": LIST.decode().encode("utf-16-le"),
    "a key without quotes": b"{abc",
    "single quotes": b"{'cmd': 'list'}",
    "a number for a key": b"{1",
    "no colon": b'{"cmd" "list"}',
    "equal sign": b'{"cmd"="list"}',
    "no value": b'{"cmd": }',
    "no comma": b'{"cmd": "list" "args": {}}',
    "a comma too many": b'{"cmd": "list",}',
    "a comma first": b'{,"cmd": "list"}',
    "a comma too many in a list": b'{"cmd": [1,]}',
    "brackets that cross": b'{"cmd": [1}',
    "two words": b'{"cmd": true false}',
    "two numbers": b'{"cmd": 1 2}',
    "NaN": b'{"cmd": NaN}',
    "Infinity": b'{"cmd": Infinity}',
    "-Infinity": b'{"cmd": -Infinity}',
    "Python's None": b'{"cmd": None}',
    "a comment": b'{"cmd": "list" // all of them\n}',
    "a line feed in a text": b'{"cmd": "li\nst"}',
    "a tabulation in a text": b'{"cmd": "li\tst"}',
    "an escape that does not exist": b'{"cmd": "\\x41"}',
    "a no-break space": '{ "cmd": "list"}'.encode(),
}
MISSPELT = {
    "a zero first": b'{"cmd": 01}',
    "two minus signs": b'{"cmd": --1}',
    "a final point": b'{"cmd": 1.}',
    "a word too long": b'{"cmd": nulle}',
    "a word too short": b'{"cmd": tru}',
    "a wrong \\u": b'{"cmd": "\\u12g4"}',
    "too many digits": b'{"cmd": ' + b"1" * 5000 + b"}",
}
NOT_UTF_8 = {
    "a stray byte": b"\xff",
    "a stray byte in a text": b'{"cmd": "\xff',
    "Latin-1": '{"cmd": "é"}'.encode("latin-1"),
    "too long a form": b'{"cmd": "\xc0\xaf"}',
    "half of a pair": b'{"cmd": "\xed\xa0\x80"}',
    "a character cut by a quote": b'{"cmd": "\xc3"}',
}
ADD = b'{"cmd": "add", "args": %b}'
WRONG_REQUEST = {
    "empty": (b"{}", "Il manque « cmd » dans la requête"),
    "no cmd": (b'{"args": {}}', "Il manque « cmd » dans la requête"),
    "a key too many": (b'{"cmd": "list", "id": 1}', "« id » est de trop dans la requête"),
    "cmd twice": (b'{"cmd": "list", "cmd": "list"}', "« cmd » est donnée deux fois"),
    "cmd null": (b'{"cmd": null}', "cmd doit être un texte, pas null"),
    "cmd true": (b'{"cmd": true}', "cmd doit être un texte, pas un booléen"),
    "cmd a number": (b'{"cmd": 1}', "cmd doit être un texte, pas un nombre"),
    "cmd a huge number": (b'{"cmd": 1e999}', "cmd doit être un texte, pas un nombre"),
    "cmd a list": (b'{"cmd": ["list"]}', "cmd doit être un texte, pas une liste"),
    "cmd an object": (b'{"cmd": {}}', "cmd doit être un texte, pas un objet"),
    "cmd empty": (b'{"cmd": ""}', "Commande inconnue"),
    "cmd unknown": (b'{"cmd": "dance"}', "Commande inconnue : « dance »"),
    "cmd in capitals": (b'{"cmd": "LIST"}', "Commande inconnue : « LIST »"),
    "cmd half a character": (b'{"cmd": "\\ud800"}', "Commande inconnue : « \\ud800 »"),
    "cmd very long": (b'{"cmd": "%b"}' % (b"x" * 60_000), f"« {'x' * 60}… »"),
    "args null": (b'{"cmd": "list", "args": null}', "args doit être un objet, pas null"),
    "args a list": (b'{"cmd": "list", "args": []}', "args doit être un objet, pas une liste"),
    "args a text": (b'{"cmd": "list", "args": ""}', "args doit être un objet, pas un texte"),
    "args false": (b'{"cmd": "list", "args": false}', "args doit être un objet, pas un booléen"),
    "an argument for list": (b'{"cmd": "list", "args": {"a": "b"}}', "« a » est de trop"),
    "find without name": (b'{"cmd": "find"}', "Il manque « name » dans args de find"),
    "remove without name": (b'{"cmd": "remove", "args": {}}', "Il manque « name »"),
    "add without mail": (ADD % b'{"name": "a"}', "Il manque « mail » dans args de add"),
    "add without name": (ADD % b'{"mail": "a"}', "Il manque « name » dans args de add"),
    "an argument too many": (
        ADD % b'{"name": "a", "mail": "b", "age": "1"}',
        "« age » est de trop",
    ),
    "an argument in capitals": (ADD % b'{"Name": "a", "mail": "b"}', "Il manque « name »"),
    "name twice": (ADD % b'{"name": "a", "name": "b", "mail": "c"}', "« name » est donnée deux"),
    "name null": (ADD % b'{"name": null, "mail": "b"}', "name doit être un texte, pas null"),
    "name true": (ADD % b'{"name": true, "mail": "b"}', "name doit être un texte, pas un booléen"),
    "name a number": (ADD % b'{"name": 0, "mail": "b"}', "name doit être un texte, pas un nombre"),
    "name a list": (
        ADD % b'{"name": ["a"], "mail": "b"}',
        "name doit être un texte, pas une liste",
    ),
    "name an object": (ADD % b'{"name": {}, "mail": "b"}', "name doit être un texte, pas un objet"),
    "mail null": (ADD % b'{"name": "a", "mail": null}', "mail doit être un texte, pas null"),
    "mail a number": (
        ADD % b'{"name": "a", "mail": 1.5}',
        "mail doit être un texte, pas un nombre",
    ),
    "name empty": (ADD % b'{"name": "", "mail": "b"}', "name doit avoir de 1 à 254 caractères"),
    "mail empty": (ADD % b'{"name": "a", "mail": ""}', "mail doit avoir de 1 à 254 caractères"),
    "name too long": (
        ADD % b'{"name": "%b", "mail": "b"}' % (b"x" * 255),
        "254 caractères, pas 255",
    ),
    "mail too long": (
        ADD % b'{"name": "a", "mail": "%b"}' % (b"x" * 255),
        "254 caractères, pas 255",
    ),
    "half a character": (ADD % b'{"name": "\\ud83d", "mail": "b"}', "name contient une moitié"),
    "halves in disorder": (ADD % b'{"name": "a", "mail": "\\ude42\\ud83d"}', "mail contient une"),
}
REFUSED = {
    **{
        name: (sent, "Ce n'est pas un objet JSON : au caractère")
        for name, sent in NOT_AN_OBJECT.items()
    },
    **{name: (sent, "La requête n'est pas du JSON") for name, sent in MISSPELT.items()},
    **{name: (sent, "n'est pas de l'UTF-8") for name, sent in NOT_UTF_8.items()},
    **WRONG_REQUEST,
    "too deep at once": (b'{"a":' * 10_000, "trop imbriquée"),
    "too deep in lists": (b'{"a":' + b"[" * 60_000, "trop imbriquée"),
    "too long, a text": (b'{"cmd": "' + b"x" * LIMIT, f"que {LIMIT} octets"),
    "too long, spaces": (b" " * (LIMIT + 1), f"que {LIMIT} octets"),
    "too long by one byte": (LIST[:-1] + b" " * (LIMIT + 1 - len(LIST)) + b"}", f"{LIMIT} octets"),
}


@pytest.mark.parametrize(("sent", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_bad_request_is_refused_at_once_with_the_reason(server, sent, reason):
    """The connection stays open: a server that waited for more would say « trop lent »."""
    with connect(server) as client:
        client.sendall(sent)
        answer = read_to_end(client)
    status, msg, data = understand(answer)
    assert (status, data) == (False, {})
    assert spaced(reason) in msg
    assert TOO_SLOW not in msg
    assert msg.isprintable() or " " in msg
    assert len(msg) < 300


def spaced(french: str) -> str:
    """Return a sentence with the no-break spaces that French typography wants."""
    for mark in ":;?!»":
        french = french.replace(f" {mark}", f" {mark}")
    return french.replace("« ", "« ")


def test_a_refused_request_stores_nothing(fresh):
    for sent, _ in REFUSED.values():
        talk(fresh, sent)
    assert ask(fresh, "list")[2] == FIRST


def test_the_reason_tells_where(server):
    _, msg, _ = understand(talk(server, b'{"cmd" "list"}'))
    assert msg == spaced(
        "Ce n'est pas un objet JSON : au caractère 8, j'attendais « : », pas « \" »."
    )


def test_a_request_as_long_as_the_limit_is_served(server):
    assert understand(talk(server, LIST[:-1] + b" " * (LIMIT - len(LIST)) + b"}"))[0]


# The follower: what it says of any text, beside what the standard library says


@settings(deadline=None, derandomize=True)
@given(OBJECTS, st.text())
def test_an_object_is_complete_at_its_last_brace(text, tail):
    follower = ObjectFollower()
    for position, character in enumerate(text):
        assert (follower.position, follower.complete) == (position, False)
        follower.read(character)
    follower.read(tail)
    assert (follower.position, follower.complete) == (len(text), True)


@settings(deadline=None, derandomize=True, max_examples=500)
@example('{"a":[]}')
@given(st.text('{}[]:,"\\ \n-01.eEtrufalsn', max_size=12).map(lambda text: "{" + text))
def test_what_the_follower_refuses_is_not_an_object(text):
    try:
        ObjectFollower().read(text)
    except Refused:
        with pytest.raises(ValueError, match=r".*"):
            json.loads(text)


# The store


def test_a_full_book_refuses_new_names_only():
    book = ContactBook({str(number): "a" for number in range(server_contact.MAX_CONTACTS)})
    with pytest.raises(Refused, match="Carnet plein"):
        book.put("new", "b")
    assert book.put("0", "b") == "a"
    book.remove("1")
    assert book.put("new", "b") is None
    assert len(book.all()) == server_contact.MAX_CONTACTS


def test_a_crowd_of_contacts_is_kept(fresh):
    ask_all_at_once(fresh, CONVERSATIONS["server_contact"], range(200))
    added = {f"client {n}": f"c{n}@exemple.fr" for n in range(200)}
    assert ask(fresh, "list")[2] == FIRST | added


def test_concurrent_clients_lose_nothing(server):
    names = [f"Client {number}" for number in range(300)]
    with ThreadPoolExecutor(30) as pool:
        added = list(pool.map(lambda name: ask(server, "add", name=name, mail=name), names))
        assert all(status for status, _, _ in added)
        contacts = ask(server, "list")[2]
        assert {name: contacts.get(name) for name in names} == dict(zip(names, names, strict=True))
        removed = list(pool.map(lambda name: ask(server, "remove", name=name), names))
    assert all(status for status, _, _ in removed)
    assert not set(names) & set(ask(server, "list")[2])


# Bad manners


def test_the_log_has_one_line_a_request_safe_to_show(server):
    ask(server, "find", name="\x1b[31mrouge\nvert\u2028bleu")
    end = spaced("refusé : « \\x1b[31mrouge\\nvert\\u2028bleu » n'est pas dans le carnet.")
    assert eventually(lambda: f"127.0.0.1 {end}" in server.log().split("\n"))


@pytest.mark.slow
def test_long_lists_that_nobody_reads_take_no_memory(server):
    """40 answers of 5 MB each: 200 MB if they were made whole."""
    names = [f"{number:04}{'x' * 246}" for number in range(4900)]
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda name: ask(server, "add", name=name, mail="🙂" * 200)[0], names))
    before = memory(server)
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(server)) for _ in range(40)]
        for client in clients:
            client.sendall(LIST)
        for client in clients:
            assert client.recv(1) == b"{"  # its answer has begun
        assert memory(server) - before < 40 * MEGABYTE
    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(lambda name: ask(server, "remove", name=name)[0], names))
