"""The decks, each slide measured in a real browser as it is projected, at 1280 × 720."""

import nbformat
import pytest

from tests.helpers import is_light, violations
from tools import HTML, NOTEBOOKS, decks

DECKS = sorted(
    path.relative_to(HTML).as_posix() for path in HTML.joinpath("diaporamas").rglob("*.html")
)
#: What is wrong on a deck's slides, all their fragments shown: a sentence each.
FAULTS = """
() => {
  const faults = [];
  const size = (element) => {
    const drawn = element.ownerSVGElement ? element.getScreenCTM().a : 1;
    return parseFloat(getComputedStyle(element).fontSize) * drawn;
  };
  const unread = "aside, style, script, .wire-who";
  for (const [index, slide] of Reveal.getSlides().entries()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 99);
    const fault = (what, text) => faults.push(
      `${index + 1} « ${slide.querySelector("h1, h2").textContent} » ${what} : ${text.trim()}`
    );
    const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const parent = text.parentElement;
      if (!text.data.trim() || parent.closest(unread)) continue;
      if (!parent.checkVisibility()) continue;
      if (size(parent) < 17.9) fault(`écrit en ${size(parent).toFixed(1)} px`, text.data);
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (box.left < -1 || box.top < -1 || box.right > 1281 || box.bottom > 700) {
        fault("déborde", text.data);
      }
    }
    for (const element of slide.querySelectorAll("pre, table, img, svg, iframe, .part")) {
      if (!element.checkVisibility()) continue;
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth) {
        fault("défile", element.textContent);
      }
      const box = element.getBoundingClientRect();
      if (box.right > 1281 || box.bottom > 701) fault("sort de l’écran", element.tagName);
    }
  }
  return faults;
}
"""


@pytest.fixture
def open_deck(open_url, site):
    """Open a deck as it is projected."""

    def opener(path: str, **settings):
        watched = open_url(site + path, **settings)
        watched.page.set_viewport_size({"width": 1280, "height": 720})
        watched.page.wait_for_function("Reveal.isReady()")
        return watched

    return opener


def test_each_lesson_has_its_deck():
    lessons = {path.stem for path in NOTEBOOKS.glob("*.md")}
    projected = {path.split("/")[-1].removesuffix(".html") for path in DECKS}
    assert lessons <= projected


@pytest.mark.parametrize("path", DECKS)
def test_each_slide_is_read_from_the_last_row(open_deck, site, path):
    watched = open_deck(path)
    faults = watched.page.evaluate(FAULTS)
    assert not faults, "\n".join(faults)
    assert watched.outside(site) == []
    assert watched.errors == []


@pytest.mark.parametrize("path", DECKS)
def test_axe_finds_nothing_wrong_in_slides(open_url, site, path):
    page = open_url(f"{site}{path}?print-pdf").page  # all its slides at once
    page.wait_for_selector(".pdf-page")
    assert violations(page, "light") == []
    assert violations(page, "dark", runOnly=["color-contrast"]) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)  # reveal.js lays its slides out anew
    assert violations(page, "dark") == []


def test_a_deck_leads_to_its_lesson_and_back(open_deck, open_url, site):
    page = open_url(site + "notebooks/12_flask_premiers_pas.html").page
    link = page.get_by_role("link", name="Diaporama").get_attribute("href")
    assert link == "../diaporamas/notebooks/12_flask_premiers_pas.html"
    page = open_deck("diaporamas/notebooks/12_flask_premiers_pas.html").page
    page.get_by_role("link", name="La leçon").click()
    assert page.url == site + "notebooks/12_flask_premiers_pas.html"


def test_a_deck_is_light_or_dark(open_deck, scheme):
    page = open_deck(DECKS[0], scheme=scheme).page
    assert is_light(page) == (scheme == "light")
    page.get_by_role("button", name="Clair ou sombre").click()
    assert is_light(page) == (scheme == "dark")


def test_notes_are_for_the_teacher_alone(open_deck):
    page = open_deck("diaporamas/notebooks/12_flask_premiers_pas.html").page
    page.evaluate("Reveal.slide(1)")
    notes = page.locator("section.present aside.notes")
    assert not notes.is_visible()
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    shown = opened.value.locator(".speaker-controls-notes .value")
    shown.get_by_text("Demander à la salle").wait_for()


LESSON = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, name: python3}
---

# La leçon

Sa prose.

## Un titre

%s

Le texte.

+++

Encore de la prose.
"""


def projected(mark: str) -> list[nbformat.NotebookNode]:
    """Return the cells of the deck of a lesson that holds `mark`."""
    return decks.read(LESSON % mark).cells[1:]


def test_only_what_is_marked_is_projected():
    begins, cell = projected('+++ {"slideshow": {"slide_type": "slide"}}')
    assert begins.source.split("\n")[:2] == ["```{slide-part} slide ", "Un titre"]
    assert cell.source == "Le texte."


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ('{"slide_type": "slyde"}', "slide_type est l’un de"),
        ('{"slide_type": "slide", "titel": "x"}', "ne connaît pas titel"),
        ('{"slide_type": "slide", "only": "code"}', "only est input ou output"),
        ('{"slide_type": "fragment"}', "avant la première diapositive"),
    ],
    ids=["unknown type", "unknown key", "unknown half", "nothing to go on with"],
)
def test_a_mark_without_meaning_is_refused(mark, message):
    with pytest.raises(decks.DeckError, match=f"ligne 12 : .*{message}"):
        decks.read(LESSON % f'+++ {{"slideshow": {mark}}}')


def test_a_copy_for_students_has_nothing_for_the_slides_alone():
    mark = '+++ {"slideshow": {"slide_type": "slide"}, "tags": ["remove-cell"]}'
    copy = decks.page(LESSON % mark)
    assert "Le texte." not in copy
    assert "Sa prose." in copy
    assert "Encore de la prose." in copy
