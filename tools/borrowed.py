"""What the tools borrow from inside others' packages, with the versions it was tried with.

``tests/book/test_borrowed.py`` tells when one of them no longer holds.
"""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import nbformat
from jupyter_cache.cache.main import JupyterCacheBase
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig

TRIED = {
    "ipykernel": "7.4.0",
    "jupyter-book": "1.0.4.post1",
    "jupyter-cache": "1.0.1",
    "myst-nb": "1.4.0",
    "sphinx-revealjs": "3.2.1",
}

# jupyter-cache: the key of an execution.


def key_without_slides(create):
    """Make the cache's keys leave out what is projected: choosing it executes nothing again."""

    @functools.wraps(create)
    def create_hashed_notebook(cache, notebook, **options):
        notebook = copy.deepcopy(notebook)
        for cell in notebook.cells:
            cell.metadata.pop("slideshow", None)
        return create(cache, notebook, **options)

    return create_hashed_notebook


def leave_slides_out_of_keys() -> None:
    """Patch the class, since MyST-NB makes a cache of its own to read what we have written."""
    JupyterCacheBase.create_hashed_notebook = key_without_slides(
        JupyterCacheBase.create_hashed_notebook
    )


# ipykernel: how it captures what programs write.

#: With these a kernel captures outputs as it does under pytest: nbval then finds the same ones.
AS_UNDER_PYTEST = {"PYTEST_CURRENT_TEST": "lesson"}


# MyST-NB: its reader, before Sphinx.


def read_notebook(text: str) -> nbformat.NotebookNode:
    """Read a MyST lesson as a notebook; its ``source_map`` gives each cell's line."""
    return read_myst_markdown_notebook(text, MdParserConfig(), add_source_map=True)


# Jupyter Book: Sphinx as it configures it.


def build_sphinx(root: Path, output: Path, doctrees: Path, builder: str, settings: dict):
    """Build, every warning an error; return an exit status, or the exception that stopped it."""
    from jupyter_book.sphinx import build_sphinx  # long to import, and of use to builds alone

    return build_sphinx(
        root,
        output,
        path_config=root / "_config.yml",
        noconfig=True,
        confoverrides=settings,
        doctreedir=doctrees,
        builder=builder,
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )


# reveal.js: the words of its window for the teacher, which it cannot be told otherwise.

NOTES_WORDS = {
    '<html lang=\\"en\\">': '<html lang=\\"fr\\">',
    "Loading speaker view...": "Ouverture des notes…",
    ">Upcoming<": ">Ensuite<",
    ">Time <": ">Durée <",
    "Click to Reset": "remettre à zéro",
    "0:00 AM": "0:00",
    "'en-US', { hour12: true,": "'fr-FR', {",
    "'Layout'": "'Disposition'",
    "'Default'": "'Par défaut'",
    "'Wide'": "'En largeur'",
    "'Tall'": "'En hauteur'",
    "'Notes only'": "'Les notes seules'",
    "Cross origin error.": "Autre origine.",
    "The speaker window can only be opened from the same origin.": "Ouvrez les notes par le site : "
    "make serve.",
    "Error connecting to main window.": "La fenêtre du diaporama ne répond pas.",
    "Please try closing and reopening the speaker view.": "Fermez celle-ci, rouvrez-la (S).",
    "Speaker view popup failed to open. Please make sure popups are allowed and reopen the speaker "
    "view.": "Le navigateur a refusé la fenêtre des notes : autorisez-la, puis pressez S.",
}


def translate_notes(script: Path) -> None:
    """Put the words of reveal.js's notes into French."""
    text = script.read_text(encoding="utf-8")
    for english, french in NOTES_WORDS.items():
        text = text.replace(english, french)
    script.write_text(text, encoding="utf-8")
