"""demo6: the chat, its limits, and two people in two browsers."""

import contextlib
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
import requests
import simple_websocket

from benchmarks import chat_clients
from sandbox import start
from sandbox.running.catalogue import DEMO_FOLDER, LOOPBACK
from sandbox.running.demos import load_demo
from tests.helpers import eventually, is_light

VENDOR = DEMO_FOLDER / "demo6/static/vendor"


class Person:
    """Somebody in the chat, by Flask-SocketIO's test client."""

    def __init__(self, demo) -> None:
        self.client = demo.socketio.test_client(demo.app)

    def says(self, message: object, name: object = "Ada", **more: object) -> None:
        self.client.emit("receive_msg", {"user_name": name, "message": message} | more)

    def receives(self, event: str) -> list:
        """Return what came under this name, and forget all that came."""
        return [e["args"][0] for e in self.client.get_received() if e["name"] == event]


@pytest.fixture
def demo():
    return load_demo("demo6")


@pytest.fixture
def ada(demo):
    return Person(demo)


@pytest.fixture
def bob(ada, demo):
    return Person(demo)


def test_message_reaches_everyone_with_the_same_keys(ada, bob):
    ada.says("  Bonjour <b>\n")
    expected = [{"user_name": "Ada", "message": "  Bonjour <b>\n"}]
    assert ada.receives("the_response") == expected
    assert bob.receives("the_response") == expected


def test_message_to_a_room_stays_there(ada, bob, demo):
    carl = Person(demo)
    carl.client.emit("enter", {"user_name": "Carl", "room": "tp"})
    ada.says("ici", room="tp")
    assert carl.receives("the_response") == [{"user_name": "Ada", "message": "ici", "room": "tp"}]
    assert len(ada.receives("the_response")) == 1
    assert bob.receives("the_response") == []
    ada.says("à tous")
    assert [len(person.receives("the_response")) for person in (ada, bob, carl)] == [1, 1, 1]


def test_room_that_one_leaves_is_silent(ada, bob):
    ada.says("un", room="tp")
    ada.client.emit("enter", {"user_name": "Ada", "room": "autre"})
    ada.receives("the_response")
    bob.says("deux", "Bob", room="tp")
    assert ada.receives("the_response") == []


def test_nobody_listens_to_another_connection(ada, bob, demo):
    victim = next(iter(demo.clients))  # her own identifier is a room for Socket.IO
    bob.says("pour elle seule", "Bob", room=victim)
    assert ada.receives("the_response") == []


def test_last_messages_on_arrival(ada, demo):
    for n in range(demo.HISTORY + 5):
        demo.clients[next(iter(demo.clients))].credit = demo.BURST
        ada.says(f"message {n}")
    (history,) = Person(demo).receives("history")
    assert [m["message"] for m in history["messages"]] == [
        f"message {n}" for n in range(5, demo.HISTORY + 5)
    ]


def test_history_of_a_room_is_mixed_with_everyone_s(ada, bob):
    ada.says("un")
    ada.says("deux", room="tp")
    ada.says("trois")
    bob.client.get_received()
    bob.client.emit("enter", {"user_name": "Bob", "room": "tp"})
    (history,) = bob.receives("history")
    assert [m["message"] for m in history["messages"]] == ["un", "deux", "trois"]


def test_arrivals_departures_and_numbers(ada, bob, demo):
    assert ada.receives("nb_clients") == [{"count": 1}, {"count": 2}]
    bob.client.emit("enter", {"user_name": "Bob"})
    assert ada.receives("arrival") == [{"user_name": "Bob"}]
    bob.client.disconnect()
    received = {e["name"]: e["args"][0] for e in ada.client.get_received()}
    assert received == {"departure": {"user_name": "Bob"}, "nb_clients": {"count": 1}}


def test_time_starts_again_with_the_first(ada, demo):
    demo.opened_at -= 60
    assert Person(demo).receives("chat_time")[0]["seconds"] >= 60
    ada.client.disconnect()
    for sid in list(demo.clients):
        demo.clients.pop(sid)
    assert Person(demo).receives("chat_time")[0]["seconds"] < 60


