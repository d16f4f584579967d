"""A counter that all those who are connected share."""

# Solution
from collections.abc import Awaitable, Callable

from websockets.asyncio.server import ServerConnection, broadcast


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


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.websocket import CLOSED, NOTHING, answers, hear, people_at, people_on

EXERCISE = Exercise(
    create_counter,
    hints=(
        "Deux choses sont communes à toutes les connexions d'un compteur : le compte, et "
        "l'ensemble de ceux qui sont là. Où les ranger pour que deux compteurs ne les partagent "
        "pas ?",
        "Dans `create_counter`, avant le `async def counter` : celui-ci les voit, et `nonlocal "
        "count` lui permet de changer le nombre. `broadcast(people, texte)` envoie à tous.",
        "`people.add(connection)` en arrivant, puis `try: … finally: "
        "people.discard(connection)` autour de tout le reste : le départ est compté, même brutal.",
    ),
)


@EXERCISE.case("Ada arrive", expect=["0"])
def arrival(stage: Stage, program: Program):
    return answers(stage, program(), greetings=1)


@EXERCISE.case("Ada envoie `'+'`, `'+'`, `'-'`", expect=["0", "1", "2", "1"])
def three_steps(stage: Stage, program: Program):
    return answers(stage, program(), "+", "+", "-", greetings=1)


@EXERCISE.case("Ada envoie `'-'`", expect=["0", "-1"])
def below_zero(stage: Stage, program: Program):
    return answers(stage, program(), "-", greetings=1)


@EXERCISE.case(
    "Ada et Bob lisent le compte ; Ada envoie `'+'`, tous deux écoutent",
    expect=["0", "0", "1", "1"],
)
def both_hear(stage: Stage, program: Program):
    with people_at(stage, program(), 2) as [ada, bob]:
        return [*hear(ada, bob), ada.asks("+"), *hear(bob)]


@EXERCISE.case("Ada envoie `'+'` deux fois ; Bob arrive ensuite", expect=["2"])
def latecomer(stage: Stage, program: Program):
    with people_at(stage, program(), 1) as [ada]:
        ada.says("+", "+")
        ada.hears(3)
        with people_on(stage.taps[0], 1) as [bob]:
            return hear(bob)


@EXERCISE.case("Ada envoie `'++'`, puis `'+'` ; Ada, puis Bob écoutent", expect=[["?", "1"], ["1"]])
def odd_message(stage: Stage, program: Program):
    with people_at(stage, program(), 2) as [ada, bob]:
        hear(ada, bob)
        return [[ada.asks("++"), ada.asks("+")], hear(bob)]


@EXERCISE.case(
    "Ada, Bob et Carl sont là ; Ada s'en va ; Bob envoie `'+'`, Bob et Carl écoutent",
    expect=["1", "1"],
)
def one_leaves(stage: Stage, program: Program):
    with people_at(stage, program(), 3) as [ada, bob, carl]:
        hear(ada, bob, carl)
        ada.leaves()
        return [bob.asks("+"), *hear(carl)]


@EXERCISE.case("deux compteurs : `'+'` au premier, puis on lit le second", expect=["1", "0"])
def two_counters(stage: Stage, program: Program):
    with people_at(stage, program(), 1) as [ada], people_at(stage, program(), 1) as [bob]:
        hear(ada)
        return [ada.asks("+"), *hear(bob)]


@EXERCISE.mistake(
    "Vos deux compteurs n'en font qu'un : créez le compte et l'ensemble *dans* "
    "`create_counter`, à chaque appel.",
    on=below_zero,
    seen=lambda failure: failure.value[0] != "0",
)
def of_the_world(counter=create_counter()) -> Callable:  # noqa: B008 - the mistake itself
    return counter


EXERCISE.mistake(
    "Bob n'a rien reçu : le nouveau compte s'envoie à tous ceux qui sont là, pas seulement "
    "à celui qui l'a changé.",
    on=both_hear,
    gives=["0", "0", "1", NOTHING],
)(variant(create_counter, ("broadcast(people, str(count))", "await connection.send(str(count))")))

EXERCISE.mistake(
    "Bob arrive et lit 0 : le compte appartient au compteur, pas à chaque connexion. "
    "Sortez-le de la coroutine, et déclarez-le `nonlocal`.",
    on=latecomer,
    gives=["0"],
)(variant(create_counter, ("nonlocal count", "count = 0")))

EXERCISE.mistake(
    "Le `'?'` ne regarde que celui qui s'est trompé : `await connection.send('?')`.",
    on=odd_message,
    seen=lambda failure: "?" in failure.value[1],
)(variant(create_counter, ('await connection.send("?")', 'broadcast(people, "?")')))

EXERCISE.mistake(
    "Ada est partie et vous lui écrivez encore : l'envoi échoue, et emporte la boucle. "
    "Retirez-la de l'ensemble, dans un `finally`.",
    on=one_leaves,
    seen=lambda failure: CLOSED in failure.value,
)(
    variant(
        create_counter,
        ("people: set[ServerConnection] = set()", "people = []"),
        ("people.add(connection)", "people.append(connection)"),
        ("broadcast(people, str(count))", "[await each.send(str(count)) for each in people]"),
        ("people.discard(connection)", "pass"),
    )
)
