"""The French that students read, taken out of its sources: lessons, pages, exercises, quizzes.

Code, addresses, the names of roles and directives are left out: what remains is what a proofreader
would read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from sandbox.checking import Exercise, Expect
from sandbox.exercises import exercises
from sandbox.markup import typeset
from sandbox.quizzes import lessons, quiz
from tools import ROOT

#: Directives whose body is not prose.
NOT_PROSE = frozenset(
    [
        "code-cell",
        "code",
        "code-block",
        "flask-live",
        "include",
        "literalinclude",
        "math",
        "mermaid",
        "raw",
        "toctree",
    ]
)
#: What stands for code, so that the sentence around it keeps its shape.
CODE = "\N{OBJECT REPLACEMENT CHARACTER}"
OPTION = re.compile(r":([\w-]+):(.*)")


@dataclass(frozen=True)
class Piece:
    """Some prose.

    Attributes:
        where: its file and line, or the name of its exercise or quiz.
        text: all of it, code replaced by `CODE`.
        roman: its text without what is in italics.
        italic: what is in italics, often English.
    """

    where: str
    text: str
    roman: str
    italic: str = ""


def parser() -> MarkdownIt:
    extensions = {"colon_fence", "deflist", "attrs_block", "attrs_inline", "substitution"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), DocutilsRenderer)


PARSER = parser()


def sources() -> list[Path]:
    """Return every lesson, page and lecture."""
    folders = ("notebooks", "book", "book/slides")
    return sorted(path for folder in folders for path in ROOT.glob(f"{folder}/*.md"))


def of_file(path: Path) -> Iterator[Piece]:
    """Yield the prose of a lesson or page, each piece with its file and line."""
    name = path.relative_to(ROOT).as_posix()
    for line, texts in of_markdown(path.read_text(encoding="utf-8")):
        yield Piece(f"{name}:{line}", *texts)


def of_markdown(source: str, first: int = 1) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the line of each block of `source`, directives included, and its texts."""
    for token in PARSER.parse(source):
        line = first + (token.map[0] if token.map else 0)
        if token.type == "inline":
            yield line, of_inline(token.children)
        elif token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            yield from of_directive(token, line)


def of_inline(children: list[Token]) -> tuple[str, str, str]:
    """Return all the text of a block, what is in roman, what is in italics."""
    text = roman = italic = ""
    depth = 0
    for child in children:
        depth += {"em_open": 1, "em_close": -1}.get(child.type, 0)
        shown = of_token(child)
        text += shown
        roman += " " * len(shown) if depth else shown
        italic += shown if depth else " "
    return text, roman, italic


def of_token(token: Token) -> str:
    """Return what a piece of a line shows, code replaced."""
    if token.type == "text":
        return token.content
    if token.type == "myst_role":
        return of_role(token)
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return CODE if token.type in ("code_inline", "math_inline", "html_inline") else ""


def of_role(role: Token) -> str:
    """Return what a role shows, when that is prose: ``{ref}`text <target>```."""
    shown = re.fullmatch(r"(.+?)\s*<[^>]+>", role.content, re.DOTALL)
    return shown[1] if shown and role.meta["name"] in ("ref", "term", "doc") else CODE


def of_directive(token: Token, line: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield a directive's title, its picture's description, its body."""
    name, title = re.fullmatch(r"\{([^}]*)\}\s*(.*)", token.info).groups()
    lines = token.content.splitlines()
    options = 0
    while options < len(lines) and (option := OPTION.fullmatch(lines[options])):
        options += 1
        if option[1] in ("alt", "topic"):
            yield line + options, (option[2].strip(), option[2])
    if name in NOT_PROSE:
        return
    if name in ("admonition", "dropdown", "lesson-card") or name.startswith("tab-"):
        yield from of_markdown(title, line)
    yield from of_markdown("\n".join(lines[options:]), line + options + 1)


def of_exercises() -> Iterator[Piece]:
    """Yield what exercises tell, as students read it."""
    for each in exercises():
        for sentence in sentences(each):
            yield of_sentence(f"exercise {each.name}", sentence)


def sentences(each: Exercise) -> Iterator[str]:
    """Yield the hints of an exercise, its cases, what they expect, the mistakes it foresees."""
    yield from each.hints
    for case in each.cases:
        yield case.given
        if isinstance(case.expected, Expect):
            yield case.expected.text
    for mistake in each.mistakes:
        yield mistake.sentence


def of_quizzes() -> Iterator[Piece]:
    """Yield the questions of quizzes, their choices and explanations, as students read them."""
    for lesson in lessons():
        for question in quiz(lesson).questions:
            texts = [question.text]
            for choice in question.choices:
                texts += [choice.text, choice.why]
            for text in texts:
                yield of_sentence(f"quiz {lesson}", text)


def of_sentence(where: str, sentence: str) -> Piece:
    """Return a sentence of our Python sources as students read it, code replaced."""
    text = re.sub(r"`[^`]*`", CODE, typeset(sentence))
    return Piece(where, text, text)
