"""SVG figures of the book become part of the page, so that they follow its theme.

In a notebook or an ePub, the same ``{figure}`` shows the file, which knows light and dark too.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import NodeMatcher

FIGURES = "book/figures/"


class InlineFigures(SphinxPostTransform):
    """Replace images of ``book/figures/*.svg`` by the drawing itself, its text as its name."""

    default_priority = 5  # before the images are collected and copied
    formats = ("html",)

    def is_supported(self) -> bool:
        return super().is_supported() and self.app.builder.name != "epub"

    def run(self, **kwargs) -> None:
        for image in list(self.document.findall(NodeMatcher(nodes.image))):
            uri = image["uri"]
            if not (uri.startswith(FIGURES) and uri.endswith(".svg")):
                continue
            identifier = nodes.make_id(uri)
            drawing = (Path(self.env.srcdir) / uri).read_text(encoding="utf-8")
            label = image.get("alt", "").replace("&", "&amp;").replace('"', "&quot;")
            drawing = drawing.replace(
                "<svg ", f'<svg id="{identifier}" role="img" aria-label="{label}" ', 1
            )
            image.replace_self(nodes.raw("", drawing, format="html"))


def setup(app: Sphinx) -> dict:
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
