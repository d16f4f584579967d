"""What Lighthouse says of the welcome page and of three lessons; their speed is for benchmarks."""

import json

import pytest

from tools import ROOT, browser, node

AUDIT = ROOT / "tests" / "audit"
AUDITED = (
    "book/accueil.html",
    "notebooks/03_client_tcp.html",
    "notebooks/06_http.html",
    "notebooks/12_flask_premiers_pas.html",
)


@pytest.fixture(scope="module")
def audits(site) -> dict:
    """Audit the pages, one after another in one browser."""
    node.install(AUDIT)
    command, _ = node.find()
    urls = [site + path for path in AUDITED]
    return json.loads(node.run([*command, "audit.js", browser.ensure_browser(), *urls], AUDIT))


@pytest.mark.parametrize("path", AUDITED)
@pytest.mark.parametrize("category", ["accessibility", "best-practices", "seo"])
def test_lighthouse_finds_nothing_to_say(audits, site, path, category):
    assert audits[site + path][category] == [1, []]
