"""The build refuses what is wrong and says where; the tests bite. Each on a copy of the project."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.copies import environment
from tools import reexecute

pytestmark = pytest.mark.slow  # a build, or a lesson executed, for each test
LESSON = "notebooks/03_client_tcp.md"


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run a Python program on the copy, whose own packages come first."""
    return subprocess.run(
        [*arguments],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


BUILD_COMMAND = [sys.executable, "-c", "from tools import book; raise SystemExit(book.main([]))"]


def build(project: Path) -> subprocess.CompletedProcess:
    return run(project, *BUILD_COMMAND)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{file.name} no longer holds « {old} »"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def orphan(project: Path) -> None:
    (project / "notebooks" / "99_orphelin.md").write_text("# Orphelin\n", encoding="utf-8")


def ghost(project: Path) -> None:
    with (project / "_toc.yml").open("a", encoding="utf-8") as toc:
        toc.write("      - file: notebooks/98_fantome\n")


@pytest.mark.parametrize(
    ("damage", "where", "what"),
    [
        pytest.param(orphan, "notebooks/99_orphelin.md", "absent de _toc.yml", id="not in the toc"),
        pytest.param(ghost, "_toc.yml:", "98_fantome", id="toc names a ghost"),
    ],
)
def test_wrong_table_of_contents_is_refused_and_told_where(project, damage, where, what):
    damage(project)
    result = build(project)
    assert result.returncode == 1
    assert where in result.stderr
    assert what in result.stderr


#: What is wrong in a lesson, and the word by which it is told.
WRONG = {
    "[là](nulle_part.md)": "nulle_part",
    "{ref}`vide <rien-du-tout>`": "rien-du-tout",
    "```{inconnue}\n```": "inconnue",
}


def test_wrong_lesson_is_refused_and_told_where(project):
    lesson = project / LESSON
    lines = {word: add(lesson, text) for text, word in WRONG.items()}
    result = build(project)
    assert result.returncode == 1
    for word, line in lines.items():
        assert re.search(rf"{LESSON}:{line}: .*{word}", result.stderr), result.stderr
    # Nobody has mended anything: the second build must not believe the remains of the first.
    again = build(project)
    assert again.returncode == 1
    assert all(word in again.stderr for word in lines)


def add(lesson: Path, text: str) -> int:
    """Add a paragraph to a lesson; return its line."""
    with lesson.open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")
    return len(lesson.read_text(encoding="utf-8").splitlines()) - text.count("\n")


def test_failing_cell_is_refused_and_told_by_its_line(project):
    line = add(project / LESSON, "```{code-cell} ipython3\n1 / 0\n```")
    for _ in range(2):  # what was executed before the failure is kept, not the failure
        result = build(project)
        assert result.returncode == 1
        assert f"{LESSON}:{line + 1}:" in result.stderr
        assert "ZeroDivisionError" in result.stderr


def test_interrupted_build_leaves_nothing_wrong(project):
    process = subprocess.Popen(
        BUILD_COMMAND,
        cwd=project,
        env=environment(project),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    page = project / "_build" / "html" / "notebooks" / "03_client_tcp.html"
    deadline = time.monotonic() + 120
    while not (project / "_build" / ".doctrees-html").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
    assert not page.exists()
    edit(project / LESSON, "# Un premier échange TCP", "# Un tout premier échange TCP")
    assert build(project).returncode == 0
    assert "Un tout premier échange TCP" in page.read_text(encoding="utf-8")
    look_at_small_changes(project, page)


def look_at_small_changes(project: Path, page: Path) -> None:
    """Sphinx by itself would see none of these, but for the sentence."""
    site = project / "_build" / "html"
    edit(project / "book" / "_static" / "book.css", "\n", "\n/* Une autre feuille. */\n")
    edit(project / LESSON, "# Un tout premier échange TCP", "# Un premier échange TCP")
    (project / "_build" / "pdf").mkdir()
    (project / "_build" / "pdf" / "programmes_cooperants.pdf").write_bytes(b"%PDF-1.7")
    assert build(project).returncode == 0
    assert "Une autre feuille." in (site / "_static" / "book.css").read_text(encoding="utf-8")
    for written in (page, site / "book" / "accueil.html"):  # which lists the lessons
        assert "Un tout premier échange TCP" not in written.read_text(encoding="utf-8")
    assert "programmes_cooperants.pdf" in (site / "book" / "emporter.html").read_text("utf-8")

    made = sorted(site.rglob("*.html"))
    dates = [each.stat().st_mtime_ns for each in made]
    assert build(project).returncode == 0
    assert [each.stat().st_mtime_ns for each in made] == dates


def reexecution(project: Path, *only: str) -> subprocess.CompletedProcess:
    reference = project / "tests" / "references" / "03_client_tcp.ipynb"
    return run(project, *reexecute.command(str(reference), *only))


def test_changed_sentence_of_a_server_turns_red(project):
    edit(project / "sandbox" / "server_socket_tcp.py", "Vous m'avez dit", "Vous me dites")
    result = reexecution(project)
    assert result.returncode == 1
    assert "Vous me dites" in result.stdout


def test_output_altered_by_hand_turns_red(project):
    reference = project / "tests" / "references" / "03_client_tcp.ipynb"
    notebook = json.loads(reference.read_text(encoding="utf-8"))
    outputs = next(
        c["outputs"] for c in notebook["cells"] if c["source"] == ["client.send(message)"]
    )
    outputs[0]["data"]["text/plain"] = ["11"]
    reference.write_text(json.dumps(notebook), encoding="utf-8")
    result = reexecution(project)
    assert result.returncode == 1
    assert "client.send(message)" in result.stdout


def test_process_left_behind_turns_red(project):
    reference = project / "tests" / "references" / "03_client_tcp.ipynb"
    notebook = json.loads(reference.read_text(encoding="utf-8"))
    sleeper = (
        "import subprocess, sys\n_ = subprocess.Popen(['sleep', '30'], start_new_session=True)"
    )
    notebook["cells"][0]["source"] += "\n" + sleeper
    notebook["cells"][0]["outputs"] = []
    reference.write_text(json.dumps(notebook), encoding="utf-8")
    result = reexecution(project)
    assert result.returncode == reexecute.LEFTOVERS, result.stdout[-2000:]
    assert "sleep 30" in result.stderr
