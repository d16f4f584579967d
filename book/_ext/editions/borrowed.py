"""What the editions borrow from inside others' packages, and the versions it was tried with.

``tests/book/test_borrowed.py`` tells when one of them no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

TRIED = {
    "sphinx-book-theme": "1.3.0",
    "sphinx-exercise": "1.2.1",
    "sphinx-design": "0.8.0",
    "myst-nb": "1.4.0",
}

# The buttons that sphinx-book-theme puts at the top of a page, in its templates' context.

BUTTONS = "header_buttons"
DOWNLOADS = "download-buttons"


def button(**parts: str) -> dict[str, str]:
    """Return a button: its `url`, `text`, `tooltip`, `label`, and perhaps its `icon`."""
    return {"type": "link", **parts}


def add_first(context: dict, added: dict) -> None:
    """Put a button before the others."""
    context[BUTTONS].insert(0, added)


def add_downloads(context: dict, *added: dict) -> None:
    """Put buttons at the head of the downloads."""
    for group in context.get(BUTTONS, []):
        if group["label"] == DOWNLOADS:
            group["buttons"][:0] = added


# The nodes of sphinx-exercise.

#: The identifiers that it gives to the content of each exercise and of each solution.
REPEATED_IDS = (["exercise-content"], ["solution-content"])


def solutions(document: nodes.document) -> list[nodes.Element]:
    return list(document.findall(solution_node))


def exercises_solved_by(solution: nodes.Element, document: nodes.document) -> Iterator:
    """Yield the exercise that `solution` solves."""
    for exercise in document.findall(is_exercise):
        if exercise["label"] == solution["target_label"]:
            yield exercise


def is_exercise(node: nodes.Node) -> bool:
    return isinstance(node, exercise_node | exercise_enumerable_node)


def drop_repeated_ids(document: nodes.document) -> None:
    """Take away the identifiers that are there several times."""
    for section in document.findall(nodes.section):
        if section["ids"] in REPEATED_IDS:
            section["ids"] = []


# The tabs of sphinx-design, and the folded cells of MyST-NB.


def tab_sets(document: nodes.document) -> list[nodes.container]:
    """Return the sets of tabs: the children of each are its tabs, each a label and a content."""
    return [
        node
        for node in document.findall(nodes.container)
        if node.get("design_component") == "tab-set"
    ]


def unfold_cells(document: nodes.document) -> None:
    """Have cells shown that pages fold."""
    for cell in document.findall(nodes.container):
        cell.attributes.pop("hide_mode", None)
