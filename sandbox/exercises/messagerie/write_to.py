"""A message to somebody of whom the name is known, while the server wants an identifier."""

# Solution
from collections.abc import Callable
from typing import Any


def write_to(ask: Callable[..., Any], name: str, text: str) -> dict:
    """Send a message to somebody by name; return it.

    Raises:
        LookupError: nobody has this name.
        ValueError: the server refuses.
    """
    ids = {user["name"]: user["id"] for user in ask("GET", "/api/users")}
    if name not in ids:
        raise LookupError(f"personne ne s'appelle {name}")
    return ask("POST", "/api/messages", {"to": ids[name], "text": text})


# Exercise
from sandbox.checking import Exercise, Expect, Program, Raises, Stage, variant
from sandbox.checking.plays.messages import classroom
from sandbox.messagerie.problems import REASONS

EXERCISE = Exercise(
    write_to,
    hints=(
        "Le serveur veut un identifiant, vous avez un nom. Quelle route connaît les deux ?",
        "`ask('GET', '/api/users')` rend une liste d'utilisateurs, chacun avec `id` et `name`. Un "
        "dictionnaire `{user['name']: user['id'] for user in …}` fait l'annuaire.",
        "Si le nom n'y est pas, `raise LookupError(…)` avant d'envoyer quoi que ce soit. Sinon, "
        "`return ask('POST', '/api/messages', {'to': …, 'text': text})`.",
    ),
)


def written(program: Program, name: str, text: str) -> object:
    """Have Alice write; return whom the message returned was for, and what all received."""
    with classroom() as room:
        message = program(room.as_user("Alice"), name, text)
        to = message.get("to") if isinstance(message, dict) else message
        return to, [room.received(each) for each in ("Bob", "Chloé", "Driss")]


@EXERCISE.case("Alice écrit à Bob", expect=(2, [[(1, "Bonjour !")], [], []]))
def to_bob(stage: Stage, program: Program):
    return written(program, "Bob", "Bonjour !")


@EXERCISE.case("Alice écrit à Chloé", expect=(3, [[], [(1, "<b>Été</b>\n?")], []]))
def to_chloe(stage: Stage, program: Program):
    return written(program, "Chloé", "<b>Été</b>\n?")


@EXERCISE.case("un nouveau, `Bo`, arrive ; Alice lui écrit (il y a aussi `Bob`)", expect=5)
def newcomer(stage: Stage, program: Program):
    with classroom() as room:
        room.welcome("Bo")
        return program(room.as_user("Alice"), "Bo", "Bienvenue !")["to"]


@EXERCISE.case(
    "Alice écrit à Zoé, que personne ne connaît",
    expect=Expect("une exception, et rien d'envoyé", lambda sent: sent == []),
)
def unknown(stage: Stage, program: Program):
    """Return what was sent all the same."""
    with classroom() as room:
        try:
            return program(room.as_user("Alice"), "Zoé", "Bonjour !")
        except LookupError:
            return [each for each in room.requests if each.startswith("POST")]


@EXERCISE.case("un texte vide : le serveur refuse", expect=Raises(ValueError))
def empty(stage: Stage, program: Program):
    return written(program, "Bob", "")


@EXERCISE.mistake(
    "Le serveur attend un identifiant dans `to`, pas un nom : demandez-lui d'abord la "
    "liste des utilisateurs.",
    seen=lambda failure: f"to {REASONS['value_error']}" in str(failure.error),
)
def by_name(ask, name, text):
    return ask("POST", "/api/messages", {"to": name, "text": text})


EXERCISE.mistake(
    "L'expéditeur n'est pas à vous de le dire : le serveur le sait par votre jeton, sans "
    "quoi chacun signerait du nom d'un autre.",
    seen=lambda failure: f"from {REASONS['extra_forbidden']}" in str(failure.error),
)(variant(write_to, ('{"to"', '{"from": ids["Alice"], "to"')))


@EXERCISE.mistake(
    "Il y a quelqu'un de nouveau, et vous ne le voyez pas : demandez la liste au serveur à "
    "chaque fois, n'écrivez pas les identifiants dans le programme.",
    on=newcomer,
    raises=KeyError,
)
def by_heart(ask, name, text):
    ids = {"Alice": 1, "Bob": 2, "Chloé": 3, "Driss": 4}
    return ask("POST", "/api/messages", {"to": ids[name], "text": text})


@EXERCISE.mistake("`Bo` n'est pas `Bob` : comparez les noms entiers.", on=newcomer, gives=2)
def by_beginning(ask, name, text):
    for user in ask("GET", "/api/users"):
        if user["name"].startswith(name):
            return ask("POST", "/api/messages", {"to": user["id"], "text": text})
    raise LookupError(name)


EXERCISE.mistake(
    "Le message n'est parti nulle part, et personne ne l'a su : levez `LookupError`.",
    on=unknown,
    gives=None,
)(variant(write_to, ('raise LookupError(f"personne ne s\'appelle {name}")', "return None")))
