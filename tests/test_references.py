"""Each lesson, re-executed with the network cut, gives again the outputs that readers see."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from tools import ROOT, execute, isolation, reexecute, references

LESSONS = execute.lessons()
SIDE_BY_SIDE = 4


def run(arguments: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)


def reexecution(lesson: Path) -> subprocess.CompletedProcess:
    return run(reexecute.command(str(references.reference_of(lesson))))


@pytest.fixture(scope="module")
def reexecutions(request) -> Iterator[dict[Path, Future]]:
    """Re-execute side by side the lessons whose tests were asked for: they mostly wait."""
    tests = [item for item in request.session.items if "reexecutions" in item.fixturenames]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        lessons = [test.callspec.params["lesson"] for test in tests]
        yield {lesson: pool.submit(reexecution, lesson) for lesson in lessons}
        pool.shutdown(cancel_futures=True)


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_lesson_repeats_its_outputs_and_leaves_nothing(reexecutions, lesson):
    check(reexecutions[lesson].result())


def check(result: subprocess.CompletedProcess) -> None:
    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-3000:]
    assert " passed" in result.stdout


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_reference_is_in_step_with_its_lesson(lesson):
    committed = nbformat.read(references.reference_of(lesson), as_version=4)
    expected = references.tidy(execute.read(lesson))
    assert [(c.source, c.metadata.get("tags")) for c in committed.cells] == [
        (c.source, c.metadata.get("tags")) for c in expected.cells
    ], "the lesson has changed: make references, then read the diff"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_reference_is_of_no_machine_in_particular(lesson):
    text = references.reference_of(lesson).read_text(encoding="utf-8")
    for place in (str(ROOT), sys.prefix, str(Path.home()), "site-packages"):
        assert place not in text


def test_no_reference_without_a_lesson():
    assert {path.stem for path in references.REFERENCES.glob("*.ipynb")} == {
        lesson.stem for lesson in LESSONS
    }


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="namespaces are Linux's")
def test_network_is_really_cut():
    if not isolation.prefix():
        pytest.fail("this Linux refuses user namespaces: the lessons were not cut off from outside")
    look = "import psutil; print(sorted(psutil.net_if_addrs()))"
    assert run([*isolation.prefix(), sys.executable, "-c", look]).stdout.strip() == "['lo']"


@contextlib.contextmanager
def both_cores_busy() -> Iterator[None]:
    """Keep every core busy meanwhile, as a student's machine may be."""
    loop = [sys.executable, "-c", "while True: pass"]
    burners = [subprocess.Popen(loop) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


@pytest.mark.soak
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_twenty_times_on_a_busy_machine(lesson):
    with both_cores_busy():
        for _ in range(20):
            check(reexecution(lesson))
