"""Make each lesson's deck, out of the same source and the same execution as its page.

``_build/slides`` holds them; the site gets a copy, and links from the lessons' pages to them. How a
lesson chooses what is projected is told in ``tools/decks.py``.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from tools import BUILD, HTML, ROOT, SLIDES, book, borrowed, browser, decks, execute

DOCTREES = BUILD / ".doctrees-slides"
SOURCE = ROOT / "book" / "slides"
#: Of all that Sphinx, its theme and reveal.js bring, what a deck loads.
WANTED = {
    "book.css",
    "favicon.svg",
    "slides.css",
    "slides.js",
    "theme.js",
    "revealjs/dist/reset.css",
    "revealjs/dist/reveal.css",
    "revealjs/dist/reveal.js",
    "revealjs/plugin/notes/notes.js",
}


def main(arguments: list[str]) -> int:
    """Build the site, the decks, then the links between them.

    ``--force`` makes all again, ``--pdf`` prints the decks in ``_build/pdf/diaporamas``.
    """
    started = time.monotonic()
    if status := book.main(arguments):
        return status
    try:
        check_marks()
        build()
        book.make_site()
        if "--pdf" in arguments:
            write_pdfs()
    except (*book.FAILURES, browser.NoBrowser) as error:
        print(f"\n{error}\n\nLes diaporamas n'ont pas été construits.", file=sys.stderr)
        return 1
    print(f"{len(documents())} diaporamas en {time.monotonic() - started:.1f} s : {SLIDES}")
    return 0


def documents() -> list[str]:
    """Return the lessons that project something and the lectures, as Sphinx names them."""
    paths = [path for path in execute.lessons() if decks.is_marked(path.read_text("utf-8"))]
    paths += sorted(SOURCE.glob("*.md"))
    return [path.relative_to(ROOT).with_suffix("").as_posix() for path in paths]


def check_marks() -> None:
    """Read each deck, as Sphinx will, to say where a mark has no meaning.

    Raises:
        BookError: with file and line.
    """
    for name in documents():
        try:
            decks.read((ROOT / f"{name}.md").read_text("utf-8"))
        except decks.DeckError as error:
            raise book.BookError(f"{name}.md, {error}") from error


def build() -> None:
    """Run Sphinx on the decks, all of them, every warning an error.

    Raises:
        BookError: Sphinx found something wrong and has said what and where.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    # Afresh each time, in a few seconds: outputs change with the sandbox, not with the sources.
    shutil.rmtree(SLIDES, ignore_errors=True)
    shutil.rmtree(DOCTREES, ignore_errors=True)
    names = documents()
    settings = {"root_doc": names[0], "include_patterns": [f"{name}.md" for name in names]}
    with patch_docutils(str(SOURCE)), docutils_namespace():
        app = Sphinx(
            ROOT, SOURCE, SLIDES, DOCTREES, "revealjs", settings,
            status=None, warningiserror=True, keep_going=True,
        )  # fmt: skip
        app.build()
    if app.statuscode:
        shutil.rmtree(SLIDES, ignore_errors=True)
        raise book.BookError("Sphinx a trouvé les erreurs ci-dessus (fichier:ligne).")
    keep_wanted_files()


def keep_wanted_files() -> None:
    """Leave in the decks what they use."""
    static = SLIDES / "_static"
    for path in static.rglob("*"):
        if path.is_file() and path.relative_to(static).as_posix() not in WANTED:
            path.unlink()
    shutil.copyfile(HTML / "_static" / "pygments.css", static / "pygments.css")
    borrowed.translate_notes(static / "revealjs" / "plugin" / "notes" / "notes.js")


def write_pdfs() -> None:
    """Print each deck, a slide a page, with the system's Chromium."""
    from playwright.sync_api import sync_playwright

    folder = BUILD / "pdf" / "diaporamas"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.ensure_browser(), args=list(browser.OPTIONS)
        )
        page = chromium.new_page(locale="fr-FR")
        for name in documents():
            page.goto(f"{(SLIDES / name).as_uri()}.html?print-pdf")
            page.wait_for_selector(".pdf-page")
            page.pdf(
                path=folder / f"{Path(name).name}.pdf",
                prefer_css_page_size=True,
                print_background=True,
                tagged=True,
                outline=True,
            )
        chromium.close()
