"""Exercises of lesson 08: a client of the class's messaging in five steps, then a bot."""

import contextlib
import http.client
import json
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import requests

from sandbox.checking import Case, Exercise, Expect, Mistake, Raises, Stage
from sandbox.exercises.http_client import answer, read_request, silence
from sandbox.messagerie import accounts, create_app, mailbox, schemas
from sandbox.server_messagerie import DEMONSTRATION

# Solutions

Ask = Callable[..., Any]  # ask(method, path, body=None): a request of somebody, and its JSON


def ask(
    url: str, token: str, method: str, path: str, body: Any = None, timeout: float = 5.0
) -> Any:
    """Return the JSON that the server answers to the user whose `token` it is.

    Raises:
        ValueError: the server refuses; the message is the ``detail`` of its problem.
        requests.RequestException: no answer came, or it is not the application's.
    """
    headers = {"Authorization": f"Bearer {token}"}
    response = requests.request(method, url + path, headers=headers, json=body, timeout=timeout)
    if response.headers.get("Content-Type") == "application/problem+json":
        raise ValueError(response.json()["detail"])
    response.raise_for_status()
    return response.json()


def write_to(ask: Ask, name: str, text: str) -> dict:
    """Send a message to somebody by name; return it.

    Raises:
        LookupError: nobody has this name.
        ValueError: the server refuses.
    """
    ids = {user["name"]: user["id"] for user in ask("GET", "/api/users")}
    if name not in ids:
        raise LookupError(f"personne ne s'appelle {name}")
    return ask("POST", "/api/messages", {"to": ids[name], "text": text})


def read_new(ask: Ask, since: int = 0) -> tuple[list[dict], int]:
    """Return all the messages received after `since`, then the `since` of the next time."""
    messages: list[dict] = []
    while page := ask("GET", f"/api/messages?since={since}"):
        messages += page
        since = page[-1]["id"]
    return messages, since


