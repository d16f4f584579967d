"""What the book tells of its own course: the lessons' cards, the welcome page, what changes."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from bs4 import BeautifulSoup
from changing_facts import Facts
from course import card, lessons, overview
from docutils import nodes
from docutils.utils import new_document

from tests.helpers import breakable
from tools import HTML, ROOT, execute

LESSONS = [path.stem for path in execute.lessons()]


def built(path: str) -> BeautifulSoup:
    return BeautifulSoup((HTML / path).read_text(encoding="utf-8"), "html.parser")


# The card of a lesson


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_opens_with_its_card_and_ends_by_its_execution(lesson):
    page = built(f"notebooks/{lesson}.html")
    (shown,) = page.select(".lesson-card")
    title, *told = [breakable(each.get_text()) for each in shown.find_all("p")]
    assert title == "Au programme"
    patterns = (
        r"Vous saurez .+\.",
        r"Durée : (\d h( \d\d)?|\d\d min), exercices compris\.",
        r"Lecture : \d+ minutes environ, sans les exercices\.",
        r"Il faut connaître : .+\.",
    )
    for text, pattern in zip(told, patterns, strict=True):
        assert re.fullmatch(pattern, text), text
    foot = page.select_one(".page-foot").get_text()
    assert re.match(r"Page exécutée le \d+ \w+ 20\d\d avec Python 3[\d.]+ et Flask \d", foot)


def test_reading_time_counts_words_and_code():
    document = new_document("")
    document += nodes.paragraph("", "mot " * card.WORDS_A_MINUTE * 15)
    assert card.reading_minutes(document) == 15
    code = "x\n" * (60 // card.SECONDS_A_LINE) * 5
    document += nodes.literal_block(code, code)
    assert card.reading_minutes(document) == 20


CARD = """
Un titre
========

.. lesson-card:: La leçon en une phrase.
   :topic: un mot
   :duration: 1 h 15

   **Vous saurez** lire.

   **Il faut connaître** : rien.
