"""What a build does again, and what it leaves as it is."""

import os
import shutil
from pathlib import Path

import pytest

from tools import book, last_build
from tools.side_by_side import Report

REPORTS = [Report(last_build.NOTEBOOKS / "01_debut.md", 3, 1.5, cached=True)]
SOURCES = (
    "_config.yml",
    "notebooks/01_debut.md",
    "book/_ext/une_extension.py",
    "book/_static/book.css",
    "book/_templates/layout.html",
    "sandbox/serveur.py",
    "tests/lu_par_une_lecon.py",
)
BUILT = ("html/index.html", "html/_static/book.css", "pdf/livre.pdf", ".doctrees-html/env.pickle")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """Return a small project whose site has just been built."""
    for name in (*SOURCES, *(f"_build/{name}" for name in BUILT)):
        write(tmp_path / name, "un texte")
    monkeypatch.setattr(last_build, "ROOT", tmp_path)
    monkeypatch.setattr(last_build, "BUILD", tmp_path / "_build")
    last_build.write(doctrees(tmp_path), last_build.sources(), REPORTS)
    return tmp_path


def doctrees(project: Path) -> Path:
    return project / "_build" / ".doctrees-html"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def changes(project: Path) -> tuple[set[str], bool]:
    """Return the sources that have changed, and whether what was built has."""
    last = last_build.read(doctrees(project))
    assert last.reports == REPORTS
    return last.changed(last_build.sources()), last.built != last_build.built()


def test_nothing_has_changed(project):
    assert changes(project) == (set(), False)


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_source_is_seen(project, name):
    write(project / name, "un autre")
    assert changes(project)[0] == {name}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_is_gone_is_seen(project, name):
    (project / name).unlink()
    assert changes(project)[0] == {name}


def test_a_new_source_is_seen(project):
    write(project / "book" / "figures" / "neuve.svg", "<svg/>")
    assert changes(project)[0] == {"book/figures/neuve.svg"}


def test_a_new_address_is_seen(project, monkeypatch):
    monkeypatch.setenv("BOOK_URL", "https://cours.example/livre/")
    assert changes(project)[0] == {last_build.SETTINGS}
    assert keep(project) == set()


def test_a_new_date_changes_nothing(project):
    """As `git switch` gives to files whose text comes back."""
    os.utime(project / "notebooks" / "01_debut.md", (0, 0))
    assert changes(project) == (set(), False)


@pytest.mark.parametrize(
    "name",
    [
        ".git/index",
        ".venv/lib/module.py",
        "mes_notebooks/01_debut.md",
        "sandbox/__pycache__/serveur.pyc",
        "book/node_modules/pyodide/pyodide.js",
    ],
)
def test_what_is_no_source_changes_nothing(project, name):
    write(project / name, "neuf")
    assert changes(project) == (set(), False)


def change_page(project: Path) -> None:
    write(project / "_build" / "html" / "index.html", "un texte plus long")


def lose_style(project: Path) -> None:
    (project / "_build" / "html" / "_static" / "book.css").unlink()


def lose_pdf(project: Path) -> None:
    (project / "_build" / "pdf" / "livre.pdf").unlink()


@pytest.mark.parametrize(
    ("damage", "lost"), [(change_page, True), (lose_style, True), (lose_pdf, False)]
)
def test_what_is_built_is_looked_at(project, damage, lost):
    damage(project)
    assert changes(project) == (set(), True)
    last = last_build.read(doctrees(project))
    assert last.has_lost(project / "_build" / "html") is lost


def test_a_build_that_goes_on_is_not_the_last_one(project):
    last_build.forget(doctrees(project))
    assert last_build.read(doctrees(project)) is None


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ("notebooks/01_debut.md", {"doctrees", "site"}),
        ("tests/lu_par_une_lecon.py", {"doctrees", "site"}),
        ("book/_static/book.css", {"doctrees"}),
        ("book/_templates/layout.html", {"doctrees"}),
        ("book/_ext/une_extension.py", set()),
        ("_config.yml", set()),
    ],
)
def test_what_sphinx_would_not_see_is_made_again(project, changed, kept):
    write(project / changed, "un autre")
    assert keep(project) == kept


def test_what_is_lost_is_written_again(project):
    lose_style(project)
    assert keep(project) == {"doctrees"}


def test_after_a_failure_all_is_read_again(project):
    last_build.forget(doctrees(project))
    assert keep(project) == set()


def keep(project: Path) -> set[str]:
    """Return what the next build starts from."""
    site = project / "_build" / "html"
    last = last_build.read(doctrees(project))
    book.remove_stale(last, last_build.sources(), doctrees(project), site)
    folders = {"doctrees": doctrees(project), "site": site}
    return {name for name, folder in folders.items() if folder.exists()}


def test_a_folder_that_is_gone_is_no_fault(project):
    shutil.rmtree(project / "_build" / "html")
    assert keep(project) == {"doctrees"}
