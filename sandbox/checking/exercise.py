"""An exercise as data: its solution, its hints, its cases, the mistakes foreseen.

A file holds one exercise, named by its place, and reads from top to bottom:

    # Solution
    import socket

    def read_exactly(connection, size): …

    # Exercise
    EXERCISE = Exercise(read_exactly, hints=("…", "…", "…"))

    @EXERCISE.case("`b'abc'` arrive, puis `b'de'` ; size = 5", expect=b"abcde")
    def in_two(stage, program):
        return program(send_slowly(stage, b"abc", b"de"), 5)

    @EXERCISE.mistake("Vous n'avez lu qu'un morceau : …", on=in_two, gives=b"abc")
    def one_recv(connection, size):
        return connection.recv(size)

The solution is all that stands between the two headings: it is what pages show, and it runs by
itself when pasted into an empty notebook. An exercise runs nothing: it is handed to who tries a
program.

- What a case expects is a value, `Expect` (many values are right) or `Raises`.
- A case asks the `Program`: it calls it, takes its `client`, or has a helper run `beside` it.
- A mistake is recognised by ``on=``, ``gives=``, ``raises=``, ``verdict=``, and ``seen=`` for the
  rest. When its program is the right one but for some text, `variant` makes it:
  ``EXERCISE.mistake("…", on=in_two)(variant(read_exactly, ("old", "new")))``.
- ``@EXERCISE.accepts()`` keeps a right program in another style than ours, which must pass.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.checking.report import Verdict

LIMIT_SECONDS = 4.0  # given to a case
SOLUTION, REST = "# Solution\n", "# Exercise\n"  # the headings around the solution
ANYTHING = object()  # the default of what a mistake gives: it is not looked at


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


@dataclass(frozen=True, eq=False)
class Case:
    """One situation in which the program is tried.

    Attributes:
        given: the situation, in French; it names the case.
        run: called with a `Stage` and a `Program`; returns what is then compared with `expected`.
        expected: a value, an `Expect` or a `Raises`.
        slow: seconds beyond which a right answer is too slow.
        limit: seconds after which the program is interrupted.
    """

    given: str
    run: Callable[..., Any]
    expected: Any
    slow: float | None = None
    limit: float = LIMIT_SECONDS


@dataclass(frozen=True)
class Failure:
    """What went wrong in a case, for a `Mistake` to recognise.

    Attributes:
        case: the case.
        verdict: ``faux``, ``lent``, ``exception``, ``bloqué`` or ``arrêt`` (Python was ended).
        value: what the case returned, None if it did not.
        error: what it raised (or the student's server did), None if nothing.
        sent: all the bytes that clients sent during the case.
        received: all the bytes that servers sent.
    """

    case: Case
    verdict: Verdict
    value: Any = None
    error: BaseException | None = None
    sent: bytes = b""
    received: bytes = b""


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make, recognised when all that is said of it is true of a failure.

    Attributes:
        sentence: what to tell them, in French.
        example: the functions of a program that makes it.
        cases: those in which it is recognised; all, when empty.
        gives: what such a case returns.
        raises: what it raises.
        verdict: how it ends.
        seen: tells the rest.
    """

    sentence: str
    example: tuple[Callable, ...]
    cases: tuple[Case, ...] = ()
    gives: Any = ANYTHING
    raises: type[BaseException] | tuple[type[BaseException], ...] | None = None
    verdict: Verdict | None = None
    seen: Callable[[Failure], object] | None = None

    def explains(self, failure: Failure) -> bool:
        """Tell whether a failure shows this mistake.

        A value so odd that it cannot even be looked at is nobody's foreseen mistake.
        """
        try:
            return (
                (not self.cases or failure.case in self.cases)
                and (self.gives is ANYTHING or same(failure.value, self.gives))
                and (self.raises is None or isinstance(failure.error, self.raises))
                and (self.verdict is None or failure.verdict == self.verdict)
                and (self.seen is None or bool(self.seen(failure)))
            )
        except Exception:
            return False


def same(value: Any, expected: Any) -> bool:
    """Tell whether a value is the one expected, its type included: True is not 1."""
    return type(value) is type(expected) and bool(value == expected)


class Exercise:
    """One exercise; see the module's example.

    Args:
        functions: our solution, functions or classes; the first one is what is asked.
        hints: three, the strongest last.
        provided: what the statement gives to the student (a class, say).

    Attributes:
        lesson, name: from the file's place, ``client_tcp`` and ``client_tcp.read_exactly``.
        label: the statement's in the lesson, ``ex-client-tcp-read-exactly``.
        cases: in the order in which they are tried.
        mistakes: the most precise first: the first that explains a failure is told.
        accepted: right programs in other styles than ours.
    """

    def __init__(
        self,
        *functions: Callable,
        hints: tuple[str, str, str],
        provided: tuple[Any, ...] = (),
    ) -> None:
        self.functions = functions
        self.hints = hints
        self.provided = provided
        self.module = functions[0].__module__
        self.lesson, _, stem = self.module.removeprefix("sandbox.exercises.").partition(".")
        self.name = f"{self.lesson}.{stem}"
        self.label = f"ex-{self.name}".replace("_", "-").replace(".", "-")
        self.cases: list[Case] = []
        self.mistakes: list[Mistake] = []
        self.accepted: list[tuple[Callable, ...]] = []

    @property
    def path(self) -> Path:
        """The exercise's file."""
        return Path(inspect.getfile(importlib.import_module(self.module)))

    @property
    def solution(self) -> str:
        """Our solution as source, with all that it needs."""
        text = self.path.read_text(encoding="utf-8")
        return text.partition(SOLUTION)[2].partition(REST)[0].strip() + "\n"

    def case(
        self,
        given: str,
        *,
        expect: Any,
        slow: float | None = None,
        limit: float = LIMIT_SECONDS,
    ) -> Callable[[Callable], Case]:
        """Return a decorator that makes a case of a function of a `Stage` and a `Program`."""

        def keep(run: Callable) -> Case:
            self.cases.append(Case(given, run, expect, slow, limit))
            return self.cases[-1]

        return keep

    def mistake(
        self,
        sentence: str,
        *,
        on: Case | tuple[Case, ...] = (),
        gives: Any = ANYTHING,
        raises: type[BaseException] | tuple[type[BaseException], ...] | None = None,
        verdict: Verdict | None = None,
        seen: Callable[[Failure], object] | None = None,
        beside: tuple[Callable, ...] = (),
    ) -> Callable[[Callable], Callable]:
        """Return a decorator that keeps a wrong program; `beside`: its other functions."""
        cases = on if isinstance(on, tuple) else (on,)

        def keep(example: Callable) -> Callable:
            whole = (example, *beside)
            self.mistakes.append(Mistake(sentence, whole, cases, gives, raises, verdict, seen))
            return example

        return keep

    def accepts(self, *beside: Callable) -> Callable[[Callable], Callable]:
        """Return a decorator that keeps a right program in another style than ours."""

        def keep(example: Callable) -> Callable:
            self.accepted.append((example, *beside))
            return example

        return keep

    def explain(self, failure: Failure) -> str:
        """Return the sentence of the first mistake that a failure shows, or an empty string."""
        return next((each.sentence for each in self.mistakes if each.explains(failure)), "")


def variant(
    solution: Callable, *changes: tuple[str, str], beside: tuple[Callable, ...] = ()
) -> Any:
    """Return a function or a class as `solution` is, but for some text of its source.

    Args:
        changes: pairs of what is there and what replaces it, wherever it stands.
        beside: the functions through which it calls the one that changes, and that one.

    Raises:
        ValueError: something to replace is not there.
    """
    source = "\n\n".join(inspect.getsource(each) for each in (solution, *beside))
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{old!r} is not in the source of {solution.__name__}")
        source = source.replace(old, new)
    names = dict(vars(sys.modules[solution.__module__]))
    exec(compile(source, f"<variant of {solution.__name__}>", "exec"), names)
    return names[solution.__name__]