WRONG = [
    pytest.param((), id="nothing"),
    pytest.param((None,), id="null"),
    pytest.param(("texte",), id="a string"),
    pytest.param(([1, 2],), id="a list"),
    pytest.param(({}, {}), id="two objects"),
    pytest.param((b"\0\1",), id="bytes"),
    pytest.param(({},), id="empty object"),
    pytest.param(({"user_name": "Ada"},), id="no message"),
    pytest.param(({"message": "a"},), id="no name"),
    pytest.param(({"user_name": "Ada", "message": "   "},), id="blank message"),
    pytest.param(({"user_name": "", "message": "a"},), id="empty name"),
    pytest.param(({"user_name": "a" * 31, "message": "a"},), id="long name"),
    pytest.param(({"user_name": "Ada", "message": "a" * 2001},), id="long message"),
    pytest.param(({"user_name": "Ada", "message": {"a": 1}},), id="message an object"),
    pytest.param(({"user_name": 3, "message": "a"},), id="name a number"),
    pytest.param(({"user_name": "Ada", "message": "a", "room": [1]},), id="room a list"),
    pytest.param(({"user_name": "Ada", "message": "a", "room": "a" * 31},), id="long room"),
]


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_shape_is_refused_with_its_reason(ada, bob, arguments):
    ada.client.emit("receive_msg", *arguments)
    (refusal,) = ada.receives("refused")
    assert refusal["reason"]
    assert {e["name"] for e in bob.client.get_received()} <= {"nb_clients", "chat_time", "history"}
    ada.says("toujours là")
    assert len(bob.receives("the_response")) == 1


def test_longest_message_passes(ada):
    ada.says("🦉" * 2000)
    assert len(ada.receives("the_response")[0]["message"]) == 2000


def test_burst_is_refused_and_disturbs_nobody(ada, bob, demo):
    for n in range(2000):
        ada.says(str(n))
    received = [e["name"] for e in ada.client.get_received()]
    passed = received.count("the_response")
    assert demo.BURST <= passed < 2000
    assert received.count("refused") == 2000 - passed
    assert len(bob.receives("the_response")) == passed
    bob.says("et moi ?", "Bob")
    assert len(bob.receives("the_response")) == 1


def test_ten_messages_a_second_pass_for_ever(ada, demo, monkeypatch):
    clock = iter(n / 10 for n in range(1000, 10**6))
    monkeypatch.setattr(demo.time, "monotonic", lambda: next(clock))
    next(iter(demo.clients.values())).seen = 99.9
    for n in range(5 * demo.BURST):
        ada.says(str(n))
    assert len(ada.receives("the_response")) == 5 * demo.BURST


def test_rooms_are_counted_and_forgotten(ada, demo):
    for n in range(demo.MAX_ROOMS - 1):
        demo.histories[f"salon {n}"] = demo.deque()
    ada.says("un", room="le dernier")
    Person(demo).says("de trop", room="encore un")
    assert "encore un" not in demo.histories
    ada.client.disconnect()
    assert "le dernier" not in demo.histories


def test_bug_of_ours_is_logged_whole(ada, demo, caplog):
    demo.read_room = lambda data: 1 / 0
    ada.says("un")
    assert "ZeroDivisionError" in caplog.text


def test_clients_are_counted(demo):
    demo.MAX_CLIENTS = 1
    people = [Person(demo), Person(demo)]
    assert [person.client.is_connected() for person in people] == [True, False]


def test_page_and_headers():
    answer = load_demo("demo6").app.test_client().get("/")
    assert answer.status_code == 200
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("parameters", "headers"),
    [
        pytest.param({"EIO": "4"}, {"Origin": "http://ailleurs.example"}, id="another origin"),
        pytest.param({"EIO": "3"}, {}, id="client of another age"),
        pytest.param({"EIO": "4", "transport": "pigeon"}, {}, id="unknown transport"),
        pytest.param({"EIO": "4", "sid": "inventé"}, {}, id="invented identifier"),
    ],
)
def test_server_refuses(launch, parameters, headers):
    url = launch("demo6").url + "/socket.io/"
    parameters = {"transport": "polling"} | parameters
    assert requests.get(url, params=parameters, headers=headers, timeout=10).status_code == 400


