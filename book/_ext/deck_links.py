"""The site holds the decks, when there are any, and each lesson leads to its own.

``make slides`` makes them; a site built before that has no link to what it does not have.
"""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

FOLDER = "diaporamas"


def decks(app: Sphinx) -> set[str]:
    """Return the pages that have a deck."""
    folder = Path(app.config.decks_folder)
    return {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html")}


def add_link(app: Sphinx, pagename: str, templatename, context: dict, doctree) -> None:
    """Add the deck to the buttons at the top of its lesson."""
    if pagename in decks(app):
        up = "../" * pagename.count("/")
        context["header_buttons"].insert(
            0,
            {
                "type": "link",
                "url": f"{up}{FOLDER}/{pagename}.html",
                "text": "Diaporama",
                "tooltip": "La leçon en diaporama",
                "label": "deck-button",
            },
        )


def outdated(app: Sphinx, env, added, changed, removed) -> set[str]:
    """Have pages written again when their deck has come or gone."""
    there, former = decks(app), getattr(env, "pages_with_deck", set())
    env.pages_with_deck = there
    return ((there ^ former) & env.found_docs) - removed


def copy_decks(app: Sphinx, error: Exception | None) -> None:
    """Put today's decks in the site."""
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    if not error and decks(app):
        shutil.copytree(app.config.decks_folder, target, ignore=shutil.ignore_patterns("_sources"))


def setup(app: Sphinx) -> dict:
    app.add_config_value("decks_folder", "", "")
    app.connect("html-page-context", add_link, priority=900)
    app.connect("env-get-outdated", outdated)
    app.connect("build-finished", copy_decks)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
