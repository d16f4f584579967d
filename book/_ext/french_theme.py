"""The theme's last English words, in French: those that its own catalogues leave out."""

from __future__ import annotations

from pathlib import Path

from jinja2.ext import Extension
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

IN_TEMPLATES = {
    'aria-label="Main"': 'aria-label="Chapitres"',
    'aria-label="Page"': 'aria-label="Sections de la page"',
    "Toggle primary sidebar": "Montrer ou cacher les chapitres",
    "Toggle secondary sidebar": "Montrer ou cacher le contenu de la page",
}
IN_SCRIPTS = {"togglebutton.js": {"Toggle hidden content": "Montrer ou cacher la suite"}}
SEARCH = "Chercher dans le livre"


class FrenchTemplates(Extension):
    """Templates are translated as they are read: none of them has to be copied here."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return translated(source, IN_TEMPLATES)


def translated(text: str, words: dict[str, str]) -> str:
    """Return `text` with each English expression replaced."""
    for english, french in words.items():
        text = text.replace(english, french)
    return text


def translate_options(app: Sphinx, config) -> None:
    # Setting html_theme_options in _config.yml would replace all that Jupyter Book generates.
    config.html_theme_options["search_bar_text"] = SEARCH


def translate_templates(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.templates.environment.add_extension(FrenchTemplates)


def translate_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Translate the scripts that were copied beside the pages."""
    for name, words in IN_SCRIPTS.items():
        script = Path(app.outdir) / "_static" / name
        if exception is None and script.exists():
            text = script.read_text(encoding="utf-8")
            script.write_text(translated(text, words), encoding="utf-8")


def visit_hidden(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open what a lesson folds; MyST-NB would name it in English for screen readers."""
    titles = {"collapsed": "Montrer la suite", "expanded": "Cacher la suite"}
    shown = (f'<p class="{state} admonition-title">{text}</p>' for state, text in titles.items())
    classes = " ".join(node["classes"])
    translator.body.append(
        f'<details class="admonition hide {classes}"><summary>{"".join(shown)}</summary>'
    )


def setup(app: Sphinx) -> dict:
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden, depart_HideCellInput))
    app.connect("config-inited", translate_options, priority=900)
    app.connect("builder-inited", translate_templates)
    app.connect("build-finished", translate_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
