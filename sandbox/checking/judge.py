"""What a case gave, compared with what was expected: verdicts, and the words of the table."""

from __future__ import annotations

from typing import Any

from sandbox.checking.exercise import Case, Exercise, Expect, Failure, Raises, same
from sandbox.checking.report import Outcome, Verdict

MAX_SHOWN = 90  # characters of a value


def judge(case: Case, value: Any, error: BaseException | None, seconds: float) -> Verdict:
    """Compare what happened with what was expected."""
    expected = case.expected
    if isinstance(expected, Raises):
        if error is None:
            return "faux"
        right = isinstance(error, expected.kind)
    elif error is not None:
        return "exception"
    elif isinstance(expected, Expect):
        right = accepts(expected, value)
    else:
        right = same(value, expected)
    if not right:
        return "exception" if error is not None else "faux"
    return "lent" if case.slow is not None and seconds > case.slow else "juste"


def accepts(expected: Expect, value: Any) -> bool:
    try:
        return bool(expected.accepts(value))
    except Exception:
        return False  # not even of the kind that can be looked at


def stopped(exercise: Exercise, case: Case, verdict: Verdict) -> Outcome:
    """Return the outcome of a case that did not come to its end, or was not tried."""
    found = {
        "bloqué": f"rien : interrompu après {case.limit:g} s",
        "arrêt": "Python s'est arrêté en plein milieu",
        "sauté": "pas essayé : les autres ont pris trop de temps",
    }[verdict]
    sentence = "" if verdict == "sauté" else exercise.explain(Failure(case, verdict))
    return Outcome(case.given, verdict, describe(case.expected), found, sentence)


def describe(expected: Any) -> str:
    """Return what is expected, for the table."""
    if isinstance(expected, Expect):
        return expected.text
    if isinstance(expected, Raises):
        return f"l'exception {expected.kind.__name__}"
    return short(expected)


def got(case: Case, value: Any, error: BaseException | None, right: bool) -> str:
    """Return what was got, in words that are the same at each run when it is right."""
    if right and error is not None:
        return f"l'exception {type(error).__name__}"  # messages differ between systems
    if right and isinstance(case.expected, Expect):
        return "comme attendu"  # the value itself may be random
    if error is not None:
        return f"{type(error).__name__} : {error!s:.160}".rstrip(" :")
    return short(value)


def general(value: Any, error: BaseException | None) -> str:
    """Return a sentence for mistakes that any exercise may see."""
    if isinstance(error, NameError) and error.name:
        return f"Le nom `{error.name}` n'existe pas ici : l'avez-vous importé, ou défini ?"
    if value is None and error is None:
        return "Votre fonction a rendu `None` : avez-vous oublié `return` ?"
    return ""


def short(value: Any) -> str:
    """Return a value as Python writes it, cut in the middle when it is long."""
    try:
        text = repr(value)
    except Exception as error:
        return f"(une valeur dont repr lève {type(error).__name__})"
    return text if len(text) <= MAX_SHOWN else f"{text[:60]} … {text[-20:]}"
