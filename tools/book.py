"""Build the site: check the table of contents, execute the lessons, run Jupyter Book."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tools import BUILD, HTML, ROOT, SLIDES, borrowed, documents, execute, last_build, live, node
from tools.side_by_side import Execution, Report, show


class BookError(Exception):
    """The book cannot be built; the message says which file and what to do."""


#: Whatever is wrong with the book, told in a message; anything else is our own fault.
FAILURES = (BookError, execute.LessonError, node.NodeError)


def main(arguments: list[str]) -> int:
    """Build the site into ``_build/html``; ``--force`` executes and builds everything again."""
    started = time.monotonic()
    gc.disable()  # it takes a fifth of a short build, and frees little of a whole one
    try:
        show(make_site(force="--force" in arguments))
    except FAILURES as error:
        print(f"\n{error}\n\nLe livre n'a pas été construit.", file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    print(f"Le livre est à jour ({seconds:.1f} s) : {HTML / 'index.html'}")
    print("Pour l'ouvrir : make serve   (ou : python -m tools serve)")
    gc.freeze()  # nor at the end, when all goes with the process
    return 0


def make_site(*, force: bool = False) -> list[Report]:
    """Make the site with its documents; return what became of each lesson.

    Raises:
        BookError, LessonError, NodeError: what FAILURES holds.
    """
    reports = make("html", HTML, force=force)
    documents.publish(force=force)
    return reports


def check_table_of_contents() -> None:
    """Check that ``_toc.yml`` names every lesson and page, and nothing else.

    Raises:
        BookError: with every file at fault and its line in ``_toc.yml``.
    """
    named = dict(_entries(ROOT / "_toc.yml"))
    there = {
        path.relative_to(ROOT).with_suffix("").as_posix()
        for folder in ("notebooks", "book")
        for path in (ROOT / folder).glob("*.md")
    }
    faults = [f"{name}.md: absent de _toc.yml" for name in sorted(there - named.keys())]
    faults += [
        f"_toc.yml:{named[name]}: « {name} » n'existe pas" for name in sorted(named.keys() - there)
    ]
    if faults:
        raise BookError("\n".join(faults))


def _entries(path: Path):
    """Yield each document of a table of contents with its line."""
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        entry = yaml.safe_load(text.strip().removeprefix("- ")) if ":" in text else None
        if isinstance(entry, dict):
            for key in ("root", "file"):
                if entry.get(key):
                    yield entry[key], line


def make(builder: str, output: Path, *, force: bool = False) -> list[Report]:
    """Execute what must be and build the book; return what became of each lesson.

    Raises:
        BookError, LessonError, NodeError: what FAILURES holds.
    """
    check_table_of_contents()
    doctrees = BUILD / f".doctrees-{builder}"  # each its own: Sphinx's notes suit one builder
    sources = last_build.sources()
    last = None if force else last_build.read(doctrees)
    if last and last.sources == sources and last.built == last_build.built():
        return last.reports
    last_build.forget(doctrees)
    remove_stale(last, sources, doctrees, output)
    with Execution(execute.lessons(), use_cache=not force) as execution:
        build(execution, builder, output, doctrees)
        reports = execution.reports()
    last_build.write(doctrees, sources, reports)
    return reports


def remove_stale(
    last: last_build.Build | None, sources: dict[str, str], doctrees: Path, output: Path
) -> None:
    """Remove what Sphinx would keep, and must not, of the last build."""
    changed = last.changed(sources) if last else set()
    # After a failure too: Sphinx does not warn again of a page that it has already read.
    read = last is None or any(name.startswith(last_build.READ_BY) for name in changed)
    restyled = any(name.startswith(last_build.WRITTEN_BY) for name in changed)
    if read:
        shutil.rmtree(doctrees, ignore_errors=True)
    if read or restyled or last.has_lost(output):
        shutil.rmtree(output, ignore_errors=True)


def build(execution: Execution, builder: str, output: Path, doctrees: Path) -> None:
    """Run Jupyter Book while `execution` fills the cache, every warning an error.

    Raises:
        BookError: Sphinx found something wrong and has said what and where.
        LessonError: some lessons could not be executed.
    """
    try:
        status = run_sphinx(builder, output, doctrees, execution)
    except ReadingStopped:
        execution.reports()  # raises what stopped it
    if status:
        raise BookError("Sphinx a trouvé les erreurs ci-dessus (fichier:ligne).")


class ReadingStopped(BaseException):
    """A lesson that Sphinx was going to read has failed.

    Not an Exception: Sphinx would print that as a fault of its own.
    """


def run_sphinx(builder: str, output: Path, doctrees: Path, execution: Execution) -> int:
    """Build with Sphinx as Jupyter Book configures it; return its exit status."""
    os.chdir(ROOT)  # Jupyter Book reads local_extensions from the current folder
    settings = {
        "external_toc_path": str(ROOT / "_toc.yml"),
        "latex_individualpages": False,
        "before_reading": waiting_for(execution),
        "nb_execution_cache_path": str(execute.cache_folder()),
        "html_baseurl": os.environ.get("BOOK_URL", ""),  # where it is published, if it is
        "decks_folder": str(SLIDES),
        "flask_live_bundle": str(live.ensure()) if live.is_wanted() else "",
    }
    status = borrowed.build_sphinx(ROOT, output, doctrees, builder, settings)
    if isinstance(status, KeyboardInterrupt):
        raise status
    if isinstance(status, Exception):
        raise BookError(f"Sphinx s'est arrêté : {status}") from status
    return int(status or 0)


def waiting_for(execution: Execution) -> Callable[[str], None]:
    """Return what Sphinx calls before it reads a page."""

    def wait(docname: str) -> None:
        path = ROOT / f"{docname}.md"
        if path in execution.paths:
            try:
                execution.wait(path)
            except execute.LessonError as error:
                raise ReadingStopped from error

    return wait
