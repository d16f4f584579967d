"""The whole course at a glance, as its lessons present themselves.

``{course-map}`` draws its parts, what it holds being the legend; ``{course-lessons}`` lists the
lessons, each with its sentence.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from changing_facts import Facts
from docutils import nodes
from docutils.parsers.rst import directives
from jinja2 import Environment, FileSystemLoader
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course.lessons import Lesson, Part, parts

DRAWING = "course_map.svg"
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
CHARACTERS = 62  # of a line of the drawing
BOX, LINE, GAP = 44, 24, 16  # heights in the drawing: of a title, of a line, of an arrow
SPACE = "\N{NO-BREAK SPACE}"

LESSONS = Facts("lessons", lambda app, page: parts(Path(app.srcdir)))


class CourseMap(SphinxDirective):
    has_content = True
    option_spec = {"name": directives.unchanged}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        LESSONS.note(self.env)
        drawing = draw(parts(Path(self.env.srcdir)))
        figure = nodes.figure("", nodes.raw("", drawing, format="html"))
        legend = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, legend)
        figure += [nodes.caption("", "", *each.children) for each in legend]
        self.add_name(figure)
        return [figure]


def draw(course: list[Part]) -> str:
    """Return the drawing of the course, in SVG."""
    boxes = list(boxes_of(course))
    height = boxes[-1]["top"] + boxes[-1]["height"] + 8
    told = (
        f"{each['caption']}, leçons {each['numbers']}{SPACE}: {each['topics']}" for each in boxes
    )
    label = f"Les étapes du cours. {'. '.join(told)}."
    return TEMPLATES.get_template(DRAWING).render(boxes=boxes, height=height, label=label)


def boxes_of(course: list[Part]) -> Iterator[dict]:
    """Yield what each box of the drawing shows, and where it is."""
    top = 8
    for part in course:
        topics = ", ".join(lesson.topic for lesson in part.lessons)
        lines = textwrap.wrap(topics, CHARACTERS)
        yield {
            "caption": part.caption,
            "numbers": numbers(part.lessons),
            "topics": topics,
            "lines": lines,
            "top": top,
            "height": BOX + LINE * len(lines),
        }
        top += BOX + LINE * len(lines) + GAP


def numbers(lessons: tuple[Lesson, ...]) -> str:
    """Return the numbers of lessons that follow one another: « 03 à 08 »."""
    first, last = lessons[0].number, lessons[-1].number
    if first == last:
        return f"{first:02}"
    return f"{first:02} {'à' if last - first > 1 else 'et'} {last:02}"


class CourseLessons(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        LESSONS.note(self.env)
        listed: list[nodes.Node] = []
        for part in parts(Path(self.env.srcdir)):
            items = map(self.item, part.lessons)
            start = part.lessons[0].number
            listed += [
                nodes.rubric("", part.caption),
                nodes.enumerated_list("", *items, enumtype="arabic", suffix=".", start=start),
            ]
        return [nodes.container("", *listed, classes=["course-lessons"])]

    def item(self, lesson: Lesson) -> nodes.list_item:
        """Return a lesson's title, which leads to it, and its sentence."""
        link = addnodes.pending_xref(
            "",
            nodes.inline("", lesson.title),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{lesson.page}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        summary, _ = self.state.inline_text(lesson.summary, self.lineno)
        return nodes.list_item("", nodes.paragraph("", "", link), nodes.paragraph("", "", *summary))


def setup(app: Sphinx) -> dict:
    app.add_directive("course-map", CourseMap)
    app.add_directive("course-lessons", CourseLessons)
    LESSONS.read_again(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
