"""The built site, in a real browser."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.helpers import Watched, is_light
from tools import HTML, serve

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


@pytest.fixture
def open_page(open_url, site) -> Callable[..., Watched]:
    """Open a page of the site."""
    return lambda path, **settings: open_url(site + path, **settings)


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
