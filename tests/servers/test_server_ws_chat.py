"""The WebSocket chat: its protocol, its rooms, bad messages, slow clients, its page."""

import contextlib
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_websocket

from sandbox import Server, server_ws_chat, start
from sandbox.checking.plays.servers import reset
from sandbox.serving import ws
from tests.helpers import eventually, frame, open_websocket

HELLO = {"name": "Ada", "text": "Bonjour !"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start("server_ws_chat", port=0) as server:
        yield server


def another(port: int = 0) -> Server:
    """Start another one: by its file, since starting it by its name ends the first."""
    return start(server_ws_chat.__file__, "--port", str(port))


@pytest.fixture
def here(serve_websocket) -> SimpleNamespace:
    """The same in this process."""
    return serve_websocket(server_ws_chat.chat, server_ws_chat.pages)


@pytest.fixture
def join() -> Iterator[Callable[..., ClientConnection]]:
    """Enter a room, until the end of the test."""
    with contextlib.ExitStack() as stack:

        def enter(server: Server, room: str = "/") -> ClientConnection:
            url = f"ws://{server.host}:{server.port}{room}"
            return stack.enter_context(connect_websocket(url, proxy=None))

        yield enter


def say(client: ClientConnection, **content: object) -> None:
    client.send(json.dumps(content))


def hear(client: ClientConnection, kind: str = "") -> dict:
    """Return the next thing that a client hears, or the next of a kind."""
    while True:
        content = json.loads(client.recv(timeout=10))
        if not kind or content["type"] == kind:
            return content


# The contract


def test_all_hear_what_one_says(server, join):
    ada, bob = join(server, "/heard"), join(server, "/heard")
    say(ada, **HELLO)
    for person in (ada, bob):
        assert hear(person, "message") == {"type": "message", **HELLO}


def test_everyone_knows_how_many_they_are(server, join):
    ada = join(server, "/count")
    assert hear(ada) == {"type": "present", "count": 1}
    bob = join(server, "/count")
    assert hear(ada) == hear(bob) == {"type": "present", "count": 2}
    bob.close()
    assert hear(ada) == {"type": "present", "count": 1}


def test_who_is_cut_off_is_counted_out(server, join):
    ada = join(server, "/cut")
    hear(ada)
    reset(open_websocket(server, "/cut"))
    assert [hear(ada)["count"], hear(ada)["count"]] == [2, 1]


def test_a_room_hears_nothing_of_another(server, join):
    ada, bob = join(server, "/here"), join(server, "/there")
    say(ada, **HELLO)
    hear(ada, "message")
    say(bob, name="Bob", text="Seul ?")
    assert hear(bob) == {"type": "present", "count": 1}
    assert hear(bob) == {"type": "message", "name": "Bob", "text": "Seul ?"}


def test_an_empty_room_is_forgotten(here, join):
    join(here, "/gone").close()
    assert eventually(lambda: "/gone" not in server_ws_chat.rooms)


def test_html_and_accents_pass_as_they_are(server, join):
    ada = join(server, "/text")
    hear(ada)
    said = {"name": "Zoé", "text": "<b>é 北京 🙂</b>\n\"'"}
    say(ada, **said)
    assert ada.recv(timeout=10) == json.dumps({"type": "message", **said}, ensure_ascii=False)


# Bad messages

BAD_MESSAGES = {
    "bytes": (b"{}", "pas des octets"),
    "nothing": ("", "pas du JSON"),
    "a word": ("bonjour", "pas du JSON"),
    "half an object": ('{"name": "Ada"', "pas du JSON"),
    "a list": ("[]", "J'attends"),
    "null": ("null", "J'attends"),
    "no text": ('{"name": "Ada"}', "J'attends"),
    "a key too many": ('{"name": "Ada", "text": "a", "room": "b"}', "J'attends"),
    "a name that is a number": ('{"name": 3, "text": "a"}', "name doit être un texte"),
    "a blank name": ('{"name": " ", "text": "a"}', "name doit être un texte"),
    "an empty text": ('{"name": "Ada", "text": ""}', "text doit être un texte"),
    "a text that is an object": ('{"name": "Ada", "text": {}}', "text doit être un texte"),
    "a name too long": (json.dumps(HELLO | {"name": "x" * 31}), "name : 30 signes au plus"),
    "a text too long": (json.dumps(HELLO | {"text": "x" * 2001}), "text : 2000 signes au plus"),
    "half a character": ('{"name": "Ada", "text": "\\ud800"}', "moitié de caractère"),
    "brackets without end": ("[" * 60_000, "pas du JSON"),
    "a number without end": ("9" * 60_000, "pas du JSON"),
}


@pytest.mark.parametrize(("message", "reason"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_bad_message_is_refused_and_told_to_nobody(server, join, message, reason):
    ada, bob = join(server, "/bad"), join(server, "/bad")
    ada.send(message)
    assert reason in hear(ada, "refused")["reason"]
    say(ada, **HELLO)  # the connection is still good
    assert hear(bob) == {"type": "present", "count": 2}
    assert hear(bob) == {"type": "message", **HELLO}
    assert "Traceback" not in server.log()


def test_the_longest_message_passes_however_it_is_escaped(server, join):
    ada = join(server, "/long")
    longest = {"name": "🙂" * 30, "text": "🙂" * 2000}
    say(ada, **longest)
    assert hear(ada, "message") == {"type": "message", **longest}


@pytest.mark.parametrize("path", ["/a/b", "/é", "/a.b", "/%20", "/" + "x" * 31, "//"])
def test_a_room_with_a_bad_name_is_closed(server, join, path):
    with pytest.raises(ConnectionClosed) as closed:
        join(server, path.replace("é", "%C3%A9")).recv(timeout=10)
    assert closed.value.rcvd.code == 1008
    assert "Un salon a un nom" in closed.value.rcvd.reason


def test_a_hasty_client_is_slowed_and_the_others_hear_no_more(here, join, monkeypatch):
    monkeypatch.setattr(server_ws_chat, "BURST", 5)
    monkeypatch.setattr(server_ws_chat, "RATE", 1e-6)
    ada, bob = join(here, "/haste"), join(here, "/haste")
    for number in range(8):
        say(ada, name="Ada", text=str(number))
    for _ in range(3):
        assert "Trop vite" in hear(ada, "refused")["reason"]
    say(bob, name="Bob", text="fini")
    heard = [hear(bob, "message")["text"] for _ in range(6)]
    assert heard == ["0", "1", "2", "3", "4", "fini"]


# Slow clients


def test_who_does_not_read_is_dismissed_and_the_others_wait_for_nobody(here, join, monkeypatch):
    monkeypatch.setattr(server_ws_chat, "BURST", 1e9)
    monkeypatch.setattr(ws, "CLOSING_SECONDS", 0.3)
    with open_websocket(here, "/slow"):  # never read
        ada = join(here, "/slow")
        assert hear(ada)["count"] == 2
        count, said = 2, 0
        while count == 2 and said < 20_000:
            say(ada, name="Ada", text="x" * 2000)
            said += 1
            content = hear(ada)
            if content["type"] == "present":
                count = content["count"]
        assert count == 1
    say(ada, name="Ada", text="Encore là")
    while hear(ada, "message")["text"] != "Encore là":
        pass


@pytest.mark.slow
def test_a_flood_of_refusals_is_not_kept_for_who_does_not_read(here, join, monkeypatch):
    monkeypatch.setattr(ws, "SENDING_SECONDS", 0.3)
    monkeypatch.setattr(ws, "CLOSING_SECONDS", 0.3)
    with open_websocket(here, "/flood") as client:
        client.settimeout(10)
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            while True:  # until it is hung up on: a time-out would be a failure
                client.sendall(frame(1, b"?") * 1000)
    assert eventually(lambda: "/flood" not in server_ws_chat.rooms)


# The page


@pytest.mark.parametrize("path", ["/", "/tp", "/?a=1", "/chat.html", "/chat.css", "/chat.js"])
def test_the_page_is_served(server, path):
    response = requests.get(server.url + path, timeout=10)
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == "default-src 'self'"


@pytest.mark.parametrize(
    "path", ["/server_ws_chat.py", "/../server_ws_chat.py", "/ws_chat/chat.js", "/chat.txt", "/a/b"]
)
def test_nothing_else_is(server, path):
    with requests.Session() as session:
        request = requests.Request("GET", server.url + "/").prepare()
        request.url = server.url + path  # as it is, ".." included
        assert session.send(request, timeout=10).status_code == 426


def test_two_people_talk_in_two_browsers(server, open_url):
    ada, bob = (open_url(f"{server.url}/salon") for _ in range(2))
    elsewhere = open_url(f"{server.url}/ailleurs")
    ada.page.get_by_text("En direct, 2 ici").wait_for()
    ada.page.get_by_label("Nom").fill("Ada")
    ada.page.get_by_label("Message").fill("<b>Y a-t-il quelqu’un ?</b>")
    ada.page.get_by_label("Message").press("Enter")
    for watched in (ada, bob):
        watched.page.get_by_text("Ada : <b>Y a-t-il quelqu’un ?</b>").wait_for()
    assert ada.page.get_by_label("Message").input_value() == ""
    assert ada.page.evaluate("document.activeElement.name") == "text"
    assert elsewhere.page.locator("li").count() == 0
    for watched in (ada, bob, elsewhere):
        assert watched.errors == []
        assert watched.outside(server.url) == []


def test_the_page_says_why_a_message_is_refused(server, open_url):
    page = open_url(f"{server.url}/refus").page
    page.get_by_text("En direct, 1 ici").wait_for()
    page.get_by_label("Nom").fill("Ada")
    page.get_by_label("Message").fill("   ")
    page.get_by_role("button").click()
    page.get_by_text("Refusé : text doit être un texte non vide.").wait_for()


def test_the_page_comes_back_when_the_server_does(open_url):
    with another() as server:
        page = open_url(server.url).page
        page.get_by_text("En direct").wait_for()
    page.get_by_text("Connexion perdue").wait_for()
    with another(server.port):
        page.get_by_text("En direct, 1 ici").wait_for()


def test_the_page_fits_a_phone(server, open_url, scheme):
    page = open_url(f"{server.url}/phone", width=320, scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
