"""Private messages: the server knows who is who."""

# Solution
from flask import request
from flask_socketio import SocketIO, emit


def add_private(socketio: SocketIO) -> None:
    """Add ``enter`` and ``private_msg``, acknowledged by True or False."""
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


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.socketio import arriving, in_new_site

EXERCISE = Exercise(
    add_private,
    hints=(
        "Le serveur doit savoir quelle connexion répond à quel nom : `enter` le lui apprend, "
        "`disconnect` le lui fait oublier.",
        "L'identifiant d'une connexion, `request.sid`, est aussi un salon où elle est seule : "
        "`emit('whisper', …, to=sid)`. L'accusé de réception est ce que rend le traitement.",
        "Dans `private_msg`, l'expéditeur est celui dont `connections[name] == request.sid`, "
        "quoi que dise le message ; s'il n'y en a pas, ou si `data['to'] not in connections`, "
        "`return False`.",
    ),
)
WHISPER = [{"user_name": "Ada", "message": "à midi ?"}]


def message(verb: str, to: str, **more: str) -> tuple:
    return "Ada", verb, "private_msg", {"to": to, "message": "à midi ?", **more}


def heard_by(program: Program, who: str, **more: str) -> list:
    said, heard = message("says", "Bob", **more), (who, "hears", "whisper")
    return program.beside(in_new_site, [*arriving("Ada", "Bob", "Carl"), said, heard])[0]


@EXERCISE.case("Ada écrit à Bob : ce qu'entend Bob", expect=WHISPER)
def delivered(stage: Stage, program: Program):
    return heard_by(program, "Bob")


@EXERCISE.case("ce qu'entend Carl", expect=[])
def nobody_else(stage: Stage, program: Program):
    return heard_by(program, "Carl")


@EXERCISE.case(
    "Ada prétend être Carl, par un `user_name` dans `private_msg` : ce qu'entend Bob",
    expect=WHISPER,
)
def forged(stage: Stage, program: Program):
    return heard_by(program, "Bob", user_name="Carl")


@EXERCISE.case(
    "Ada écrit à Bob, puis à Zoé, qui n'existe pas : les accusés de réception",
    expect=[True, False],
)
def acknowledged(stage: Stage, program: Program):
    steps = *arriving("Ada", "Bob"), message("asks", "Bob"), message("asks", "Zoé")
    return program.beside(in_new_site, steps)


@EXERCISE.case(
    "un autre se présente sous le nom de Bob ; Ada écrit à Bob",
    expect=Expect(
        "`False` pour l'autre, et le message chez le premier Bob",
        lambda got: got == (False, WHISPER),
    ),
)
def taken(stage: Stage, program: Program):
    thief = ("thief", "comes"), ("thief", "asks", "enter", {"user_name": "Bob"})
    steps = *arriving("Ada", "Bob"), *thief, message("says", "Bob"), ("Bob", "hears", "whisper")
    return tuple(program.beside(in_new_site, steps))


@EXERCISE.case(
    "quelqu'un qui ne s'est pas présenté écrit à Bob",
    expect=Expect("`False`, et rien chez Bob", lambda got: got == (False, [])),
)
def nameless(stage: Stage, program: Program):
    steps = *arriving("Bob"), ("Ada", "comes"), message("asks", "Bob"), ("Bob", "hears", "whisper")
    return tuple(program.beside(in_new_site, steps))


@EXERCISE.case("Bob s'en va : on lui écrit, puis un autre prend son nom", expect=[False, True])
def set_free(stage: Stage, program: Program):
    other = ("other", "comes"), ("other", "asks", "enter", {"user_name": "Bob"})
    steps = *arriving("Ada", "Bob"), ("Bob", "leaves"), message("asks", "Bob"), *other
    return program.beside(in_new_site, steps)


EXERCISE.mistake(
    "Carl a entendu un message qui n'était pas pour lui : `to=` l'identifiant du "
    "destinataire, sans `broadcast`.",
    on=nobody_else,
    seen=lambda failure: failure.value != [],
)(variant(add_private, ("to=recipient", "broadcast=True")))

EXERCISE.mistake(
    "Bob croit que Carl lui parle : n'en croyez pas le message, retrouvez le nom par "
    "`request.sid`.",
    on=forged,
    seen=lambda failure: failure.value[0]["user_name"] == "Carl",
)(variant(add_private, ('"user_name": sender', '"user_name": data.get("user_name", sender)')))

EXERCISE.mistake(
    "L'accusé de réception est la valeur que rend votre traitement : `return True` ou "
    "`return False`.",
    on=acknowledged,
    seen=lambda failure: None in failure.value,
)(variant(add_private, ("to=recipient)\n        return True", "to=recipient)")))

EXERCISE.mistake(
    "Un second Bob a pris le nom du premier, et avec lui son courrier : refusez un nom déjà porté.",
    on=taken,
    seen=lambda failure: failure.value[0] is True,
)(variant(add_private, ('if data["user_name"] in connections:', "if not data:")))

EXERCISE.mistake(
    "Bob est parti, et son nom reste pris : ôtez-le dans `disconnect`.",
    on=set_free,
    seen=lambda failure: failure.value in ([True, False], [False] * 2),
)(variant(add_private, ("connections.pop(name_of(request.sid), None)", "pass")))
