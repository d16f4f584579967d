"""Exercises of lesson 17: who comes and who leaves, who is typing, a word in private."""

from __future__ import annotations

from flask import Flask, request
from flask_socketio import SocketIO, SocketIOTestClient, emit

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage

# Solutions


def create_chat() -> tuple[Flask, SocketIO]:
    """Return a chat which tells who comes, who leaves and how many are there.

    The events are ``enter`` from the page, ``arrival``, ``departure`` and ``nb_clients`` from the
    server.
    """
    app = Flask("bavardage")
    socketio = SocketIO(app, async_mode="threading")
    names: dict[str, str | None] = {}  # of each connection, None until it is told

    def tell_count() -> None:
        emit("nb_clients", {"count": len(names)}, broadcast=True)

    @socketio.on("connect")
    def on_connect() -> None:
        names[request.sid] = None
        tell_count()

    @socketio.on("enter")
    def on_enter(data: dict) -> None:
        if names[request.sid] is None:
            names[request.sid] = data["user_name"]
            arrival = {"user_name": data["user_name"]}
            emit("arrival", arrival, broadcast=True, include_self=False)

    @socketio.on("disconnect")
    def on_disconnect() -> None:
        name = names.pop(request.sid)
        if name is not None:
            emit("departure", {"user_name": name}, broadcast=True, include_self=False)
        tell_count()

    return app, socketio


def add_typing(socketio: SocketIO) -> None:
    """Add to demo6 the event ``typing``, which the others get as ``is_typing``."""

    @socketio.on("typing")
    def on_typing(data: object) -> None:
        name = data.get("user_name") if isinstance(data, dict) else None
        if isinstance(name, str) and 1 <= len(name) <= 30:
            emit("is_typing", {"user_name": name}, broadcast=True, include_self=False)


def add_private(socketio: SocketIO) -> None:
    """Add the events ``enter`` and ``private_msg``, which the recipient gets as ``whisper``.

    Both are acknowledged by True, or False when they cannot be done.
    """
    connections: dict[str, str] = {}  # name → identifier of the connection

    def name_of(sid: str) -> str | None:
        return next((name for name, each in connections.items() if each == sid), None)

    @socketio.on("enter")
    def on_enter(data: dict) -> bool:
        if data["user_name"] in connections:
            return False
        connections[data["user_name"]] = request.sid
        return True

    @socketio.on("private_msg")
    def on_private(data: dict) -> bool:
        sender, recipient = name_of(request.sid), connections.get(data["to"])
        if sender is None or recipient is None:
            return False
        emit("whisper", {"user_name": sender, "message": data["message"]}, to=recipient)
        return True

    @socketio.on("disconnect")
    def on_disconnect() -> None:
        connections.pop(name_of(request.sid), None)


# What they are tried on


class Person:
    """Somebody connected to the student's server, through Flask-SocketIO's test client."""

    def __init__(self, app: Flask, socketio: SocketIO, name: str = "") -> None:
        self.client: SocketIOTestClient = socketio.test_client(app)
        if name:
            self.says("enter", user_name=name)
            self.hears("")

    def says(self, event: str, **data: object) -> object:
        """Send an event; return what it is acknowledged by, None if by nothing."""
        answer = self.client.emit(event, data, callback=True)
        return None if answer == [] else answer

    def hears(self, *events: str) -> list:
        """Return what came under these names, and forget all that came."""
        received = self.client.get_received()
        return [each["args"][0] for each in received if each["name"] in events]


def chat_of(function, *names: str) -> list[Person]:
    """Return people in the student's chat, in the order of their coming; unnamed if ''."""
    app, socketio = function()
    return [Person(app, socketio, name) for name in names]


def arrival_heard(function, *, by_bob: bool) -> list:
    ada, bob = chat_of(function, "", "")
    bob.says("enter", user_name="Bob")
    return (bob if by_bob else ada).hears("arrival")


def departure_heard(function, *names: str) -> list:
    """Return what the first hears when the second leaves."""
    first, second, *_ = chat_of(function, *names)
    first.hears("")
    second.client.disconnect()
    return first.hears("departure")


def entering_twice(function) -> list:
    ada, bob = chat_of(function, "", "")
    for _ in range(2):
        bob.says("enter", user_name="Bob")
    return ada.hears("arrival")


def counts(function) -> list[int]:
    ada, bob = chat_of(function, "", "")
    bob.client.disconnect()
    return [data["count"] for data in ada.hears("nb_clients")]


def count_in_another_chat(function) -> list[int]:
    chat_of(function, "", "")
    (carl,) = chat_of(function, "")
    return [data["count"] for data in carl.hears("nb_clients")]


