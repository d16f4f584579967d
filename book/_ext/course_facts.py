"""Tables that the book reads where the facts are, so that no page can be out of date.

``{course-servers}`` lists the servers, ``{course-demos}`` the Flask applications;
``{course-versions}`` the packages this book was made with; ``{course-executions}`` when each
lesson was executed, and how long it took.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path

from babel.dates import format_date
from docutils import nodes
from jupyter_cache import get_cache
from packaging.requirements import Requirement
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from sandbox.ports import DEMOS, SERVERS, description

#: All that the course installs; what builds the book is a part of it.
PINNED = Path(__file__).resolve().parents[2] / "requirements-test.txt"
#: What a reader may want to compare with their own machine.
PACKAGES = (
    "requests",
    "httpx",
    "flask",
    "pydantic",
    "msgpack",
    "numpy",
    "matplotlib",
    "jupyterlab",
    "jupyter-book",
    "sphinx",
    "nbval",
)


class TableDirective(SphinxDirective):
    """A table whose rows are computed when its page is read."""

    headings: tuple[str, ...]

    def rows(self) -> Iterable[tuple[str, ...]]:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        mark(self.env)
        return [table_of(self.headings, self.rows())]


def mark(env: BuildEnvironment) -> None:
    """Have the page that is read be read again when the facts change."""
    vars(env).setdefault("course_facts_pages", set()).add(env.docname)


def table_of(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> nodes.table:
    """Make a table."""
    headings = list(headings)
    table = nodes.table(classes=["colwidths-auto"])
    group = nodes.tgroup(cols=len(headings))
    group += [nodes.colspec(colwidth=1) for _ in headings]
    group += nodes.thead("", table_row(headings))
    group += nodes.tbody("", *map(table_row, rows))
    table += group
    return table


def table_row(cells: Iterable[str]) -> nodes.row:
    """Make a row; text between backquotes is code."""
    row = nodes.row()
    for cell in cells:
        kind = nodes.literal if cell.startswith("`") else nodes.inline
        text = cell.strip("`")
        row += nodes.entry("", nodes.paragraph("", "", kind(text, text)))
    return row


class Servers(TableDirective):
    headings = ("Port", "Serveur", "Ce qu’il fait")

    def rows(self) -> Iterable[tuple[str, ...]]:
        return port_rows(SERVERS)


class Demos(TableDirective):
    headings = ("Port", "Application", "Ce qu’elle montre")

    def rows(self) -> Iterable[tuple[str, ...]]:
        return port_rows(DEMOS)


def port_rows(ports: dict[str, int]) -> Iterable[tuple[str, ...]]:
    return ((str(port), f"`{name}`", description(name)) for name, port in ports.items())


class Versions(TableDirective):
    headings = ("Paquet", "Version")

    def rows(self) -> Iterable[tuple[str, ...]]:
        return version_rows()


def version_rows() -> Iterable[tuple[str, ...]]:
    yield "Python", platform.python_version()
    versions = pinned_versions()
    for name in PACKAGES:
        yield f"`{name}`", versions[name]


def pinned_versions() -> dict[str, str]:
    """Return the version of each package that is pinned for this machine."""
    lines = PINNED.read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.lstrip().startswith("#")]
    return {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


class executions(nodes.General, nodes.Element):
    """Where the table of executions goes: lessons still run when its page is read."""


class Executions(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        vars(self.env).setdefault("course_executions_pages", set()).add(self.env.docname)
        return [executions()]


def tell_executions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the table when its page is written: every lesson is then in the cache."""
    for place in doctree.findall(executions):
        headings = ("Leçon", "Exécutée le", "Durée")
        place.replace_self(table_of(headings, execution_rows(app.config.nb_execution_cache_path)))


def execution_rows(cache: str) -> Iterable[tuple[str, ...]]:
    records = get_cache(cache).list_cache_records()
    # A lesson that was changed and executed again has several records: the last counts.
    last = {record.uri: record for record in sorted(records, key=lambda each: each.created)}
    for uri, record in sorted(last.items()):
        name = uri.rsplit("/", 1)[-1].removesuffix(".md")
        seconds = f"{record.data['execution_seconds']:.1f}".replace(".", ",")
        yield (
            f"`{name}`",
            format_date(record.created, "d MMMM yyyy", locale="fr"),
            f"{seconds}\N{NO-BREAK SPACE}s",
        )


def outdated(app: Sphinx, env, added, changed, removed) -> set[str]:
    """Have these pages read again when the facts have changed: Sphinx does not see it."""
    facts = [*port_rows(SERVERS), *port_rows(DEMOS), *version_rows()]
    former, env.course_facts = getattr(env, "course_facts", None), facts
    return set() if facts == former else getattr(env, "course_facts_pages", set()) - removed


def executed_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Have the table of executions written again when one has changed: all are now in the cache."""
    pages = getattr(env, "course_executions_pages", set())
    if not pages:  # nor, in decks, a cache
        return set()
    rows = list(execution_rows(app.config.nb_execution_cache_path))
    former, env.course_executions = getattr(env, "course_executions", None), rows
    return set() if rows == former else pages


def setup(app: Sphinx) -> dict:
    app.add_directive("course-servers", Servers)
    app.add_directive("course-demos", Demos)
    app.add_directive("course-versions", Versions)
    app.add_directive("course-executions", Executions)
    app.connect("doctree-resolved", tell_executions)
    app.connect("env-get-outdated", outdated)
    app.connect("env-updated", executed_again)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