"""


@pytest.mark.parametrize(
    ("removed", "said"),
    [
        ("   :duration: 1 h 15\n", "il manque l’option « duration »"),
        ("   :topic: un mot\n", "il manque l’option « topic »"),
        ("   **Vous saurez** lire.\n\n   **Il faut connaître** : rien.\n", "ce que l’on saura"),
        (" La leçon en une phrase.", "argument"),
        ("", None),
    ],
    ids=["duration", "topic", "promise", "sentence", "nothing"],
)
def test_a_card_that_lacks_something_is_refused(tmp_path, removed, said):
    paths = [str(ROOT / "book" / "_ext"), str(ROOT)]
    (tmp_path / "conf.py").write_text(
        f'import sys\nsys.path[:0] = {paths}\nextensions = ["course.card"]\nhtml_theme = "basic"\n',
        encoding="utf-8",
    )
    (tmp_path / "index.rst").write_text(CARD.replace(removed, ""), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", ".", "built"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert bool(result.returncode) == bool(said)
    assert (said or "") in result.stderr


# The whole course


def test_the_parts_hold_every_lesson_in_order():
    course = lessons.parts(ROOT)
    told = [each.page.removeprefix("notebooks/") for part in course for each in part.lessons]
    assert told == LESSONS
    numbers = [each.number for part in course for each in part.lessons]
    assert numbers == list(range(1, len(LESSONS) + 1))


def test_the_welcome_page_leads_to_every_lesson():
    listed = built("book/accueil.html").select(".course-lessons li")
    links = [each.a["href"] for each in listed]
    assert links == [f"../notebooks/{lesson}.html" for lesson in LESSONS]
    for each, lesson in zip(listed, LESSONS, strict=True):
        title = built(f"notebooks/{lesson}.html").h1.find(string=True)
        told, sentence = each.find_all("p")
        assert told.get_text() == title
        assert sentence.get_text().endswith(".")


@pytest.mark.parametrize("page", ["book/accueil", "notebooks/01_introduction"])
def test_the_map_says_aloud_what_it_shows(page):
    drawing = built(f"{page}.html").select_one("figure svg.book-figure[aria-label*='étapes']")
    shown = " ".join(text.get_text() for text in drawing.find_all("text"))
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    for part in contents["parts"]:
        is_taught = part["chapters"][0]["file"].startswith("notebooks/")
        assert (part["caption"] in shown) == is_taught
        assert (part["caption"] in drawing["aria-label"]) == is_taught


@pytest.fixture
def course(tmp_path) -> Path:
    """Return a small course: one part, of one lesson."""
    (tmp_path / "notebooks").mkdir()
    toc = "parts:\n- caption: Suite\n  chapters:\n  - file: notebooks/18_suite\n"
    (tmp_path / "_toc.yml").write_text(toc, encoding="utf-8")
    text = (
        "# La suite\n\n:::{lesson-card} Aller plus loin.\n:duration: 1 h\n:topic: a & b\n\nX\n:::\n"
    )
    (tmp_path / "notebooks" / "18_suite.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_lesson_is_told_by_its_card(course):
    (part,) = lessons.parts(course)
    told = lessons.Lesson("notebooks/18_suite", 18, "La suite", "Aller plus loin.", "a & b")
    assert part == lessons.Part("Suite", (told,))
    drawing = overview.draw([part])
    assert ">18</text>" in drawing
    assert "a &amp; b</text>" in drawing


def test_a_lesson_without_a_card_is_refused_by_its_name(course):
    (course / "notebooks" / "18_suite.md").write_text("# La suite\n", encoding="utf-8")
    with pytest.raises(lessons.CardMissing, match=r"18_suite\.md"):
        lessons.parts(course)


@pytest.mark.parametrize(
    ("first", "last", "told"), [(3, 8, "03 à 08"), (1, 2, "01 et 02"), (23, 23, "23")]
)
def test_numbers_of_lessons_that_follow_one_another(first, last, told):
    some = tuple(lessons.Lesson("", number, "", "", "") for number in range(first, last + 1))
    assert overview.numbers(some) == told


# Facts that change


class Book:
    """What `Facts` uses of Sphinx: its notes, and its events."""

    def __init__(self) -> None:
        self.decks = {"a": "Un", "b": "Deux"}
        self.env = SimpleNamespace(app=self, docname="")
        self.listeners = {}
        self.facts = Facts("decks", lambda app, page: app.decks.get(page))

    def connect(self, event: str, listener) -> None:
        self.listeners[event] = listener

    def read(self, page: str) -> None:
        self.env.docname = page
        self.facts.note(self.env)

    def outdated(self, *removed: str) -> set[str]:
        return self.listeners["env-get-outdated"](self, self.env, set(), set(), set(removed))


@pytest.fixture
def book() -> Book:
    book = Book()
    book.facts.read_again(book)
    book.read("a")
    book.read("b")
    return book


def test_pages_are_left_as_they_are_when_nothing_changes(book):
    assert book.outdated() == set()


def test_a_page_is_made_again_once_when_its_facts_change(book):
    book.decks["a"] = "Un autre"
    assert book.outdated() == {"a"}
    assert book.outdated() == set()


def test_a_page_that_goes_is_not_made_again(book):
    book.decks.clear()
    assert book.outdated("b") == {"a"}


def test_a_page_that_does_without_these_facts_is_forgotten(book):
    book.listeners["env-purge-doc"](book, book.env, "a")
    book.decks["a"] = "Un autre"
    assert book.outdated() == set()


def test_pages_may_be_written_again_without_being_read():
    book = Book()
    book.facts.write_again(book)
    book.read("a")
    book.decks["a"] = "Un autre"
    assert book.listeners["env-updated"](book, book.env) == {"a"}


# Extracts


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_extract_ends_with_its_last_line(lesson):
    blocks = built(f"notebooks/{lesson}.html").select("div.highlight pre")
    assert [each.get_text() for each in blocks if each.get_text().endswith("\n\n")] == []
