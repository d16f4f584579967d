"""What a page says of itself: to search engines, to who shares its address, when it is not there.

The description is what a lesson promises (« Vous saurez … »), or a page's first paragraph. The
sitemap and absolute addresses need ``html_baseurl``: where the site is published, if it is.

Why not by extensions made for it: sphinx-sitemap lists the pages that one build has written, five
after a change of one; sphinxext-opengraph imports matplotlib at each build, leaves admonitions, and
so promises, out of descriptions, and gives none to the search page; the page of
sphinx-notfound-page needs the styles and scripts of the site, which are not where it says in a copy
read offline.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from course.card import PROMISE
from docutils import nodes
from sphinx.application import Sphinx

MOST = 200  # characters of a description
PICTURE = "_static/partage.png"
NOT_FOUND = Path(__file__).parents[2] / "_templates" / "404.html"


def describe(doctree: nodes.document | None) -> str:
    """Return what a page is about, in a sentence or two."""
    if doctree is None:
        return "Le cours de programmation réseau en Python dont toutes les sorties sont vraies."
    paragraphs = list(doctree.findall(nodes.paragraph))
    promise = [each for each in paragraphs if PROMISE in each["classes"]]
    text = next((each.astext() for each in promise or paragraphs), "").replace("\n", " ")
    return text if len(text) <= MOST else text[:MOST].rsplit(" ", 1)[0] + " …"


def add_metadata(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Add the description and the Open Graph properties (ogp.me) to a page's head."""
    description, titles = describe(doctree), app.env.titles
    properties = {
        "og:title": titles[pagename].astext() if pagename in titles else app.config.project,
        "og:type": "article" if pagename.startswith("notebooks/") else "website",
        "og:site_name": app.config.project,
        "og:locale": "fr_FR",
        "og:description": description,
    }
    if base := app.config.html_baseurl:
        properties["og:url"] = urljoin(base, app.builder.get_target_uri(pagename))
        properties["og:image"] = urljoin(base, PICTURE)
    tags = [f'<meta name="description" content="{escape(description)}" />']
    tags += [f'<meta property="{k}" content="{escape(v)}" />' for k, v in properties.items()]
    context["metatags"] = context.get("metatags", "") + "\n    ".join(tags)


def write_site_files(app: Sphinx, error: Exception | None) -> None:
    """Write the page of what is not there and, for a published site, its map."""
    if error is not None or app.builder.name != "html":
        return
    base = app.config.html_baseurl
    folder = Path(app.outdir)
    page = NOT_FOUND.read_text(encoding="utf-8")
    root = urlsplit(base).path or "/"
    folder.joinpath("404.html").write_text(page.replace("{{ root }}", root), encoding="utf-8")
    if base:
        uris = sorted(map(app.builder.get_target_uri, app.env.found_docs))
        urls = "".join(f"<url><loc>{escape(urljoin(base, uri))}</loc></url>\n" for uri in uris)
        folder.joinpath("sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
            encoding="utf-8",
        )


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", add_metadata)
    app.connect("build-finished", write_site_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
