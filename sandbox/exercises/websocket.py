"""Exercises of lesson 11: an echo in capitals, a client of the chat, a counter that all share."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from sandbox import server_ws_chat
from sandbox.checking import Case, Exercise, Expect, Mistake, Raises, Stage

# Solutions


async def shout(connection: ServerConnection) -> None:
    """Answer each text in capitals, and bytes as they are, until the client leaves."""
    async for message in connection:
        if isinstance(message, str):
            message = message.upper()
        await connection.send(message)


def converse(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    """Say each text in the chat, once the one before was heard; return who was heard saying what.

    Raises:
        ValueError: the chat refuses a text; the message is its reason.
    """
    heard = []
    with connect(url) as chat:
        for text in texts:
            chat.send(json.dumps({"name": name, "text": text}))
            while (name, text) not in heard[-1:]:
                content = json.loads(chat.recv(timeout=5))
                if content["type"] == "refused":
                    raise ValueError(content["reason"])
                if content["type"] == "message":
                    heard.append((content["name"], content["text"]))
    return heard


def create_counter() -> Callable[[ServerConnection], Awaitable[None]]:
    """Return a handler of connections, which all share a number that ``+`` and ``-`` change."""
    people: set[ServerConnection] = set()
    count = 0

    async def counter(connection: ServerConnection) -> None:
        nonlocal count
        people.add(connection)
        try:
            await connection.send(str(count))
            async for message in connection:
                if message not in ("+", "-"):
                    await connection.send("?")
                    continue
                count += 1 if message == "+" else -1
                broadcast(people, str(count))
        finally:
            people.discard(connection)

    return counter


# What they are tried on

NOTHING, CLOSED = "(rien)", "(raccroché)"


class Person:
    """A client of ours."""

    def __init__(self, client) -> None:
        self.client = client

    def says(self, *messages: str | bytes) -> None:
        with contextlib.suppress(ConnectionClosed):
            for message in messages:
                self.client.send(message)

    def hears(self, number: int) -> list:
        """Return the next messages, as many as asked, in which what does not come is told."""
        heard = []
        for _ in range(number):
            try:
                heard.append(self.client.recv(timeout=2))
            except TimeoutError:
                return [*heard, NOTHING]
            except ConnectionClosed:
                return [*heard, CLOSED]
        return heard

    def leaves(self) -> None:
        self.client.close()


@contextlib.contextmanager
def people_at(stage: Stage, handler, number: int):
    """Have people connected, one after the other, to a server that runs `handler`."""
    tap = stage.serve_websocket(handler)
    with contextlib.ExitStack() as stack:
        url = f"ws://{tap.host}:{tap.port}"
        yield [
            Person(stack.enter_context(connect(url, proxy=None, close_timeout=0.5)))
            for _ in range(number)
        ]


def echo_of(stage: Stage, handler, *messages: str | bytes) -> list:
    with people_at(stage, handler, 1) as [ada]:
        ada.says(*messages)
        return ada.hears(len(messages))


def two_at_once(stage: Stage, handler) -> list:
    """Ada connects first and says nothing: Bob does not have to wait for her."""
    with people_at(stage, handler, 2) as [ada, bob]:
        bob.says("bob")
        heard = bob.hears(1)
        ada.says("ada")
        return heard + ada.hears(1)


def room(stage: Stage, function, name: str, texts: list[str]) -> object:
    """Have a text said in the course's chat."""
    tap = stage.serve_websocket(server_ws_chat.chat)
    return as_pairs(function(f"ws://{tap.host}:{tap.port}/", name, texts))


def with_bob(stage: Stage, function, texts: list[str], *bob_says: str) -> object:
    """Have texts said in a chat where Bob speaks each time before Ada is heard."""

    async def chat(connection: ServerConnection) -> None:
        await connection.send('{"type": "present", "count": 2}')
        async for message in connection:
            for text in bob_says:
                await connection.send(json.dumps({"type": "message", "name": "Bob", "text": text}))
            await asyncio.sleep(0.02)
            await connection.send(json.dumps({"type": "message"} | json.loads(message)))

    tap = stage.serve_websocket(chat)
    return as_pairs(function(f"ws://{tap.host}:{tap.port}/", "Ada", texts))


