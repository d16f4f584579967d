"""An ePub that readers accept: no scripts, no frames, XHTML that an XML parser can read."""

from __future__ import annotations

import base64
import posixpath

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder

from editions.kept_copies import LATE, KeptTransform

#: Of all that Sphinx and its extensions bring, what a page of the ePub uses.
STYLES = ("pygments.css", "outputs.css", "epub_book.css")
#: Attributes of SVG that reading HTML writes in small letters.
CASED = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
#: What the site has and the ePub has not: the index, the decks.
SITE_ONLY = ("genindex", "diaporamas/")
FRAME = "La page, telle qu’un navigateur la montre, se voit dans le site du cours."


class OfflineEpubBuilder(Epub3Builder):
    def get_toc(self) -> None:
        super().get_toc()
        for entry in self.refnodes:  # relative to the root document, which is in a folder
            entry["refuri"] = posixpath.normpath(entry["refuri"])

    def copy_static_files(self) -> None:
        super().copy_static_files()
        static = self.outdir / "_static"
        for path in static.rglob("*"):
            if path.is_file() and path.relative_to(static).as_posix() not in STYLES:
                path.unlink()


class WellFormed(KeptTransform):
    """Write the outputs' HTML as XHTML, and say what a frame would show."""

    default_priority = LATE + 1

    def is_supported(self) -> bool:
        return self.app.builder.name == "epub"

    def run(self, **kwargs) -> None:
        for raw in self.document.findall(nodes.raw):
            if raw.get("format") == "html":
                html = BeautifulSoup(raw.astext(), "html.parser")
                for frame in html.find_all("iframe"):
                    note = html.new_tag("em")
                    note.string = FRAME
                    frame.replace_with(note)
                for drawing in html.find_all("svg"):
                    drawing.replace_with(picture_of(html, drawing))
                raw.children = [nodes.Text(html.decode(formatter="minimal"))]


def picture_of(html: BeautifulSoup, drawing: Tag) -> Tag:
    """Return a drawing as an image: within the page, the ePub's manifest would have to say so."""
    drawing["xmlns"] = "http://www.w3.org/2000/svg"
    drawing.attrs = {CASED.get(name, name): value for name, value in drawing.attrs.items()}
    encoded = base64.b64encode(str(drawing).encode()).decode()
    name = drawing.get("aria-label", "")
    return html.new_tag("img", src=f"data:image/svg+xml;base64,{encoded}", alt=name)


def drop_scripts(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Drop what Thebe adds to each page, and links to what the ePub does without."""
    if app.builder.name == "epub":
        for link in list(doctree.findall(nodes.reference)):
            if any(part in link.get("refuri", "") for part in SITE_ONLY):
                link.replace_self(link.children)
        for raw in list(doctree.findall(nodes.raw)):
            if "<script" in raw.astext():
                raw.parent.remove(raw)


def keep_styles(app: Sphinx, pagename, templatename, context: dict, doctree) -> None:
    """Leave to pages their styles, and nothing that moves."""
    if app.builder.name == "epub":
        context["script_files"] = []
        context["css_files"] = [f"_static/{name}" for name in STYLES]


def setup(app: Sphinx) -> dict:
    app.add_builder(OfflineEpubBuilder, override=True)
    app.add_post_transform(WellFormed)
    app.connect("doctree-resolved", drop_scripts, priority=950)
    app.connect("html-page-context", keep_styles, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