def typing_people(stage: Stage, function) -> list[Person]:
    """Return two people in demo6 with what the student added to it."""
    demo = stage.demo("demo6")
    function(demo.socketio)
    return [Person(demo.app, demo.socketio, name) for name in ("Ada", "Bob")]


def typing_heard(stage: Stage, function, *, by_ada: bool = False, **data: object) -> list:
    ada, bob = typing_people(stage, function)
    ada.hears("")
    ada.says("typing", **data)
    return (ada if by_ada else bob).hears("is_typing", "typing")


def wrong_typing(stage: Stage, function) -> list:
    ada, bob = typing_people(stage, function)
    for wrong in (None, "Ada", ["Ada"], {}, {"user_name": ""}, {"user_name": 3}):
        ada.client.emit("typing", wrong)
    ada.says("typing", user_name="A" * 31)
    return bob.hears("is_typing")


def message_after_typing(stage: Stage, function) -> list:
    ada, bob = typing_people(stage, function)
    ada.says("typing", user_name="Ada")
    ada.says("receive_msg", user_name="Ada", message="Bonjour")
    return bob.hears("the_response")


def whisperers(function, *names: str) -> list[Person]:
    app = Flask("bavardage")
    socketio = SocketIO(app, async_mode="threading")
    function(socketio)
    return [Person(app, socketio, name) for name in names]


def whisper_heard(function, listener: int, **more: object) -> list:
    """Return what one of Ada, Bob and Carl hears of what Ada tells Bob."""
    people = whisperers(function, "Ada", "Bob", "Carl")
    people[0].says("private_msg", to="Bob", message="à midi ?", **more)
    return people[listener].hears("whisper")


def acknowledgements(function) -> list:
    ada, _bob = whisperers(function, "Ada", "Bob")
    return [ada.says("private_msg", to=name, message="à midi ?") for name in ("Bob", "Zoé")]


def taken_name(function) -> tuple[object, list]:
    ada, bob, thief = whisperers(function, "Ada", "Bob", "")
    answer = thief.says("enter", user_name="Bob")
    ada.says("private_msg", to="Bob", message="à midi ?")
    return answer, bob.hears("whisper")


def nameless(function) -> tuple[object, list]:
    bob, stranger = whisperers(function, "Bob", "")
    answer = stranger.says("private_msg", to="Bob", message="coucou")
    return answer, bob.hears("whisper")


def name_set_free(function) -> list:
    ada, bob, other = whisperers(function, "Ada", "Bob", "")
    bob.client.disconnect()
    return [
        ada.says("private_msg", to="Bob", message="à midi ?"),
        other.says("enter", user_name="Bob"),
    ]


# Mistakes foreseen


def changed_emit(**options: object):
    """Return a solution whose announcements are sent otherwise; a count of its own goes to all."""

    def create() -> tuple[Flask, SocketIO]:
        app = Flask("bavardage")
        socketio = SocketIO(app, async_mode="threading")
        names: dict[str, str] = {}
        here: set[str] = set()

        @socketio.on("connect")
        def on_connect() -> None:
            here.add(request.sid)
            emit("nb_clients", {"count": len(here)}, broadcast=True)

        @socketio.on("enter")
        def on_enter(data: dict) -> None:
            if request.sid not in names:
                names[request.sid] = data["user_name"]
                emit("arrival", data, **options)

        @socketio.on("disconnect")
        def on_disconnect() -> None:
            here.discard(request.sid)
            if request.sid in names:
                emit("departure", {"user_name": names.pop(request.sid)}, broadcast=True)
            emit("nb_clients", {"count": len(here)}, broadcast=True)

        return app, socketio

    return create


def waits_for_goodbye() -> tuple[Flask, SocketIO]:
    """Expects those who leave to say so."""
    app, socketio = create_chat()
    del socketio.server.handlers["/"]["disconnect"]

    @socketio.on("leave")
    def on_leave(data: dict) -> None:
        emit("departure", data, broadcast=True)

    return app, socketio


def one_name() -> tuple[Flask, SocketIO]:
    """Remembers the last name only."""
    app = Flask("bavardage")
    socketio = SocketIO(app, async_mode="threading")
    last = {"user_name": None}

    @socketio.on("enter")
    def on_enter(data: dict) -> None:
        last.update(data)
        emit("arrival", data, broadcast=True, include_self=False)

    @socketio.on("disconnect")
    def on_disconnect() -> None:
        emit("departure", last, broadcast=True)

    return app, socketio