def test_vendored_client_says_its_version_and_licence():
    (client,) = VENDOR.glob("socket.io-*.min.js")
    version = re.fullmatch(r"socket\.io-(.+)\.min\.js", client.name)[1]
    assert f"Socket.IO v{version}" in client.read_text(encoding="utf-8")[:200]
    assert "MIT" in (VENDOR / "socket.io-LICENSE.txt").read_text(encoding="utf-8")
    assert version in (DEMO_FOLDER / "demo6/README.md").read_text(encoding="utf-8")


# In a browser


def come(open_url, server, name, **settings):
    watched = open_url(server.url, **settings)
    watched.page.get_by_text("En direct").wait_for()
    watched.page.locator("input.username").fill(name)
    watched.page.locator("input.message").focus()
    return watched


def write(page, text):
    page.locator("input.message").fill(text)
    page.locator("input.message").press("Enter")


def test_vendored_client_speaks_the_server_s_protocol(launch, open_url):
    server = launch("demo6")
    watched = come(open_url, server, "Ada")
    talks = {u: s for u, s in watched.statuses.items() if "/socket.io/?" in u}
    assert talks
    assert all("EIO=4" in url and status in (101, 200) for url, status in talks.items())


def test_two_people(launch, open_url, scheme):
    server = launch("demo6")
    ada = come(open_url, server, "Ada", scheme=scheme)
    bob = come(open_url, server, "Bob", scheme=scheme, width=390)
    for watched in (ada, bob):
        watched.page.get_by_text("2 participants").wait_for()
        watched.page.get_by_text("Bob arrive").wait_for()
    assert is_light(bob.page) == (scheme == "light")
    assert bob.page.evaluate("document.documentElement.scrollWidth") <= 390
    write(ada.page, "Bonjour, Bob !")
    bob.page.get_by_text("Ada : Bonjour, Bob !").wait_for()
    assert ada.page.locator("input.message").input_value() == ""
    markup = "<img src=x onerror=document.title='percé'>"
    write(ada.page, markup)
    bob.page.get_by_text(markup).wait_for()
    assert bob.page.locator(".message_holder img").count() == 0
    assert "percé" not in bob.page.title()
    ada.page.close()
    bob.page.get_by_text("Ada s’en va").wait_for()
    bob.page.get_by_text("1 participant", exact=False).wait_for()
    assert bob.errors == []
    assert bob.outside(server.url.rstrip("/")) == []


def test_room_in_a_browser(launch, open_url):
    server = launch("demo6")
    ada, bob = (come(open_url, server, name).page for name in ("Ada", "Bob"))
    ada.locator("input.room").fill("tp")
    write(ada, "au salon")
    ada.get_by_text("Ada (tp) : au salon").wait_for()
    write(ada, "encore")
    bob.locator("input.room").fill("tp")
    bob.locator("input.room").press("Tab")
    bob.get_by_text("Ada (tp) : encore").wait_for()


def test_reconnection(launch, open_url):
    server = launch("demo6")
    ada, bob = (come(open_url, server, name).page for name in ("Ada", "Bob"))
    write(bob, "avant")
    ada.get_by_text("Bob : avant").wait_for()
    ada.evaluate("socket.io.engine.close()")
    bob.get_by_text("Ada s’en va").wait_for()
    bob.get_by_text("Ada arrive").wait_for()  # the first time, Bob was not there
    write(bob, "après")
    ada.get_by_text("Bob : après").wait_for()
    assert ada.get_by_text("Bob : avant").count() == 1


def test_server_comes_back(open_url):
    with start("demo6", port=0) as server:
        page = come(open_url, server, "Ada").page
    page.get_by_text("nouvel essai").wait_for()
    with start("demo6", port=server.port):
        page.get_by_text("En direct").wait_for()
        write(page, "me revoilà")
        page.get_by_text("Ada : me revoilà").wait_for()


def test_too_fast_in_a_browser_is_said(launch, open_url):
    page = come(open_url, launch("demo6"), "Ada").page
    page.evaluate(
        "for (let n = 0; n < 2000; n++)"
        " socket.emit('receive_msg', {user_name: 'Ada', message: `n°${n}`})"
    )
    page.get_by_text("Trop vite").wait_for()


