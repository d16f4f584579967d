"""Lighthouse on pages of the site: tests and benchmarks read the same audits."""

import json
from pathlib import Path

from tools import browser, node

FOLDER = Path(__file__).parent
AUDITED = (
    "book/accueil.html",
    "notebooks/03_client_tcp.html",
    "notebooks/06_http.html",
    "notebooks/12_flask_premiers_pas.html",
)


def audit(site: str, *categories: str) -> dict[str, dict[str, list]]:
    """Audit the pages, one after another in one browser.

    Returns:
        For each path: for each of Lighthouse's `categories`, a score from 0 to 1 and what is wrong.

    Raises:
        NodeError: npm or Lighthouse has failed.
    """
    node.install(FOLDER)
    command, _ = node.find()
    urls = [site + path for path in AUDITED]
    program = [*command, "audit.js", browser.ensure_browser(), ",".join(categories)]
    said = json.loads(node.run([*program, *urls], FOLDER))
    return {url.removeprefix(site): categories for url, categories in said.items()}
