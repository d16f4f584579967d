"""The other editions of the site: paper, e-book, decks, what is downloaded.

``editions.slides`` makes the decks, and is theirs alone: ``book/slides/conf.py`` names it.
"""

from sphinx.application import Sphinx

PARTS = ("deck_links", "kept_copies", "printed_book", "offline_epub", "downloads")


def setup(app: Sphinx) -> dict:
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": False, "parallel_write_safe": True}
