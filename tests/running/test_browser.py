"""A page as a browser shows it, for the exercises whose answer is a page."""

import pytest
from flask import Flask

from sandbox.checking.plays.browser import serving
from sandbox.running import browser
from tools.browser import ensure_browser

PAGE = """<p id="said">?</p><script>
fetch("/said").then((response) => response.text()).then((text) => {
  document.getElementById("said").textContent = text;
});
</script>"""


@pytest.fixture
def url():
    ensure_browser()
    app = Flask("page")
    app.add_url_rule("/", "page", lambda: PAGE)
    app.add_url_rule("/said", "said", lambda: "<b>bonjour</b>")
    with serving(app) as address:
        yield address


@pytest.mark.slow  # a browser
def test_page_is_rendered_once_its_scripts_have_what_they_asked_for(url):
    assert '<p id="said">&lt;b&gt;bonjour&lt;/b&gt;</p>' in browser.rendered(url)


def test_no_browser_is_no_page(url, monkeypatch):
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    assert browser.rendered(url) is None


def test_browser_that_cannot_run_is_no_page(url, monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "find_browser", lambda: str(tmp_path / "chromium"))
    assert browser.rendered(url) is None


def test_browser_is_given_up_when_it_is_too_long(url):
    assert browser.rendered(url, limit=0.01) is None
