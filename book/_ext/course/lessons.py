"""The lessons as they present themselves: their parts in ``_toc.yml``, their titles, their cards.

Read in the files, so that a deck or the welcome page tells the whole course before Sphinx has read
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from sphinx.errors import SphinxError

FOLDER = "notebooks/"
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
CARD = re.compile(r"^:::\{lesson-card\} (?P<summary>.+)\n(?P<options>(?::.*\n)*)", re.MULTILINE)
TOPIC = re.compile(r"^:topic: (.+)$", re.MULTILINE)


class CardMissing(SphinxError):
    """A lesson does not say what it is about."""


@dataclass(frozen=True)
class Lesson:
    """A lesson: its page, its number, what it says of itself in a sentence and in a word."""

    page: str
    number: int
    title: str
    summary: str
    topic: str


@dataclass(frozen=True)
class Part:
    """A part of the course, and its lessons in order."""

    caption: str
    lessons: tuple[Lesson, ...]


def parts(root: Path) -> list[Part]:
    """Return the parts of the course that hold lessons.

    Raises:
        CardMissing: a lesson has no card, or no word for the map in it.
    """
    contents = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    found = []
    for part in contents["parts"]:
        pages = [chapter["file"] for chapter in part["chapters"]]
        lessons = tuple(lesson(root, page) for page in pages if page.startswith(FOLDER))
        if lessons:
            found.append(Part(part["caption"], lessons))
    return found


def lesson(root: Path, page: str) -> Lesson:
    """Return what a lesson says of itself."""
    text = (root / f"{page}.md").read_text(encoding="utf-8")
    card = CARD.search(text)
    topic = TOPIC.search(card["options"]) if card else None
    if topic is None:
        raise CardMissing(f"{page}.md : il manque une carte (lesson-card), avec son « topic ».")
    number = int(page.removeprefix(FOLDER).split("_")[0])
    return Lesson(page, number, TITLE.search(text)[1], card["summary"], topic[1])
