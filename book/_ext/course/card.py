"""``{lesson-card}``: what a lesson opens with. What one will know, for how long, knowing what.

Its title is the lesson in a sentence, for the welcome page; ``:topic:``, the lesson in a word, for
the map of the course; ``:duration:``, the time it takes, exercises included. Then a paragraph that
promises (« Vous saurez … »), and what must be known beforehand. The card shows the promise, the
duration, the time to read the page, and what is left.
"""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

TITLE = "Au programme"
PROMISE = "lesson-promise"
#: Words a minute of somebody who tries to understand, and seconds spent on a line of code.
WORDS_A_MINUTE = 200
SECONDS_A_LINE = 2
SPACE = "\N{NO-BREAK SPACE}"


class reading_time(nodes.paragraph):
    """Where the time to read the page goes, once all the page is read."""


class LessonCard(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {  # noqa: RUF012
        "duration": directives.unchanged_required,
        "topic": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        for option in self.option_spec:
            if option not in self.options:
                raise self.error(f"lesson-card : il manque l’option « {option} ».")
        card = nodes.admonition(classes=["lesson-card"])
        self.state.nested_parse(self.content, self.content_offset, card)
        promise = card.next_node(nodes.paragraph)
        if promise is None:
            raise self.error("lesson-card : il manque ce que l’on saura.")
        promise["classes"].append(PROMISE)
        duration = self.options["duration"].replace(" ", SPACE)
        told = [fact("Durée", f"{duration}, exercices compris."), reading_time()]
        card.insert(card.index(promise) + 1, told)
        card.insert(0, nodes.title(TITLE, TITLE))
        return [card]


def fact(name: str, text: str) -> nodes.paragraph:
    """Return a line of the card."""
    return nodes.paragraph("", "", nodes.strong("", name), nodes.Text(f"{SPACE}: {text}"))


class TellReadingTime(SphinxTransform):
    """Put the time to read the page in its card."""

    default_priority = 490

    def apply(self, **kwargs: object) -> None:
        for place in list(self.document.findall(reading_time)):
            minutes = reading_minutes(self.document)
            text = f"{minutes}{SPACE}minutes environ, sans les exercices."
            place.replace_self(fact("Lecture", text))


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


def setup(app: Sphinx) -> dict:
    app.add_directive("lesson-card", LessonCard)
    app.add_transform(TellReadingTime)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
