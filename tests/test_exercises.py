"""Every exercise: its solution passes, each foreseen mistake is told, whatever is tried is calm."""

import pickle
import re
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psutil
import pytest

from sandbox import exercise
from sandbox.checking import Case, Exercise, Expect, Mistake, Raises, progress
from sandbox.checking.report import Result
from sandbox.checking.runner import packed
from sandbox.exercises import LESSONS, client_tcp, exercises
from tests.helpers import descendants, eventually
from tools import NOTEBOOKS

AT_ONCE = 4  # checks mostly wait
EXERCISES = {each.name: each for each in exercises()}


def functions_of(mistake: Mistake) -> tuple[Callable, ...]:
    return mistake.example if isinstance(mistake.example, tuple) else (mistake.example,)


MISTAKES = {
    f"{each.name} {functions_of(mistake)[0].__name__}": (each, mistake)
    for each in EXERCISES.values()
    for mistake in each.mistakes
}


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(AT_ONCE) as executor:
        yield executor


@pytest.fixture(scope="module")
def mistaken(pool) -> dict[str, Future[Result]]:
    """The checks of all the foreseen mistakes."""
    return {
        name: pool.submit(each.check, *functions_of(mistake))
        for name, (each, mistake) in MISTAKES.items()
    }


@pytest.fixture(autouse=True)
def progression(tmp_path, monkeypatch) -> None:
    """Keep the student's own progress out of it."""
    monkeypatch.setenv("SANDBOX_PROGRESS", str(tmp_path / "progression.json"))


def student(source: str, name: str = "read_exactly") -> Callable:
    """Return a function as a notebook defines it: in ``__main__``, with no module to import."""
    names: dict = {"__name__": "__main__"}
    exec(textwrap.dedent(source), names)
    return names[name]


def check(source: str) -> Result:
    return exercise("client_tcp.read_exactly").check(student(source))


# Ours


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes(name):
    result = EXERCISES[name].check(*EXERCISES[name].functions)
    assert result.passed, result


@pytest.mark.soak
@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_passes_twenty_times(name):
    for _ in range(20):
        result = EXERCISES[name].check(*EXERCISES[name].functions)
        assert result.passed, result


@pytest.mark.parametrize("name", MISTAKES)
def test_a_foreseen_mistake_is_told_in_its_own_words(mistaken, name):
    _, mistake = MISTAKES[name]
    result = mistaken[name].result()
    assert not result.passed
    assert mistake.sentence in result.sentences, result


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_is_whole(name):
    each = EXERCISES[name]
    lesson = each.label.removeprefix("ex-")
    assert len(each.hints) == 3
    assert len(each.cases) >= 4
    assert len(each.mistakes) >= 3
    sentences = [mistake.sentence for mistake in each.mistakes]
    assert len(set(sentences)) == len(sentences)
    assert len({case.given for case in each.cases}) == len(each.cases)
    texts = {path.name: path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.md")}
    stated = [text for text in texts.values() if f":label: {each.label}\n" in text]
    assert len(stated) == 1, lesson
    # The student's cell, and the solution's.
    assert stated[0].count(f'exercise("{each.name}").check(') == 2


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_three_exercises(lesson):
    assert sum(each.lesson == lesson for each in EXERCISES.values()) >= 3


# What is not a program


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "et voici `None`"),
        (b"abcdefgh", "et voici `b'abcdefgh'`"),
        ("x" * 10_000, "et voici `'xxx"),
    ],
    ids=["None", "its result", "a long text"],
)
def test_what_is_not_a_function_is_refused(given, said):
    result = exercise("client_tcp.read_exactly").check(given)
    assert not result.passed
    assert said in str(result)
    assert len(str(result)) < 400


def test_the_wrong_number_of_functions_is_refused():
    assert "2 argument(s)" in str(exercise("client_tcp.read_exactly").check(len, len))


@pytest.mark.parametrize("define", ["def", "async def"])
def test_the_function_to_fill_in_is_an_invitation(define):
    result = check(f"{define} read_exactly(connection, size):\n    ...")
    assert not result.passed
    assert "À vous" in str(result)
    assert "hint()" in result._repr_html_()


@pytest.mark.parametrize("name", ["client_tcp.rien", "rien.read_exactly", "", "client_tcp"])
def test_an_unknown_exercise_is_told_in_french(name):
    with pytest.raises(LookupError, match="Pas d'exercice"):
        exercise(name)


# Programs that go wrong

