"""« À vous »: each task's check, on what students write; beside it, in its file."""

import runpy
import sys

import pytest
from bridge import calls, tasks
from flask_live import TASKS as FOLDER
from flask_live import shipped

from tests.helpers import breakable
from tests.live.asked import every_demo
from tests.live.bridging import demo_files, run
from tools import ROOT

FILES = {path.stem: path for path in sorted((ROOT / FOLDER).glob("*.py"))}
#: What each task's file holds, by name.
TASKS = {name: runpy.run_path(str(path)) for name, path in FILES.items()}

pytestmark = pytest.mark.usefixtures("packets")


def sent(name: str) -> str:
    """Return what the page has of a task."""
    return shipped(FILES[name].read_text(encoding="utf-8"))


def edited(demo: str, edits: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return a demo's files once a student has replaced pieces of some of them."""
    files = demo_files(demo)
    for name, replaced in edits.items():
        for old, new in replaced.items():
            assert old in files[name]
            files[name] = files[name].replace(old, new)
    return files


@pytest.mark.parametrize(
    ("name", "edits", "told"),
    [
        pytest.param(name, edits, told, id=f"{name}: {told or 'passed'}")
        for name, task in TASKS.items()
        for edits, told in task["ATTEMPTS"]
    ],
)
def test_a_task_knows_right_from_wrong(name, edits, told):
    assert run(edited(TASKS[name]["DEMO"], edits))["failure"] is None
    result = calls.check("one", sent(name))
    assert breakable(told or tasks.PASSED) in breakable(result["message"])
    assert result["passed"] == (told is None)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_tried_wrong_and_right(name):
    """Nothing done yet is wrong; the last attempt is right."""
    (first, *_), *_, (_, last) = TASKS[name]["ATTEMPTS"]
    assert first == {}
    assert last is None
    assert "\nATTEMPTS = " not in sent(name)


def test_every_task_is_given_with_its_demo():
    given = {(each.demo, name) for each in every_demo() for name in each.tasks}
    assert given == {(task["DEMO"], name) for name, task in TASKS.items()}


def test_a_check_leaves_no_connection():
    run(demo_files("demo6"))
    calls.check("one", sent("chat_typing"))
    assert sys.modules["__main__"].clients == {}


def test_a_task_needs_an_application_that_runs():
    run("1 / 0")
    assert calls.check("one", "") == {"passed": False, "message": tasks.NOT_RUNNING}
