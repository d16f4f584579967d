"""The glossary is in order and in use; lessons lead to it once a word."""

import re
import unicodedata

import pytest
from course import glossary_links

from tools import HTML, ROOT, execute

SOURCE = (ROOT / "book" / "glossaire.md").read_text(encoding="utf-8")
LESSONS = [path.stem for path in execute.lessons()]


TERMS = glossary_links.terms(SOURCE)


def folded(word: str) -> str:
    return unicodedata.normalize("NFD", word.lower()).encode("ascii", "ignore").decode()


def built(path: str) -> str:
    return (HTML / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def links() -> dict[str, list[str]]:
    """The anchors of the glossary's words, in each lesson."""
    opening = re.compile(r'<span class="glossary-word" id="([^"]+)"><a [^>]*glossaire.html#')
    return {lesson: opening.findall(built(f"notebooks/{lesson}.html")) for lesson in LESSONS}


def test_words_are_in_order_each_with_its_english():
    heads = [folded(words[0]) for words in TERMS]
    assert heads == sorted(set(heads))
    definitions = re.findall(r"^  (.*)", SOURCE, re.MULTILINE)
    assert len(definitions) == len(TERMS)
    assert [text for text in definitions if not re.match(r"\*[A-Z][^*]+\*", text)] == []


def test_each_word_is_used_by_a_lesson_and_linked_once_in_it(links):
    used = {anchor for anchors in links.values() for anchor in anchors}
    assert used == {glossary_links.anchor(words[0]) for words in TERMS}
    for lesson, anchors in links.items():
        assert len(anchors) == len(set(anchors)) >= 5, lesson


def test_the_index_leads_to_the_lessons(links):
    index = built("genindex.html")
    for lesson, anchors in links.items():
        for anchor in anchors:
            assert f'href="notebooks/{lesson}.html#{anchor}"' in index


@pytest.mark.parametrize(
    ("words", "text", "seen"),
    [
        (("adresse IP",), "deux adresses IP", "adresses IP"),
        (("thread", "fil d’exécution"), "Des fils d’exécution", "fils d’exécution"),
        (("réseau",), "des réseaux", "réseaux"),
        (("port",), "Le support, la porte", None),
        (("client",), "un sous-client", None),
    ],
)
def test_a_word_is_known_in_its_plural_and_not_in_another(words, text, seen):
    found = glossary_links.pattern(words).search(text)
    assert (found and found[0]) == seen