CALM = {
    "raises": ("raise RuntimeError('aïe')", "exception", "RuntimeError : aïe"),
    "never returns": ("while True: pass", "bloqué", "interrompu"),
    "sleeps": ("import time; time.sleep(100)", "bloqué", "interrompu"),
    "exits": ("import sys; sys.exit(3)", "arrêt", "Python s'est arrêté"),
    "exits at once": ("import os; os._exit(0)", "arrêt", "Python s'est arrêté"),
    "kills itself": (
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
        "arrêt",
        "Python s'est arrêté",
    ),
    "recurses for ever": ("return read_exactly(connection, size)", "exception", "RecursionError"),
    "prints 10 MB": ("print('a' * 10_000_000)", "faux", "None"),
    "writes to the descriptor": ("import os; os.write(1, b'x' * 100_000)", "faux", "None"),
    "closes standard output": ("import sys; sys.stdout.close()", "faux", "None"),
    "returns what cannot be shown": (
        "return type('X', (), {'__repr__': lambda self: 1 / 0})()",
        "faux",
        "ZeroDivisionError",
    ),
    "returns what cannot be compared": (
        "return type('X', (bytes,), {'__eq__': lambda self, other: 1 / 0})()",
        "faux",
        "b''",
    ),
    "returns much": ("return b'x' * 50_000_000", "faux", "b'xxx"),
    "takes all the memory": (
        "return bytearray(10**11)",
        "exception",
        "Memory",
    ),
    "unknown name": ("return ssocket.recv(1)", "exception", "NameError"),
    "leaves a thread": (
        "import threading; threading.Thread(target=threading.Event().wait).start()",
        "faux",
        "None",
    ),
}


@pytest.mark.parametrize(("body", "verdict", "got"), CALM.values(), ids=CALM)
def test_a_program_that_goes_wrong_is_told_calmly(body, verdict, got):
    result = check(f"def read_exactly(connection, size):\n    {body}")
    assert not result.passed
    assert result.outcomes[0].verdict == verdict
    assert got in result.outcomes[0].got
    assert len(result.outcomes) == len(EXERCISES["client_tcp.read_exactly"].cases)
    assert len(str(result)) < 20_000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("pass; x = connection", "avez-vous oublié `return` ?"),
        ("return ssocket.recv(1)", "Le nom `ssocket` n'existe pas ici"),
    ],
)
def test_common_slips_have_their_sentence(body, said):
    result = check(f"def read_exactly(connection, size):\n    {body}")
    assert said in result.outcomes[0].sentence


def test_what_the_program_prints_is_shown():
    result = check("def read_exactly(connection, size):\n    print('ici')")
    assert result.outcomes[0].output == "ici"
    assert "ici" in result._repr_html_()


def test_a_program_that_holds_a_socket_is_told_what_to_do():
    import socket

    with socket.socket() as held:

        def read_exactly(connection, size):
            return held.recv(size)

        result = exercise("client_tcp.read_exactly").check(read_exactly)
    assert not result.passed
    assert "Passez-le en paramètre" in str(result)


def test_what_flask_brings_travels_by_its_name():
    import flask

    source = "from flask import g, request, session\ndef view(): return g, request, session"
    [view] = pickle.loads(packed((student(source, "view"),)))
    assert [id(each) for each in view()] == [id(flask.g), id(flask.request), id(flask.session)]


def test_what_a_class_in_a_function_needs_travels_with_it():
    source = """
    from decimal import Decimal, localcontext
    from fractions import Fraction
    def make():
        class Form(Fraction):
            price = Decimal("1.5")
            class Meta:
                context = localcontext
        return Form
    """
    [make] = pickle.loads(packed((student(source, "make"),)))
    form = make()
    assert (str(form.price), form.Meta.context.__name__) == ("1.5", "localcontext")


def test_a_failure_over_the_network_shows_the_wire():
    each = EXERCISES["client_tcp.exchange"]
    result = each.check(client_tcp.prefix_kept)
    wrong = next(outcome for outcome in result.outcomes if outcome.verdict == "faux")
    assert "ouvre la connexion" in wrong.wire_text
    assert "class='wire'" in result._repr_html_()


def test_no_process_is_left():
    before = descendants()
    check(
        """
        def read_exactly(connection, size):
            import subprocess, sys
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            while True: pass
        """
    )
    assert eventually(lambda: descendants() <= before)


def test_the_process_dies_with_the_notebook(tmp_path):
    """Whatever ends the notebook, its lifeline breaks."""
    import subprocess
    import sys

    program = tmp_path / "notebook.py"
    program.write_text(
        "from sandbox import exercise\n"
        "def read_exactly(connection, size):\n"
        "    print('en route', flush=True)\n"
        "    while True: pass\n"
        "exercise('client_tcp.read_exactly').check(read_exactly)\n",
        encoding="utf-8",
    )
    notebook = subprocess.Popen([sys.executable, str(program)])
    parent = psutil.Process(notebook.pid)
    assert eventually(lambda: parent.children())
    workers = parent.children()
    notebook.kill()
    notebook.wait()
    assert eventually(lambda: not any(worker.is_running() for worker in workers))


