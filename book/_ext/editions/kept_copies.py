"""Copies to keep, printed or in an ePub: nothing moves there, nothing is folded.

The solutions stand at the end of their lesson, where the eye does not fall on them, with the
answers of its quiz; all that is written in tabs is shown.
"""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from editions import borrowed

#: Builders of copies to keep.
KEPT = ("printed", "epub")
#: Once outputs are chosen for the builder, and the titles of exercises and solutions are made.
LATE = 30
OUTPUT_STYLES = ("wire/wire.css", "checking/report.css")
STYLE = re.compile(r"(<div class='(?:wire|check)'[^>]*>)<style>.*?</style>", re.DOTALL)
#: epubcheck does not know `rem` in the short form.
SHORTHAND = re.compile(r"font: (\S+)/(\S+) monospace")
LONGHAND = r"font-family: monospace; font-size: \1; line-height: \2"


class KeptTransform(SphinxPostTransform):
    """A transform for these builders only."""

    def is_supported(self) -> bool:
        return self.app.builder.name in KEPT


class GatherSolutions(KeptTransform):
    """Move solutions and answers to a last section of the lesson."""

    default_priority = LATE

    def run(self, **kwargs) -> None:
        solutions = borrowed.solutions(self.document)
        answers = [answer for quiz in self.quizzes() for answer in make_paper_quiz(quiz)]
        if not solutions and not answers:
            return
        gathered = nodes.section("", nodes.title("", "Solutions"), ids=["solutions-gathered"])
        for solution in solutions:
            solution["classes"] = [each for each in solution["classes"] if each != "dropdown"]
            self.point_to(solution)
            solution.parent.remove(solution)
            gathered += solution
        if answers:
            gathered += nodes.rubric("", "Réponses du quiz")
            gathered += nodes.enumerated_list("", *answers, enumtype="arabic", suffix=".")
        next(iter(self.document.findall(nodes.section))).append(gathered)

    def quizzes(self) -> list[nodes.raw]:
        return [
            raw
            for raw in self.document.findall(nodes.raw)
            if raw.get("format") == "html" and "<form class='quiz'" in raw.astext()
        ]

    def point_to(self, solution: nodes.Element) -> None:
        """Say below the exercise where its solution is, and there which exercise it solves."""
        for exercise in borrowed.exercises_solved_by(solution, self.document):
            link = nodes.reference("", "Solution", internal=True, refid=solution["ids"][0])
            exercise += nodes.paragraph("", "", link, classes=["to-solution"])


def make_paper_quiz(raw: nodes.raw) -> list[nodes.list_item]:
    """Write a quiz as lists, in place; return the right answers with their reasons."""
    form = BeautifulSoup(raw.astext(), "html.parser").form
    paper = nodes.container(classes=["paper-quiz"])
    answers = []
    for question in form.find_all("fieldset"):
        choices = question.select(".quiz-choice")
        paper += nodes.paragraph("", "", nodes.strong("", "", *inline(question.legend)))
        paper += nodes.enumerated_list(
            "",
            *(
                nodes.list_item("", nodes.paragraph("", "", *inline(each.label)))
                for each in choices
            ),
            enumtype="loweralpha",
            suffix=")",
        )
        answers += [
            nodes.list_item("", nodes.paragraph("", f"{letter}) ", *inline(why, skipped="b")))
            for letter, each in zip("abcdef", choices, strict=False)
            if (why := each.select_one(".quiz-right"))
        ]
    raw.replace_self(paper)
    return answers


def inline(tag: Tag, skipped: str = "") -> list[nodes.Node]:
    """Return the text of an element and its code, without its parts named `skipped`."""
    parts: list[nodes.Node] = []
    for child in tag.children:
        if getattr(child, "name", None) == skipped:
            continue
        text = child.get_text()
        parts.append(nodes.literal(text, text) if child.name == "code" else nodes.Text(text))
    return parts


class ShowTabs(KeptTransform):
    """Show one after another what tabs hold, each under its name."""

    default_priority = LATE

    def run(self, **kwargs) -> None:
        for tabs in borrowed.tab_sets(self.document):
            shown = nodes.container(classes=["shown-tabs"])
            for tab in tabs.children:
                label, content = tab.children
                shown += nodes.rubric("", "", *label.children)
                shown += content.children
            tabs.replace_self(shown)


class ShowFolded(KeptTransform):
    """Show the cells and outputs that pages fold."""

    default_priority = LATE

    def run(self, **kwargs) -> None:
        borrowed.unfold_cells(self.document)


class UniqueIdentifiers(KeptTransform):
    """Take away the identifiers that sphinx-exercise gives to each exercise and solution."""

    default_priority = LATE

    def run(self, **kwargs) -> None:
        borrowed.drop_repeated_ids(self.document)


class LiftStyles(KeptTransform):
    """Take the outputs' styles out of them: one sheet does for all of a copy."""

    default_priority = LATE

    def run(self, **kwargs) -> None:
        for raw in self.document.findall(nodes.raw):
            if raw.get("format") == "html":
                raw.children = [nodes.Text(STYLE.sub(r"\1", raw.astext()))]


def write_styles(app: Sphinx) -> None:
    """Write the sheet of the outputs' styles."""
    if app.builder.name in KEPT:
        sheets = [Path(app.srcdir, "sandbox", name).read_text("utf-8") for name in OUTPUT_STYLES]
        static = Path(app.outdir) / "_static"
        static.mkdir(parents=True, exist_ok=True)
        text = SHORTHAND.sub(LONGHAND, "\n".join(sheets))
        (static / "outputs.css").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.add_post_transform(GatherSolutions)
    app.add_post_transform(ShowTabs)
    app.add_post_transform(ShowFolded)
    app.add_post_transform(UniqueIdentifiers)
    app.add_post_transform(LiftStyles)
    app.connect("builder-inited", write_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
