"""The site's theme in French, accessible, and offline; what its pages say to search engines."""

from sphinx.application import Sphinx

PARTS = ("french_search", "offline_page", "french_words", "page_head")


def setup(app: Sphinx) -> dict:
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