# What is told to the student


def right(connection, size):
    return client_tcp.read_exactly(connection, size)


def test_progress_counts_tries_and_remembers_success(monkeypatch):
    monkeypatch.setattr(right, "__module__", "__main__", raising=False)
    name = "client_tcp.read_exactly"
    check("def read_exactly(connection, size):\n    raise OSError")
    assert (progress.tries(name), progress.is_done(name)) == (1, False)
    source = "from sandbox.exercises.client_tcp import read_exactly as ours\n"
    source += "def read_exactly(connection, size):\n    return ours(connection, size)"
    assert check(source).passed
    check("def read_exactly(connection, size):\n    raise OSError")
    assert (progress.tries(name), progress.is_done(name)) == (3, True)


def test_our_solution_is_no_progress():
    exercise("client_tcp.read_exactly").check(client_tcp.read_exactly)
    assert progress.load() == {}


@pytest.mark.parametrize("content", ["", "{", "[1]", '"x"', '{"client_tcp.read_exactly": 3}'])
def test_a_damaged_progress_file_prevents_nothing(content):
    progress.path().write_text(content, encoding="utf-8")
    progress.record("client_tcp.exchange", True)
    assert progress.is_done("client_tcp.exchange")
    assert not progress.is_done("client_tcp.read_exactly")


def test_hints_grow_then_stay(capsys):
    each = Exercise(right, label="x", hints=("un", "deux", "trois"), cases=[], mistakes=[])
    for _ in range(4):
        each.hint()
    assert re.findall(r"Indice (\d) sur 3", capsys.readouterr().out) == ["1", "2", "3", "3"]


def test_the_solution_comes_after_a_try(capsys):
    each = exercise("client_tcp.read_exactly")
    each.solution()
    assert "Essayez d’abord" in capsys.readouterr().out
    check("def read_exactly(connection, size):\n    raise OSError")
    each.solution()
    assert "while len(received) < size" in capsys.readouterr().out


@pytest.fixture
def one_done_one_tried() -> None:
    progress.record("client_tcp.read_exactly", True)
    progress.record("client_tcp.exchange", False)


def test_progress_tells_what_is_done_and_what_is_left(one_done_one_tried, capsys):
    assert progress.main() == 0
    told = capsys.readouterr().out
    assert re.search(r"✓ client_tcp.read_exactly +réussi le \d{4}-\d\d-\d\d", told)
    assert re.search(r"· client_tcp.exchange +1 essai", told)
    assert re.search(r"· client_tcp.ask_lines +à faire", told)
    assert f"1 exercices réussis sur {len(EXERCISES)}" in told


def test_progress_is_exported(one_done_one_tried, tmp_path):
    import csv

    assert progress.main(str(tmp_path / "export.csv")) == 0
    with open(tmp_path / "export.csv", encoding="utf-8", newline="") as file:
        rows = {row["exercice"]: row for row in csv.DictReader(file)}
    assert rows.keys() == EXERCISES.keys()
    done = [name for name, row in rows.items() if row["réussi le"]]
    assert done == ["client_tcp.read_exactly"]


def test_an_export_that_cannot_be_written_is_told(tmp_path, capsys):
    assert progress.main(str(tmp_path / "nulle" / "part.csv")) == 1
    assert "Impossible d'écrire" in capsys.readouterr().err


# The judge


@pytest.mark.parametrize(
    ("expected", "value", "verdict"),
    [
        (3, 3, "juste"),
        (3, 3.0, "faux"),
        (True, 1, "faux"),
        ([1], (1,), "faux"),
        (Expect("pair", lambda value: value % 2 == 0), 4, "juste"),
        (Expect("pair", lambda value: value % 2 == 0), "quatre", "faux"),
        (Raises(OSError), ConnectionError(), "juste"),
        (Raises(ConnectionError), OSError(), "exception"),
        (Raises(OSError), 3, "faux"),
        (3, OSError(), "exception"),
    ],
)
def test_the_judge(expected, value, verdict):
    from sandbox.checking import worker

    error = value if isinstance(value, BaseException) else None
    case = Case("…", lambda stage: None, expected)
    assert worker.judge(case, None if error else value, error, 0.0) == verdict


def test_a_right_answer_may_be_too_slow():
    from sandbox.checking import worker

    case = Case("…", lambda stage: None, 3, slow=1.0)
    assert worker.judge(case, 3, None, 0.9) == "juste"
    assert worker.judge(case, 3, None, 1.1) == "lent"
