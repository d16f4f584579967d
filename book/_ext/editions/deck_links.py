"""The site holds the decks, when there are any, and each lesson leads to its own.

``make slides`` makes them; a site built before that has no link to what it does not have.
``{course-decks}`` lists them all, lectures included.
"""

import re
import shutil
from html import unescape
from pathlib import Path

from changing_facts import Facts
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from editions import borrowed

FOLDER = "diaporamas"


class Decks(SphinxDirective):
    """The list of the decks, by their titles."""

    def run(self) -> list[nodes.Node]:
        TITLES.note(self.env)
        up = "../" * self.env.docname.count("/")
        items = nodes.bullet_list()
        titles = titles_of_decks(self.env.app)
        for name in sorted(titles, key=lambda name: ("notebooks" not in name, name)):
            link = nodes.reference("", titles[name], refuri=f"{up}{FOLDER}/{name}.html")
            items += nodes.list_item("", nodes.paragraph("", "", link))
        return [items or nodes.paragraph("", "Ils se construisent par make slides.")]


def decks(app: Sphinx) -> set[str]:
    """Return the pages that have a deck."""
    if not app.config.decks_folder:
        return set()
    folder = Path(app.config.decks_folder)
    return {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html")}


def has_deck(app: Sphinx, page: str) -> bool:
    """Tell whether a page has a deck."""
    folder = app.config.decks_folder
    return bool(folder) and Path(folder, f"{page}.html").exists()


def titles_of_decks(app: Sphinx) -> dict[str, str]:
    """Return the title of each deck."""
    return {name: title_of(Path(app.config.decks_folder, f"{name}.html")) for name in decks(app)}


def title_of(deck: Path) -> str:
    return unescape(re.search("<h1>(.+?)</h1>", deck.read_text(encoding="utf-8"))[1])


def add_link(app: Sphinx, pagename: str, templatename, context: dict, doctree) -> None:
    """Add the deck to the buttons at the top of its lesson."""
    if app.builder.name == "html" and has_deck(app, pagename):
        up = "../" * pagename.count("/")
        button = borrowed.button(
            url=f"{up}{FOLDER}/{pagename}.html",
            text="Diaporama",
            tooltip="La leçon en diaporama",
            label="deck-button",
        )
        borrowed.add_first(context, button)


def copy_decks(app: Sphinx, error: Exception | None) -> None:
    """Put today's decks in the site, and in no other copy of the book."""
    if app.builder.name != "html":
        return
    target = Path(app.outdir) / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    if not error and decks(app):
        shutil.copytree(app.config.decks_folder, target, ignore=shutil.ignore_patterns("_sources"))


#: What the pages that list decks are made of, and what the button of a page is.
TITLES = Facts("decks", lambda app, page: titles_of_decks(app))
BUTTON = Facts("deck button", has_deck)


def setup(app: Sphinx) -> dict:
    app.add_directive("course-decks", Decks)
    app.add_config_value("decks_folder", "", "")
    app.connect("html-page-context", add_link, priority=900)
    app.connect("doctree-read", lambda app, doctree: BUTTON.note(app.env))
    TITLES.read_again(app)
    BUTTON.write_again(app)
    app.connect("build-finished", copy_decks)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
