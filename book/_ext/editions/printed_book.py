"""The builder ``printed``: the whole book on one page, which ``tools/printing.py`` prints.

Parts, then chapters (the lessons and the other pages), each resolved as its own page is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

TEMPLATE = "printed_book.html"
#: Levels of headings that the table of contents shows: parts, chapters, their sections.
CONTENTS_DEPTH = 3


class PrintedBookBuilder(SingleFileHTMLBuilder):
    """One page for all; identifiers get their page's name, so that none is there twice."""

    name = "printed"
    # Of its own, not "singlehtml": extensions then give it what they have for HTML.

    def get_outfilename(self, pagename: str) -> str:
        return str(self.outdir / "index.html")

    def assemble_doctree(self) -> nodes.document:
        root = self.config.root_doc
        toctrees = list(self.env.get_doctree(root).findall(addnodes.toctree))
        book = self.env.get_and_resolve_doctree(root, self)
        book.children = [self.chapter(book, root)]
        for number, toctree in enumerate(toctrees, 1):
            title = nodes.title("", toctree["caption"])
            part = nodes.section("", title, ids=[f"part-{number}"], classes=["part"])
            for _, docname in toctree["entries"]:
                part += self.chapter(self.env.get_and_resolve_doctree(docname, self), docname)
            book += part
        self.contents = list(table_of_contents(book))
        return book

    def assemble_toc_fignumbers(self) -> dict[str, dict[str, dict[str, tuple[int, ...]]]]:
        """Return the numbers of figures and exercises under their identifiers in the book."""
        numbers: dict[str, dict[str, tuple[int, ...]]] = {}
        for docname, kinds in self.env.toc_fignumbers.items():
            for kind, found in kinds.items():
                renamed = {f"{chapter_id(docname)}-{each}": found[each] for each in found}
                numbers.setdefault(kind, {}).update(renamed)
        return {self.config.root_doc: numbers}

    def chapter(self, document: nodes.document, docname: str) -> nodes.section:
        """Return the page's section, its identifiers and links made unique in the book."""
        prefix = chapter_id(docname)
        for node in document.findall(nodes.Element):
            node["ids"] = [f"{prefix}-{each}" for each in node.get("ids", [])]
            for key in ("refid", "refuri"):
                if key in node:
                    node[key] = link_in_book(node[key], prefix, key)
        for image in document.findall(nodes.image):
            image["classes"].append("no-scaled-link")  # to a file that paper does not have
        (chapter,) = document.findall(lambda node: node in document.children and is_section(node))
        chapter["ids"].insert(0, prefix)
        chapter["classes"].append("chapter")
        return chapter


def is_section(node: nodes.Node) -> bool:
    return isinstance(node, nodes.section)


def chapter_id(docname: str) -> str:
    """Return the identifier of a page's chapter."""
    return nodes.make_id(docname.rsplit("/", 1)[-1].replace("_", "-")).strip("-") or docname


def link_in_book(target: str, prefix: str, kind: str) -> str:
    """Return what a link of the page `prefix` becomes in the book."""
    if kind == "refid":
        return f"{prefix}-{target}"
    page, _, identifier = target.removeprefix("#document-").partition("#")
    if not target.startswith("#document-"):
        return target
    return "#" + "-".join(filter(None, (chapter_id(page), identifier)))


def table_of_contents(parent: nodes.Element, level: int = 1) -> Iterator[tuple[int, str, str]]:
    """Yield level, title and identifier of the headings."""
    for section in parent.children:
        if is_section(section):
            yield level, section[0].astext(), section["ids"][0]
            below = 3 if "chapter" in section["classes"] else level + 1
            if below <= CONTENTS_DEPTH:
                yield from table_of_contents(section, below)


def use_template(app: Sphinx, pagename: str, templatename, context: dict, doctree) -> str | None:
    """Give the book its own page: no menus, a title, a table of contents."""
    if app.builder.name != PrintedBookBuilder.name:
        return None
    context["book_title"] = app.config.html_title
    context["contents"] = app.builder.contents
    context["chapters"] = [each for each in app.builder.contents if each[0] <= 2]
    context["edition"] = format_date(date.today(), "MMMM yyyy", locale="fr")
    return TEMPLATE


def setup(app: Sphinx) -> dict:
    app.add_builder(PrintedBookBuilder)
    app.connect("html-page-context", use_template, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
