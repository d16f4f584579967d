"""The class's messaging server: its contract, bad requests, limits, and what it must never lose."""

import contextlib
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest
import requests
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from sandbox import Server, server_messagerie, start
from sandbox.messagerie import accounts, api, create_app, limits, mailbox, schemas
from sandbox.messagerie.bells import Bells
from sandbox.messagerie.database import Database
from sandbox.messagerie.openapi import DESCRIPTION
from sandbox.messagerie.problems import MAX_BODY
from sandbox.messagerie.serving import handler_of
from tests.helpers import connect, eventually, talk
from tests.servers.messaging import ALICE, BOB, CHLOE, DRISS, bearer, demonstration

HELLO = {"to": 2, "text": "Bonjour !"}
PROBLEM = "application/problem+json"


class Client:
    """Somebody's requests to an application in this process; each answer must be as described."""

    def __init__(self, app: Flask, token: str = ALICE) -> None:
        self.client = app.test_client()
        self.token = token

    def ask(self, method: str, path: str, **options: object):
        headers = bearer(self.token) | options.pop("headers", {})
        answer = self.client.open(path, method=method, headers=headers, **options)
        conforms(answer)
        return answer

    def get(self, path: str, **options: object):
        return self.ask("GET", path, **options)

    def says(self, text: str, to: int = 2) -> dict:
        answer = self.ask("POST", "/api/messages", json={"to": to, "text": text})
        assert answer.status_code == 201
        return answer.json

    def texts(self, query: str = "") -> list[str]:
        return [message["text"] for message in self.get(f"/api/messages{query}").json]


