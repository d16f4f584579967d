"""What a student is told beside the table: hints, solution, progress."""

import re

import pytest

from sandbox import exercise
from sandbox.checking import progress
from sandbox.checking.exercise import Exercise
from sandbox.checking.practice import Practice
from sandbox.commands import progress as command
from sandbox.exercises import exercises
from tests.checking.student import check

NAMES = [each.name for each in exercises()]


@pytest.fixture(autouse=True)
def nothing_done_yet(progression) -> None:
    progress.path().unlink(missing_ok=True)


def test_progress_counts_tries_and_remembers_success():
    name = "client_tcp.read_exactly"
    check("def read_exactly(connection, size):\n    raise OSError")
    assert (progress.tries(name), progress.is_done(name)) == (1, False)
    source = "from sandbox.exercises.client_tcp import read_exactly as ours\n"
    source += "def read_exactly(connection, size):\n    return ours(connection, size)"
    assert check(source).passed
    check("def read_exactly(connection, size):\n    raise OSError")
    assert (progress.tries(name), progress.is_done(name)) == (3, True)


def test_our_solution_is_no_progress():
    each = exercise("client_tcp.read_exactly")
    each.check(each.ours)
    assert progress.load() == {}


@pytest.mark.parametrize("content", ["", "{", "[1]", '"x"', '{"client_tcp.read_exactly": 3}'])
def test_a_damaged_progress_file_prevents_nothing(content):
    progress.path().write_text(content, encoding="utf-8")
    progress.record("client_tcp.exchange", True)
    assert progress.is_done("client_tcp.exchange")
    assert not progress.is_done("client_tcp.read_exactly")


def test_hints_grow_then_stay(capsys):
    each = Practice(Exercise(check, hints=("un", "deux", "trois")))
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
    assert command.main() == 0
    told = capsys.readouterr().out
    assert re.search(r"✓ client_tcp.read_exactly +réussi le \d{4}-\d\d-\d\d", told)
    assert re.search(r"· client_tcp.exchange +1 essai", told)
    assert re.search(r"· client_tcp.ask_lines +à faire", told)
    assert f"1 exercices réussis sur {len(NAMES)}" in told


def test_progress_is_exported(one_done_one_tried, tmp_path):
    import csv

    assert command.main(str(tmp_path / "export.csv")) == 0
    with open(tmp_path / "export.csv", encoding="utf-8", newline="") as file:
        rows = {row["exercice"]: row for row in csv.DictReader(file)}
    assert list(rows) == NAMES
    done = [name for name, row in rows.items() if row["réussi le"]]
    assert done == ["client_tcp.read_exactly"]


def test_an_export_that_cannot_be_written_is_told(tmp_path, capsys):
    assert command.main(str(tmp_path / "nulle" / "part.csv")) == 1
    assert "Impossible d'écrire" in capsys.readouterr().err
