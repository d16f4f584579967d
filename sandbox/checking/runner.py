"""Try a student's program in a process of its own, where it may block, print or end as it likes.

The process gets the program by cloudpickle (a function of the notebook has no module to be
imported from) and writes the outcome of each case as a line of JSON. When a case blocks or ends
Python, the process is replaced and the next case is tried.
"""

from __future__ import annotations

import base64
import io
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import psutil

from sandbox.checking.borrowed import Packer
from sandbox.checking.exercise import Exercise
from sandbox.checking.judge import stopped
from sandbox.checking.report import Answer, Outcome

BUDGET_SECONDS = 5.0  # that failures may take in all; beyond, the other cases are not tried
START_SECONDS = 30.0  # for the process to start: importing is slow on a busy machine


def run_cases(exercise: Exercise, functions: tuple[Callable, ...]) -> list[Outcome] | Answer:
    """Return the outcome of each case, or a sentence if they cannot be tried at all."""
    try:
        program = packed(functions)
    except Exception as error:
        return Answer(
            "Votre fonction emploie quelque chose qui ne voyage pas vers un autre processus "
            f"({error!s:.120}) : une connexion ouverte, un serveur ? Passez-le en paramètre, ou "
            "créez-le dans la fonction."
        )
    outcomes: list[Outcome] = []
    lost = 0.0  # s
    while len(outcomes) < len(exercise.cases):
        worker = Worker(exercise.module, program, first=len(outcomes))
        try:
            if problem := worker.wait_until_ready():
                return Answer(problem)
            lost = run_until_stuck(exercise, worker, outcomes, lost)
        finally:
            worker.kill()
        if lost > BUDGET_SECONDS:
            left = exercise.cases[len(outcomes) :]
            return outcomes + [stopped(exercise, case, "sauté") for case in left]
    return outcomes


def packed(functions: tuple[Callable, ...]) -> bytes:
    """Return the student's functions as bytes, ready to travel to the process."""
    file = io.BytesIO()
    Packer(file).dump(functions)
    return file.getvalue()


def run_until_stuck(
    exercise: Exercise, worker: Worker, outcomes: list[Outcome], lost: float
) -> float:
    """Collect outcomes until the last case, or one that does not come to its end.

    Returns:
        the seconds that failures have taken so far.
    """
    for case in exercise.cases[len(outcomes) :]:
        started = time.monotonic()
        line = worker.read(case.limit)
        stuck = not isinstance(line, dict)
        if stuck:
            outcomes.append(stopped(exercise, case, "bloqué" if line is None else "arrêt"))
        else:
            outcomes.append(Outcome(**line))
        if outcomes[-1].verdict != "juste":
            lost += time.monotonic() - started
        if stuck or lost > BUDGET_SECONDS:
            break
    return lost


class Worker:
    """The process: its program on its standard input, which then is its lifeline."""

    def __init__(self, module: str, program: bytes, first: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.checking.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._lines: queue.Queue[dict | bool] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        order = {
            "module": module,
            "first": first,
            "path": sys.path,
            "program": base64.b64encode(program).decode("ascii"),
        }
        try:
            self._process.stdin.write(json.dumps(order).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it has ended already: read() will tell

    def wait_until_ready(self) -> str:
        """Wait until the program is loaded; return what prevents it, in French, or nothing."""
        line = self.read(START_SECONDS)
        if isinstance(line, dict):
            return line.get("problem", "")
        return "Le processus qui essaie votre programme n'a pas pu démarrer : réessayez."

    def read(self, seconds: float) -> dict | bool | None:
        """Return what the process says next; False if it ended, None if it says nothing."""
        try:
            return self._lines.get(timeout=seconds)
        except queue.Empty:
            return None

    def kill(self) -> None:
        """Kill the process and all that it started."""
        try:
            family = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            family = []
        self._process.kill()
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass  # it has just ended
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except OSError:
                pass  # unwritten bytes that nobody will read

    def _read(self) -> None:
        try:
            for line in self._process.stdout:
                self._lines.put(json.loads(line))
        except ValueError:
            pass  # cut in the middle, or closed by kill()
        self._lines.put(False)
