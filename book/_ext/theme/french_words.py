"""The theme's last English words, in French: those that its own catalogues leave out."""

from __future__ import annotations

from pathlib import Path

from jinja2.ext import Extension
from sphinx.application import Sphinx

from theme import borrowed

SEARCH = "Chercher dans le livre"


class FrenchTemplates(Extension):
    """Templates are translated as they are read: none of them has to be copied here."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return borrowed.translated(source, borrowed.IN_TEMPLATES)


def translate_options(app: Sphinx, config) -> None:
    borrowed.set_theme_option(config, "search_bar_text", SEARCH)


def translate_templates(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.templates.environment.add_extension(FrenchTemplates)


def translate_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Translate the scripts that were copied beside the pages."""
    for name, words in borrowed.IN_SCRIPTS.items():
        script = Path(app.outdir) / "_static" / name
        if exception is None and script.exists():
            text = script.read_text(encoding="utf-8")
            script.write_text(borrowed.translated(text, words), encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.add_node(borrowed.FOLDED_CELL, override=True, html=borrowed.FOLDED_VISITORS)
    app.connect("config-inited", translate_options, priority=900)
    app.connect("builder-inited", translate_templates)
    app.connect("build-finished", translate_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