def test_oversized_packet_costs_only_its_sender(launch, open_url):
    server = launch("demo6")
    ada, bob = (come(open_url, server, name).page for name in ("Ada", "Bob"))
    ada.evaluate("socket.emit('receive_msg', {user_name: 'Ada', message: 'a'.repeat(1e6)})")
    bob.get_by_text("Ada s’en va").wait_for()
    write(bob, "toujours là")
    ada.get_by_text("Bob : toujours là").wait_for()  # she came back
    assert "Traceback" not in server.log()


JUNK = [
    pytest.param(
        "",
        id="empty",
        marks=pytest.mark.xfail(strict=True, reason="python-engineio lets this error out"),
    ),
    pytest.param("9", id="unknown packet"),
    pytest.param("4", id="no Socket.IO packet"),
    pytest.param("42", id="no event"),
    pytest.param("42{}", id="event not a list"),
    pytest.param("42[]", id="event without name"),
    pytest.param("42[1]", id="event named by a number"),
    pytest.param("42[" + "[" * 50_000, id="deep JSON"),
    pytest.param("42pas du JSON", id="not JSON"),
    pytest.param("459999-[]", id="too many attachments"),
    pytest.param("42/ailleurs,[]", id="another namespace"),
    pytest.param(b"\0\xff", id="binary"),
]


@pytest.fixture(scope="module")
def chat():
    """Give a server that several tests share: each of them only adds to its log."""
    with start("demo6", port=0) as server:
        yield server


@pytest.mark.parametrize("junk", JUNK)
def test_junk_costs_only_its_sender(chat, junk):
    before = len(chat.log())
    url = f"ws://{chat.host}:{chat.port}/socket.io/?EIO=4&transport=websocket"
    bad, good = simple_websocket.Client.connect(url), simple_websocket.Client.connect(url)
    for client in (bad, good):
        client.send("40")
    bad.send(junk)
    good.send('42["receive_msg",{"user_name":"Ada","message":"ici"}]')
    received = iter(lambda: good.receive(timeout=10), None)
    assert any(packet.startswith('42["the_response"') for packet in received)
    for client in (bad, good):
        with contextlib.suppress(simple_websocket.ConnectionClosed):
            client.close()
    assert "Traceback" not in chat.log()[before:]


# Many people, several processes


@pytest.mark.parametrize("mode", ["threading", "gevent"])
def test_async_modes(open_url, mode):
    with chat_clients.chat(mode) as server:
        ada, bob = (come(open_url, server, name).page for name in ("Ada", "Bob"))
        write(ada, "Bonjour")
        bob.get_by_text("Ada : Bonjour").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["threading", "gevent"])
def test_nothing_is_lost_in_a_crowd(mode):
    with ThreadPoolExecutor(1) as apart:  # Playwright already runs a loop in this thread
        outcome = apart.submit(chat_clients.measure, mode, clients=500, messages=20).result()
    assert outcome.lost == 0
    assert len(outcome.delays) == 500 * 20


@pytest.fixture
def message_queue(tmp_path) -> Iterator[str]:
    """Run a real Redis on a free port and give its address."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("redis-server is not installed")
    with socket.create_server((LOOPBACK, 0)) as free:
        port = str(free.getsockname()[1])
    options = ["--bind", LOOPBACK, "--port", port, "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as process:
        url = f"redis://{LOOPBACK}:{port}/0"
        try:
            with redis.Redis.from_url(url) as client:
                assert eventually(lambda: answers(client))
            yield url
        finally:
            process.terminate()


def answers(client: redis.Redis) -> bool:
    with contextlib.suppress(redis.ConnectionError):
        return client.ping()
    return False


def test_two_processes_behind_a_message_queue(message_queue, open_url, monkeypatch):
    monkeypatch.setenv("SOCKETIO_MESSAGE_QUEUE", message_queue)
    with chat_clients.chat("threading") as first, chat_clients.chat("threading") as second:
        ada = come(open_url, first, "Ada").page
        bob = come(open_url, second, "Bob").page
        ada.get_by_text("Bob arrive").wait_for()
        write(ada, "d’un processus à l’autre")
        bob.get_by_text("Ada : d’un processus à l’autre").wait_for()
        for page, name in ((ada, "Ada"), (bob, "Bob")):
            page.locator("input.room").fill("tp")
            write(page, f"{name} y est")
        write(bob, "au salon")
        ada.get_by_text("Bob (tp) : au salon").wait_for()
