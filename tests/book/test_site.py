"""The built site, in a real browser."""

import gzip
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page
from theme import page_head

from tests.book.labels import english
from tests.helpers import PAGES, Watched, is_light, opening_pages, violations
from tools import HTML, NOTEBOOKS


@pytest.fixture
def open_page(open_url, site) -> Callable[..., Watched]:
    """Open a page of the site."""
    return lambda path, **settings: open_url(site + path, **settings)


@pytest.fixture(scope="module", params=PAGES)
def watched(request, chromium, site) -> Iterator[Watched]:
    """Open each page once for the two tests that look at it as it comes."""
    with opening_pages(chromium) as opener:
        yield opener(site + request.param)


def test_there_are_pages():
    assert {"index.html", "search.html", "notebooks/03_client_tcp.html"} <= set(PAGES)


def test_page_is_light_needs_nothing_from_outside_and_has_no_error(watched, site):
    assert watched.outside(site) == []
    assert watched.errors == []
    assert sum(weight(site, url) for url in set(watched.requests)) <= 500_000


def weight(site: str, url: str) -> int:
    """Return the bytes that a public host sends for a file: text is compressed."""
    name = urlsplit(url.removeprefix(site)).path
    content = (HTML / unquote(name)).read_bytes() if url.startswith(site) else b""
    return len(content) if name.endswith((".png", ".woff2")) else len(gzip.compress(content))


#: What may depend on colours; the other rules look at the same page in both schemes.
COLOURS = ["color-contrast", "link-in-text-block"]

#: Of coloured code, keep one word of each colour in each kind of block: axe looks at each word, and
#: most of a lesson's elements are such words.
EACH_WORD_ONCE = """
() => {
  const seen = new Set();
  for (const word of document.querySelectorAll(".highlight span")) {
    const kind = `${word.closest(".highlight").parentElement.className} ${word.className}`;
    if (seen.has(kind)) word.replaceWith(...word.childNodes);
    seen.add(kind);
  }
}
"""


def test_axe_finds_nothing_wrong(watched):
    page = watched.page
    page.add_style_tag(content="* { transition: none !important }")  # colours that fade
    page.evaluate(EACH_WORD_ONCE)
    assert violations(page, "light") == []
    assert violations(page, "dark", runOnly=COLOURS) == []
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_timeout(400)  # the theme waits for the end of a resize
    assert violations(page, "dark") == []
    assert violations(page, "light", runOnly=COLOURS) == []


@pytest.mark.parametrize("path", PAGES)
def test_pictures_have_a_text_keep_their_place_and_come_when_near(path):
    page = (HTML / path).read_text(encoding="utf-8")
    for image in re.findall(r"<img [^>]*>", page):
        assert len(re.search(r'alt="([^"]*)"', image)[1].split()) > 5, image
        assert re.search(r'width="\d+" height="\d+" loading="lazy"', image), image


@pytest.mark.parametrize(
    "path",
    [
        "book/accueil.html",
        "book/glossaire.html",
        "notebooks/03_client_tcp.html",
        "notebooks/12_flask_premiers_pas.html",
        "search.html?q=recv",
        "diaporamas/notebooks/03_client_tcp.html",
    ],
)
def test_what_has_the_focus_is_seen(open_page, scheme, path):
    page = open_page(path, scheme=scheme).page
    page.add_style_tag(content="* { transition: none !important }")
    page.keyboard.press("Tab")  # browsers show the focus to who uses a keyboard
    count, unseen = page.evaluate(UNSEEN_FOCUS)
    assert count > 3
    assert unseen == []


#: How many elements take the focus, and those which look the same with and without it.
UNSEEN_FOCUS = """
() => {
  const look = element => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, borderColor } =
      getComputedStyle(element);
    const outline = outlineStyle === "none" || outlineWidth === "0px" ? "" : outlineColor;
    return [outline, boxShadow, backgroundColor, borderColor].join();
  };
  const unseen = [];
  let count = 0;
  const places = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  for (const element of document.querySelectorAll(places)) {
    document.activeElement.blur();
    const before = look(element);
    element.focus();
    if (document.activeElement !== element) continue; // disabled, or not shown
    count += 1;
    if (look(element) === before) unseen.push(element.outerHTML.slice(0, 120));
  }
  return [count, unseen];
}
"""


