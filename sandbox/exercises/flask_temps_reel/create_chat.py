"""A chat that tells who comes, who leaves, and how many are there."""

# Solution
from flask import Flask, request
from flask_socketio import SocketIO, emit


def create_chat() -> tuple[Flask, SocketIO]:
    """Return a chat which tells who comes and leaves, and how many are."""
    app = Flask("bavardage")
    socketio = SocketIO(app, async_mode="threading")
    names = {}  # of each connection, None until it is told

    def tell_count() -> None:
        emit("nb_clients", {"count": len(names)}, broadcast=True)

    @socketio.on("connect")
    def on_connect() -> None:
        names[request.sid] = None
        tell_count()

    @socketio.on("enter")
    def on_enter(data: dict) -> None:
        if names[request.sid] is None:
            names[request.sid] = name = data["user_name"]
            emit("arrival", {"user_name": name}, broadcast=True, include_self=False)

    @socketio.on("disconnect")
    def on_disconnect() -> None:
        name = names.pop(request.sid)
        if name is not None:
            emit("departure", {"user_name": name}, broadcast=True, include_self=False)
        tell_count()

    return app, socketio


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.socketio import arriving, in_chat

EXERCISE = Exercise(
    create_chat,
    hints=(
        "Trois traitements : `connect`, `enter`, `disconnect`. Que faut-il retenir de l'un à "
        "l'autre, et sous quelle clé ?",
        "Un dictionnaire créé dans la fonction, de `request.sid` vers le nom. On le remplit "
        "à la connexion (`None` : pas encore de nom), on l'ôte à la déconnexion.",
        "À tous sauf à soi : `emit('arrival', {'user_name': name}, broadcast=True, "
        "include_self=False)`. Dans `disconnect` : `name = names.pop(request.sid)`, et l'on "
        "n'annonce que si `name` n'est pas `None`.",
    ),
)
BOB = [{"user_name": "Bob"}]
BOTH_COME = [("Ada", "comes"), ("Bob", "comes")]
BOB_ENTERS = ("Bob", "says", "enter", {"user_name": "Bob"})
BOB_LEAVES = [("Ada", "forgets"), ("Bob", "leaves"), ("Ada", "hears", "departure")]


def heard(program: Program, *steps: tuple) -> list:
    """Return what is heard at the end of a script."""
    return program.beside(in_chat, steps)[-1]


@EXERCISE.case("Ada et Bob sont connectés ; Bob envoie `enter` : ce qu'entend Ada", expect=BOB)
def arrives(stage: Stage, program: Program):
    return heard(program, *BOTH_COME, BOB_ENTERS, ("Ada", "hears", "arrival"))


@EXERCISE.case("ce qu'entend Bob lui-même", expect=[])
def himself(stage: Stage, program: Program):
    return heard(program, *BOTH_COME, BOB_ENTERS, ("Bob", "hears", "arrival"))


@EXERCISE.case("Bob ferme son onglet : ce qu'entend Ada", expect=BOB)
def leaves(stage: Stage, program: Program):
    return heard(program, *arriving("Ada", "Bob"), *BOB_LEAVES)


@EXERCISE.case("la même chose, alors que Zoé est arrivée après Bob", expect=BOB)
def among_three(stage: Stage, program: Program):
    return heard(program, *arriving("Ada", "Bob", "Zoé"), *BOB_LEAVES)


@EXERCISE.case("quelqu'un qui n'a jamais dit son nom s'en va", expect=[])
def silent(stage: Stage, program: Program):
    return heard(program, *arriving("Ada"), ("Bob", "comes"), *BOB_LEAVES)


@EXERCISE.case("Bob envoie `enter` deux fois", expect=BOB)
def twice(stage: Stage, program: Program):
    return heard(program, *BOTH_COME, BOB_ENTERS, BOB_ENTERS, ("Ada", "hears", "arrival"))


@EXERCISE.case(
    "Ada se connecte, puis Bob, qui s'en va : les `nb_clients` qu'entend Ada", expect=[1, 2, 1]
)
def count(stage: Stage, program: Program):
    told = heard(program, *BOTH_COME, ("Bob", "leaves"), ("Ada", "hears", "nb_clients"))
    return [data["count"] for data in told]


@EXERCISE.case("deux personnes dans un premier chat ; une seule dans un second", expect=[1])
def another_chat(stage: Stage, program: Program):
    program.beside(in_chat, BOTH_COME)
    told = heard(program, ("Carl", "comes"), ("Carl", "hears", "nb_clients"))
    return [data["count"] for data in told]


EXERCISE.mistake(
    "La fonction rend deux objets : `return app, socketio`.",
    raises=TypeError,
    seen=lambda failure: "unpack" in str(failure.error),
)(variant(create_chat, ("return app, socketio", "return socketio")))

EXERCISE.mistake(
    "`emit` tout court ne répond qu'à celui qui vient de parler. Pour les autres : "
    "`broadcast=True`.",
    on=arrives,
    gives=[],
)(variant(create_chat, ("name}, broadcast=True, include_self=False", "name}")))

EXERCISE.mistake(
    "Bob sait qu'il arrive : `include_self=False` lui épargne sa propre annonce.",
    on=himself,
    gives=BOB,
)(variant(create_chat, (", include_self=False", "")))

EXERCISE.mistake(
    "Qui ferme son onglet n'envoie plus rien : seul `disconnect`, chez le serveur, le "
    "voit partir. Annoncez-le là, et à tous.",
    on=leaves,
    gives=[],
)(variant(create_chat, ('"disconnect"', '"leave"'), ("on_disconnect()", "on_leave(data)")))

EXERCISE.mistake(
    "Vous annoncez le départ d'un autre : il faut retenir le nom de *chaque* connexion, "
    "sous sa clé `request.sid`.",
    on=among_three,
    gives=[{"user_name": "Zoé"}],
)(variant(create_chat, ("request.sid", '"last"')))

EXERCISE.mistake(
    "Le second chat compte les gens du premier : créez dans la fonction ce qu'elle doit "
    "retenir, et non au-dehors.",
    on=(count, another_chat),
    seen=lambda failure: failure.value[0] > 1,
)(variant(create_chat, ("create_chat()", "create_chat(names={})"), ("    names = {}", "    pass")))