shared: dict[str, str | None] = {}


def shared_state() -> tuple[Flask, SocketIO]:
    """Keeps what it knows outside the function."""
    app = Flask("bavardage")
    socketio = SocketIO(app, async_mode="threading")

    @socketio.on("connect")
    def on_connect() -> None:
        shared[request.sid] = None
        emit("nb_clients", {"count": len(shared)}, broadcast=True)

    @socketio.on("enter")
    def on_enter(data: dict) -> None:
        if shared[request.sid] is None:
            shared[request.sid] = data["user_name"]
            emit("arrival", data, broadcast=True, include_self=False)

    @socketio.on("disconnect")
    def on_disconnect() -> None:
        if name := shared.pop(request.sid):
            emit("departure", {"user_name": name}, broadcast=True)
        emit("nb_clients", {"count": len(shared)}, broadcast=True)

    return app, socketio


def only_socketio() -> SocketIO:
    return create_chat()[1]


def typing_to_all(socketio: SocketIO) -> None:
    @socketio.on("typing")
    def on_typing(data: dict) -> None:
        emit("is_typing", {"user_name": data["user_name"]}, broadcast=True)


def typing_to_oneself(socketio: SocketIO) -> None:
    @socketio.on("typing")
    def on_typing(data: dict) -> None:
        emit("is_typing", {"user_name": data["user_name"]})


def typing_as_it_came(socketio: SocketIO) -> None:
    @socketio.on("typing")
    def on_typing(data: dict) -> None:
        emit("is_typing", data, broadcast=True, include_self=False)


def typing_unchecked(socketio: SocketIO) -> None:
    @socketio.on("typing")
    def on_typing(data: dict) -> None:
        name = data["user_name"]
        emit("is_typing", {"user_name": name}, broadcast=True, include_self=False)


def private_variant(
    *, broadcast: bool = False, trusting: bool = False, mute: bool = False, sticky: bool = False
):
    """Return an `add_private` in which something is wrong."""

    def add(socketio: SocketIO) -> None:
        connections: dict[str, str] = {}

        @socketio.on("enter")
        def on_enter(data: dict) -> bool:
            if data["user_name"] in connections:
                return False
            connections[data["user_name"]] = request.sid
            return True

        @socketio.on("private_msg")
        def on_private(data: dict) -> bool | None:
            known = [name for name, sid in connections.items() if sid == request.sid]
            if data["to"] not in connections or not known:
                return None if mute else False
            sender = data.get("user_name", known[0]) if trusting else known[0]
            to = None if broadcast else connections[data["to"]]
            answer = {"user_name": sender, "message": data["message"]}
            emit("whisper", answer, to=to, broadcast=broadcast)
            return None if mute else True

        @socketio.on("disconnect")
        def on_disconnect() -> None:
            for name in [name for name, sid in connections.items() if sid == request.sid]:
                if not sticky:
                    del connections[name]

    return add


def last_one_wins(socketio: SocketIO) -> None:
    """Gives a name to whoever asks for it."""
    add_private(socketio)
    names: dict[str, str] = {}

    @socketio.on("enter")
    def on_enter(data: dict) -> bool:
        names[data["user_name"]] = request.sid
        return True

    @socketio.on("private_msg")
    def on_private(data: dict) -> bool:
        sender = next((name for name, sid in names.items() if sid == request.sid), None)
        if sender is None or data["to"] not in names:
            return False
        answer = {"user_name": sender, "message": data["message"]}
        emit("whisper", answer, to=names[data["to"]])
        return True

    @socketio.on("disconnect")
    def on_disconnect() -> None:
        for name in [name for name, sid in names.items() if sid == request.sid]:
            del names[name]


# Exercises

ADA, BOB = [{"user_name": "Ada"}], [{"user_name": "Bob"}]

ARRIVES = "Ada et Bob sont connectés ; Bob envoie `enter` : ce qu'entend Ada"
SELF = "ce qu'entend Bob lui-même"
LEAVES = "Bob ferme son onglet : ce qu'entend Ada"
AMONG_THREE = "la même chose, alors que Zoé est arrivée après Bob"
SILENT = "quelqu'un qui n'a jamais dit son nom s'en va"
TWICE = "Bob envoie `enter` deux fois"
COUNT = "Ada se connecte, puis Bob, qui s'en va : les `nb_clients` qu'entend Ada"
ANOTHER = "deux personnes dans un premier chat ; une seule dans un second"

