"""An exercise as a student meets it: check, hint, solution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.checking import progress
from sandbox.checking.exercise import Exercise
from sandbox.checking.judge import short
from sandbox.checking.report import Answer, Result
from sandbox.checking.runner import run_cases
from sandbox.markup import typeset


class Practice:
    """What ``exercise("client_tcp.read_exactly")`` returns.

    Attributes:
        exercise: what it is made of.
        ours: our solution, for lessons that call it: a function, or several.
        provided: what the statement gives: an object, or several.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._hinted = 0

    @property
    def ours(self) -> Any:
        return alone(self.exercise.functions)

    @property
    def provided(self) -> Any:
        return alone(self.exercise.provided)

    def __repr__(self) -> str:
        name = self.exercise.name
        done = "fait" if progress.is_done(name) else "à faire"
        return f"<exercice {name} ({done}) : .check(…), .hint(), .solution()>"

    def check(self, *functions: Callable) -> Result:
        """Try the student's functions in every case; return what a notebook shows."""
        name = self.exercise.name
        if problem := self._not_functions(functions):
            return Result(name, Answer(problem))
        if all(map(is_blank, functions)):
            return Result(name, Answer(self._your_turn(), calm=True))
        outcomes = run_cases(self.exercise, functions)
        if isinstance(outcomes, Answer):
            return Result(name, outcomes)
        result = Result(name, outcomes=outcomes)
        if not all(map(is_ours, functions)):
            progress.record(name, result.passed)
        return result

    def hint(self) -> None:
        """Print the next hint, stronger each time."""
        hints = self.exercise.hints
        shown = min(self._hinted, len(hints) - 1)
        self._hinted += 1
        print(typeset(f"Indice {shown + 1} sur {len(hints)} : {hints[shown]}"))

    def solution(self) -> None:
        """Print our solution, once the student has tried theirs."""
        name = self.exercise.name
        if progress.tries(name):
            print(self.exercise.solution)
            return
        print(
            typeset(
                "Essayez d'abord : même un programme faux vous apprendra quelque chose.\n"
                f'`exercise("{name}").check({self._names()})` vous dira quoi.'
            )
        )

    def _names(self) -> str:
        return ", ".join(function.__name__ for function in self.exercise.functions)

    def _your_turn(self) -> str:
        return (
            "À vous : remplacez les points de suspension, puis exécutez de nouveau cette cellule. "
            f'Besoin d\'un coup de pouce ? `exercise("{self.exercise.name}").hint()`'
        )

    def _not_functions(self, functions: tuple) -> str:
        """Say what is wrong with what `check` was given, nothing if all is well."""
        if len(functions) != len(self.exercise.functions):
            return f"`check` attend `{self._names()}` ; et voici {len(functions)} argument(s)."
        for function in functions:
            if not callable(function):
                return (
                    f"`check` attend votre fonction elle-même, et voici `{short(function)}`. "
                    f"Écrivez `check({self._names()})`, sans parenthèses après le nom."
                )
        return ""


def alone(objects: tuple) -> Any:
    """Return the only one, or them all."""
    return objects[0] if len(objects) == 1 else objects


def blank() -> None: ...


async def async_blank() -> None: ...


#: What `...` alone compiles to: the same for all functions to fill in, whatever their parameters.
BLANKS = {blank.__code__.co_code, async_blank.__code__.co_code}


def is_blank(function: Callable) -> bool:
    """Tell whether a function, or all those of a class, are still to be filled in."""
    if isinstance(function, type):
        return all(is_blank(each) for each in vars(function).values() if callable(each))
    code = getattr(function, "__code__", None)
    return code is not None and code.co_code in BLANKS


def is_ours(function: Callable) -> bool:
    """Tell whether a function is a solution of ours: passing proves nothing of the student."""
    return getattr(function, "__module__", "").startswith("sandbox.")
