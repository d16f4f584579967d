"""What each lesson says of itself: the time to read it; when, and with what, it was executed."""

from __future__ import annotations

import importlib.metadata
import platform

from babel.dates import format_date
from docutils import nodes
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

#: Words a minute of somebody who tries to understand, and seconds spent on a line of code.
WORDS_A_MINUTE = 200
SECONDS_A_LINE = 2
SPACE = "\N{NO-BREAK SPACE}"


def reading_minutes(document: nodes.document) -> int:
    """Return the minutes that reading takes, exercises not done, rounded to five."""
    paragraphs = filter(is_read, document.findall(nodes.paragraph))
    code = filter(is_read, document.findall(nodes.literal_block))
    words = sum(len(paragraph.astext().split()) for paragraph in paragraphs)
    lines = sum(block.astext().count("\n") + 1 for block in code)
    minutes = words / WORDS_A_MINUTE + lines * SECONDS_A_LINE / 60
    return max(5, 5 * round(minutes / 5))


def is_read(node: nodes.Node) -> bool:
    """Tell what is before the eyes from what is folded, and from long outputs."""
    while node := node.parent:
        if not {"cell_output", "dropdown"}.isdisjoint(node.get("classes", ())):
            return False
    return True


class TellFacts(SphinxTransform):
    """Put the reading time in a lesson's card, and its execution at its foot."""

    default_priority = 490

    def apply(self, **kwargs: object) -> None:
        if not self.env.docname.startswith("notebooks/"):
            return
        for card in self.document.findall(nodes.admonition):
            if "lesson-card" in card["classes"]:
                self.tell_reading_time(card)
        section = next(self.document.findall(nodes.section))
        section += nodes.paragraph("", self.execution(), classes=["page-foot"])

    def tell_reading_time(self, card: nodes.admonition) -> None:
        """Write it after the line that tells the whole duration."""
        minutes = reading_minutes(self.document)
        time = f"{SPACE}: {minutes}{SPACE}minutes environ, sans les exercices."
        paragraph = nodes.paragraph("", "", nodes.strong("", "Lecture"), nodes.Text(time))
        durations = [p for p in card.findall(nodes.paragraph) if p.astext().startswith("Durée")]
        card.insert(card.index(durations[0]) + 1, paragraph)

    def execution(self) -> str:
        """Return when this page was executed, and with which versions."""
        records = get_cache(self.config.nb_execution_cache_path).list_cache_records()
        name = f"{self.env.docname}.md"
        record = max(
            (each for each in records if each.uri.replace("\\", "/").endswith(name)),
            key=lambda each: each.created,
        )
        date = format_date(record.created, "d MMMM yyyy", locale="fr")
        flask = importlib.metadata.version("flask")
        return f"Page exécutée le {date} avec Python {platform.python_version()} et Flask {flask}."


def setup(app: Sphinx) -> dict:
    app.add_transform(TellFacts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