CHAT = Exercise(
    create_chat,
    label="ex-flask-socketio-create-chat",
    hints=(
        "Trois traitements : `connect`, `enter`, `disconnect`. Que faut-il retenir de l'un à "
        "l'autre, et sous quelle clé ?",
        "Un dictionnaire créé dans la fonction, de `request.sid` vers le nom. On le remplit "
        "à la connexion (`None` : pas encore de nom), on l'ôte à la déconnexion.",
        "À tous sauf à soi : `emit('arrival', {'user_name': name}, broadcast=True, "
        "include_self=False)`. Dans `disconnect` : `name = names.pop(request.sid)`, et l'on "
        "n'annonce que si `name` n'est pas `None`.",
    ),
    cases=[
        Case(ARRIVES, lambda stage, f: arrival_heard(f, by_bob=False), BOB),
        Case(SELF, lambda stage, f: arrival_heard(f, by_bob=True), []),
        Case(LEAVES, lambda stage, f: departure_heard(f, "Ada", "Bob"), BOB),
        Case(AMONG_THREE, lambda stage, f: departure_heard(f, "Ada", "Bob", "Zoé"), BOB),
        Case(SILENT, lambda stage, f: departure_heard(f, "Ada", ""), []),
        Case(TWICE, lambda stage, f: entering_twice(f), BOB),
        Case(COUNT, lambda stage, f: counts(f), [1, 2, 1]),
        Case(ANOTHER, lambda stage, f: count_in_another_chat(f), [1]),
    ],
    mistakes=[
        Mistake(
            "La fonction rend deux objets : `return app, socketio`.",
            only_socketio,
            lambda failure: isinstance(failure.error, TypeError) and "unpack" in str(failure.error),
        ),
        Mistake(
            "`emit` tout court ne répond qu'à celui qui vient de parler. Pour les autres : "
            "`broadcast=True`.",
            changed_emit(),
            lambda failure: failure.case == ARRIVES and failure.value == [],
        ),
        Mistake(
            "Bob sait qu'il arrive : `include_self=False` lui épargne sa propre annonce.",
            changed_emit(broadcast=True),
            lambda failure: failure.case == SELF and failure.value == BOB,
        ),
        Mistake(
            "Qui ferme son onglet n'envoie plus rien : seul `disconnect`, chez le serveur, le "
            "voit partir. Annoncez-le là, et à tous.",
            waits_for_goodbye,
            lambda failure: failure.case == LEAVES and failure.value == [],
        ),
        Mistake(
            "Vous annoncez le départ d'un autre : il faut retenir le nom de *chaque* connexion, "
            "sous sa clé `request.sid`.",
            one_name,
            lambda failure: failure.case == AMONG_THREE and failure.value == [{"user_name": "Zoé"}],
        ),
        Mistake(
            "Le second chat compte les gens du premier : créez dans la fonction ce qu'elle doit "
            "retenir, et non au-dehors.",
            shared_state,
            lambda failure: failure.case in (COUNT, ANOTHER) and failure.value[0] > 1,
        ),
    ],
)


OTHERS = "Ada envoie `typing` : ce qu'entend Bob"
ONESELF = "ce qu'entend Ada elle-même"
MORE = "avec, en plus, `html` et `room` : ce qu'entend Bob"
WRONG = "ni un objet, ni un nom de 1 à 30 signes : ce qu'entend Bob"
AFTER = "la conversation continue : les messages passent toujours"

TYPING = Exercise(
    add_typing,
    label="ex-flask-socketio-add-typing",
    hints=(
        "Un seul traitement, `@socketio.on('typing')`, défini dans votre fonction. "
        "À qui cela s'adresse-t-il ?",
        "À tous sauf à celui qui écrit : `broadcast=True, include_self=False`. Et ne transmettez "
        "pas ce qui est arrivé : un nouvel objet, avec la seule clé `user_name`.",
        "Avant : `name = data.get('user_name') if isinstance(data, dict) else None`, puis "
        "`if isinstance(name, str) and 1 <= len(name) <= 30:`.",
    ),
    cases=[
        Case(
            OTHERS, lambda stage, f: typing_heard(stage, f, user_name="Ada"), [{"user_name": "Ada"}]
        ),
        Case(ONESELF, lambda stage, f: typing_heard(stage, f, by_ada=True, user_name="Ada"), []),
        Case(
            MORE,
            lambda stage, f: typing_heard(stage, f, user_name="Ada", html="<b>", room="tp"),
            ADA,
        ),
        Case(WRONG, wrong_typing, []),
        Case(
            AFTER,
            message_after_typing,
            [{"user_name": "Ada", "message": "Bonjour"}],
        ),
    ],
    mistakes=[
        Mistake(
            "Seule Ada l'entend, et elle le savait. Pour les autres : `broadcast=True, "
            "include_self=False`.",
            typing_to_oneself,
            lambda failure: failure.case in (OTHERS, MORE) and failure.value == [],
        ),
        Mistake(
            "Ada sait bien qu'elle écrit : `include_self=False`.",
            typing_to_all,
            lambda failure: failure.case == ONESELF and failure.value != [],
        ),
        Mistake(
            "Vous transmettez l'objet tel qu'il est arrivé, avec tout ce qu'on y a glissé : "
            "composez le vôtre, `{'user_name': name}`.",
            typing_as_it_came,
            lambda failure: failure.case == MORE and len(failure.value[0]) > 1,
        ),
        Mistake(
            "Un nom vide, trop long, ou qui n'est pas un texte est passé chez les autres : ce qui "
            "vient d'une page se vérifie toujours.",
            typing_unchecked,
            lambda failure: failure.case == WRONG and failure.value != [],
        ),
    ],
)

