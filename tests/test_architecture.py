"""Who may know whom: the arrows of ARCHITECTURE.md, held on every import."""

import ast
import re

import grimp
import pytest
from importlinter.cli import lint_imports

from sandbox.running.catalogue import DEMOS, SERVERS
from tools import NOTEBOOKS, ROOT

#: What any server may stand on; each also has its own room.
ROOMS_OF_SERVERS = (
    "sandbox.serving",
    "sandbox.running.catalogue",
    "sandbox.markup",
)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("sandbox")


def test_the_rooms_know_those_below_them(capsys):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out


def own(name: str) -> str:
    """Return the room of a server's own modules: ``sandbox.partage`` for ``server_partage``.

    The classroom's application, ``sandbox.messagerie``, is that of ``server_messagerie``.
    """
    return f"sandbox.{name.removeprefix('server_')}"


def family(graph: grimp.ImportGraph, name: str) -> set[str]:
    """Return a server's module and those of its own room."""
    room = own(name)
    return {f"sandbox.{name}"} | {m for m in graph.modules if f"{m}.".startswith(f"{room}.")}


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_knows_what_it_stands_on_and_no_more(graph, name):
    ours = family(graph, name)
    known = {each for module in ours for each in graph.find_modules_directly_imported_by(module)}
    assert [each for each in known - ours if not each.startswith(ROOMS_OF_SERVERS)] == []


@pytest.mark.parametrize("name", SERVERS)
def test_machinery_knows_no_server(graph, name):
    machinery = tuple(f"sandbox.{room}" for room in ("running", "serving", "wire", "messagerie"))
    machinery += ("sandbox.quizzes", "sandbox.checking")
    ours = family(graph, name)
    known_by = {m for each in ours for m in graph.find_modules_that_directly_import(each)} - ours
    plays = "sandbox.checking.plays"  # they may well play with a server of the course
    assert [m for m in known_by if m.startswith(machinery) and not m.startswith(plays)] == []


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_lives_alone(name):
    """Its folder can be copied away: it knows neither the course nor the other demos."""
    for path in DEMOS[name].path.rglob("*.py"):
        for module in imported(path.read_text(encoding="utf-8")):
            assert module.partition(".")[0] not in ("sandbox", "tools", "flask_demo", *DEMOS), path


@pytest.mark.parametrize("lesson", sorted(NOTEBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_lesson_knows_the_public_names_only(lesson):
    text = lesson.read_text(encoding="utf-8")
    assert re.findall(r"^\s*(?:from|import) (?:sandbox\.\S+|tools)\b.*", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    "extension", sorted((ROOT / "book" / "_ext").rglob("*.py")), ids=lambda path: path.stem
)
def test_an_extension_runs_no_lesson(extension):
    """It reads files and facts: the catalogue, never exercises nor servers."""
    known = [each for each in imported(extension.read_text(encoding="utf-8")) if "sandbox" in each]
    assert set(known) <= {"sandbox.running.catalogue"}


def test_no_test_module_imports_another():
    """What tests share stands beside them, in a module of its own or in a conftest.py."""
    other = re.compile(r"^\s*(?:from|import) (?:tests\b|\.).*\btest_\w+", re.MULTILINE)
    found = [
        (path.relative_to(ROOT).as_posix(), line)
        for path in (ROOT / "tests").rglob("*.py")
        for line in other.findall(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def imported(source: str) -> list[str]:
    """Return the modules that a source imports."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found