def test_the_font_holds_the_icons_that_pages_show(open_page):
    """Ours stands in the place of the theme's, of which it keeps a few icons."""
    style = (HTML / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    codes = {
        name: int(code, 16)
        for selectors, code in re.findall(r'([^{}]+){content:"\\([0-9a-f]+)"}', style)
        for name in re.findall(r"\.(fa-[a-z0-9-]+):before", selectors)
    }
    text = " ".join((HTML / path).read_text(encoding="utf-8") for path in PAGES)
    shown = set(re.findall(r'"fa(?:s|-solid) (fa-[a-z0-9-]+)', text))
    assert {"fa-bars", "fa-download"} <= shown
    page = open_page("index.html").page
    unseen = page.evaluate(NOT_DRAWN, {name: codes[name] for name in [*shown, "fa-anchor"]})
    assert unseen == ["fa-anchor"]  # of the theme's font, and not of ours


#: The icons that are drawn as one that no font has.
NOT_DRAWN = """
async codes => {
  await document.fonts.load("900 40px 'Font Awesome 6 Free'");
  const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 60 });
  const context = canvas.getContext("2d");
  const draw = code => {
    context.clearRect(0, 0, 60, 60);
    context.font = "900 40px 'Font Awesome 6 Free'";
    context.fillText(String.fromCodePoint(code), 5, 45);
    return canvas.toDataURL();
  };
  return Object.keys(codes).filter(name => draw(codes[name]) === draw(0xf8ff));
}
"""


def test_a_page_tells_what_it_is_about(open_page):
    """To search engines, and to who is given its address."""
    page = open_page("notebooks/03_client_tcp.html").page
    content = {
        meta.get_attribute("name") or meta.get_attribute("property"): meta.get_attribute("content")
        for meta in page.locator("meta[content]").all()
    }
    assert content["description"].startswith("Vous saurez")
    assert content["og:title"] == "Un premier échange TCP"
    assert content["og:site_name"] == "Programmes coopérants"
    assert content["og:description"] == content["description"]


def test_an_unknown_address_has_its_page(open_page, site):
    watched = open_page("nulle/part.html")
    assert watched.statuses == {f"{site}nulle/part.html": 404}
    assert "Il n’y a rien à cette adresse" in watched.page.content()
    watched.page.get_by_role("link", name="l’accueil du cours").click()
    watched.page.wait_for_url(f"{site}book/accueil.html")


@pytest.mark.parametrize(
    ("address", "home"), [("", "/"), ("https://exemple.invalid/cours/", "/cours/")]
)
def test_a_published_site_has_a_map_of_its_pages(tmp_path, address, home):
    app = SimpleNamespace(
        config=SimpleNamespace(html_baseurl=address),
        builder=SimpleNamespace(name="html", get_target_uri="{}.html".format),
        env=SimpleNamespace(found_docs={"book/accueil", "notebooks/18_suite"}),
        outdir=tmp_path,
    )
    page_head.write_site_files(app, None)
    assert f'href="{home}search.html"' in (tmp_path / "404.html").read_text(encoding="utf-8")
    sitemap = tmp_path / "sitemap.xml"
    assert sitemap.exists() == bool(address)
    if address:
        places = re.findall("<loc>(.+?)</loc>", sitemap.read_text(encoding="utf-8"))
        assert places == [f"{address}book/accueil.html", f"{address}notebooks/18_suite.html"]


def test_the_book_tells_when_each_lesson_was_executed(open_page):
    told = open_page("book/a_propos.html").page.locator("table td:first-child").all_text_contents()
    assert [path.stem for path in sorted(NOTEBOOKS.glob("*.md"))] == [
        name for name in told if re.match(r"\d\d_", name)
    ]


@pytest.mark.parametrize("path", [path for path in PAGES if path.startswith("book/")])
def test_page_fits_a_phone(open_page, path):
    assert page_width(open_page(path, width=390).page) <= 390


def page_width(page: Page) -> int:
    """Return the pixels that a page takes: more than its window's, and it must be pushed about."""
    return page.evaluate("document.documentElement.scrollWidth")


def test_scheme_follows_the_system(open_page, scheme):
    page = open_page("notebooks/03_client_tcp.html", scheme=scheme).page
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert is_light(page) == (scheme == "light")


@pytest.mark.parametrize("word", ["réseau", "reseau", "décodeur", "decodeur", "DÉCODEUR"])
def test_search_finds_a_word_with_and_without_its_accents(open_page, word):
    page = open_page(f"search.html?q={word}").page
    page.wait_for_selector("#search-results li a", timeout=10_000)
    results = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")
    assert any("03_client_tcp" in address for address in results)


def test_search_finds_nothing_where_there_is_nothing(open_page):
    page = open_page("search.html?q=zygomatique").page
    page.wait_for_selector("#search-results p.search-summary", timeout=10_000)
    page.wait_for_function("!document.querySelector('#search-results h2.searching')")
    assert page.locator("#search-results li").count() == 0


@pytest.mark.parametrize(
    "path", ["notebooks/04_serialisation.html", "search.html?q=recv", "search.html?q=zygomatique"]
)
def test_scripts_add_no_english_label(open_page, path):
    page = open_page(path).page
    if path.startswith("search"):
        page.wait_for_function("!document.querySelector('#search-results h2.searching')")
    assert english(page.content()) == []


# What goes over the wire, exercises, quizzes

LESSONS = [path for path in PAGES if path.startswith("notebooks/")]


@pytest.mark.parametrize("path", LESSONS)
def test_a_lesson_fits_a_phone_and_its_wires_are_legible(open_page, path):
    page = open_page(path, width=390).page
    assert page_width(page) <= 390
    assert page.locator(".wire").count() >= 2
    payloads = page.locator(".wire pre:visible, .wire .wire-caption:visible")
    measures = payloads.evaluate_all(MEASURES)  # all at once: a lesson has hundreds
    assert measures
    for left, right, size, hidden in measures:
        assert left >= 0
        assert right <= 390
        assert size >= 12
        assert hidden <= 1


#: Of each element: where it begins and ends, its letters' size, how much of its text is cut, in
#: pixels.
MEASURES = """
elements => elements.map(element => {
  const { left, right } = element.getBoundingClientRect();
  const size = parseFloat(getComputedStyle(element).fontSize);
  return [left, right, size, element.scrollWidth - element.clientWidth];
})
"""


def test_a_wire_is_read_aloud(open_page):
    page = open_page("notebooks/03_client_tcp.html").page
    items = page.locator(".wire").first.locator("li").all_text_contents()
    assert items[0] == "client → serveur : ouvre la connexion"
    assert any(item.startswith("serveur → client : ") for item in items)
    assert page.locator(".wire").first.get_attribute("aria-label")


@pytest.mark.parametrize("path", LESSONS)
def test_a_quiz_answers_the_keyboard_without_a_script(open_page, path):
    page = open_page(path, java_script_enabled=False).page
    questions = page.locator(".quiz fieldset")
    assert questions.count() == 5
    for question in questions.all():
        choices = question.locator("input")
        assert question.locator("p:visible").count() == 0
        choices.first.focus()
        page.keyboard.press("Space")
        assert question.locator("p:visible").count() == 1
        seen = {question.locator("p:visible b").text_content()}
        for _ in range(choices.count() - 1):
            page.keyboard.press("ArrowDown")
            assert question.locator("p:visible").count() == 1
            seen.add(question.locator("p:visible b").text_content())
        assert seen == {"Oui.", "Non."}


@pytest.mark.parametrize("path", LESSONS)
def test_solutions_are_folded(open_page, path):
    page = open_page(path).page
    solutions = page.locator("div.solution.dropdown")
    assert solutions.count() >= 3
    for solution in solutions.all():
        body = solution.locator(".highlight").first
        assert not body.is_visible()
    solutions.first.locator("button.toggle-button").click()
    solutions.first.locator(".highlight").first.wait_for(state="visible")
    assert "Réussi" in solutions.first.locator(".check-summary").text_content()
