"""What `check` answers to whatever is tried: calm, in French, with nothing left behind."""

import psutil
import pytest

from sandbox import exercise
from sandbox.checking.worker import MAX_OUTPUT
from tests.checking.student import NAME, check
from tests.helpers import descendants, eventually

pytestmark = pytest.mark.slow

FULL = "a" * MAX_OUTPUT  # all that is shown of what a program prints

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
    result = exercise(NAME).check(given)
    assert not result.passed
    assert said in str(result)
    assert len(str(result)) < 400


def test_the_wrong_number_of_functions_is_refused():
    assert "2 argument(s)" in str(exercise(NAME).check(len, len))


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
    assert len(result.outcomes) == len(exercise(NAME).exercise.cases)
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


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("ici", "ici"),
        (FULL, FULL),
        (FULL + "b", FULL + " …"),
        (FULL * 30, FULL + " …"),
    ],
    ids=["little", "just enough", "a little more", "much"],
)
def test_what_the_program_prints_is_shown(printed, shown):
    result = check(f"def read_exactly(connection, size):\n    print({printed!r})")
    assert result.outcomes[0].output == shown
    assert shown in result._repr_html_()


def test_a_program_that_holds_a_socket_is_told_what_to_do():
    import socket

    with socket.socket() as held:

        def read_exactly(connection, size):
            return held.recv(size)

        result = exercise(NAME).check(read_exactly)
    assert not result.passed
    assert "Passez-le en paramètre" in str(result)


def test_a_failure_over_the_network_shows_the_wire():
    from sandbox.exercises.client_tcp.exchange import prefix_kept

    result = exercise("client_tcp.exchange").check(prefix_kept)
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
