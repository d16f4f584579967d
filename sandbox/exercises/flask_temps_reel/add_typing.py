"""An event more in demo6: somebody is typing."""

# Solution
from flask_socketio import SocketIO, emit


def add_typing(socketio: SocketIO) -> None:
    """Add to demo6 the event ``typing``, which the others get as ``is_typing``."""

    @socketio.on("typing")
    def on_typing(data: object) -> None:
        name = data.get("user_name") if isinstance(data, dict) else None
        if isinstance(name, str) and 1 <= len(name) <= 30:
            emit("is_typing", {"user_name": name}, broadcast=True, include_self=False)


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.socketio import arriving, in_demo6

EXERCISE = Exercise(
    add_typing,
    hints=(
        "Un seul traitement, `@socketio.on('typing')`, défini dans votre fonction. "
        "À qui cela s'adresse-t-il ?",
        "À tous sauf à celui qui écrit : `broadcast=True, include_self=False`. Et ne transmettez "
        "pas ce qui est arrivé : un nouvel objet, avec la seule clé `user_name`.",
        "Avant : `name = data.get('user_name') if isinstance(data, dict) else None`, puis "
        "`if isinstance(name, str) and 1 <= len(name) <= 30:`.",
    ),
)
ADA = {"user_name": "Ada"}
WRONG = (None, "Ada", ["Ada"], {}, {"user_name": ""}, {"user_name": 3}, {"user_name": "A" * 31})


def heard(program: Program, *steps: tuple) -> list:
    """Return what is heard at the end of a script, once Ada and Bob are there."""
    return program.beside(in_demo6, [*arriving("Ada", "Bob"), ("Ada", "forgets"), *steps])[-1]


def typing_heard(program: Program, who: str, **more: str) -> list:
    steps = ("Ada", "says", "typing", ADA | more), (who, "hears", "is_typing", "typing")
    return heard(program, *steps)


@EXERCISE.case("Ada envoie `typing` : ce qu'entend Bob", expect=[ADA])
def others(stage: Stage, program: Program):
    return typing_heard(program, "Bob")


@EXERCISE.case("ce qu'entend Ada elle-même", expect=[])
def oneself(stage: Stage, program: Program):
    return typing_heard(program, "Ada")


@EXERCISE.case("avec, en plus, `html` et `room` : ce qu'entend Bob", expect=[ADA])
def more(stage: Stage, program: Program):
    return typing_heard(program, "Bob", html="<b>", room="tp")


@EXERCISE.case("ni un objet, ni un nom de 1 à 30 signes : ce qu'entend Bob", expect=[])
def wrong(stage: Stage, program: Program):
    said = [("Ada", "says", "typing", each) for each in WRONG]
    return heard(program, *said, ("Bob", "hears", "is_typing"))


@EXERCISE.case(
    "la conversation continue : les messages passent toujours",
    expect=[{"user_name": "Ada", "message": "Bonjour"}],
)
def after(stage: Stage, program: Program):
    message = ("Ada", "says", "receive_msg", ADA | {"message": "Bonjour"})
    steps = ("Ada", "says", "typing", ADA), message, ("Bob", "hears", "the_response")
    return heard(program, *steps)


EXERCISE.mistake(
    "Seule Ada l'entend, et elle le savait. Pour les autres : `broadcast=True, "
    "include_self=False`.",
    on=(others, more),
    gives=[],
)(variant(add_typing, (", broadcast=True, include_self=False", "")))

EXERCISE.mistake(
    "Ada sait bien qu'elle écrit : `include_self=False`.",
    on=oneself,
    seen=lambda failure: failure.value != [],
)(variant(add_typing, (", include_self=False", "")))

EXERCISE.mistake(
    "Vous transmettez l'objet tel qu'il est arrivé, avec tout ce qu'on y a glissé : "
    "composez le vôtre, `{'user_name': name}`.",
    on=more,
    seen=lambda failure: len(failure.value[0]) > 1,
)(variant(add_typing, ('{"user_name": name}', "data")))

EXERCISE.mistake(
    "Un nom vide, trop long, ou qui n'est pas un texte est passé chez les autres : ce qui "
    "vient d'une page se vérifie toujours.",
    on=wrong,
    seen=lambda failure: failure.value != [],
)(variant(add_typing, ("if isinstance(name, str) and 1 <= len(name) <= 30:", "if data:")))
