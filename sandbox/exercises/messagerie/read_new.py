"""All that is new since a bookmark, which a server gives page by page."""

# Solution
from collections.abc import Callable
from typing import Any


def read_new(ask: Callable[..., Any], since: int = 0) -> tuple[list[dict], int]:
    """Return all the messages received after `since`, then the `since` of the next time."""
    messages: list[dict] = []
    while page := ask("GET", f"/api/messages?since={since}"):
        messages += page
        since = page[-1]["id"]
    return messages, since


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.messages import classroom

EXERCISE = Exercise(
    read_new,
    hints=(
        "Le serveur rend au plus cent messages, du plus ancien au plus récent. Comment demander la "
        "suite ?",
        "Le `since` suivant est l'identifiant du *dernier* message reçu. Ces identifiants "
        "croissent sans se suivre : on ne les calcule pas.",
        "`while page := ask('GET', f'/api/messages?since={since}')` : tant que la liste n'est pas "
        "vide, l'ajouter aux autres et faire avancer `since`.",
    ),
)
TEXTS = [f"message {number}" for number in range(250)]


def read(program: Program, *texts: str, since: int = 0) -> object:
    """Have Bob read what Alice wrote; return the texts, and the next `since`."""
    with classroom() as room:
        room.write(1, 2, *texts)
        messages, following = program(room.as_user("Bob"), since)
        return [message["text"] for message in messages], following


@EXERCISE.case("deux messages attendent", expect=(["un", "deux"], 6))
def two(stage: Stage, program: Program):
    return read(program, "un", "deux")


@EXERCISE.case("rien de nouveau depuis 42", expect=([], 42))
def nothing_new(stage: Stage, program: Program):
    return read(program, "un", since=42)


@EXERCISE.case("le premier est déjà lu : `since=5`", expect=(["deux"], 6))
def second_only(stage: Stage, program: Program):
    return read(program, "un", "deux", since=5)


@EXERCISE.case("250 messages attendent ; le serveur en donne 100 à la fois", expect=(TEXTS, 254))
def many(stage: Stage, program: Program):
    return read(program, *TEXTS)


@EXERCISE.case(
    "deux messages, lus ; un troisième, lu ; une dernière lecture",
    expect=[["un", "deux"], ["trois"], []],
)
def three_times(stage: Stage, program: Program):
    with classroom() as room:
        bob = room.as_user("Bob")
        room.write(1, 2, "un", "deux")
        first, since = program(bob, 0)
        room.write(1, 2, "trois")
        second, since = program(bob, since)
        third, since = program(bob, since)
        return [[message["text"] for message in each] for each in (first, second, third)]


@EXERCISE.mistake(
    "Les identifiants ne se comptent pas : le `since` suivant est l'`id` du dernier message reçu.",
    seen=lambda failure: failure.value[1] == 2,
)
def by_count(ask, since=0):
    messages = ask("GET", f"/api/messages?since={since}")
    return messages, since + len(messages)


EXERCISE.mistake(
    "`since` est le dernier message *vu*, et le serveur rend ceux d'après : en ajoutant 1, "
    "vous manquerez le suivant.",
    seen=lambda failure: failure.value[1] == 7,
)(variant(read_new, ("return messages, since", "return messages, since + 1")))

EXERCISE.mistake(
    "Quand il n'y a rien, il n'y a pas de dernier message : rendez le `since` que vous avez reçu.",
    on=nothing_new,
    raises=IndexError,
)(variant(read_new, ("return messages, since", 'return messages, messages[-1]["id"]')))


@EXERCISE.mistake(
    "Vous relisez tout depuis le début : partez de `since`.", on=nothing_new, gives=(["un"], 5)
)
def from_scratch(ask, since=0):
    return read_new(ask, 0)


EXERCISE.mistake(
    "Cent messages, et les autres attendent toujours : redemandez jusqu'à une liste vide.",
    on=many,
    seen=lambda failure: len(failure.value[0]) == 100,
)(variant(read_new, ("while page :=", "if page :=")))
