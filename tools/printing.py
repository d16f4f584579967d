"""``make print``: the whole book as one PDF, tagged, with its outline and its page numbers.

Sphinx puts the book on one page (``book/_ext/editions/printed_book.py``), Chromium prints it. The
numbers of the table of contents are known once the book is printed: its pages are then printed
again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from playwright.sync_api import Error, Page, sync_playwright

from tools import BUILD, PDF, book, browser

PAGE = BUILD / "printed"
#: Milliseconds: five hundred pages, on a machine that does something else.
LIMIT = 600_000
#: Elements that style sheets keep whole, unless they are so high that the page would be half empty.
WIDTH, HALF_A_PAGE = 658, 480  # CSS pixels
KEPT_WHOLE = "div.cell_input, .output, pre, .admonition, .wire-connection, .wire li, table"
LET_BE_CUT = """([selector, limit]) => {
  for (const element of document.querySelectorAll(selector))
    if (element.offsetHeight > limit) element.classList.add("may-be-cut");
}"""
TITLES = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .map(heading => heading.innerText.replace(/[ \\n]+/g, " ").trim())"""
FILL_IN = """numbers => {
  for (const place of document.querySelectorAll("[data-page-of]"))
    place.textContent = numbers[place.dataset.pageOf];
}"""


def main(arguments: list[str]) -> int:
    """Print the book in ``_build/pdf``; ``--force`` executes and builds everything again."""
    started = time.monotonic()
    try:
        book.make("printed", PAGE, force="--force" in arguments)
        pages = print_book(PAGE / "index.html", PDF)
    except (*book.FAILURES, browser.NoBrowser, Error) as error:
        print(f"\n{error}\n\nLe livre n'a pas été imprimé.", file=sys.stderr)
        return 1
    size = PDF.stat().st_size / 1e6
    print(f"{pages} pages, {size:.1f} Mo, en {time.monotonic() - started:.0f} s : {PDF}")
    return 0


def print_book(page: Path, target: Path) -> int:
    """Print the book's only page; return how many pages it makes on paper."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.ensure_browser(), args=list(browser.OPTIONS)
        )
        view = chromium.new_page(viewport={"width": WIDTH, "height": HALF_A_PAGE})
        view.set_default_timeout(LIMIT)
        view.emulate_media(media="print", color_scheme="light")
        view.goto(page.as_uri())
        view.evaluate(LET_BE_CUT, [KEPT_WHOLE, HALF_A_PAGE])
        whole, contents = Path(folder, "whole.pdf"), Path(folder, "contents.pdf")
        print_pages(view, whole)
        with pikepdf.open(whole) as pdf:
            numbers = page_numbers(pdf)
            view.evaluate(FILL_IN, numbers)
            # After the title page, until the first chapter.
            print_pages(view, contents, f"2-{min(numbers.values()) - 1}")
            titles = view.evaluate(TITLES)
            chromium.close()
            replace_pages(pdf, contents)
            drop_local_links(pdf)
            with pdf.open_outline() as outline:
                name_bookmarks(outline.root, iter(titles))
            pdf.docinfo["/Author"] = "l’équipe de Programmes coopérants"
            pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
            pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return len(pdf.pages)


def print_pages(view: Page, target: Path, only: str = "") -> None:
    """Print `only` these pages, or all, as the style sheets want them."""
    view.pdf(
        path=target, page_ranges=only, prefer_css_page_size=True, print_background=True,
        outline=True, tagged=True,
    )  # fmt: skip


def page_numbers(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Return the page of each place that a link leads to."""
    number_of = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return {name.lstrip("/"): number_of[place[0].objgen] for name, place in pdf.Root.Dests.items()}


def replace_pages(pdf: pikepdf.Pdf, contents: Path) -> None:
    """Paint the pages of the table of contents again; their links and tags stay as they are."""
    with pikepdf.open(contents) as printed:
        for number, page in enumerate(printed.pages, 1):
            painted = pdf.copy_foreign(page.obj)
            pdf.pages[number].Contents = painted.Contents
            pdf.pages[number].Resources = painted.Resources


def name_bookmarks(bookmarks: list[pikepdf.OutlineItem], titles: Iterator[str]) -> None:
    """Give the bookmarks their headings: Chromium says twice the lines that begin a page."""
    for bookmark in bookmarks:
        bookmark.title = next(titles)
        name_bookmarks(bookmark.children, titles)


def drop_local_links(pdf: pikepdf.Pdf) -> None:
    """Drop links to files of this machine, from pages that outputs show in a frame."""
    for page in pdf.pages:
        kept = [link for link in page.get("/Annots", []) if not is_local(link)]
        page.Annots = pikepdf.Array(kept)


def is_local(link: pikepdf.Object) -> bool:
    return str(link.get("/A", {}).get("/URI", "")).startswith("file:")