def as_pairs(heard: object) -> object:
    """Take lists for pairs: both are right."""
    return [tuple(each) for each in heard] if isinstance(heard, list) else heard


def count_of(stage: Stage, function, *messages: str) -> list:
    with people_at(stage, function(), 1) as [ada]:
        ada.says(*messages)
        return ada.hears(len(messages) + 1)


def count_of_two(stage: Stage, function) -> list:
    with people_at(stage, function(), 2) as [ada, bob]:
        heard = ada.hears(1) + bob.hears(1)
        ada.says("+")
        return heard + ada.hears(1) + bob.hears(1)


def latecomer(stage: Stage, function) -> list:
    handler = function()
    tap = stage.serve_websocket(handler)
    url = f"ws://{tap.host}:{tap.port}"
    with connect(url, proxy=None) as first:
        ada = Person(first)
        ada.says("+", "+")
        ada.hears(3)
        with connect(url, proxy=None) as second:
            return Person(second).hears(1)


def odd_message(stage: Stage, function) -> list:
    """Return what Ada and Bob hear after an odd message of hers, then a good one."""
    with people_at(stage, function(), 2) as [ada, bob]:
        ada.hears(1)
        bob.hears(1)
        ada.says("++")
        heard = ada.hears(1)
        ada.says("+")
        return [heard + ada.hears(1), bob.hears(1)]


def one_leaves(stage: Stage, function) -> list:
    with people_at(stage, function(), 3) as [ada, bob, carl]:
        for person in (ada, bob, carl):
            person.hears(1)
        ada.leaves()
        bob.says("+")
        return bob.hears(1) + carl.hears(1)


def two_counters(stage: Stage, function) -> list:
    with people_at(stage, function(), 1) as [ada], people_at(stage, function(), 1) as [bob]:
        ada.hears(1)
        ada.says("+")
        return ada.hears(1) + bob.hears(1)


# Mistakes foreseen


async def shout_once(connection: ServerConnection) -> None:
    message = await connection.recv()
    await connection.send(message.upper() if isinstance(message, str) else message)


async def shout_bytes_too(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message.upper())


async def shout_encoded(connection: ServerConnection) -> None:
    async for message in connection:
        text = message if isinstance(message, str) else message.decode()
        await connection.send(text.upper().encode())


async def shout_returned(connection: ServerConnection) -> str:
    async for message in connection:
        return message.upper()


async def shout_nothing_awaited(connection: ServerConnection) -> None:
    async for message in connection:
        connection.send(message.upper() if isinstance(message, str) else message)


