"""The exercises of the lessons: a folder a lesson, a file an exercise."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from sandbox import former
from sandbox.checking.exercise import Exercise
from sandbox.checking.practice import Practice

FOLDER = Path(__file__).resolve().parent
NOTEBOOKS = FOLDER.parents[1] / "notebooks"


def exercise(name: str) -> Practice:
    """Return an exercise by its name, ``lesson.exercise``.

    Raises:
        LookupError: there is none of that name; the message, in French, gives those there are.
    """
    lesson, _, stem = former.told("L’exercice", name).partition(".")
    if not is_exercise(lesson, stem):
        known = ", ".join(stems(lesson)) or ", ".join(lessons())
        raise LookupError(f"Pas d'exercice « {name} ». Il y a : {known}.")
    return Practice(load(lesson, stem))


def exercises() -> list[Exercise]:
    """Return all the exercises, in the order in which the lessons ask them."""
    return [load(lesson, stem) for lesson in lessons() for stem in stems(lesson)]


def lessons() -> list[str]:
    """Return the lessons that have exercises, in the order of the course."""
    folders = {path.parent.name for path in FOLDER.glob("*/*.py")}
    numbered = {path.stem.partition("_")[2]: path.name for path in NOTEBOOKS.glob("[0-9]*_*.md")}
    return sorted(folders, key=lambda lesson: numbered.get(lesson, lesson))


def stems(lesson: str) -> list[str]:
    """Return the exercises of a lesson, in the order in which it asks them."""
    found = sorted(path.stem for path in FOLDER.glob(f"{lesson}/[!_]*.py")) if lesson else []
    notebooks = NOTEBOOKS.glob(f"[0-9]*_{lesson}.md")
    text = "".join(path.read_text(encoding="utf-8") for path in notebooks)
    prefix = f"ex-{lesson}-".replace("_", "-")
    asked = re.findall(rf"^:label: {prefix}(.+)$", text, re.MULTILINE)
    order = {label.replace("-", "_"): rank for rank, label in enumerate(asked)}
    return sorted(found, key=lambda stem: order.get(stem, len(order)))


def is_exercise(lesson: str, stem: str) -> bool:
    return stem.isidentifier() and stem in stems(lesson)


def load(lesson: str, stem: str) -> Exercise:
    return importlib.import_module(f"sandbox.exercises.{lesson}.{stem}").EXERCISE