def parse_events(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the fields of each block of an event stream, given line by line.

    A block ends with an empty line: one that is cut is not yielded, no more than comments are.
    """
    block: dict[str, str] = {}
    for line in lines:
        if not line and block:
            yield block
            block = {}
        name, _, value = line.partition(":")
        if not name:  # an empty line, or a comment
            continue
        value = value.removeprefix(" ")
        block[name] = f"{block[name]}\n{value}" if name == "data" and name in block else value


def follow(url: str, token: str, deliver: Callable[[str, Any], bool]) -> None:
    """Give each event to `deliver`, its name and its data, until it returns False.

    When the stream ends or is cut, wait as long as it asked (2 s by default), and come back after
    the last number it gave.

    Raises:
        requests.HTTPError: the server refuses.
    """
    headers = {"Authorization": f"Bearer {token}"}
    pause = 2.0
    while True:
        try:
            with requests.get(f"{url}/api/events", headers=headers, stream=True, timeout=30) as got:
                got.raise_for_status()
                # Not decode_unicode=True, for which a U+2028 in a message would end the line.
                lines = (line.decode() for line in got.iter_lines())
                for block in parse_events(lines):
                    headers["Last-Event-ID"] = block.get("id", headers.get("Last-Event-ID"))
                    pause = int(block["retry"]) / 1000 if "retry" in block else pause
                    if "data" in block and not deliver(block["event"], json.loads(block["data"])):
                        return
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            pass  # cut: what comes next is the same as after an end
        time.sleep(pause)


def run_bot(ask: Ask, reply: Callable[[str], str | None], number: int) -> int:
    """Answer messages as they come, until `number` of them have been read; return the last id.

    Args:
        reply: given a text, returns what to answer, or None.
    """
    me = ask("GET", "/api/users/me")["id"]
    since = 0
    while number > 0:
        for message in ask("GET", f"/api/messages?since={since}&wait=20")[:number]:
            since = message["id"]
            number -= 1
            text = None if message["from"] == me else reply(message["text"])
            if text is not None:
                with contextlib.suppress(ValueError):  # refused: the others need not suffer
                    ask("POST", "/api/messages", {"to": message["from"], "text": text})
    return since


# What they are tried on


class Classroom:
    """The messaging application itself, in this process: Alice, Bob, Chloé, Driss, no message."""

    def __init__(self, folder: str) -> None:
        database = f"sqlite:///{Path(folder, 'classe.db').as_posix()}"
        self.app = create_app(database, **DEMONSTRATION)
        self.service = self.app.extensions["messagerie"]
        self.requests: list[str] = []  # of those who ask through us
        with self.service.database.session() as session:
            for name in ("Alice", "Bob", "Chloé", "Driss"):
                token = self.service.token(name)  # that everybody knows: jeton-bob
                accounts.give_token(session, accounts.add_user(session, name), token)

    def as_user(self, name: str) -> Ask:
        """Return what asks as somebody, and notes it."""
        client = self.app.test_client()
        headers = {"Authorization": f"Bearer {self.service.token(name)}"}

        def asked(method: str, path: str, body: Any = None) -> Any:
            self.requests.append(f"{method} {path}")
            response = client.open(path, method=method, headers=headers, json=body)
            if response.status_code >= 400:
                raise ValueError(response.json["detail"])
            return response.json

        return asked

    def write(self, sender: int, to: int, *texts: str) -> None:
        """Have messages sent, all in one transaction."""
        with self.service.database.session() as session:
            for text in texts:
                new = schemas.NewMessage(to=to, text=text)
                mailbox.send(session, sender, new, self.service.clock)
        self.service.bells.look_now()

    def received(self, name: str) -> list[tuple[int, str]]:
        """Return who wrote what to somebody."""
        messages = self.as_user(name)("GET", "/api/messages")
        return [(message["from"], message["text"]) for message in messages]

    def play(self, connection: socket.socket) -> None:
        """Answer a request of a client on the network."""
        with connection.makefile("rb") as file:
            method, target, _ = file.readline().decode().split(" ")
            headers = http.client.parse_headers(file)
            body = file.read(int(headers.get("Content-Length", 0)))
        said = self.app.test_client().open(
            target, method=method, headers=headers.items(), data=body
        )
        kept = [f"{name}: {value}" for name, value in said.headers if name != "Content-Length"]
        connection.sendall(answer(said.status, said.data, *kept))


@contextlib.contextmanager
def classroom() -> Iterator[Classroom]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        room = Classroom(folder)
        yield room
        room.service.database.close()


def asked(stage: Stage, function: Ask, *request: Any, token: str = "jeton-bob") -> Any:
    with classroom() as room:
        return function(stage.scripted(room.play).url, token, *request)


def reason(stage: Stage, function: Ask, *request: Any, token: str = "jeton-bob") -> object:
    """Return the message with which a request is refused."""
    try:
        return asked(stage, function, *request, token=token)
    except ValueError as error:
        return str(error)


def bad_gateway(connection: socket.socket) -> None:
    read_request(connection)
    page = answer("502 Bad Gateway", b"<h1>Bad Gateway</h1>", "Content-Type: text/html")
    connection.sendall(page)


def written(function, name: str, text: str) -> object:
    """Have Alice write; return whom the message returned was for, and what all received."""
    with classroom() as room:
        message = function(room.as_user("Alice"), name, text)
        to = message.get("to") if isinstance(message, dict) else message
        return to, [room.received(each) for each in ("Bob", "Chloé", "Driss")]


def written_to_newcomer(function) -> object:
    with classroom() as room:
        with room.service.database.session() as session:
            accounts.add_user(session, "Bo")
        return function(room.as_user("Alice"), "Bo", "Bienvenue !")["to"]


def nothing_written(function) -> object:
    """Return whether a LookupError was raised, and what was sent all the same."""
    with classroom() as room:
        try:
            return function(room.as_user("Alice"), "Zoé", "Bonjour !")
        except LookupError:
            return [each for each in room.requests if each.startswith("POST")]


def read_after(function, *texts: str, since: int = 0) -> object:
    """Have Bob read what Alice wrote: texts, and how far the next `since` is from the first id."""
    with classroom() as room:
        room.write(1, 2, *texts)
        messages, following = function(room.as_user("Bob"), since)
        return [message["text"] for message in messages], following


def read_twice(function) -> object:
    with classroom() as room:
        bob = room.as_user("Bob")
        room.write(1, 2, "un", "deux")
        first, since = function(bob, 0)
        room.write(1, 2, "trois")
        second, since = function(bob, since)
        third, since = function(bob, since)
        return [[message["text"] for message in each] for each in (first, second, third)]


def chunked(*blocks: str, end: bool = True) -> bytes:
    """Return an answer whose body is an event stream, as the course's server writes it."""
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    pieces = [f"{len(block.encode()):x}\r\n{block}\r\n" for block in blocks]
    closing = "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    return (head + closing + "".join(pieces) + ("0\r\n\r\n" if end else "")).encode()


def event(number: int, text: str) -> str:
    """Return the block of a message."""
    data = json.dumps({"id": number, "text": text}, ensure_ascii=False)
    return f"id: {number}\nevent: message\ndata: {data}\n\n"


START = "retry: 100\nid: 4\n\n"
UNAUTHORIZED = answer(
    "401 Unauthorized", b'{"detail": "?"}', "Content-Type: application/problem+json"
)


class Streams:
    """A server that gives a stream to each client in turn, the last one again and again.

    Attributes:
        resumed: the Last-Event-ID of each request, None if it had none.
        times: when each came.
    """

    def __init__(self, *answers: bytes, hold: bool = False) -> None:
        self.answers = list(answers)
        self.hold = hold
        self.resumed: list[str | None] = []
        self.times: list[float] = []

    def play(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            file.readline()
            headers = http.client.parse_headers(file)
        said = self.answers[min(len(self.resumed), len(self.answers) - 1)]
        self.times.append(time.monotonic())
        self.resumed.append(headers.get("Last-Event-ID"))
        connection.sendall(said)
        if self.hold:
            connection.recv(1)  # a stream goes on: nothing comes until the client leaves


def followed(stage: Stage, function, number: int, streams: Streams) -> object:
    """Return the first events delivered, and the Last-Event-ID of each request."""
    texts: list[str] = []

    def deliver(name: str, data: Any) -> bool:
        texts.append(f"{name} {data['text']}")
        return len(texts) < number

    function(stage.scripted(streams.play).url, "jeton-bob", deliver)
    return texts, streams.resumed


def waits(stage: Stage, function) -> object:
    """Return whether the client has waited as the stream asked."""
    streams = Streams(chunked("retry: 600\nid: 4\n\n"), chunked(event(5, "a")))
    followed(stage, function, 1, streams)
    return streams.times[1] - streams.times[0] >= 0.5


def refused(stage: Stage, function) -> object:
    """Return the name of what is raised when the token is not good, after how many requests."""
    streams = Streams(UNAUTHORIZED)
    try:
        followed(stage, function, 1, streams)
    except requests.HTTPError as error:
        return error.response.status_code, len(streams.resumed)
    return None, len(streams.resumed)


def shout(text: str) -> str | None:
    return text.upper() if text.endswith("?") else None


def botted(function, number: int, *messages: tuple[int, str]) -> object:
    """Have Bob's bot read messages, ``(sender, text)``; return what Alice, Bob, Chloé received."""
    with classroom() as room:
        for sender, text in messages:
            room.write(sender, 2, text)
        function(room.as_user("Bob"), shout, number)
        mine = len(room.received("Bob"))
        return room.received("Alice"), mine, room.received("Chloé")


def bot_waits(function) -> object:
    """Return what Alice received, and whether the bot asked few times while nothing came."""
    with classroom() as room:
        later = threading.Timer(0.7, room.write, (1, 2, "Déjà ?"))
        later.start()
        function(room.as_user("Bob"), shout, 1)
        asked = sum("/api/messages" in each for each in room.requests if each.startswith("GET"))
        later.join()
        return room.received("Alice"), asked <= 3


def bot_refused(function) -> object:
    """Return what Alice received, when the first reply is not what the server takes."""
    with classroom() as room:
        room.write(1, 2, "vide", "plein")
        function(room.as_user("Bob"), {"vide": "", "plein": "Voilà."}.get, 2)
        return room.received("Alice")


# Mistakes foreseen


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def told(response: requests.Response) -> Any:
    if not response.ok:
        raise ValueError(response.json()["detail"])
    return response.json()


def token_in_url(url, token, method, path, body=None, timeout=5.0):
    address = f"{url}{path}?token={token}"
    return told(requests.request(method, address, json=body, timeout=timeout))


def token_alone(url, token, method, path, body=None, timeout=5.0):
    headers = {"Authorization": token}
    return told(requests.request(method, url + path, headers=headers, json=body, timeout=timeout))


def body_as_form(url, token, method, path, body=None, timeout=5.0):
    headers = bearer(token)
    return told(requests.request(method, url + path, headers=headers, data=body, timeout=timeout))


def trusting(url, token, method, path, body=None, timeout=5.0):
    headers = bearer(token)
    return told(requests.request(method, url + path, headers=headers, json=body, timeout=timeout))


def unconcerned(url, token, method, path, body=None, timeout=5.0):
    return requests.request(
        method, url + path, headers=bearer(token), json=body, timeout=timeout
    ).json()


def speechless(url, token, method, path, body=None, timeout=5.0):
    try:
        return trusting(url, token, method, path, body, timeout)
    except ValueError:
        raise ValueError("refusé") from None


def write_by_name(ask, name, text):
    return ask("POST", "/api/messages", {"to": name, "text": text})


def write_by_beginning(ask, name, text):
    for user in ask("GET", "/api/users"):
        if user["name"].startswith(name):
            return ask("POST", "/api/messages", {"to": user["id"], "text": text})
    raise LookupError(name)


def write_by_heart(ask, name, text):
    ids = {"Alice": 1, "Bob": 2, "Chloé": 3, "Driss": 4}
    return ask("POST", "/api/messages", {"to": ids[name], "text": text})


def write_signed(ask, name, text):
    ids = {user["name"]: user["id"] for user in ask("GET", "/api/users")}
    me = ask("GET", "/api/users/me")["id"]
    return ask("POST", "/api/messages", {"from": me, "to": ids[name], "text": text})


def write_in_silence(ask, name, text):
    for user in ask("GET", "/api/users"):
        if user["name"] == name:
            return ask("POST", "/api/messages", {"to": user["id"], "text": text})
    return None


def read_first_page(ask, since=0):
    messages = ask("GET", f"/api/messages?since={since}")
    return messages, messages[-1]["id"] if messages else since


def read_by_count(ask, since=0):
    messages = ask("GET", f"/api/messages?since={since}")
    return messages, since + len(messages)


def read_one_too_far(ask, since=0):
    messages, last = read_new(ask, since)
    return messages, last + 1


def read_never_empty(ask, since=0):
    messages, _ = read_new(ask, since)
    return messages, messages[-1]["id"]


def read_from_scratch(ask, since=0):
    return read_new(ask, 0)


def events_split(lines):
    for block in parse_events(lines):
        yield {name: value.split(":")[0] for name, value in block.items()}


def events_leaking(lines):
    known = {}
    for block in parse_events(lines):
        known |= block
        yield dict(known)


def events_unfinished(lines):
    yield from parse_events([*lines, ""])


def events_with_comments(lines):
    yield from parse_events(f"comment{line}" if line.startswith(":") else line for line in lines)


def events_last_line(lines):
    for block in parse_events(lines):
        yield block | {"data": block["data"].split("\n")[-1]} if "data" in block else block


def one_stream(url: str, headers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the blocks of a stream, until it ends or is cut."""
    with contextlib.suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        response = requests.get(f"{url}/api/events", headers=headers, stream=True, timeout=5)
        response.raise_for_status()
        yield from parse_events(line.decode() for line in response.iter_lines())


def goes_on(blocks: Iterable[dict[str, str]], deliver: Callable[[str, Any], bool]) -> bool:
    """Deliver events; return whether more are wanted."""
    events = (block for block in blocks if "data" in block)
    return all(deliver(each["event"], json.loads(each["data"])) for each in events)


def remembered(
    blocks: Iterable[dict[str, str]], headers: dict[str, str], field: str
) -> Iterator[dict[str, str]]:
    """Note the number of the blocks that have a field."""
    for block in blocks:
        if field in block:
            headers["Last-Event-ID"] = block["id"]
        yield block


def follow_once(url, token, deliver):
    goes_on(one_stream(url, bearer(token)), deliver)


def follow_without_memory(url, token, deliver):
    while goes_on(one_stream(url, bearer(token)), deliver):
        time.sleep(0.7)


def follow_events_only(url, token, deliver):
    headers = bearer(token)
    while goes_on(remembered(one_stream(url, headers), headers, "data"), deliver):
        time.sleep(0.7)


def follow_hurried(url, token, deliver):
    headers = bearer(token)
    while goes_on(remembered(one_stream(url, headers), headers, "id"), deliver):
        pass


def follow_stubborn(url, token, deliver):
    while True:
        try:
            return follow(url, token, deliver)
        except requests.HTTPError:
            time.sleep(0.1)


def bot_in_a_hurry(ask, reply, number):
    return run_bot(
        lambda method, path, *body: ask(method, path.split("&")[0], *body), reply, number
    )


def bot_that_repeats(ask, reply, number):
    for _ in range(number):
        message = ask("GET", "/api/messages?since=0&wait=20")[0]
        if (text := reply(message["text"])) is not None:
            ask("POST", "/api/messages", {"to": message["from"], "text": text})
    return message["id"]


def bot_of_itself(ask, reply, number):
    nobody = {"id": 0}
    return run_bot(
        lambda method, path, *body: nobody if path.endswith("/me") else ask(method, path, *body),
        reply,
        number,
    )


def bot_to_itself(ask, reply, number):
    me = ask("GET", "/api/users/me")["id"]
    return run_bot(
        lambda method, path, *body: ask(method, path, *(each | {"to": me} for each in body)),
        reply,
        number,
    )


def bot_that_sends_none(ask, reply, number):
    return run_bot(ask, lambda text: str(reply(text)), number)


def bot_that_falls(ask, reply, number):
    since = 0
    for _ in range(number):
        message = ask("GET", f"/api/messages?since={since}&wait=20")[0]
        since = message["id"]
        if message["from"] != 2 and (text := reply(message["text"])) is not None:
            ask("POST", "/api/messages", {"to": message["from"], "text": text})
    return since


# Exercises

ME = "`GET /api/users/me`, avec le jeton de Bob"
STATUS = "`PATCH /api/users/me` : un nouveau statut"
SEND = "`POST /api/messages` : Bob écrit à Alice"
NOBODY = "un message pour l'utilisateur 99, que personne n'est"
STRANGER = "un jeton inconnu"
WHY_NOBODY, WHY_STRANGER = (
    Expect(
        "une ValueError qui dit pourquoi",
        lambda got, word=word: isinstance(got, str) and word in got,
    )
    for word in ("l'identifiant 99", "votre jeton")
)
GATEWAY = "un intermédiaire répond 502, une page HTML"

ASK = Exercise(
    ask,
    label="ex-messaging-ask",
    hints=(
        "`requests.request(method, url + path, …)` sait faire toutes les méthodes. Que faut-il lui "
        "donner pour le jeton ? pour le corps ?",
        "`headers={'Authorization': f'Bearer {token}'}`, et `json=body` : `requests` écrit le JSON "
        "et l'annonce. Avec `body=None`, il n'envoie pas de corps.",
        "Un refus de l'application se reconnaît à son `Content-Type`, `application/problem+json` : "
        "levez `ValueError(response.json()['detail'])`. Pour les autres, `raise_for_status()`.",
    ),
    cases=[
        Case(
            ME,
            lambda stage, f: asked(stage, f, "GET", "/api/users/me"),
            {"id": 2, "name": "Bob", "status": "disponible"},
        ),
        Case(
            STATUS,
            lambda stage, f: asked(stage, f, "PATCH", "/api/users/me", {"status": "à la plage"}),
            {"id": 2, "name": "Bob", "status": "à la plage"},
        ),
        Case(
            SEND,
            lambda stage, f: asked(stage, f, "POST", "/api/messages", {"to": 1, "text": "Été ?"}),
            Expect(
                "le message gardé",
                lambda got: (got["from"], got["to"], got["text"]) == (2, 1, "Été ?"),
            ),
        ),
        Case(
            NOBODY,
            lambda stage, f: reason(stage, f, "POST", "/api/messages", {"to": 99, "text": "a"}),
            WHY_NOBODY,
        ),
        Case(
            STRANGER,
            lambda stage, f: reason(stage, f, "GET", "/api/users", token="sesame"),
            WHY_STRANGER,
        ),
        Case(
            GATEWAY,
            lambda stage, f: f(stage.scripted(bad_gateway).url, "jeton-bob", "GET", "/api/users"),
            Raises(requests.HTTPError),
        ),
        Case(
            "le serveur se tait ; timeout=0.3",
            lambda stage, f: f(stage.scripted(silence).url, "a", "GET", "/", timeout=0.3),
            Raises(requests.Timeout),
        ),
    ],
    mistakes=[
        Mistake(
            "Votre jeton n'est pas dans un en-tête `Authorization` ; s'il est dans l'URL, il ira "
            "dans tous les journaux.",
            token_in_url,
            lambda failure: b"authorization:" not in failure.sent.lower(),
        ),
        Mistake(
            "L'en-tête dit comment vous prouvez qui vous êtes avant de le prouver : « Bearer », "
            "une espace, puis le jeton.",
            token_alone,
            lambda failure: b"authorization: bearer " not in failure.sent.lower(),
        ),
        Mistake(
            "Vous envoyez un formulaire, et le serveur attend du JSON : `json=body`.",
            body_as_form,
            lambda failure: b"x-www-form-urlencoded" in failure.sent,
        ),
        Mistake(
            "Le serveur refuse, et vous rendez son refus comme si c'était une réponse : levez "
            "`ValueError`.",
            unconcerned,
            lambda failure: isinstance(failure.value, dict) and "detail" in failure.value,
        ),
        Mistake(
            "Le serveur dit pourquoi il refuse : donnez à votre exception le `detail` du problème.",
            speechless,
            lambda failure: failure.case == NOBODY and isinstance(failure.value, str),
        ),
        Mistake(
            "Cette réponse-là n'est pas de l'application : ne cherchez pas de JSON dans la page "
            "d'un intermédiaire. `raise_for_status()` suffit.",
            trusting,
            lambda failure: (
                failure.case == GATEWAY and isinstance(failure.error, requests.JSONDecodeError)
            ),
        ),
    ],
)


CHLOE = "Alice écrit à Chloé"
UNKNOWN = "Alice écrit à Zoé, que personne ne connaît"
NEWCOMER = "un nouveau, `Bo`, arrive ; Alice lui écrit (il y a aussi `Bob`)"

WRITE = Exercise(
    write_to,
    label="ex-messaging-write-to",
    hints=(
        "Le serveur veut un identifiant, vous avez un nom. Quelle route connaît les deux ?",
        "`ask('GET', '/api/users')` rend une liste d'utilisateurs, chacun avec `id` et `name`. Un "
        "dictionnaire `{user['name']: user['id'] for user in …}` fait l'annuaire.",
        "Si le nom n'y est pas, `raise LookupError(…)` avant d'envoyer quoi que ce soit. Sinon, "
        "`return ask('POST', '/api/messages', {'to': …, 'text': text})`.",
    ),
    cases=[
        Case(
            "Alice écrit à Bob",
            lambda stage, f: written(f, "Bob", "Bonjour !"),
            (2, [[(1, "Bonjour !")], [], []]),
        ),
        Case(
            CHLOE,
            lambda stage, f: written(f, "Chloé", "<b>Été</b>\n?"),
            (3, [[], [(1, "<b>Été</b>\n?")], []]),
        ),
        Case(NEWCOMER, lambda stage, f: written_to_newcomer(f), 5),
        Case(
            UNKNOWN,
            lambda stage, f: nothing_written(f),
            Expect("une exception, et rien d'envoyé", lambda got: got == []),
        ),
        Case(
            "un texte vide : le serveur refuse",
            lambda stage, f: written(f, "Bob", ""),
            Raises(ValueError),
        ),
    ],
    mistakes=[
        Mistake(
            "Le serveur attend un identifiant dans `to`, pas un nom : demandez-lui d'abord la "
            "liste des utilisateurs.",
            write_by_name,
            lambda failure: "to doit être un nombre" in str(failure.error),
        ),
        Mistake(
            "L'expéditeur n'est pas à vous de le dire : le serveur le sait par votre jeton, sans "
            "quoi chacun signerait du nom d'un autre.",
            write_signed,
            lambda failure: "from champ inconnu" in str(failure.error),
        ),
        Mistake(
            "Il y a quelqu'un de nouveau, et vous ne le voyez pas : demandez la liste au serveur à "
            "chaque fois, n'écrivez pas les identifiants dans le programme.",
            write_by_heart,
            lambda failure: failure.case == NEWCOMER and isinstance(failure.error, KeyError),
        ),
        Mistake(
            "`Bo` n'est pas `Bob` : comparez les noms entiers.",
            write_by_beginning,
            lambda failure: failure.case == NEWCOMER and failure.value == 2,
        ),
        Mistake(
            "Le message n'est parti nulle part, et personne ne l'a su : levez `LookupError`.",
            write_in_silence,
            lambda failure: failure.case == UNKNOWN and failure.value is None,
        ),
    ],
)


NONE = "rien de nouveau depuis 42"
MANY = "250 messages attendent ; le serveur en donne 100 à la fois"
TWICE = "deux messages, lus ; un troisième, lu ; une dernière lecture"
TEXTS = [f"message {number}" for number in range(250)]

READ = Exercise(
    read_new,
    label="ex-messaging-read-new",
    hints=(
        "Le serveur rend au plus cent messages, du plus ancien au plus récent. Comment demander la "
        "suite ?",
        "Le `since` suivant est l'identifiant du *dernier* message reçu. Ces identifiants "
        "croissent sans se suivre : on ne les calcule pas.",
        "`while page := ask('GET', f'/api/messages?since={since}')` : tant que la liste n'est pas "
        "vide, l'ajouter aux autres et faire avancer `since`.",
    ),
    cases=[
        Case(
            "deux messages attendent",
            lambda stage, f: read_after(f, "un", "deux"),
            (["un", "deux"], 6),
        ),
        Case(NONE, lambda stage, f: read_after(f, "un", since=42), ([], 42)),
        Case(
            "le premier est déjà lu : `since=5`",
            lambda stage, f: read_after(f, "un", "deux", since=5),
            (["deux"], 6),
        ),
        Case(MANY, lambda stage, f: read_after(f, *TEXTS), (TEXTS, 254)),
        Case(TWICE, lambda stage, f: read_twice(f), [["un", "deux"], ["trois"], []]),
    ],
    mistakes=[
        Mistake(
            "Les identifiants ne se comptent pas : le `since` suivant est l'`id` du dernier "
            "message reçu.",
            read_by_count,
            lambda failure: isinstance(failure.value, tuple) and failure.value[1] == 2,
        ),
        Mistake(
            "`since` est le dernier message *vu*, et le serveur rend ceux d'après : en ajoutant 1, "
            "vous manquerez le suivant.",
            read_one_too_far,
            lambda failure: isinstance(failure.value, tuple) and failure.value[1] == 7,
        ),
        Mistake(
            "Quand il n'y a rien, il n'y a pas de dernier message : rendez le `since` que vous "
            "avez reçu.",
            read_never_empty,
            lambda failure: failure.case == NONE and isinstance(failure.error, IndexError),
        ),
        Mistake(
            "Vous relisez tout depuis le début : partez de `since`.",
            read_from_scratch,
            lambda failure: failure.case == NONE and failure.value == (["un"], 5),
        ),
        Mistake(
            "Cent messages, et les autres attendent toujours : redemandez jusqu'à une liste vide.",
            read_first_page,
            lambda failure: failure.case == MANY and len(failure.value[0]) == 100,
        ),
    ],
)


ONE = "un événement et ses trois champs"
JSON = "des deux-points dans la valeur"
TWO = "deux événements, dont le second n'a pas d'identifiant"
COMMENT = "un commentaire, puis un événement"
LINES = "des données sur deux lignes"
CUT = "le flux est coupé au milieu du second événement"


def blocks(function, text: str) -> object:
    """Return what is read of a stream."""
    return [dict(block) for block in function(text.splitlines())]


EVENTS = Exercise(
    parse_events,
    label="ex-messaging-parse-events",
    hints=(
        "Une boucle sur les lignes, un dictionnaire que l'on remplit. Quelle ligne dit que "
        "l'événement est complet ?",
        "`line.partition(':')` coupe au *premier* deux-points. Une ligne vide finit le bloc ; une "
        "ligne qui commence par deux-points est un commentaire.",
        "À la ligne vide : `yield block`, puis `block = {}` pour le suivant, si le bloc n'est pas "
        "vide. À la fin du flux, rien : ce qui n'est pas fini n'a pas été reçu.",
    ),
    cases=[
        Case(
            ONE,
            lambda stage, f: blocks(f, "id: 7\nevent: user\ndata: 12\n\n"),
            [{"id": "7", "event": "user", "data": "12"}],
        ),
        Case(
            "`retry` et `id` seulement, sans espace",
            lambda stage, f: blocks(f, "retry:2000\nid:6\n\n"),
            [{"retry": "2000", "id": "6"}],
        ),
        Case(
            JSON,
            lambda stage, f: blocks(f, 'id: 7\ndata: {"at": "08:00:07"}\n\n'),
            [{"id": "7", "data": '{"at": "08:00:07"}'}],
        ),
        Case(
            TWO,
            lambda stage, f: blocks(f, "id: 7\ndata: a\n\ndata: b\n\n"),
            [{"id": "7", "data": "a"}, {"data": "b"}],
        ),
        Case(
            COMMENT,
            lambda stage, f: blocks(f, ": toujours là\n\nid: 8\ndata: a\n\n"),
            [{"id": "8", "data": "a"}],
        ),
        Case(LINES, lambda stage, f: blocks(f, "data: a\ndata: b\n\n"), [{"data": "a\nb"}]),
        Case(
            CUT,
            lambda stage, f: blocks(f, "id: 7\ndata: a\n\nid: 8\ndata: moi"),
            [{"id": "7", "data": "a"}],
        ),
    ],
    mistakes=[
        Mistake(
            "La valeur aussi contient des deux-points : ne coupez qu'au premier "
            "(`partition`, ou `split(':', 1)`).",
            events_split,
            lambda failure: failure.case == JSON and failure.verdict == "faux",
        ),
        Mistake(
            "Le second événement a gardé des champs du premier : repartez d'un dictionnaire neuf.",
            events_leaking,
            lambda failure: failure.case == TWO and len(failure.value) == 2,
        ),
        Mistake(
            "Une ligne qui commence par deux-points est un commentaire : on l'ignore.",
            events_with_comments,
            lambda failure: failure.case == COMMENT and len(failure.value) == 2,
        ),
        Mistake(
            "Plusieurs lignes `data` font un seul texte de plusieurs lignes : la seconde "
            "n'efface pas la première.",
            events_last_line,
            lambda failure: failure.case == LINES and failure.value == [{"data": "b"}],
        ),
        Mistake(
            "Sans ligne vide, l'événement n'est pas fini : le donner, c'est risquer d'en donner la "
            "moitié.",
            events_unfinished,
            lambda failure: failure.case == CUT and len(failure.value) == 2,
        ),
    ],
)


ENDS = "le flux finit après l'événement 7 ; un autre commence à 8"
HALF = "la connexion est coupée au milieu de l'événement 6"
BARE = "coupé avant tout événement : on ne connaît que le numéro de départ, 4"
RETRY = "le flux dit `retry: 600`, puis finit : combien de temps avant de revenir ?"
DENIED = "le serveur répond 401"

FOLLOW = Exercise(
    follow,
    label="ex-messaging-follow",
    hints=(
        "Deux boucles : celle du dehors ouvre un flux ; celle du dedans en lit les blocs, par "
        "l'étape précédente. Quand le dedans finit, quelle qu'en soit la raison, on recommence.",
        "Gardez l'`id` de *chaque* bloc dans l'en-tête `Last-Event-ID` de la requête suivante. "
        "Avec `requests.get(…, stream=True)`, les lignes sont dans `response.iter_lines()`, en "
        "octets : `line.decode()`.",
        "Attrapez `requests.ConnectionError` et `requests.exceptions.ChunkedEncodingError` autour "
        "de la lecture, pas l'`HTTPError` de `raise_for_status()` ; puis `time.sleep(pause)`, où "
        "`pause` vient de `retry`, en millisecondes.",
    ),
    cases=[
        Case(
            "trois événements, et `deliver` dit d'arrêter",
            lambda stage, f: followed(
                stage,
                f,
                3,
                Streams(
                    chunked(START, *[event(n, t) for n, t in enumerate("abc", 5)], end=False),
                    hold=True,
                ),
            ),
            (["message a", "message b", "message c"], [None]),
        ),
        Case(
            ENDS,
            lambda stage, f: followed(
                stage,
                f,
                3,
                Streams(
                    chunked(START, event(5, "a"), event(7, "b")),
                    chunked(START.replace("4", "7"), event(8, "c")),
                ),
            ),
            (["message a", "message b", "message c"], [None, "7"]),
        ),
        Case(
            HALF,
            lambda stage, f: followed(
                stage,
                f,
                2,
                Streams(
                    chunked(START, event(5, "a"), event(6, "b")[:-9], end=False),
                    chunked(event(6, "b")),
                ),
            ),
            (["message a", "message b"], [None, "5"]),
        ),
        Case(
            BARE,
            lambda stage, f: followed(
                stage, f, 1, Streams(chunked(START, end=False), chunked(event(5, "a")))
            ),
            (["message a"], [None, "4"]),
        ),
        Case(RETRY, lambda stage, f: waits(stage, f), Expect("0,6 s au moins", bool)),
        Case(
            DENIED,
            lambda stage, f: refused(stage, f),
            Expect("une exception, après une seule requête", lambda got: got == (401, 1)),
        ),
    ],
    mistakes=[
        Mistake(
            "Un flux finit toujours un jour : revenez, au lieu de vous arrêter là.",
            follow_once,
            lambda failure: failure.case == ENDS and failure.value[1] == [None],
        ),
        Mistake(
            "Vous revenez sans dire où vous en étiez : donnez le dernier identifiant reçu dans "
            "`Last-Event-ID`.",
            follow_without_memory,
            lambda failure: failure.case == ENDS and failure.value[1] == [None, None],
        ),
        Mistake(
            "Le premier bloc n'a pas d'événement, mais il a un numéro : retenez-le, ce qui s'est "
            "passé pendant la coupure vient après lui.",
            follow_events_only,
            lambda failure: failure.case == BARE and failure.value[1] == [None, None],
        ),
        Mistake(
            "Vous revenez aussitôt : mille clients coupés ensemble reviendront ensemble. Attendez "
            "ce que dit `retry`, en millisecondes.",
            follow_hurried,
            lambda failure: failure.case == RETRY and failure.value is False,
        ),
        Mistake(
            "Un jeton refusé le sera encore dans une seconde : laissez passer l'exception, "
            "n'insistez pas.",
            follow_stubborn,
            lambda failure: failure.case == DENIED and failure.verdict in ("bloqué", "faux"),
        ),
    ],
)


QUESTION = "Alice demande « Ça va ? »"
FROM_TWO = "Alice et Chloé posent chacune une question"
NO_REPLY = "`reply` rend None : il n'y a rien à répondre"
OWN = "Bob s'est écrit à lui-même : « Et demain ? »"
LATER = "le message n'arrive qu'au bout de 0,7 s"
EMPTY = "la première réponse est refusée (elle est vide)"

BOT = Exercise(
    run_bot,
    label="ex-messaging-run-bot",
    hints=(
        "Une boucle qui attend des messages, et pour chacun une réponse. De quoi faut-il se "
        "souvenir d'un tour à l'autre ?",
        "`ask('GET', f'/api/messages?since={since}&wait=20')` attend pour vous. `since` est l'`id` "
        "du dernier message lu ; la réponse va à `message['from']`.",
        "Trois gardes : rien si le message est de vous (`GET /api/users/me` dit qui vous êtes), "
        "rien si `reply` rend `None`, et `try … except ValueError` autour de l'envoi.",
    ),
    cases=[
        Case(
            QUESTION,
            lambda stage, f: botted(f, 1, (1, "Ça va ?")),
            ([(2, "ÇA VA ?")], 1, []),
        ),
        Case(
            FROM_TWO,
            lambda stage, f: botted(f, 2, (1, "Ici ?"), (3, "Là ?")),
            ([(2, "ICI ?")], 2, [(2, "LÀ ?")]),
        ),
        Case(
            NO_REPLY,
            lambda stage, f: botted(f, 2, (1, "Bonjour."), (1, "Ça va ?")),
            ([(2, "ÇA VA ?")], 2, []),
        ),
        Case(
            OWN,
            lambda stage, f: botted(f, 2, (2, "Et demain ?"), (3, "Là ?")),
            ([], 2, [(2, "LÀ ?")]),
        ),
        Case(LATER, lambda stage, f: bot_waits(f), ([(2, "DÉJÀ ?")], True)),
        Case(EMPTY, lambda stage, f: bot_refused(f), [(2, "Voilà.")]),
    ],
    mistakes=[
        Mistake(
            "La réponse va à qui a écrit, `message['from']` ; `message['to']`, c'est vous.",
            bot_to_itself,
            lambda failure: failure.case == QUESTION and failure.value[1] == 2,
        ),
        Mistake(
            "Vous répondez toujours au même message : faites avancer `since`.",
            bot_that_repeats,
            lambda failure: failure.case == FROM_TWO and len(failure.value[0]) == 2,
        ),
        Mistake(
            "`reply` a rendu `None` : il n'y a rien à envoyer.",
            bot_that_sends_none,
            lambda failure: (
                failure.case == NO_REPLY
                and (isinstance(failure.error, ValueError) or "'None'" in str(failure.value))
            ),
        ),
        Mistake(
            "Votre bot se répond à lui-même ; avec une réponse qui appelle une réponse, il ne "
            "s'arrêterait jamais. Passez les messages qui sont de vous.",
            bot_of_itself,
            lambda failure: failure.case == OWN and failure.value[1] == 3,
        ),
        Mistake(
            "Vous demandez sans cesse s'il y a du nouveau : `wait=20`, et c'est le serveur qui "
            "attend.",
            bot_in_a_hurry,
            lambda failure: (
                failure.case == LATER
                and ("faites une pause" in str(failure.error) or failure.value[1] is False)
            ),
        ),
        Mistake(
            "Une réponse refusée, et plus personne n'en reçoit : attrapez `ValueError`, et passez "
            "au message suivant.",
            bot_that_falls,
            lambda failure: failure.case == EMPTY and isinstance(failure.error, ValueError),
        ),
    ],
)
