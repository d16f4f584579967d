"""``python -m sandbox.checking.worker``: the process in which a student's program is tried."""

from __future__ import annotations

import base64
import json
import os
import pickle
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO

MAX_OUTPUT = 300  # characters kept of what the program prints
MAX_PRINTED = 64 * 1024 * 1024  # bytes printed before the process is ended
MAX_MEMORY = 4 * 1024**3  # bytes


def main() -> None:
    answers, printed = _private_output()
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit_resources()
    sys.path[:] = order["path"]
    from sandbox.exercises import exercise

    exercised = exercise(order["name"])
    try:
        functions = pickle.loads(base64.b64decode(order["program"]))
    except Exception as error:
        _answer(answers, {"problem": f"Votre fonction n'a pas pu être copiée : {error!r:.200}"})
        return
    _answer(answers, {"ready": True})
    for case in exercised.cases[order["first"] :]:
        _answer(answers, try_case(exercised, case, functions, printed))


def _private_output() -> tuple[BinaryIO, BinaryIO]:
    """Keep the real standard output for us; what the program prints goes to a file."""
    answers = os.fdopen(os.dup(1), "wb")
    printed = tempfile.TemporaryFile()  # noqa: SIM115 - open until the process ends
    os.dup2(printed.fileno(), 1)
    os.dup2(printed.fileno(), 2)
    return answers, printed


def _die_with_parent() -> None:
    sys.stdin.buffer.read()  # returns when the parent closes it, or dies
    os._exit(0)


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_PRINTED, MAX_PRINTED))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, most))  # a browser of ours needs more


def _answer(answers: BinaryIO, content: dict) -> None:
    answers.write(json.dumps(content).encode("ascii") + b"\n")
    answers.flush()


def try_case(exercise, case, functions: tuple[Callable, ...], printed: BinaryIO) -> dict:
    """Run one case; return its outcome."""
    from sandbox.checking.exercise import Failure, describe
    from sandbox.checking.stage import Stage
    from sandbox.wire.recording import TO_CLIENT, TO_SERVER

    printed.seek(0)
    printed.truncate()
    value, error = None, None
    started = time.monotonic()
    with Stage() as stage:
        try:
            value = case.run(stage, *functions)
        except Exception as raised:
            error = raised
        seconds = time.monotonic() - started
        error = error or next(iter(stage.errors), None)
        verdict = judge(case, value, error, seconds)
        right = verdict == "juste"
        wires = [] if right else [tap for tap in stage.taps if tap.connections]
        failure = Failure(
            case.given, verdict, value, error, stage.passed(TO_SERVER), stage.passed(TO_CLIENT)
        )
        return {
            "given": case.given,
            "verdict": verdict,
            "expected": describe(case.expected),
            "got": got(case, value, error, right),
            "sentence": "" if right else exercise.explain(failure) or general(value, error),
            "output": "" if right else beginning(printed),
            "wire_text": "\n".join(map(str, wires)),
            "wire_html": "".join(tap._repr_html_() for tap in wires),
        }


def judge(case, value: Any, error: BaseException | None, seconds: float) -> str:
    """Compare what happened with what was expected; return the verdict."""
    from sandbox.checking.exercise import Expect, Raises

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
        right = type(value) is type(expected) and value == expected
    if not right:
        return "exception" if error is not None else "faux"
    return "lent" if case.slow is not None and seconds > case.slow else "juste"


def accepts(expected, value: Any) -> bool:
    try:
        return bool(expected.accepts(value))
    except Exception:
        return False  # not even of the kind that can be looked at


def got(case, value: Any, error: BaseException | None, right: bool) -> str:
    """Return what was got, in words that are the same at each run when it is right."""
    from sandbox.checking.exercise import Expect, short

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


def beginning(printed: BinaryIO) -> str:
    """Return the beginning of what the program printed."""
    try:
        sys.stdout.flush()
    except ValueError:
        pass  # the program has closed it
    size = printed.seek(0, os.SEEK_END)
    printed.seek(0)
    text = printed.read(4 * MAX_OUTPUT).decode("utf-8", "replace")[:MAX_OUTPUT]
    return f"{text} …" if size > 4 * MAX_OUTPUT else text.strip()


if __name__ == "__main__":
    main()
