"""``python -m sandbox.checking.worker``: the process in which a student's program is tried."""

from __future__ import annotations

import base64
import importlib
import json
import os
import pickle
import sys
import tempfile
import threading
import time
from typing import BinaryIO

from sandbox.checking.exercise import Case, Exercise, Failure
from sandbox.checking.judge import describe, general, got, judge
from sandbox.checking.program import Program
from sandbox.checking.report import Outcome
from sandbox.checking.stage import Stage
from sandbox.wire.recording import TO_CLIENT, TO_SERVER

MAX_OUTPUT = 300  # characters kept of what the program prints
MAX_FILE = 64 * 1024 * 1024  # bytes of a file that the program writes, its output included
MAX_MEMORY = 4 * 1024**3  # bytes


def main() -> None:
    answers, printed = _private_output()
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit_resources()
    sys.path[:] = order["path"]
    exercise = importlib.import_module(order["module"]).EXERCISE
    try:
        functions = pickle.loads(base64.b64decode(order["program"]))
    except Exception as error:
        _answer(answers, {"problem": f"Votre fonction n'a pas pu être copiée : {error!r:.200}"})
        return
    _answer(answers, {"ready": True})
    names = tuple(function.__name__ for function in exercise.functions)
    for case in exercise.cases[order["first"] :]:
        outcome = try_case(exercise, case, Program(names, functions), printed)
        _answer(answers, vars(outcome))


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
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, most))


def _answer(answers: BinaryIO, content: dict) -> None:
    answers.write(json.dumps(content).encode("ascii") + b"\n")
    answers.flush()


def try_case(exercise: Exercise, case: Case, program: Program, printed: BinaryIO) -> Outcome:
    """Run one case; return its outcome."""
    printed.seek(0)
    printed.truncate()
    value, error = None, None
    started = time.monotonic()
    with Stage() as stage:
        try:
            value = case.run(stage, program)
        except Exception as raised:
            error = raised
        seconds = time.monotonic() - started
        error = error or next(iter(stage.errors), None)
        verdict = judge(case, value, error, seconds)
        right = verdict == "juste"
        wires = [] if right else [tap for tap in stage.taps if tap.connections]
        sent, received = stage.carried(TO_SERVER), stage.carried(TO_CLIENT)
        failure = Failure(case, verdict, value, error, sent, received)
        return Outcome(
            given=case.given,
            verdict=verdict,
            expected=describe(case.expected),
            got=got(case, value, error, right),
            sentence="" if right else exercise.explain(failure) or general(value, error),
            output="" if right else beginning(printed),
            wire_text="\n".join(map(str, wires)),
            wire_html="".join(tap._repr_html_() for tap in wires),
        )


def beginning(printed: BinaryIO) -> str:
    """Return the beginning of what the program printed."""
    try:
        sys.stdout.flush()
    except ValueError:
        pass  # the program has closed it
    size = printed.seek(0, os.SEEK_END)
    printed.seek(0)
    text = printed.read(4 * MAX_OUTPUT).decode("utf-8", "replace").strip()
    cut = size > 4 * MAX_OUTPUT or len(text) > MAX_OUTPUT
    return f"{text[:MAX_OUTPUT]} …" if cut else text


if __name__ == "__main__":
    main()
