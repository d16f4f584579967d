"""A histogram whose intervals go from 0 to 100, whatever the numbers are."""

# Solution
from typing import Any


def draw_histogram(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    """Draw on `axes` how many of `numbers`, from 0 to 99, fall in each of `bins` equal intervals.

    Returns:
        the count of each interval.
    """
    width = 100 / bins
    counts = [0] * bins
    for number in numbers:
        counts[int(number / width)] += 1
    axes.bar([(index + 0.5) * width for index in range(bins)], counts, width=width * 0.9)
    axes.set_xlabel("nombre tiré")
    axes.set_ylabel("tirages")
    return counts


# Exercise
from collections.abc import Callable

from matplotlib.figure import Figure

from sandbox.checking import Exercise, Program, Stage, variant

EXERCISE = Exercise(
    draw_histogram,
    hints=(
        "Dix intervalles de 0 à 100 : de 0 à 10, de 10 à 20… Dans lequel tombe 37 ?",
        "Deux chemins : compter soi-même puis `axes.bar(…)`, ou laisser faire `axes.hist(…)`, qui "
        "rend les effectifs. Attention : sans `range`, il s'arrête aux données.",
        "`counts, _, _ = axes.hist(numbers, bins=bins, range=(0, 100))`, puis `set_xlabel`, "
        "`set_ylabel`, et `return [int(count) for count in counts]`.",
    ),
)
NUMBERS = [(37 * index) % 100 for index in range(1000)]


def drawn(function: Callable, numbers: list[float], bins: int) -> tuple[object, list[int]]:
    """Return what the function returned, and the heights of the bars that it drew."""
    axes = Figure().subplots()
    counts = function(axes, numbers, bins)
    if counts is not None:
        counts = [int(count) for count in counts]  # numpy's integers are right too
    return counts, [round(bar.get_height()) for bar in axes.patches]


def names_of_axes(function: Callable) -> tuple[str, str]:
    axes = Figure().subplots()
    function(axes, [1, 2, 3], 10)
    return axes.get_xlabel(), axes.get_ylabel()


@EXERCISE.case(
    "les nombres 0, 5, 9, 10, 99 en dix intervalles",
    expect=([3, 1, 0, 0, 0, 0, 0, 0, 0, 1], [3, 1, 0, 0, 0, 0, 0, 0, 0, 1]),
)
def ten(stage: Stage, program: Program):
    return program.beside(drawn, [0, 5, 9, 10, 99], 10)


@EXERCISE.case(
    "des nombres de 40 à 49 en dix intervalles",
    expect=([0, 0, 0, 0, 10, 0, 0, 0, 0, 0], [0, 0, 0, 0, 10, 0, 0, 0, 0, 0]),
)
def narrow(stage: Stage, program: Program):
    return program.beside(drawn, list(range(40, 50)), 10)


@EXERCISE.case(
    "mille nombres en quatre intervalles", expect=([250, 250, 250, 250], [250, 250, 250, 250])
)
def thousand(stage: Stage, program: Program):
    return program.beside(drawn, NUMBERS, 4)


@EXERCISE.case("aucun nombre", expect=([0] * 5, [0] * 5))
def no_number(stage: Stage, program: Program):
    return program.beside(drawn, [], 5)


@EXERCISE.case("les deux axes ont un nom", expect=True)
def named(stage: Stage, program: Program):
    return all(program.beside(names_of_axes))


EXERCISE.mistake(
    "Vous dessinez, mais ne rendez rien : `return` les effectifs.",
    on=ten,
    seen=lambda failure: failure.value[0] is None,
)(variant(draw_histogram, ("    return counts\n", "")))

EXERCISE.mistake(
    "Les effectifs sont justes, mais rien n'est dessiné sur `axes`.",
    on=ten,
    seen=lambda failure: failure.value[1] == [],
)(variant(draw_histogram, ("axes.bar(", "Figure().subplots().bar(")))


@EXERCISE.mistake(
    "Vos intervalles s'arrêtent aux données : ils doivent aller de 0 à 100, même si "
    "personne n'y est (`range=(0, 100)`).",
    on=narrow,
    verdict="faux",
)
def fits_the_data(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    counts, _, _ = axes.hist(numbers, bins=bins)
    axes.set_xlabel("nombre tiré")
    axes.set_ylabel("tirages")
    return [int(count) for count in counts]


EXERCISE.mistake(
    "Un dessin sans noms aux axes est une devinette : `set_xlabel`, `set_ylabel`.",
    seen=lambda failure: failure.value is False,
)(variant(draw_histogram, ("axes.set_xlabel", "print"), ("axes.set_ylabel", "print")))


@EXERCISE.accepts()
def with_hist(axes: Any, numbers: list[float], bins: int = 10) -> list[int]:
    counts, _, _ = axes.hist(numbers, bins=bins, range=(0, 100))
    axes.set(xlabel="nombre tiré", ylabel="tirages")
    return list(counts)
