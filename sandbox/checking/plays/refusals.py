"""Bytes that a program must refuse, and what it says of them."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.checking.exercise import Expect
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage


def refusals(function: Callable[[bytes], object], *payloads: bytes) -> list[str]:
    """Return what each payload raises, by its type's name; "accepté" when nothing."""
    found = []
    for payload in payloads:
        try:
            function(payload)
            found.append("accepté")
        except ValueError:
            found.append("ValueError")
        except Exception as error:
            found.append(type(error).__name__)
    return found


def told(function: Callable[[bytes], object], payload: bytes) -> object:
    """Return what a payload is read as, or the refusal with its reason."""
    try:
        return function(payload)
    except ValueError as error:
        return "refusé", str(error)


def reading(payload: bytes) -> Callable[[Stage, Program], object]:
    """Return a run that tells what a program reads in a payload."""
    return lambda stage, program: told(program, payload)


def reading_each(*payloads: bytes) -> Callable[[Stage, Program], list]:
    """Return a run that tells what a program reads in each payload."""
    return lambda stage, program: [told(program, payload) for payload in payloads]


def naming(*words: str) -> Expect:
    """Expect a ValueError whose text has one of `words`: see `told`."""
    return Expect(
        f"ValueError, avec « {' » ou « '.join(words)} »",
        lambda value: value[0] == "refusé" and any(word in value[1] for word in words),
    )
