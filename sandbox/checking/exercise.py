"""An exercise: its hints, its solution, the cases that a program must pass, the mistakes foreseen.

EXERCISE = Exercise(
    read_exactly,
    label="ex-client-tcp-read-exactly",
    hints=("…", "…", "…"),
    cases=[Case("b'abc' puis b'de', size = 5", run=in_two, expected=b"abcde")],
    mistakes=[Mistake("…", example=one_recv, seen=lambda failure: …)],
)
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.checking import progress
from sandbox.checking.markup import typeset
from sandbox.checking.report import Answer, Outcome, Result, Verdict

LIMIT = 4.0  # s given to a case


@dataclass(frozen=True)
class Expect:
    """What is expected, when many values are right.

    Attributes:
        text: what the student reads, in French.
        accepts: tells whether a value is right.
    """

    text: str
    accepts: Callable[[Any], bool]


@dataclass(frozen=True)
class Raises:
    """An exception is expected, of this type or a subtype."""

    kind: type[BaseException]


@dataclass(frozen=True)
class Case:
    """One situation in which the program is tried.

    Attributes:
        given: the situation, in French; it names the case.
        run: called with a `Stage` and the student's function (or functions); returns what is
            then compared with `expected`.
        expected: a value, an `Expect` or a `Raises`.
        slow: seconds beyond which a right answer is too slow.
        limit: seconds after which the program is interrupted.
    """

    given: str
    run: Callable[..., Any]
    expected: Any
    slow: float | None = None
    limit: float = LIMIT


@dataclass(frozen=True)
class Failure:
    """What went wrong in a case, for a `Mistake` to recognise.

    Attributes:
        case: the case's `given`.
        verdict: ``faux``, ``lent``, ``exception``, ``bloqué`` or ``arrêt`` (Python was ended).
        value: what the case returned, None if it did not.
        error: what it raised (or the student's server did), None if nothing.
        sent: all the bytes that clients sent during the case.
        received: all the bytes that servers sent.
    """

    case: str
    verdict: Verdict
    value: Any = None
    error: BaseException | None = None
    sent: bytes = b""
    received: bytes = b""


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make.

    Attributes:
        sentence: what to tell them, in French.
        example: a program that makes it (or several, if the exercise asks several functions).
        seen: tells whether a failure shows it.
    """

    sentence: str
    example: Callable | tuple[Callable, ...]
    seen: Callable[[Failure], bool]


class Exercise:
    """One exercise; see the module's example.

    Args:
        solution: the functions to write, ours; the first one names the exercise.
        label: the statement's label in the lesson.
        hints: three, the strongest last.
        cases: in the order in which they are tried.
        mistakes: the most precise first: the first that is seen is told.
    """

    def __init__(
        self,
        *solution: Callable,
        label: str,
        hints: tuple[str, str, str],
        cases: list[Case],
        mistakes: list[Mistake],
    ) -> None:
        self.functions = solution
        self.label = label
        self.hints = hints
        self.cases = cases
        self.mistakes = mistakes
        self.lesson = solution[0].__module__.rsplit(".", 1)[-1]
        self.name = f"{self.lesson}.{solution[0].__name__}"
        self._hinted = 0

    def __repr__(self) -> str:
        done = "fait" if progress.is_done(self.name) else "à faire"
        return f"<exercice {self.name} ({done}) : .check(…), .hint(), .solution()>"

    def check(self, *functions: Callable) -> Result:
        """Try the student's functions in every case; return what a notebook shows."""
        from sandbox.checking.runner import run_cases

        if problem := self._not_functions(functions):
            return Result(self.name, Answer(problem))
        if all(map(is_blank, functions)):
            return Result(self.name, Answer(self._your_turn(), calm=True))
        outcomes = run_cases(self, functions)
        if isinstance(outcomes, Answer):
            return Result(self.name, outcomes)
        result = Result(self.name, outcomes=outcomes)
        if not all(map(is_ours, functions)):
            progress.record(self.name, result.passed)
        return result

    def hint(self) -> None:
        """Print the next hint, stronger each time."""
        shown = min(self._hinted, len(self.hints) - 1)
        self._hinted += 1
        print(typeset(f"Indice {shown + 1} sur {len(self.hints)} : {self.hints[shown]}"))

    def solution(self) -> None:
        """Print our solution, once the student has tried theirs."""
        if not progress.tries(self.name):
            print(
                typeset(
                    "Essayez d'abord : même un programme faux vous apprendra quelque chose.\n"
                    f'`exercise("{self.name}").check({self._names()})` vous dira quoi.'
                )
            )
            return
        for function in self.functions:
            print(textwrap.dedent(inspect.getsource(function)))

    def explain(self, failure: Failure) -> str:
        """Return the sentence of the first mistake that a failure shows, or an empty string."""
        for mistake in self.mistakes:
            try:
                if mistake.seen(failure):
                    return mistake.sentence
            except Exception:
                continue  # a value so odd that it cannot even be looked at
        return ""

    def stopped(self, case: Case, verdict: Verdict) -> Outcome:
        """Return the outcome of a case that did not come to its end, or was not tried."""
        got = {
            "bloqué": f"rien : interrompu après {case.limit:g} s",
            "arrêt": "Python s'est arrêté en plein milieu",
            "sauté": "pas essayé : les autres ont pris trop de temps",
        }[verdict]
        sentence = "" if verdict == "sauté" else self.explain(Failure(case.given, verdict))
        return Outcome(case.given, verdict, describe(case.expected), got, sentence)

    def _names(self) -> str:
        return ", ".join(function.__name__ for function in self.functions)

    def _your_turn(self) -> str:
        return (
            "À vous : remplacez les points de suspension, puis exécutez de nouveau cette cellule. "
            f'Besoin d\'un coup de pouce ? `exercise("{self.name}").hint()`'
        )

    def _not_functions(self, functions: tuple) -> str:
        """Say what is wrong with what `check` was given, nothing if all is well."""
        if len(functions) != len(self.functions):
            return f"`check` attend `{self._names()}` ; et voici {len(functions)} argument(s)."
        for function in functions:
            if not callable(function):
                return (
                    f"`check` attend votre fonction elle-même, et voici `{short(function)}`. "
                    f"Écrivez `check({self._names()})`, sans parenthèses après le nom."
                )
        return ""


def blank() -> None: ...


async def async_blank() -> None: ...


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


def describe(expected: Any) -> str:
    """Return what is expected, for the table."""
    if isinstance(expected, Expect):
        return expected.text
    if isinstance(expected, Raises):
        return f"l'exception {expected.kind.__name__}"
    return short(expected)


def short(value: Any) -> str:
    """Return a value as Python writes it, cut in the middle when it is long."""
    try:
        text = repr(value)
    except Exception as error:
        return f"(une valeur dont repr lève {type(error).__name__})"
    return text if len(text) <= 90 else f"{text[:60]} … {text[-20:]}"