DELIVERED = "Ada écrit à Bob : ce qu'entend Bob"
NOBODY_ELSE = "ce qu'entend Carl"
FORGED = "Ada prétend être Carl, par un `user_name` dans `private_msg` : ce qu'entend Bob"
ACKS = "Ada écrit à Bob, puis à Zoé, qui n'existe pas : les accusés de réception"
TAKEN = "un autre se présente sous le nom de Bob ; Ada écrit à Bob"
NAMELESS = "quelqu'un qui ne s'est pas présenté écrit à Bob"
FREE = "Bob s'en va : on lui écrit, puis un autre prend son nom"
WHISPER = [{"user_name": "Ada", "message": "à midi ?"}]

PRIVATE = Exercise(
    add_private,
    label="ex-flask-socketio-add-private",
    hints=(
        "Le serveur doit savoir quelle connexion répond à quel nom : `enter` le lui apprend, "
        "`disconnect` le lui fait oublier.",
        "L'identifiant d'une connexion, `request.sid`, est aussi un salon où elle est seule : "
        "`emit('whisper', …, to=sid)`. L'accusé de réception est ce que rend le traitement.",
        "Dans `private_msg`, l'expéditeur est celui dont `connections[name] == request.sid`, "
        "quoi que dise le message ; s'il n'y en a pas, ou si `data['to'] not in connections`, "
        "`return False`.",
    ),
    cases=[
        Case(DELIVERED, lambda stage, f: whisper_heard(f, 1), WHISPER),
        Case(NOBODY_ELSE, lambda stage, f: whisper_heard(f, 2), []),
        Case(FORGED, lambda stage, f: whisper_heard(f, 1, user_name="Carl"), WHISPER),
        Case(ACKS, lambda stage, f: acknowledgements(f), [True, False]),
        Case(
            TAKEN,
            lambda stage, f: taken_name(f),
            Expect(
                "`False` pour l'autre, et le message chez le premier Bob",
                lambda got: got == (False, WHISPER),
            ),
        ),
        Case(
            NAMELESS,
            lambda stage, f: nameless(f),
            Expect("`False`, et rien chez Bob", lambda got: got == (False, [])),
        ),
        Case(FREE, lambda stage, f: name_set_free(f), [False, True]),
    ],
    mistakes=[
        Mistake(
            "Carl a entendu un message qui n'était pas pour lui : `to=` l'identifiant du "
            "destinataire, sans `broadcast`.",
            private_variant(broadcast=True),
            lambda failure: failure.case == NOBODY_ELSE and failure.value != [],
        ),
        Mistake(
            "Bob croit que Carl lui parle : n'en croyez pas le message, retrouvez le nom par "
            "`request.sid`.",
            private_variant(trusting=True),
            lambda failure: failure.case == FORGED and failure.value[0]["user_name"] == "Carl",
        ),
        Mistake(
            "L'accusé de réception est la valeur que rend votre traitement : `return True` ou "
            "`return False`.",
            private_variant(mute=True),
            lambda failure: failure.case == ACKS and None in failure.value,
        ),
        Mistake(
            "Un second Bob a pris le nom du premier, et avec lui son courrier : refusez un nom "
            "déjà porté.",
            last_one_wins,
            lambda failure: failure.case == TAKEN and failure.value[0] is True,
        ),
        Mistake(
            "Bob est parti, et son nom reste pris : ôtez-le dans `disconnect`.",
            private_variant(sticky=True),
            lambda failure: failure.case == FREE and failure.value in ([True, False], [False] * 2),
        ),
    ],
)
