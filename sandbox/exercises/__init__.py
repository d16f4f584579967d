"""The exercises of the lessons: a module a lesson, whose solutions are real functions."""

from __future__ import annotations

import importlib

from sandbox.checking import Exercise

#: The lessons that have exercises, in order.
LESSONS = (
    "introduction",
    "network",
    "client_tcp",
    "serialization",
    "contact_book",
    "http_client",
    "web_api",
    "messaging",
    "tcp_server",
    "http_server",
    "websocket",
    "flask_first",
    "flask_templates",
    "flask_forms",
    "flask_api",
    "flask_edo",
    "flask_socketio",
)


def exercise(name: str) -> Exercise:
    """Return an exercise by its name, ``lesson.function``.

    Raises:
        LookupError: there is none of that name; the message, in French, gives those there are.
    """
    lesson, _, function = name.partition(".")
    found = _exercises_of(lesson) if lesson in LESSONS else {}
    if function not in found:
        known = ", ".join(found) or ", ".join(LESSONS)
        raise LookupError(f"Pas d'exercice « {name} ». Il y a : {known}.")
    return found[function]


def exercises() -> list[Exercise]:
    """Return all the exercises, in the order of the lessons."""
    return [each for lesson in LESSONS for each in _exercises_of(lesson).values()]


def _exercises_of(lesson: str) -> dict[str, Exercise]:
    module = importlib.import_module(f"sandbox.exercises.{lesson}")
    found = [value for value in vars(module).values() if isinstance(value, Exercise)]
    return {each.functions[0].__name__: each for each in found}
