"""The built site, in a real browser."""

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools import HTML, browser, serve

PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in [*HTML.glob("notebooks/*.html"), *HTML.glob("book/*.html"), *HTML.glob("*.html")]
)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Serve ``_build/html``; return its address."""
    assert (HTML / "index.html").exists(), "the book is not built: make book"
    httpd = serve.server(HTML)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}/"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.ensure_browser(), args=list(browser.OPTIONS)
        )
        yield launched
        launched.close()


class Watched:
    """A page that remembers its JavaScript errors and its requests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def outside(self, site: str) -> list[str]:
        """Return the requests that went elsewhere than the site."""
        return [url for url in self.requests if not url.startswith((site, "data:", "blob:"))]


@pytest.fixture(params=["light", "dark"])
def scheme(request) -> str:
    return request.param


@pytest.fixture
def open_page(chromium, site) -> Iterator:
    """Open a page of the site in a context of its own."""
    contexts = []

    def opener(path: str, *, scheme: str = "light", width: int = 1280) -> Watched:
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, locale="fr-FR"
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.goto(site + path, wait_until="networkidle")
        return watched

    yield opener
    for context in contexts:
        context.close()


def test_there_are_pages():
    assert {"index.html", "search.html", "notebooks/03_client_tcp.html"} <= set(PAGES)


@pytest.mark.parametrize("path", PAGES)
def test_page_needs_nothing_from_outside_and_has_no_error(open_page, site, scheme, path):
    watched = open_page(path, scheme=scheme)
    assert watched.outside(site) == []
    assert watched.errors == []


@pytest.mark.parametrize("path", [p for p in PAGES if p.startswith(("notebooks/", "book/"))])
def test_page_fits_a_phone(open_page, path):
    page = open_page(path, width=390).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_scheme_follows_the_system(open_page, scheme):
    page = open_page("notebooks/03_client_tcp.html", scheme=scheme).page
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(int(n) for n in re.findall(r"\d+", background)[:3]) > 3 * 128
    assert light == (scheme == "light")


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
