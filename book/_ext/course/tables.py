"""Tables that the book reads where the facts are, so that no page can be out of date.

``{course-servers}`` lists the servers, ``{course-demos}`` the Flask applications;
``{course-versions}`` the packages this book was made with.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path

from changing_facts import Facts
from docutils import nodes
from packaging.requirements import Requirement
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sandbox.running.catalogue import DEMOS, SERVERS, Entry

#: All that the course installs; what builds the book is a part of it.
PINNED = Path(__file__).resolve().parents[3] / "requirements-test.txt"
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
        FACTS.note(self.env)
        return [table_of(self.headings, self.rows())]


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


def port_rows(table: dict[str, Entry]) -> Iterable[tuple[str, ...]]:
    return ((str(each.port), f"`{each.name}`", each.description) for each in table.values())


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


FACTS = Facts("tables", lambda app, page: [*port_rows(SERVERS), *port_rows(DEMOS), *version_rows()])


def setup(app: Sphinx) -> dict:
    app.add_directive("course-servers", Servers)
    app.add_directive("course-demos", Demos)
    app.add_directive("course-versions", Versions)
    FACTS.read_again(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
