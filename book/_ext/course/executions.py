"""When lessons were executed: at the foot of each, and in the table ``{course-executions}``."""

from __future__ import annotations

import importlib.metadata
import platform

from babel.dates import format_date
from changing_facts import Facts
from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.cache.db import NbCacheRecord
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from course.tables import table_of

HEADINGS = ("Leçon", "Exécutée le", "Durée")


def last_executions(app: Sphinx) -> dict[str, NbCacheRecord]:
    """Return, by its name, what the cache says of each lesson that is in it.

    A lesson that was changed and executed again has several records: the last counts.
    """
    records = get_cache(app.config.nb_execution_cache_path).list_cache_records()
    return {
        record.uri.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md"): record
        for record in sorted(records, key=lambda each: each.created)
    }


def date_of(record: NbCacheRecord) -> str:
    return format_date(record.created, "d MMMM yyyy", locale="fr")


class TellExecution(SphinxTransform):
    """Say at a lesson's foot when it was executed, and with which versions."""

    default_priority = 490

    def apply(self, **kwargs: object) -> None:
        if not self.env.docname.startswith("notebooks/"):
            return
        date = date_of(last_executions(self.app)[self.env.docname.removeprefix("notebooks/")])
        flask = importlib.metadata.version("flask")
        text = f"Page exécutée le {date} avec Python {platform.python_version()} et Flask {flask}."
        section = next(self.document.findall(nodes.section))
        section += nodes.paragraph("", text, classes=["page-foot"])


class executions(nodes.General, nodes.Element):
    """Where the table of executions goes: lessons still run when its page is read."""


class Executions(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        EXECUTIONS.pages(self.env)[self.env.docname] = None  # not known yet
        return [executions()]


def rows(app: Sphinx, page: str = "") -> list[tuple[str, ...]]:
    """Return the rows of the table."""
    return [
        (f"`{name}`", date_of(record), seconds(record.data["execution_seconds"]))
        for name, record in sorted(last_executions(app).items())
    ]


def seconds(duration: float) -> str:
    return f"{duration:.1f}\N{NO-BREAK SPACE}s".replace(".", ",")


def write_table(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the table when its page is written: every lesson is then in the cache."""
    for place in doctree.findall(executions):
        place.replace_self(table_of(HEADINGS, rows(app)))


EXECUTIONS = Facts("executions", rows)


def setup(app: Sphinx) -> dict:
    app.add_transform(TellExecution)
    app.add_directive("course-executions", Executions)
    app.connect("doctree-resolved", write_table)
    EXECUTIONS.write_again(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
