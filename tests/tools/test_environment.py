"""What is installed, when, and by whom: never more than a command needs, never less."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import ROOT, environment, execute
from tools.__main__ import COMMANDS
from tools.environment import BOOK, LAB, REQUIREMENTS, TEST


def pins(level: int) -> set[str]:
    """Return what a level installs, comments apart."""
    lines = (ROOT / REQUIREMENTS[level]).read_text(encoding="utf-8").splitlines()
    return {str(Requirement(line)) for line in lines if re.match(r"\w", line)}


def test_each_level_holds_the_one_before_at_the_same_versions():
    names = [{pin.split("==")[0] for pin in pins(level)} for level in range(3)]
    versions = [{pin.split(";")[0].strip() for pin in pins(level)} for level in range(3)]
    assert versions[BOOK] < versions[LAB] < versions[TEST]
    assert {"jupyterlab", "jupyterlab-rise"} <= names[LAB] - names[BOOK]
    assert {"playwright", "pytest", "ruff"} <= names[TEST] - names[LAB]


def test_no_package_comes_from_a_place_of_ours():
    for name in [*REQUIREMENTS, *(each.replace(".txt", ".in") for each in REQUIREMENTS)]:
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_make_knows_the_words_that_its_help_lists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    [words] = re.findall(r"^WORDS := (.*)$", makefile, re.MULTILINE)
    assert words.split() == [*COMMANDS, "help"]


def code_of_the_book() -> Iterator[str]:
    """Yield all Python that `make book` and the lessons run."""
    for folder in ("sandbox", "flask_demo", "book/_ext"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path.read_text(encoding="utf-8")
    for lesson in execute.lessons():
        yield from (each.source for each in execute.read(lesson).cells if each.cell_type == "code")
    for module in tools_of_the_book():
        yield Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8")


def tools_of_the_book() -> list[str]:
    """Return our modules that the commands of this level import, directly or not."""
    modules = [module for module, level, _ in COMMANDS.values() if level == BOOK]
    look = (
        f"import sys, {', '.join(modules)}; print(*(m for m in sys.modules if 'tools.' in m[:6]))"
    )
    command = [sys.executable, "-c", look]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()


def imported(code: str) -> Iterator[str]:
    """Yield the packages that a program imports, unless it tries to."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a cell that shows one, or a magic word
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.slow
def test_the_book_needs_no_package_of_another_level():
    homes = importlib.metadata.packages_distributions()
    installed = {normal(pin.split("==")[0]) for pin in pins(BOOK)}
    others = {normal(pin.split("==")[0]) for pin in pins(TEST)} - installed
    wanted = {name for code in code_of_the_book() for name in imported(code)}
    assert {"flask", "rich"} <= wanted  # the second by tools alone
    needed = {normal(home) for name in wanted for home in homes.get(name, ())}
    assert needed & others == {"playwright"}  # slides --pdf, which asks for the level of tests


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture
def calls(monkeypatch, tmp_path) -> list[list[str]]:
    """Install nothing: return the commands that would be run, on an empty environment."""
    commands: list[list[str]] = []
    monkeypatch.setattr(environment, "VENV", str(tmp_path))
    monkeypatch.setattr(environment, "STAMP", str(tmp_path / "installed"))
    monkeypatch.setattr(environment.shutil, "rmtree", lambda *_, **__: None)
    monkeypatch.setattr(environment.shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(environment.subprocess, "call", lambda *a, **_: commands.append(a[0]) or 0)
    return commands


def files(commands: list[list[str]]) -> list[str]:
    """Return the lists of requirements that commands install."""
    return [Path(word).name for command in commands for word in command if word.endswith(".txt")]


def test_without_uv_pip_brings_it(calls, monkeypatch):
    found = iter([None, "/venv/bin/uv"])
    monkeypatch.setattr(environment.shutil, "which", lambda *_, **__: next(found))
    environment.install(BOOK)
    assert calls[1][-1] == environment.UV
    assert [command[0] for command in calls[2:]] == ["/venv/bin/uv"] * 2
    assert files(calls) == ["requirements.txt"]


@pytest.mark.parametrize("refused", ["pip cannot get uv", "uv cannot install"])
def test_pip_installs_alone_where_uv_cannot(calls, monkeypatch, capsys, refused):
    def call(command, **_):
        calls.append(command)
        return int(command[-1] == environment.UV if "get" in refused else command[0] == "uv")

    monkeypatch.setattr(environment.subprocess, "call", call)
    if "install" in refused:
        monkeypatch.setattr(environment.shutil, "which", lambda *_, **__: "uv")
    environment.install(LAB)
    assert calls[-2] == [*environment.PIP, "-r", str(ROOT / "requirements-lab.txt")]
    assert calls[-1][-1] == environment.ROOT
    assert "pip installe seul" in capsys.readouterr().out
    assert environment.holds(LAB)


def test_what_is_there_is_not_installed_again(calls):
    environment.run_inside(TEST, ["test"])
    assert files(calls) == ["requirements-test.txt"]
    for level in (BOOK, LAB, TEST):
        environment.run_inside(level, ["any"])
    assert files(calls) == ["requirements-test.txt"]


def test_what_has_changed_is_installed_again_with_all_that_there_was(calls):
    environment.run_inside(LAB, ["lab"])
    Path(environment.STAMP).write_text(f"{LAB} of-another-time")
    environment.run_inside(BOOK, ["book"])
    assert files(calls) == ["requirements-lab.txt"] * 2


def test_an_environment_of_an_unknown_kind_is_brought_up_to_date(calls):
    Path(environment.STAMP).write_text("a stamp without a level")
    environment.run_inside(BOOK, ["book"])
    assert files(calls) == ["requirements.txt"]


def test_packages_are_compiled_once(calls, monkeypatch):
    given = []
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(environment.subprocess, "call", lambda *_, **options: given.append(options))
    environment.run_inside(BOOK, ["book"])
    assert "PYTHONDONTWRITEBYTECODE" not in given[-1]["env"]
    assert given[-1]["env"]["PATH"]
