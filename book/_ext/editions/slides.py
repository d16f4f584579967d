"""Slides of reveal.js out of a deck's cells, each of which follows its ``slide-part`` directive.

``tools/decks.py`` writes these directives and says what they mean.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator


class slide_part(nodes.Element):
    """Where a cell begins; gone once the slides are made."""


class slide_stack(nodes.Element):
    """A slide, with those below it."""


class slide(nodes.Element):
    """A slide: its title, then its parts."""


class slide_title(nodes.TextElement):
    """What stands at the top of a slide."""


class slide_notes(nodes.Element):
    """What the teacher alone sees."""


class SlidePart(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        kind, *classes = self.arguments[0].split()
        words, messages = self.state.inline_text(self.content[0], self.lineno)
        title = slide_title(self.content[0], "", *words)
        return [slide_part("", title, kind=kind, classes=classes), *messages]


def make_slides(app: Sphinx, doctree: nodes.document) -> None:
    """Put what follows each ``slide_part`` in its slide."""
    # No table of contents leads to a deck: its lesson does.
    app.env.metadata[app.env.docname]["orphan"] = True
    (section,) = doctree.findall(nodes.section)
    title = section.pop(0)
    course = nodes.paragraph("", app.config.project)
    first = slide("", slide_title("", "", *title.children), course, classes=["first"])
    stacks = [slide_stack("", first)]
    for node in section.children:
        if isinstance(node, slide_part):
            holder = begin_part(stacks, node)
        else:
            holder += node
    section.children = []
    section += title
    for stack in stacks:
        section += stack if len(stack) > 1 else stack.children


def begin_part(stacks: list[slide_stack], part: slide_part) -> nodes.Element:
    """Return the node that will hold the part's content, in a new slide if it begins one."""
    kind, classes = part["kind"], part["classes"]
    if kind in ("slide", "subslide"):
        if kind == "slide":
            stacks.append(slide_stack())
        stacks[-1] += slide("", part[0], classes=classes)
        classes = []
    if kind == "notes":
        holder = slide_notes()
    else:
        holder = nodes.container(classes=["part", *classes, *(["fragment"] * (kind == "fragment"))])
    stacks[-1][-1] += holder
    return holder


class SlideTranslator(HTML5Translator):
    """HTML whose sections are slides. A lesson's own title stands on the first."""

    def visit_section(self, node: nodes.section) -> None:
        node.pop(0)

    def depart_section(self, node: nodes.section) -> None:
        """Open nothing, close nothing."""

    def visit_raw(self, node: nodes.raw) -> None:
        # reveal.js takes every section for a slide, and an output's too
        text = re.sub(r"<section\b", '<div role="group"', node.astext())
        super().visit_raw(nodes.raw("", text.replace("</section>", "</div>"), **node.attributes))

    def visit_slide(self, node: slide | slide_stack) -> None:
        self.body.append(self.starttag(node, "section"))

    def depart_slide(self, node: slide | slide_stack) -> None:
        self.body.append("</section>\n")

    visit_slide_stack, depart_slide_stack = visit_slide, depart_slide

    def level(self, node: slide_title) -> str:
        return "h1" if "first" in node.parent["classes"] else "h2"

    def visit_slide_title(self, node: slide_title) -> None:
        self.body.append(f"<{self.level(node)}>")

    def depart_slide_title(self, node: slide_title) -> None:
        self.body.append(f"</{self.level(node)}>\n")

    def visit_slide_notes(self, node: slide_notes) -> None:
        self.body.append('<aside class="notes">\n')

    def depart_slide_notes(self, node: slide_notes) -> None:
        self.body.append("</aside>\n")


def link_back(app: Sphinx, pagename: str, templatename, context: dict, doctree) -> None:
    """Lead from a deck of the site to its lesson, or to the course."""
    lesson = pagename.startswith("notebooks/")
    page = pagename if lesson else "index"
    context["back_url"] = f"{'../' * (pagename.count('/') + 1)}{page}.html"
    context["back_label"] = "La leçon" if lesson else "Le cours"


def setup(app: Sphinx) -> dict:
    app.add_directive("slide-part", SlidePart)
    app.set_translator("revealjs", SlideTranslator)
    app.connect("doctree-read", make_slides)
    app.connect("html-page-context", link_back)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
