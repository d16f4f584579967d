"""Code that no formatter reads by itself: the lessons' cells, scripts, style sheets; the hooks."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from tests.copies import tracked
from tools import ROOT, execute, live, node
from tools.__main__ import COMMANDS

#: What a lesson does on purpose: imports where they serve, a function written again, better; a
#: codec spelt out; one idea a line; `await` in a cell.
LESSONS_MAY = "I001,F811,UP012,SIM117,E401,F704,B905,RUF015,RUF006,RUF100"


def cells_of(lesson: Path) -> nbformat.NotebookNode:
    notebook = execute.read(lesson)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        if "exercise(" in cell.source:  # it imports for what the student will write
            cell.source = re.sub(r"(?m)^((?:from|import) .*)$", r"\1  # noqa: F401", cell.source)
    return notebook


def ruff(*paths: Path) -> subprocess.CompletedProcess:
    options = ["--config", str(ROOT / "pyproject.toml"), "--config", "line-length=120"]
    options += ["--extend-ignore", LESSONS_MAY, "--quiet", "--no-cache"]
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", *options, *map(str, paths)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def notebooks(tmp_path) -> Path:
    for lesson in execute.lessons():
        nbformat.write(cells_of(lesson), tmp_path / f"{lesson.stem}.ipynb")
    return tmp_path


def test_cells_of_lessons_are_clean(notebooks):
    result = ruff(notebooks)
    assert result.returncode == 0, result.stdout


def test_an_unclean_cell_is_seen(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import os\nprint(s)")])
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    assert {"F401", "F821"} <= set(re.findall(r"[A-Z]+\d+", ruff(tmp_path).stdout))


# JavaScript and style sheets


@pytest.fixture(scope="module")
def eslint() -> list[str]:
    node.install(live.FRONT)
    command, _ = node.find()
    program = str(live.MODULES / "eslint" / "bin" / "eslint.js")
    return [*command, program, "--config", str(live.FRONT / "eslint.config.js")]


def lint(command: list[str], folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*command, "."], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.slow
def test_scripts_and_style_sheets_are_linted(eslint):
    result = lint(eslint, ROOT)
    assert result.returncode == 0, result.stdout


FAULTS = {
    "flask_demo/demo1/a.js": ("var x = 1;", "no-var"),
    "book/live/a.js": ("if (1 === unknown) self.x = 1;", "no-undef"),
    "sandbox/a.css": ("p { colour: red }", "css/no-invalid-properties"),
    "book/_static/a.css": ("p { color: rouge }", "css/no-invalid-properties"),
}


def test_faults_are_seen(eslint, tmp_path):
    for name, (content, _) in FAULTS.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    report = lint([*eslint, "--format", "json"], tmp_path).stdout
    seen = {
        Path(file["filePath"]).relative_to(tmp_path).as_posix(): file["messages"]
        for file in json.loads(report)
    }
    for name, (_, rule) in FAULTS.items():
        assert rule in {message["ruleId"] for message in seen[name]}, name


# Nothing is there for nobody


def unused(names: list[str], texts: list[str]) -> list[str]:
    """Return the pictures and figures among `names` that none of the `texts` shows."""
    shown = set(re.findall(r"(?:figures|pictures)/([\w.-]+)", "\n".join(texts)))
    return [
        name
        for name in names
        if name.startswith(("book/figures/", "book/pictures/"))
        and name.endswith((".svg", ".png"))
        and Path(name).name not in shown
    ]


def test_each_figure_is_shown():
    names = tracked()
    sources = [name for name in names if name.endswith((".md", ".html", ".css"))]
    assert unused(names, [(ROOT / name).read_text(encoding="utf-8") for name in sources]) == []


def test_a_figure_that_nobody_shows_is_seen():
    names = ["book/figures/a.svg", "book/figures/b.svg"]
    assert unused(names, ["![](../book/figures/b.svg)"]) == ["book/figures/a.svg"]


# Hooks


def hooks() -> list[dict]:
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in configuration["repos"]] == ["local"]
    return configuration["repos"][0]["hooks"]


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_hook_is_one_of_our_commands(hook):
    assert hook["language"] == "system"
    python, option, module, command = hook["entry"].split()
    assert [python, option, module] == ["python3", "-m", "tools"]
    assert command in COMMANDS


def test_hooks_are_told_to_maintainers():
    assert "pre-commit" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
