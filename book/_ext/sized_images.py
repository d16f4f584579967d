"""Pictures keep their place before they come, and come when the reader nears them.

Each ``<img>`` of a page is given its file's width and height, and ``loading="lazy"``.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.images import get_image_size

IMAGE = re.compile(r'<img (?=[^>]*src="[^"]*_images/([^"]+)")')


def size_images(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Complete the pictures of a page that is about to be written."""
    if app.builder.name != "html" or "body" not in context:
        return
    files = {name: Path(app.srcdir, path) for path, name in app.builder.images.items()}

    def complete(match: re.Match) -> str:
        width, height = get_image_size(files[match[1]])
        return f'<img width="{width}" height="{height}" loading="lazy" '

    context["body"] = IMAGE.sub(complete, context["body"])


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", size_images)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
