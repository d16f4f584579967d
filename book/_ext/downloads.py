"""Links to what ``tools/documents.py`` puts in the site, and only to what is there.

Each lesson leads to its notebooks; ``{course-documents}`` lists the PDF, the ePub and the archive.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

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
    """The list of the documents that there are; its page is read again when they change."""

    def run(self) -> list[nodes.Node]:
        vars(self.env).setdefault("documents_pages", set()).add(self.env.docname)
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
    for group in context.get("header_buttons", []):
        if group["label"] == "download-buttons":
            group["buttons"][:0] = [
                button(pagename, STUDENT, ".ipynb, à faire"),
                button(pagename, EXECUTED, ".ipynb, exécuté"),
            ]


def button(pagename: str, kind: str, text: str) -> dict[str, str]:
    stem = pagename.rsplit("/", 1)[-1]
    return {
        "type": "link",
        "url": "../" + path_of(kind, stem),
        "text": text,
        "tooltip": "Télécharger le notebook",
        "icon": "fas fa-code",
        "label": f"download-{kind}-button",
    }


def outdated(app: Sphinx, env, added, changed, removed) -> set[str]:
    former, env.documents = getattr(env, "documents", None), sizes()
    return set() if env.documents == former else getattr(env, "documents_pages", set()) - removed


def setup(app: Sphinx) -> dict:
    app.add_directive("course-documents", CourseDocuments)
    app.connect("html-page-context", add_buttons, priority=910)
    app.connect("env-get-outdated", outdated)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
