"""Links to what ``tools/documents.py`` puts in the site, and only to what is there.

Each lesson leads to its notebooks; ``{course-documents}`` lists the PDF, the ePub and the archive.
"""

from __future__ import annotations

from pathlib import Path

from changing_facts import Facts
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from editions import borrowed
from tools import ARCHIVE, EPUB, PDF
from tools.documents import DOCUMENTS, EXECUTED, STUDENT, path_of

DESCRIPTIONS = {
    PDF: "Le livre en PDF",
    EPUB: "Le livre pour liseuse (ePub)",
    ARCHIVE: "Tout le cours hors ligne : site, livres, notebooks (zip)",
}
NONE = "Cette copie du site n’a ni PDF, ni ePub, ni archive : `make archive` les fabrique."
#: In copies to keep there is nothing to download from.
SITE = "html and not epub and not printed"


class CourseDocuments(SphinxDirective):
    """The list of the documents that there are."""

    def run(self) -> list[nodes.Node]:
        DOCUMENTS_THERE.note(self.env)
        up = "../" * self.env.docname.count("/")
        items = [
            document_item(DESCRIPTIONS[path], size, f"{up}{DOCUMENTS}/{path.name}")
            for path, size in sizes().items()
        ]
        if not items:
            return self.parse_text_to_nodes(NONE)
        only = addnodes.only(expr=SITE)
        only += nodes.bullet_list("", *items)
        return [only]


def sizes() -> dict[Path, str]:
    """Return the documents that there are, with their megabytes."""
    return {
        path: f"{path.stat().st_size / 1e6:.1f}".replace(".", ",")
        for path in DESCRIPTIONS
        if path.exists()
    }


def document_item(text: str, size: str, address: str) -> nodes.list_item:
    link = nodes.reference("", text, refuri=address, internal=True)
    return nodes.list_item(
        "", nodes.paragraph("", "", link, nodes.Text(f", {size}\N{NO-BREAK SPACE}Mo"))
    )


def add_buttons(app: Sphinx, pagename: str, templatename, context: dict, doctree) -> None:
    """Add a lesson's notebooks to the downloads at its top."""
    if not pagename.startswith("notebooks/"):
        return
    buttons = (
        button(pagename, STUDENT, ".ipynb, à faire"),
        button(pagename, EXECUTED, ".ipynb, exécuté"),
    )
    borrowed.add_downloads(context, *buttons)


def button(pagename: str, kind: str, text: str) -> dict[str, str]:
    stem = pagename.rsplit("/", 1)[-1]
    return borrowed.button(
        url="../" + path_of(kind, stem),
        text=text,
        tooltip="Télécharger le notebook",
        icon="fas fa-code",
        label=f"download-{kind}-button",
    )


DOCUMENTS_THERE = Facts("documents", lambda app, page: sizes())


def setup(app: Sphinx) -> dict:
    app.add_directive("course-documents", CourseDocuments)
    app.connect("html-page-context", add_buttons, priority=910)
    DOCUMENTS_THERE.read_again(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
