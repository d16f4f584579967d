"""What the book knows of its own course: lessons, servers, versions, executions, words."""

from sphinx.application import Sphinx

PARTS = ("reading_order", "card", "overview", "tables", "executions", "glossary_links")


def setup(app: Sphinx) -> dict:
    for part in PARTS:
        app.setup_extension(f"{__name__}.{part}")
    return {"parallel_read_safe": False, "parallel_write_safe": True}