def conforms(answer) -> None:
    """Fail when an answer is not what the description says, or else a problem."""
    if answer.status_code >= 400:
        assert answer.mimetype == PROBLEM
        assert answer.json["status"] == answer.status_code
    template = re.sub(r"^/api/messages/.+", "/api/messages/{message_id}", answer.request.path)
    operation = DESCRIPTION["paths"].get(template, {}).get(answer.request.method.lower())
    if operation is None:
        return
    response = operation["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = DESCRIPTION["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"][answer.mimetype]["schema"]
    if answer.mimetype != "text/event-stream":
        whole = schema | {"components": DESCRIPTION["components"]}
        jsonschema.Draft202012Validator(whole).validate(answer.json)


@pytest.fixture(autouse=True)
def no_limit_of_rate(monkeypatch) -> None:
    monkeypatch.setattr(limits, "BURST", 10**6)


@pytest.fixture
def app(tmp_path) -> Iterator[Flask]:
    with demonstration(tmp_path) as app:
        yield app


@pytest.fixture(scope="module")
def lasting_app(tmp_path_factory) -> Iterator[Flask]:
    """The same for the tests that change nothing."""
    with demonstration(tmp_path_factory.mktemp("classe")) as app:
        yield app


@pytest.fixture
def alice(app) -> Client:
    return Client(app)


@pytest.fixture
def bob(app) -> Client:
    return Client(app, BOB)


# The contract


def test_who_is_in_the_class(lasting_app):
    assert Client(lasting_app).get("/api/users").json == [
        {"id": number, "name": name, "status": "disponible"}
        for number, name in enumerate(("Alice", "Bob", "Chloé", "Driss"), 1)
    ]
    assert Client(lasting_app).get("/api/users/me").json["name"] == "Alice"


def test_a_status_is_changed_for_all(alice, bob):
    answer = alice.ask("PATCH", "/api/users/me", json={"status": "en pause ☕"})
    assert answer.json == {"id": 1, "name": "Alice", "status": "en pause ☕"}
    assert bob.get("/api/users").json[0] == answer.json


def test_a_message_is_received_by_whom_it_is_for(alice, bob, app):
    answer = alice.ask("POST", "/api/messages", json=HELLO)
    assert answer.status_code == 201
    message = answer.json
    assert message == {"from": 1, "id": 6, "at": "2026-01-05T08:00:06.000Z"} | HELLO
    assert answer.headers["Location"] == "/api/messages/6"
    for person in (alice, bob):
        assert person.get("/api/messages/6").json == message
    assert Client(app, CHLOE).get("/api/messages/6").status_code == 404
    assert bob.get("/api/messages?since=5").json == [message]
    assert alice.get("/api/messages").json == []
    assert Client(app, CHLOE).get("/api/messages").json == []


def test_since_gives_what_follows_and_a_hundred_at_most(alice, bob):
    for number in range(mailbox.PAGE + 5):
        alice.says(str(number))
    first = bob.get("/api/messages?since=5").json
    assert [message["text"] for message in first] == [str(n) for n in range(mailbox.PAGE)]
    assert bob.texts(f"?since={first[-1]['id']}") == [str(mailbox.PAGE + n) for n in range(5)]


def test_a_conversation_has_both_sides_and_no_other(alice, bob, app):
    alice.says("un")
    bob.says("deux", to=1)
    bob.says("ailleurs", to=3)
    Client(app, CHLOE).says("non plus", to=1)
    for person, peer in ((alice, 2), (bob, 1)):
        assert person.texts(f"?since=5&with={peer}") == ["un", "deux"]


def test_one_may_write_to_oneself(alice):
    alice.says("penser au pain", to=1)
    assert alice.texts() == alice.texts("?with=1") == ["penser au pain"]


def test_html_and_all_of_unicode_pass_as_they_are(alice, bob):
    text = "<b>é 北京 🙂</b>\n\t\"'\\ \u202e"
    alice.says(text)
    assert bob.texts("?since=5") == [text]
    assert "北京" in bob.get("/api/messages").text  # not as \uXXXX


def test_an_answer_is_kept_by_no_cache(lasting_app):
    assert Client(lasting_app).get("/api/users").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/docs", "/classe", "/static/messagerie.js"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(lasting_app, path):
    with Client(lasting_app).client.get(path) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
        assert not re.search(r"https?://(?!www\.w3\.org)|\son\w+=|\sstyle=", answer.text)


# Accounts


def test_an_invitation_opens_an_account_once(alice, app):
    stranger = Client(app, "personne")
    asked = {"invitation": "invitation 1", "name": "  Zoe\u0301 "}
    answer = stranger.ask("POST", "/api/users", json=asked)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/users/me"
    assert answer.json == {
        "id": 5, "name": "Zoé", "status": "disponible", "token": "jeton-zoe",
    }  # fmt: skip
    assert Client(app, "jeton-zoe").get("/api/users/me").json["name"] == "Zoé"
    again = stranger.ask("POST", "/api/users", json=asked)
    assert again.status_code == 403
    assert "déjà servi" in again.json["detail"]
    assert len(alice.get("/api/users").json) == 5


def test_a_name_is_somebody_s_and_the_invitation_is_still_good(app):
    stranger = Client(app)
    taken = stranger.ask("POST", "/api/users", json={"invitation": "INVITATION-1", "name": "Bob"})
    assert taken.status_code == 409
    free = stranger.ask("POST", "/api/users", json={"invitation": "INVITATION-1", "name": "Bo"})
    assert free.status_code == 201


def test_who_lost_a_token_gets_another_for_the_same_account(app):
    service = app.extensions["messagerie"]
    with service.database.session() as session:
        user = accounts.find_by_token(session, BOB)
        code = accounts.invite(session, "Bob", user=user)
    service.token = accounts.draw_token
    answer = Client(app).ask("POST", "/api/users", json={"invitation": code, "name": "Bernard"})
    assert (answer.json["id"], answer.json["name"]) == (2, "Bob")
    assert Client(app, answer.json["token"]).get("/api/users/me").json["name"] == "Bob"


def test_neither_tokens_nor_invitations_are_in_the_base(app, tmp_path):
    app.extensions["messagerie"].database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("classe.db*"))
    assert b"Bienvenue" in kept
    assert b"jeton-" not in kept
    assert b"INVITATION" not in kept


