"""Formats side by side: their size, their time there and back, what they lose."""

# Solution
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

Codec = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


def compare(value: Any, codecs: Mapping[str, Codec], tries: int = 5) -> dict:
    """Send `value` there and back through each ``(dumps, loads)``.

    Returns:
        By name: ``size`` in bytes, ``seconds`` there and back (best of
        `tries`), ``faithful`` (does what comes back equal what left?);
        None for a format that refuses the value.
    """
    results = {}
    for name, (dumps, loads) in codecs.items():
        seconds = math.inf
        try:
            for _ in range(tries):
                start = time.perf_counter()
                data = dumps(value)
                back = loads(data)
                seconds = min(seconds, time.perf_counter() - start)
        except Exception:  # each format has its own way of saying no
            results[name] = None
        else:
            results[name] = {
                "size": len(data),
                "seconds": seconds,
                "faithful": back == value,
            }
    return results


# Exercise
from sandbox.checking import Exercise, Expect, Program, Stage, variant
from sandbox.checking.plays.codecs import JSON, PICKLE, STUBBORN, slow

EXERCISE = Exercise(
    compare,
    hints=(
        "Une boucle sur les formats ; dedans, une boucle sur les essais. Chaque essai écrit, "
        "relit, et regarde sa montre avant et après.",
        "`time.perf_counter()` est la montre. Gardez le plus petit des temps ; comparez par `==` "
        "ce qui revient à ce qui est parti.",
        "Mettez les essais d'un format dans un `try` : s'il refuse, quelle que soit l'exception, "
        "`results[name] = None`, et au suivant.",
    ),
)


@EXERCISE.case(
    "JSON, sur `[1, 2]` : la taille et la fidélité", expect={"size": 6, "faithful": True}
)
def sizes(stage: Stage, program: Program):
    rows = program([1, 2], {"JSON": JSON}).values()
    return {name: row[name] for row in rows for name in row if name != "seconds"}


@EXERCISE.case(
    "JSON et pickle, sur `('toit', 3)` : la fidélité", expect={"JSON": False, "pickle": True}
)
def a_tuple(stage: Stage, program: Program):
    codecs = {"JSON": JSON, "pickle": PICKLE}
    return {name: row["faithful"] for name, row in program(("toit", 3), codecs).items()}


@EXERCISE.case(
    "un format qui met 0,02 s à écrire et 0,06 s à lire",
    expect=Expect("au moins 0,08 s", lambda seconds: 0.08 <= seconds < 1.5),
)
def both_ways(stage: Stage, program: Program):
    return program([1], {"lent": slow(0.02, 0.06)})["lent"]["seconds"]


@EXERCISE.case(
    "un format lent, sauf une fois sur cinq",
    expect=Expect("le meilleur temps, sous 0,05 s", lambda seconds: 0 <= seconds < 0.05),
)
def best(stage: Stage, program: Program):
    return program([1], {"lent": slow(0.1, 0, fast=2)})["lent"]["seconds"]


@EXERCISE.case("un format qui refuse la valeur, puis JSON", expect=[None, 3])
def refuses(stage: Stage, program: Program):
    codecs = {"têtu": STUBBORN, "JSON": JSON}
    return [row and row["size"] for row in program([1], codecs).values()]


@EXERCISE.case("aucun format", expect={})
def no_format(stage: Stage, program: Program):
    return program([1], {})


EXERCISE.mistake(
    "`is` demande si c'est le même objet, ce qui n'arrive jamais après un voyage : "
    "comparez par `==`.",
    on=sizes,
    seen=lambda failure: failure.value["faithful"] is False,
)(variant(compare, ("back == value", "back is value")))

EXERCISE.mistake(
    "JSON rend une liste pour un tuple, et vous le dites fidèle : comparez ce qui revient "
    "à ce qui est parti.",
    on=a_tuple,
    seen=lambda failure: failure.value["JSON"] is True,
)(variant(compare, ("back == value", "True")))

EXERCISE.mistake(
    "Vous n'avez chronométré que l'écriture : l'aller-retour comprend la lecture.",
    on=both_ways,
    seen=lambda failure: failure.value < 0.06,
)(
    variant(
        compare,
        ("back = loads(data)", "end = time.perf_counter()"),
        ("time.perf_counter() - start)", "end - start)\n                back = loads(data)"),
    )
)

EXERCISE.mistake(
    "Un essai peut être ralenti par un voisin, jamais accéléré : essayez plusieurs fois et "
    "gardez le plus petit des temps, pas la moyenne ni le premier.",
    on=best,
    verdict="faux",
)(
    variant(
        compare,
        ("math.inf", "0.0"),
        (
            "min(seconds, time.perf_counter() - start)",
            "seconds + (time.perf_counter() - start) / tries",
        ),
    )
)

EXERCISE.mistake(
    "Un format refuse la valeur, et tout s'arrête, ou il manque dans vos résultats : "
    "attrapez son exception, quelle qu'elle soit, et rendez `None` pour lui.",
    on=refuses,
)(variant(compare, ("results[name] = None", "continue")))
