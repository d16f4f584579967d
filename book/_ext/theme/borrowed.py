"""What the theme's adaptation borrows from inside others' packages, with the versions tried.

``tests/book/test_borrowed.py`` tells when one of them no longer holds.
"""

from __future__ import annotations

from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.writers.html5 import HTML5Translator

TRIED = {
    "pydata-sphinx-theme": "0.17.1",
    "sphinx-book-theme": "1.3.0",
    "sphinx-togglebutton": "0.4.5",
    "myst-nb": "1.4.0",
}

#: Words that the theme's templates, and scripts, do not take from its catalogues.
IN_TEMPLATES = {
    'aria-label="Main"': 'aria-label="Chapitres"',
    'aria-label="Page"': 'aria-label="Sections de la page"',
    "Toggle primary sidebar": "Montrer ou cacher les chapitres",
    "Toggle secondary sidebar": "Montrer ou cacher le contenu de la page",
}
IN_SCRIPTS = {"togglebutton.js": {"Toggle hidden content": "Montrer ou cacher la suite"}}

#: A part of the names of the scripts that the theme's stack adds to pages which use none of them.
UNWANTED_FILES = ("thebe", "mathjax", "require.js")


def translated(text: str, words: dict[str, str]) -> str:
    """Return `text` with each English expression replaced."""
    for english, french in words.items():
        text = text.replace(english, french)
    return text


# Setting these in _config.yml would replace all that Jupyter Book generates.


def set_theme_option(config, name: str, value: object) -> None:
    config.html_theme_options[name] = value


def set_default_scheme(config, scheme: str) -> None:
    """Choose light, dark or auto: none at all is an error to the theme's script."""
    config.html_context["default_mode"] = scheme


# MyST-NB names in English, for screen readers, the cells that a lesson folds.

FOLDED_TITLES = {"collapsed": "Montrer la suite", "expanded": "Cacher la suite"}


def visit_folded(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open a folded cell as MyST-NB does, but for its words."""
    shown = (
        f'<p class="{state} admonition-title">{text}</p>' for state, text in FOLDED_TITLES.items()
    )
    classes = " ".join(node["classes"])
    translator.body.append(
        f'<details class="admonition hide {classes}"><summary>{"".join(shown)}</summary>'
    )


FOLDED_CELL = HideCodeCellNode
FOLDED_VISITORS = (visit_folded, depart_HideCellInput)