def test_tokens_and_invitations_are_drawn():
    tokens = {accounts.draw_token("Alice") for _ in range(100)}
    codes = {accounts.draw_invitation() for _ in range(100)}
    assert len(tokens) == len(codes) == 100
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)
    assert all(re.fullmatch(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", code) for code in codes)


def test_the_teacher_alone_sees_the_invitations(alice, app):
    assert alice.get("/api/invitations").status_code == 403
    Client(app).ask("POST", "/api/users", json={"invitation": "INVITATION-2", "name": "Zoé"})
    with app.extensions["messagerie"].database.session() as session:
        teacher = accounts.add_user(session, "Prof", teacher=True)
        accounts.give_token(session, teacher, "jeton-prof")
    Client(app, "jeton-zoe").get("/api/users/me")
    guests = Client(app, "jeton-prof").get("/api/invitations").json
    assert [guest["label"] for guest in guests] == ["Invitation 1", "Invitation 2", "Invitation 3"]
    assert [guest["user"] and guest["user"]["name"] for guest in guests] == [None, "Zoé", None]
    assert guests[1]["idle"] <= 10
    assert guests[0]["idle"] is None


# Bad requests

JSON = {"Content-Type": "application/json"}
MESSAGES, ME, USERS = ("POST", "/api/messages"), ("PATCH", "/api/users/me"), ("POST", "/api/users")

BAD_BODIES = {
    "no JSON at all": (MESSAGES, b"to=2&text=a", "n'est pas du JSON"),
    "nothing": (MESSAGES, b"", "n'est pas du JSON"),
    "half an object": (MESSAGES, b'{"to": 2', "n'est pas du JSON"),
    "not UTF-8": (MESSAGES, b'{"to": 2, "text": "\xe9"}', "n'est pas du JSON"),
    "half a character": (MESSAGES, b'{"to": 2, "text": "\\ud800"}', "n'est pas du JSON"),
    "brackets without end": (MESSAGES, b"[" * 9000, "n'est pas du JSON"),
    "NaN": (MESSAGES, b'{"to": NaN, "text": "a"}', "to doit être un nombre entier"),
    "a list": (MESSAGES, b"[]", "objet JSON"),
    "null": (MESSAGES, b"null", "objet JSON"),
    "an empty object": (MESSAGES, b"{}", "to manque ; text manque"),
    "to a text": (MESSAGES, b'{"to": "2", "text": "a"}', "to doit être un nombre entier"),
    "to a boolean": (MESSAGES, b'{"to": true, "text": "a"}', "to doit être un nombre entier"),
    "to a fraction": (MESSAGES, b'{"to": 2.5, "text": "a"}', "to doit être un nombre entier"),
    "to nobody": (MESSAGES, b'{"to": 99, "text": "a"}', "Personne n'a l'identifiant 99"),
    "to zero": (MESSAGES, b'{"to": 0, "text": "a"}', "to doit être au moins 1"),
    "to too far": (MESSAGES, b'{"to": 2147483648, "text": "a"}', "to doit être au plus"),
    "to without end": (MESSAGES, b'{"to": %b, "text": "a"}' % (b"9" * 90), "to doit être"),
    "digits without end": (MESSAGES, b'{"to": %b}' % (b"9" * 9000), "n'est pas du JSON"),
    "no text": (MESSAGES, b'{"to": 2}', "text manque"),
    "a null text": (MESSAGES, b'{"to": 2, "text": null}', "text doit être un texte"),
    "an empty text": (MESSAGES, b'{"to": 2, "text": ""}', "text ne doit pas être vide"),
    "a blank text": (MESSAGES, b'{"to": 2, "text": " \\n"}', "text doit être un texte non vide"),
    "a NUL": (MESSAGES, b'{"to": 2, "text": "a\\u0000"}', "text doit être un texte non vide"),
    "a long text": (MESSAGES, b'{"to": 2, "text": "%b"}' % (b"x" * 2001), "2000 signes au plus"),
    "a field too many": (MESSAGES, b'{"to": 2, "text": "a", "from": 3}', "from champ inconnu"),
    "a status a number": (ME, b'{"status": 3}', "status doit être un texte"),
    "a long status": (ME, b'{"status": "%b"}' % (b"x" * 81), "80 signes au plus"),
    "two lines of status": (ME, b'{"status": "a\\nb"}', "sans caractère de commande"),
    "a status reversed": (ME, b'{"status": "a\\u202eb"}', "sans caractère de commande"),
    "a name": (ME, b'{"name": "Bob", "status": "a"}', "name champ inconnu"),
    "no invitation": (USERS, b'{"name": "Zo"}', "invitation manque"),
    "an unknown invitation": (USERS, b'{"invitation": "A", "name": "Zo"}', "n'existe pas"),
    "an empty invitation": (USERS, b'{"invitation": "", "name": "Zo"}', "n'existe pas"),
    "a long name": (USERS, b'{"invitation": "A", "name": "%b"}' % (b"x" * 41), "40 signes"),
    "a blank name": (USERS, b'{"invitation": "A", "name": " "}', "name doit être un texte non"),
}


@pytest.mark.parametrize(("what", "body", "detail"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_body_is_refused_and_changes_nothing(lasting_app, what, body, detail):
    method, path = what
    bob = Client(lasting_app, BOB)
    before = (bob.texts(), bob.get("/api/users").json)
    answer = Client(lasting_app).ask(method, path, data=body, headers=JSON)
    assert answer.status_code in (400, 403, 404)
    assert detail in answer.json["detail"]
    assert before == (
        Client(lasting_app, BOB).texts(),
        Client(lasting_app, BOB).get("/api/users").json,
    )


def test_methods_allowed_are_told_in_the_same_order_each_time(lasting_app):
    answer = Client(lasting_app).client.options("/api/users")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_wrong_field_is_named(lasting_app):
    answer = Client(lasting_app).ask("POST", "/api/messages", json={"to": "2", "txt": "a"})
    assert answer.json == {
        "type": "/docs#champs",
        "title": "Demande mal faite",
        "status": 400,
        "detail": "to doit être un nombre entier ; text manque ; txt champ inconnu.",
        "errors": [
            {"field": "to", "detail": "doit être un nombre entier"},
            {"field": "text", "detail": "manque"},
            {"field": "txt", "detail": "champ inconnu"},
        ],
    }


BAD_QUERIES = {
    "since a word": "since=hier",
    "since negative": "since=-1",
    "since a fraction": "since=1.5",
    "since empty": "since=",
    "since too far": "since=2147483648",
    "since without end": "since=" + "9" * 4000,
    "since in other digits": "since=٣",
    "since underlined": "since=1_0",
    "wait too long": "wait=31",
    "wait negative": "wait=-1",
    "wait endless": "wait=inf",
    "wait not a number": "wait=nan",
    "with nobody": "with=0",
    "an unknown name": "depuis=3",
    "since twice": "since=1&since=2",
}


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_a_bad_query_is_refused(lasting_app, query):
    answer = Client(lasting_app).get(f"/api/messages?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json["detail"]


@pytest.mark.parametrize("last", ["hier", "-1", "9" * 30, "1;2"])
def test_a_bad_last_event_id_is_refused(lasting_app, last):
    assert (
        Client(lasting_app).get("/api/events", headers={"Last-Event-ID": last}).status_code == 400
    )


BAD_REQUESTS = {
    "no token": ("GET", "/api/users", {"Authorization": ""}, 401),
    "an unknown token": ("GET", "/api/users", bearer("jeton-zoe"), 401),
    "another scheme": ("GET", "/api/users", {"Authorization": f"Basic {ALICE}"}, 401),
    "no scheme": ("GET", "/api/users", {"Authorization": ALICE}, 401),
    "half a token": ("GET", "/api/events", bearer("jeton"), 401),
    "a token that is a hash": ("GET", "/api/users", bearer(accounts.digest(ALICE)), 401),
    "no such path": ("GET", "/api/rien", {}, 404),
    "out of the API": ("GET", "/rien", {}, 404),
    "a file that is not served": ("GET", "/static/../api.py", {}, 404),
    "no such message": ("GET", "/api/messages/99", {}, 404),
    "a message that is a word": ("GET", "/api/messages/a", {}, 404),
    "a message without end": ("GET", "/api/messages/" + "9" * 4000, {}, 404),
    "a method not allowed": ("DELETE", "/api/users", {}, 405),
    "an unknown method": ("BREW", "/api/users", {}, 405),
    "a body that is no JSON": ("POST", "/api/messages", {"Content-Type": "text/plain"}, 415),
    "a form": ("PATCH", "/api/users/me", {"Content-Type": "multipart/form-data"}, 415),
}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"), BAD_REQUESTS.values(), ids=BAD_REQUESTS
)
def test_a_bad_request_is_a_problem(lasting_app, method, path, headers, status):
    answer = Client(lasting_app).client.open(path, method=method, headers=bearer(ALICE) | headers)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["detail"].endswith(".")
    assert ("Allow" in answer.headers) == (status == 405)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_a_big_body_is_refused(alice):
    biggest = json.dumps(HELLO).encode().ljust(MAX_BODY)
    assert alice.ask("POST", "/api/messages", data=biggest, headers=JSON).status_code == 201
    answer = alice.ask("POST", "/api/messages", data=biggest + b" ", headers=JSON)
    assert answer.status_code == 413
    assert str(MAX_BODY) in answer.json["detail"]


def test_a_mistake_of_ours_is_told_without_its_details(lasting_app, monkeypatch):
    monkeypatch.setattr(mailbox, "list_users", lambda session: 1 / 0)
    answer = Client(lasting_app).client.get("/api/users", headers=bearer(ALICE))
    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert "division" not in answer.text


def test_a_database_that_does_not_answer_is_told(lasting_app, monkeypatch):
    def fail(session):
        raise OperationalError("SELECT secret", {}, Exception("disk full"))

    monkeypatch.setattr(mailbox, "list_users", fail)
    answer = Client(lasting_app).get("/api/users")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "secret" not in answer.text


# Bad HTTP, which never reaches the application

GET = f"GET /api/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ALICE}\r\n".encode()
POST = GET.replace(b"GET /api/users/me", b"POST /api/messages")
LAST = b"Connection: close\r\n\r\n"

BAD_HTTP = {
    "a word": (b"bonjour\r\n\r\n", 400),
    "no host": (b"GET /api/users HTTP/1.1\r\n" + LAST, 400),
    "a long line": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + LAST, 414),
    "a body too long": (POST + b"Content-Length: 99999999\r\n" + LAST, 413),
    "a body without end": (POST + b"Content-Length: 9\r\n" + LAST + b"{", 400),
    "a path out of UTF-8": (GET.replace(b"/me", b"/%ff%00") + LAST, 404),
}


@pytest.mark.parametrize(("sent", "status"), BAD_HTTP.values(), ids=BAD_HTTP)
def test_bad_http_is_a_problem_too(messagerie, sent, status):
    head, _, body = talk(messagerie, sent, half_close=True).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] == status
    assert "Traceback" not in messagerie.log()


def test_a_body_may_come_in_pieces(messagerie):
    pieces = iter([b'{"to": 4, ', b'"text": "par morceaux"}'])
    headers = bearer(ALICE) | JSON
    url = f"{messagerie.url}/api/messages"
    assert requests.post(url, pieces, headers=headers, timeout=10).status_code == 201


# Limits


def test_a_hasty_client_is_told_to_wait(app, alice, bob, monkeypatch):
    monkeypatch.setattr(limits, "BURST", 5)
    monkeypatch.setattr(limits, "RATE", 1e-6)
    statuses = [alice.get("/api/users").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert int(alice.get("/api/users").headers["Retry-After"]) > 0
    assert bob.get("/api/users").status_code == 200


def test_streams_are_counted_by_user_and_in_all(monkeypatch):
    seats = limits.Seats()
    for _ in range(limits.STREAMS_EACH):
        seats.take(1)
    with pytest.raises(limits.Refused) as refused:
        seats.take(1)
    assert refused.value.status == 429
    seats.leave(1)
    seats.take(1)
    monkeypatch.setattr(limits, "STREAMS", limits.STREAMS_EACH)
    with pytest.raises(limits.Refused) as refused:
        seats.take(2)
    assert refused.value.status == 503


# Waiting


def test_waiting_ends_when_a_message_comes(messagerie):
    with ThreadPoolExecutor() as threads:
        url = f"{messagerie.url}/api/messages"
        sent = requests.post(url, json=HELLO | {"to": 4}, headers=bearer(BOB), timeout=10).json()
        query = {"since": sent["id"], "wait": 30}
        waiting = threads.submit(requests.get, url, query, headers=bearer(DRISS), timeout=20)
        time.sleep(0.3)
        assert not waiting.done()
        requests.post(url, json=HELLO | {"to": 3}, headers=bearer(BOB), timeout=10)
        sent = requests.post(url, json=HELLO | {"to": 4}, headers=bearer(BOB), timeout=10).json()
        assert waiting.result(timeout=10).json() == [sent]


def test_waiting_ends_with_nothing_when_the_time_is_over(lasting_app):
    started = time.monotonic()
    assert Client(lasting_app).get("/api/messages?wait=0.3").json == []
    assert time.monotonic() - started >= 0.3


def test_a_bell_rings_for_what_another_process_writes(tmp_path):
    url = f"sqlite:///{tmp_path / 'classe.db'}"
    ours, theirs = Database(url), Database(url)
    with theirs.session() as session:
        for name in ("Ada", "Bob"):
            accounts.add_user(session, name)
    bells = Bells(ours)
    with (
        bells.listening(1) as ada,
        bells.listening(2) as bob,
        bells.listening(2, users=True) as all_of_it,
    ):
        with theirs.session() as session:
            mailbox.send(session, 2, schemas.NewMessage(to=1, text="a"), mailbox.utc_now)
        assert ada.wait(10)
        with theirs.session() as session:
            mailbox.set_status(session, 1, "là")
        assert all_of_it.wait(10)
        assert not bob.is_set()
    assert eventually(lambda: not bells.watched)  # nobody waits: nobody looks
    with bells.listening(2) as bob:
        with theirs.session() as session:
            mailbox.send(session, 1, schemas.NewMessage(to=2, text="b"), mailbox.utc_now)
        assert bob.wait(10)
    assert eventually(lambda: not bells.watched)
    for database in (ours, theirs):
        database.close()


def test_a_database_that_fails_for_a_while_keeps_nobody_waiting_for_ever(tmp_path, monkeypatch):
    database = Database(f"sqlite:///{tmp_path / 'classe.db'}")
    with database.session() as session:
        accounts.add_user(session, "Ada")
    failures = iter([OperationalError("SELECT", {}, Exception("gone"))])
    real = mailbox.news

    def news(session, since):
        for error in failures:
            raise error
        return real(session, since)

    monkeypatch.setattr(mailbox, "news", news)
    monkeypatch.setattr("sandbox.messagerie.bells.RECOVERY_SECONDS", 0.01)
    bells = Bells(database)
    with bells.listening(1, users=True) as rung:
        with database.session() as session:
            mailbox.set_status(session, 1, "là")
        assert rung.wait(10)
    assert eventually(lambda: not bells.watched)
    database.close()


# Events


class Stream:
    """An event stream, read block by block."""

    def __init__(self, server: Server, token: str, query: str = "", **headers: str) -> None:
        self.response = requests.get(
            f"{server.url}/api/events{query}",
            headers=bearer(token) | headers,
            stream=True,
            timeout=20,
        )
        assert self.response.headers["Content-Type"].startswith("text/event-stream")
        self.lines = self.response.iter_lines(chunk_size=1, decode_unicode=True)
        self.opening = self.block()

    def block(self) -> dict[str, str]:
        """Return the fields of the next block; a comment has an empty name."""
        lines = itertools.takewhile(bool, self.lines)
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def event(self) -> tuple[int, str, dict]:
        block = self.block()
        return int(block["id"]), block["event"], json.loads(block["data"])


@pytest.fixture
def listen(messagerie) -> Iterator[Callable[..., Stream]]:
    with contextlib.ExitStack() as stack:

        def open_stream(token: str, query: str = "", **headers: str) -> Stream:
            stream = Stream(messagerie, token, query, **headers)
            stack.callback(stream.response.close)
            return stream

        yield open_stream


def test_a_stream_tells_of_messages_received_and_of_users(messagerie, listen):
    stream = listen(CHLOE)
    url = f"{messagerie.url}/api/"
    status = {"status": "à l’écoute"}
    requests.patch(url + "users/me", json=status, headers=bearer(BOB), timeout=10)
    for to in (4, 3):
        sent = requests.post(
            url + "messages", json=HELLO | {"to": to}, headers=bearer(BOB), timeout=10
        ).json()
    number = int(stream.opening["id"])
    assert stream.opening == {"retry": "2000", "id": str(number)}
    assert stream.event() == (number + 1, "user", {"id": 2, "name": "Bob"} | status)
    assert stream.event() == (number + 3, "message", sent)


def test_a_stream_resumes_where_it_was_cut(messagerie, listen):
    first = listen(CHLOE)
    texts = [f"n° {n}" for n in range(5)]
    for text in texts:
        body = {"to": 3, "text": text}
        requests.post(f"{messagerie.url}/api/messages", json=body, headers=bearer(BOB), timeout=10)
    events = [first.event() for _ in range(2)]
    first.response.close()
    again = listen(CHLOE, **{"Last-Event-ID": str(events[-1][0])})
    events += [again.event() for _ in range(3)]
    assert [data["text"] for _, _, data in events] == texts
    numbers = [number for number, _, _ in events]
    assert numbers == sorted(numbers)


def test_since_zero_tells_all_from_the_beginning(listen):
    stream = listen(BOB, "?since=0")
    assert stream.opening["id"] == "0"
    names = {data["name"] for _, _, data in (stream.event() for _ in range(1))}
    assert names <= {"Alice", "Bob", "Chloé", "Driss"}


def test_a_silent_stream_says_that_it_is_alive_then_ends(app, monkeypatch):
    monkeypatch.setattr(api, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(api, "STREAM_SECONDS", 0.2)
    with Client(app).get("/api/events") as answer:
        blocks = answer.text.split("\n\n")
    assert blocks[0] == "retry: 2000\nid: 5"
    assert set(blocks[1:]) == {": toujours là", ""}


def test_a_stream_that_is_left_gives_its_seat_back(app, monkeypatch):
    monkeypatch.setattr(api, "STREAM_SECONDS", 0.05)
    seats = app.extensions["messagerie"].seats
    for read in (True, False):
        answer = Client(app).client.get("/api/events", headers=bearer(ALICE))
        assert seats.taken[1] == 1
        if read:
            assert answer.text
        answer.close()
        assert seats.taken[1] == 0


def test_a_client_that_is_gone_is_noticed(app, alice, serve, monkeypatch):
    monkeypatch.setattr(limits, "STREAMS_EACH", 1)
    address = serve(handler_of(app))
    seats = app.extensions["messagerie"].seats
    head = f"GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {BOB}\r\n\r\n"
    with connect(address) as client:
        client.sendall(head.encode())
        assert client.recv(20).startswith(b"HTTP/1.1 200")
    # It is when something is written to it that one learns of its departure.
    assert eventually(lambda: alice.says("parti ?") and not seats.taken[2])


# Pages of elsewhere

ORIGIN = "http://localhost:8000"


@pytest.fixture
def open_app(tmp_path) -> Iterator[Flask]:
    app = create_app(f"sqlite:///{tmp_path / 'ouverte.db'}", origins=[ORIGIN])
    yield app
    app.extensions["messagerie"].database.close()


def preflight(app: Flask, origin: str):
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return app.test_client().options("/api/messages", headers=asked)


def test_a_page_of_an_origin_allowed_may_call(open_app):
    answer = preflight(open_app, ORIGIN)
    assert answer.status_code == 200
    allowed = {k: v for k, v in answer.headers.items() if k.startswith("Access-Control-Allow")}
    assert allowed == {
        "Access-Control-Allow-Origin": ORIGIN,
        "Access-Control-Allow-Methods": "GET, POST, PATCH",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    }
    refused = open_app.test_client().get("/api/users", headers={"Origin": ORIGIN})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN  # it may read why
    assert refused.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["http://localhost:8001", "null", "https://localhost:8000", ""])
def test_a_page_of_another_origin_may_not(open_app, app, origin):
    assert "Access-Control-Allow-Origin" not in preflight(open_app, origin).headers
    assert "Access-Control-Allow-Origin" not in preflight(app, ORIGIN).headers


# The description


def test_the_description_has_all_the_routes_and_no_other(lasting_app):
    routes = {
        (re.sub(r"<.*:(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in lasting_app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in DESCRIPTION["paths"].items() for method in item}
    assert routes == described


@pytest.mark.slow
def test_the_demonstration_gives_the_same_answers_each_time():
    told = []
    for _ in range(2):
        with start(server_messagerie.__file__, "--demonstration", "--port", "0") as server:
            answers = []
            for method, path, body, token in (
                ("POST", "/api/messages", HELLO, ALICE),
                ("PATCH", "/api/users/me", {"status": "là"}, BOB),
                ("POST", "/api/users", {"invitation": "INVITATION-3", "name": "Zoé"}, ""),
                ("GET", "/api/messages", None, BOB),
                ("GET", "/api/users", None, BOB),
            ):
                url, headers = server.url + path, bearer(token)
                answer = requests.request(method, url, json=body, headers=headers, timeout=10)
                answers.append((answer.status_code, answer.headers.get("Location"), answer.text))
            told.append(answers)
    assert told[0] == told[1]


def test_without_it_tokens_are_drawn_and_told_in_the_log():
    with start(server_messagerie.__file__, "--port", "0") as server:
        token = re.search("Alice a le jeton (.+)", server.log())[1]
        for shown, status in ((token, 200), (ALICE, 401)):
            answer = requests.get(f"{server.url}/api/users", headers=bearer(shown), timeout=10)
            assert answer.status_code == status


@pytest.fixture(scope="module")
def strategies(lasting_app) -> dict[str, st.SearchStrategy]:
    """What schemathesis can ask, by operation, of the description alone."""
    import schemathesis  # here: it takes a second, which every worker would otherwise spend

    schema = schemathesis.openapi.from_wsgi("/openapi.json", lasting_app)
    modes = schemathesis.GenerationMode
    return {
        operation.ok().label: st.one_of(
            operation.ok().as_strategy(generation_mode=mode) for mode in modes
        )
        for operation in schema.get_all_operations()
    }


OPERATIONS = [
    f"{method.upper()} {path}" for path, item in DESCRIPTION["paths"].items() for method in item
]


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_server_does_what_it_describes(strategies, operation, monkeypatch):
    monkeypatch.setattr(api, "STREAM_SECONDS", 0.0)  # a stream ends as soon as it has begun
    monkeypatch.setattr(api, "wait_for_messages", lambda *_: [])

    @settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(case=strategies[operation])
    def check(case):
        case.call_and_validate(headers=bearer(ALICE))

    check()