def converse_first_heard(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    heard = []
    with connect(url) as chat:
        for text in texts:
            chat.send(json.dumps({"name": name, "text": text}))
            content = json.loads(chat.recv(timeout=5))
            heard.append((content["name"], content["text"]))
    return heard


def converse_by_hand(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    heard = []
    with connect(url) as chat:
        for text in texts:
            chat.send(f'{{"name": "{name}", "text": "{text}"}}')
            while (name, text) not in heard[-1:]:
                content = json.loads(chat.recv(timeout=5))
                if content["type"] == "refused":
                    raise ValueError(content["reason"])
                if content["type"] == "message":
                    heard.append((content["name"], content["text"]))
    return heard


def converse_deaf(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(who, text) for who, text in converse(url, name, texts) if who == name]


def converse_any_name(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    heard = []
    with connect(url) as chat:
        for text in texts:
            chat.send(json.dumps({"name": name, "text": text}))
            said = None
            while said != text:
                content = json.loads(chat.recv(timeout=5))
                if content["type"] == "refused":
                    raise ValueError(content["reason"])
                if content["type"] == "message":
                    said = content["text"]
                    heard.append((content["name"], said))
    return heard


def converse_never_refused(url: str, name: str, texts: list[str]) -> list[tuple[str, str]]:
    heard = []
    with connect(url) as chat:
        for text in texts:
            chat.send(json.dumps({"name": name, "text": text}))
            while (name, text) not in heard[-1:]:
                content = json.loads(chat.recv())
                if content["type"] == "message":
                    heard.append((content["name"], content["text"]))
    return heard


def counter_for_one() -> Callable:
    count = 0

    async def counter(connection: ServerConnection) -> None:
        nonlocal count
        await connection.send(str(count))
        async for message in connection:
            if message in ("+", "-"):
                count += 1 if message == "+" else -1
                await connection.send(str(count))
            else:
                await connection.send("?")

    return counter


def counter_of_each() -> Callable:
    people: set[ServerConnection] = set()

    async def counter(connection: ServerConnection) -> None:
        count = 0
        people.add(connection)
        await connection.send(str(count))
        async for message in connection:
            if message in ("+", "-"):
                count += 1 if message == "+" else -1
                broadcast(people, str(count))
            else:
                await connection.send("?")
        people.discard(connection)

    return counter


def counter_with_ghosts() -> Callable:
    people: list[ServerConnection] = []
    count = 0

    async def counter(connection: ServerConnection) -> None:
        nonlocal count
        people.append(connection)
        await connection.send(str(count))
        async for message in connection:
            if message not in ("+", "-"):
                await connection.send("?")
                continue
            count += 1 if message == "+" else -1
            for each in people:
                await each.send(str(count))

    return counter


def counter_that_complains_to_all() -> Callable:
    people: set[ServerConnection] = set()
    count = 0

    async def counter(connection: ServerConnection) -> None:
        nonlocal count
        people.add(connection)
        await connection.send(str(count))
        async for message in connection:
            if message in ("+", "-"):
                count += 1 if message == "+" else -1
                broadcast(people, str(count))
            else:
                broadcast(people, "?")
        people.discard(connection)

    return counter


ONLY_COUNTER = create_counter()


def counter_of_the_world() -> Callable:
    return ONLY_COUNTER


# Exercises

THREE = "trois messages, `'un'`, `'deux'`, `'trois'`"
BYTES = "des octets, `b'abc'`"
WORD = "un message, `'bonjour'`"

SHOUT = Exercise(
    shout,
    label="ex-websocket-shout",
    hints=(
        "C'est l'écho de la leçon, à une ligne près. Où passe le message, entre son arrivée et "
        "son départ ?",
        "`async for message in connection:` donne les messages un par un ; `isinstance(message, "
        "str)` distingue le texte des octets.",
        "Dans la boucle : si c'est un texte, `message = message.upper()` ; puis, dans tous les "
        "cas, `await connection.send(message)`.",
    ),
    cases=[
        Case(WORD, lambda stage, f: echo_of(stage, f, "bonjour"), ["BONJOUR"]),
        Case(
            THREE,
            lambda stage, f: echo_of(stage, f, "un", "deux", "trois"),
            ["UN", "DEUX", "TROIS"],
        ),
        Case(
            "des accents, et rien : `'été'`, `''`",
            lambda stage, f: echo_of(stage, f, "été", ""),
            ["ÉTÉ", ""],
        ),
        Case(BYTES, lambda stage, f: echo_of(stage, f, b"abc"), [b"abc"]),
        Case(
            "60 000 signes",
            lambda stage, f: echo_of(stage, f, "a" * 60_000),
            Expect("les mêmes en majuscules", lambda value: value == ["A" * 60_000]),
        ),
        Case("Ada se tait ; Bob parle, puis Ada", two_at_once, ["BOB", "ADA"]),
    ],
    mistakes=[
        Mistake(
            "`connection.send(…)` tout seul ne fait que préparer l'envoi : c'est `await "
            "connection.send(…)` qui envoie.",
            shout_nothing_awaited,
            lambda failure: failure.case == WORD and failure.value == [NOTHING],
        ),
        Mistake(
            "Votre coroutine s'est terminée sans répondre, et le serveur a raccroché : on ne rend "
            "pas la réponse par `return`, on l'envoie par `await connection.send(…)`.",
            shout_returned,
            lambda failure: failure.case == WORD and failure.value == [CLOSED],
        ),
        Mistake(
            "Vous avez répondu une fois, puis raccroché : la connexion vit tant que dure la "
            "coroutine. Faites une boucle, `async for message in connection`.",
            shout_once,
            lambda failure: failure.case == THREE and failure.value == ["UN", CLOSED],
        ),
        Mistake(
            "Vous répondez par des octets : donnez une chaîne à `send`, sans `encode`, et elle "
            "partira comme un texte.",
            shout_encoded,
            lambda failure: failure.case == WORD and failure.value == [b"BONJOUR"],
        ),
        Mistake(
            "Les octets doivent revenir tels quels : ce n'est pas du texte, `upper` les abîme.",
            shout_bytes_too,
            lambda failure: failure.case == BYTES and failure.value == [b"ABC"],
        ),
    ],
)

ALONE = "Ada, seule, dit « Bonjour ! »"
WITH_BOB = "Ada parle deux fois, et chaque fois Bob parle avant que son message ne lui revienne"
SAME_TEXT = "Bob dit « Oui » juste avant Ada, qui dit « Oui » aussi"
QUOTES = 'un texte avec des guillemets et une barre : `l\'"été" \\ ici`'
REFUSED = "un texte de 2001 signes, que le chat refuse"

CONVERSE = Exercise(
    converse,
    label="ex-websocket-converse",
    hints=(
        "Ce que l'on reçoit n'est pas forcément la réponse à ce que l'on vient d'envoyer : c'est "
        "ce qui se passe dans le salon. Triez par `type`.",
        "Pour chaque texte : envoyez, puis lisez *en boucle*. `message` : retenez-le ; `refused` : "
        "levez `ValueError` ; le reste ne vous concerne pas.",
        "On sort de la boucle de lecture quand le dernier message retenu est `(name, text)`. "
        "Écrivez avec `json.dumps`, lisez avec `json.loads(chat.recv(timeout=5))`.",
    ),
    cases=[
        Case(
            ALONE,
            lambda stage, f: room(stage, f, "Ada", ["Bonjour !"]),
            [("Ada", "Bonjour !")],
        ),
        Case(
            "Ada dit trois choses",
            lambda stage, f: room(stage, f, "Ada", ["un", "deux", "trois"]),
            [("Ada", "un"), ("Ada", "deux"), ("Ada", "trois")],
        ),
        Case(
            WITH_BOB,
            lambda stage, f: with_bob(stage, f, ["un", "deux"], "Ohé"),
            [("Bob", "Ohé"), ("Ada", "un"), ("Bob", "Ohé"), ("Ada", "deux")],
        ),
        Case(
            SAME_TEXT,
            lambda stage, f: with_bob(stage, f, ["Oui"], "Oui"),
            [("Bob", "Oui"), ("Ada", "Oui")],
        ),
        Case(
            QUOTES,
            lambda stage, f: room(stage, f, "Zoé", ['l\'"été" \\ ici']),
            [("Zoé", 'l\'"été" \\ ici')],
        ),
        Case("rien à dire", lambda stage, f: room(stage, f, "Ada", []), []),
        Case(
            REFUSED,
            lambda stage, f: room(stage, f, "Ada", ["x" * 2001]),
            Raises(ValueError),
        ),
    ],
    mistakes=[
        Mistake(
            "Le premier message reçu n'est pas toujours le vôtre : le chat dit aussi qui est là. "
            "Regardez `type`, et lisez en boucle.",
            converse_first_heard,
            lambda failure: failure.case == ALONE and isinstance(failure.error, KeyError),
        ),
        Mistake(
            "Un texte peut contenir des guillemets : fabriquez le JSON avec `json.dumps`, jamais à "
            "la main.",
            converse_by_hand,
            lambda failure: failure.case == QUOTES and isinstance(failure.error, ValueError),
        ),
        Mistake(
            "Il manque ce que dit Bob : retenez tous les messages, pas seulement les vôtres.",
            converse_deaf,
            lambda failure: (
                failure.case == WITH_BOB and failure.value == [("Ada", "un"), ("Ada", "deux")]
            ),
        ),
        Mistake(
            "Vous avez pris le message de Bob pour le vôtre : comparez le nom *et* le texte.",
            converse_any_name,
            lambda failure: failure.case == SAME_TEXT and failure.value == [("Bob", "Oui")],
        ),
        Mistake(
            "Le chat a refusé, et vous attendez toujours : votre message ne reviendra pas. Quand "
            "`type` vaut `refused`, levez `ValueError(reason)`.",
            converse_never_refused,
            lambda failure: failure.case == REFUSED,
        ),
    ],
)

MINUS = "Ada envoie `'-'`"
TWO = "Ada et Bob lisent le compte ; Ada envoie `'+'`, tous deux écoutent"
LATE = "Ada envoie `'+'` deux fois ; Bob arrive ensuite"
ODD = "Ada envoie `'++'`, puis `'+'` ; Ada, puis Bob écoutent"
LEAVING = "Ada, Bob et Carl sont là ; Ada s'en va ; Bob envoie `'+'`, Bob et Carl écoutent"
TWO_COUNTERS = "deux compteurs : `'+'` au premier, puis on lit le second"

COUNTER = Exercise(
    create_counter,
    label="ex-websocket-create-counter",
    hints=(
        "Deux choses sont communes à toutes les connexions d'un compteur : le compte, et "
        "l'ensemble de ceux qui sont là. Où les ranger pour que deux compteurs ne les partagent "
        "pas ?",
        "Dans `create_counter`, avant le `async def counter` : celui-ci les voit, et `nonlocal "
        "count` lui permet de changer le nombre. `broadcast(people, texte)` envoie à tous.",
        "`people.add(connection)` en arrivant, puis `try: … finally: "
        "people.discard(connection)` autour de tout le reste : le départ est compté, même brutal.",
    ),
    cases=[
        Case("Ada arrive", lambda stage, f: count_of(stage, f), ["0"]),
        Case(
            "Ada envoie `'+'`, `'+'`, `'-'`",
            lambda stage, f: count_of(stage, f, "+", "+", "-"),
            ["0", "1", "2", "1"],
        ),
        Case(MINUS, lambda stage, f: count_of(stage, f, "-"), ["0", "-1"]),
        Case(TWO, count_of_two, ["0", "0", "1", "1"]),
        Case(LATE, latecomer, ["2"]),
        Case(ODD, odd_message, [["?", "1"], ["1"]]),
        Case(LEAVING, one_leaves, ["1", "1"]),
        Case(TWO_COUNTERS, two_counters, ["1", "0"]),
    ],
    mistakes=[
        Mistake(
            "Vos deux compteurs n'en font qu'un : créez le compte et l'ensemble *dans* "
            "`create_counter`, à chaque appel.",
            counter_of_the_world,
            lambda failure: failure.case == MINUS and failure.value[0] != "0",
        ),
        Mistake(
            "Bob n'a rien reçu : le nouveau compte s'envoie à tous ceux qui sont là, pas seulement "
            "à celui qui l'a changé.",
            counter_for_one,
            lambda failure: failure.case == TWO and failure.value == ["0", "0", "1", NOTHING],
        ),
        Mistake(
            "Bob arrive et lit 0 : le compte appartient au compteur, pas à chaque connexion. "
            "Sortez-le de la coroutine, et déclarez-le `nonlocal`.",
            counter_of_each,
            lambda failure: failure.case == LATE and failure.value == ["0"],
        ),
        Mistake(
            "Le `'?'` ne regarde que celui qui s'est trompé : `await connection.send('?')`.",
            counter_that_complains_to_all,
            lambda failure: failure.case == ODD and "?" in failure.value[1],
        ),
        Mistake(
            "Ada est partie et vous lui écrivez encore : l'envoi échoue, et emporte la boucle. "
            "Retirez-la de l'ensemble, dans un `finally`.",
            counter_with_ghosts,
            lambda failure: failure.case == LEAVING and CLOSED in failure.value,
        ),
    ],
)
