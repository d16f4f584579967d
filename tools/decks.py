"""From a lesson to its deck: the cells that it chooses to project, with their outputs.

A lesson says what is projected with Jupyter's own metadata, which JupyterLab's slides read too.
In ``+++ {"slideshow": {...}}`` for what follows, until the next ``+++`` or code cell; in
``:slideshow: {...}`` for a code cell, among its options:

==================  ==============================================================================
``slide_type``      what becomes of the cell
==================  ==============================================================================
``slide``           begins a slide
``subslide``        begins a slide below the last one: a detour, which hurried teachers leave out
``-``               goes on the same slide
``fragment``        the same, at the next key
``notes``           is for the teacher alone (key S)
``skip``, or none   is not projected: a deck is the lesson's backbone, not its text
==================  ==============================================================================

A lecture of ``book/slides``, a deck with no page, says ``slides: slide`` in its header: there a
cell without a mark begins a slide.

A slide's title is the first heading of its cell; else ``"title"`` beside ``slide_type``; else the
lesson's last heading. ``"only": "input"`` or ``"output"`` projects half of a code cell.
``"class"``, on the cell that begins the slide, takes one or several of these: ``columns``, its
cells side by side (``wide``, on one of them: all across); ``halves``, each code cell on the left of
what it answers; ``dense``, smaller, wires without their openings and closings; ``folded``, a long
wire in two columns; ``bare``, figures and pictures without their captions, and larger; ``full``, a
tall figure on all the screen, with neither caption nor title.

What the page does not say in so few words is a Markdown cell for the slide alone, tagged
``remove-cell``; so are the notes::

    +++ {"slideshow": {"slide_type": "slide"}, "tags": ["remove-cell"]}

    ## À tel chemin, telle fonction

    - le navigateur demande `/wheel`

    +++ {"slideshow": {"slide_type": "notes"}, "tags": ["remove-cell"]}

    Faire parier avant de montrer la suite.

    +++

A code cell says it among its options (YAML: quote what holds a colon, an accent grave, a mark)::

    :slideshow: {slide_type: fragment, title: "Et sur le fil ?", only: output}

``python -m tools slides`` builds the decks; tests/book/test_slides.py measures each slide.
JupyterLab's slides (Alt-R in ``make lab``) read the same marks, but let an unmarked cell follow
the last slide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import nbformat
from markdown_it import MarkdownIt

from tools import borrowed, execute

TYPES = ("slide", "subslide", "-", "fragment", "notes", "skip")
KEYS = {"slide_type", "title", "only", "class"}
LABEL = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
MARKDOWN = MarkdownIt("commonmark")
#: A Markdown cell that is in the deck and not in the page, up to the next cell.
SLIDE_ONLY = re.compile(
    r'^\+\+\+ \{.*"remove-cell".*\n(?:(?!\+\+\+|```\{code-cell\}).*\n)*', re.MULTILINE
)


class DeckError(Exception):
    """A lesson says of its slides what has no meaning; the message gives the line and why."""


@dataclass
class Part:
    """One cell of a deck: what it does to the slides, and what it shows."""

    kind: str
    title: str
    line: int
    cell: nbformat.NotebookNode
    classes: list[str] = field(default_factory=list)


def is_marked(text: str) -> bool:
    """Tell whether the lesson or lecture `text` chooses anything to project."""
    return '"slide_type"' in text or "{slide_type:" in text


def page(text: str) -> str:
    """Return the lesson `text` as its page shows it: without what is for the slides alone."""
    return SLIDE_ONLY.sub("", text)


def read(text: str) -> nbformat.NotebookNode:
    """Return the deck of the lesson `text` as an executed notebook, as myst-nb will read it.

    Before each cell stands a ``slide-part`` directive, which ``editions.slides`` turns into
    slides; headings have become titles of slides.

    Raises:
        DeckError: a mark has no meaning.
        KeyError: the lesson has not been executed.
    """
    notebook = borrowed.read_notebook(text)
    lines = notebook.metadata.source_map
    deck = nbformat.v4.new_notebook(metadata=notebook.metadata)
    cells = [(lines[0], nbformat.v4.new_markdown_cell(f"# {heading_of(notebook)}"))]
    for part in parts(with_outputs(notebook)):
        directive = f"```{{slide-part}} {part.kind} {' '.join(part.classes)}\n{part.title}\n```"
        cells += [(part.line, nbformat.v4.new_markdown_cell(directive)), (part.line, part.cell)]
    deck.cells = [cell for _, cell in cells]
    deck.metadata.source_map = [line for line, _ in cells]
    return deck


def with_outputs(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Give the code cells of `notebook`, if any, their outputs; the metadata stay the lesson's."""
    if not any(cell.cell_type == "code" for cell in notebook.cells):
        return notebook
    _, executed = execute.open_cache().merge_match_into_notebook(notebook)
    for cell, done in zip(notebook.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
    return notebook


def heading_of(notebook: nbformat.NotebookNode) -> str:
    """Return the lesson's title."""
    return next(title for _, title, _ in headings(notebook.cells[0].source))


def parts(notebook: nbformat.NotebookNode) -> Iterator[Part]:
    """Yield what `notebook` projects, in order, each with the title a slide would have here."""
    last = heading_of(notebook)
    begun = False
    for line, cell in zip(notebook.metadata.source_map, notebook.cells, strict=True):
        mark = cell.metadata.get("slideshow", {})
        check_mark(mark, line, begun)
        found = headings(cell.source) if cell.cell_type == "markdown" else []
        kind = mark.get("slide_type", notebook.metadata.get("slides", "skip"))
        if kind != "skip":
            begun = True
            title = found[0][1] if found else mark.get("title", last)
            yield Part(kind, title, line, projected(cell, mark), mark.get("class", "").split())
        if found:
            last = found[-1][1]


def check_mark(mark: dict, line: int, begun: bool) -> None:
    """Refuse what would be ignored in silence.

    Raises:
        DeckError: an unknown word, or a cell that goes on a slide when there is none.
    """
    where = f"ligne {line} : "
    kind = mark.get("slide_type", "skip")
    if unknown := mark.keys() - KEYS:
        raise DeckError(f"{where}slideshow ne connaît pas {', '.join(sorted(unknown))}")
    if kind not in TYPES:
        raise DeckError(f"{where}slide_type est l’un de {', '.join(TYPES)}, et non {kind}")
    if mark.get("only", "input") not in ("input", "output"):
        raise DeckError(f"{where}only est input ou output")
    if kind in ("-", "fragment", "notes") and not begun:
        raise DeckError(f"{where}{kind} avant la première diapositive")


def headings(source: str) -> list[tuple[int, str, int]]:
    """Return the line, the text and the level of each heading of a Markdown cell."""
    tokens = MARKDOWN.parse(source)
    return [
        (token.map[0], following.content, int(token.tag[1]))
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]


def projected(cell: nbformat.NotebookNode, mark: dict) -> nbformat.NotebookNode:
    """Return `cell` as it stands on a slide: no heading, no label, the half that is asked for."""
    shown = nbformat.from_dict(cell)
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != "remove-cell"]
    if cell.cell_type == "markdown":
        lines = cell.source.split("\n")
        for line, _, _ in headings(cell.source):
            lines[line] = ""
        shown.source = LABEL.sub("", "\n".join(lines)) or "% rien"
    else:
        shown.source = cell.source
        halves = {"input": "remove-output", "output": "remove-input"}
        tags += [halves[mark["only"]]] if "only" in mark else []
    shown.metadata = nbformat.from_dict({"tags": tags})
    return shown
