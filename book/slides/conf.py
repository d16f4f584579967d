"""Sphinx's configuration for the decks; the site's is _config.yml."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "book" / "_ext")]

project = "Programmes coopérants"
language = "fr"
extensions = [
    "myst_nb", "sphinx_design", "sphinx_exercise", "sphinx.ext.intersphinx", "sphinx_revealjs",
    "inline_figures", "code_blocks", "flask_live", "course.tables", "course.overview",
    "editions.slides",
]  # fmt: skip
templates_path = ["_templates"]
myst_enable_extensions = ["colon_fence", "deflist", "attrs_block", "attrs_inline", "substitution"]
myst_url_schemes = ["mailto", "http", "https"]
nitpicky = True
numfig = True

# A lesson is read as its deck, with the outputs of its one execution.
nb_custom_formats = {".md": ["tools.decks.read", {}, False]}
nb_execution_mode = "off"
nb_merge_streams = True
nb_mime_priority_overrides = [
    ["revealjs", mime, priority]
    for priority, mime in enumerate(
        ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]
    )
]

# What a slide refers to and does not show is in the site, which holds the decks in a folder.
intersphinx_mapping = {"site": ("..", str(ROOT / "_build" / "html" / "objects.inv"))}

revealjs_static_path = ["_static", "../_static"]
revealjs_css_files = ["pygments.css", "book.css", "slides.css"]
