"""What readers take away: the PDF, the ePub, the notebooks, and the archive that holds them."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pikepdf
import pytest
import yaml
from playwright.sync_api import expect

from tools import ARCHIVE, EPUB, HTML, PDF, ROOT, archive, documents, execute, printing

LESSONS = execute.lessons()
A4 = (595, 842)  # points
MARGIN = 57  # points: what stands above and below is the running title and the page's number
MEGABYTE = 1e6
HIDDEN = {"remove-input", "remove-cell"}


@pytest.fixture(scope="module", autouse=True)
def made() -> None:
    """Make the copies, beside the site that is already there."""
    for word in ("print", "epub"):  # in processes of their own: this one may hold a browser
        subprocess.run([sys.executable, "-m", "tools", word], cwd=ROOT, check=True)
    documents.write_notebooks()
    archive.pack()


def program(name: str) -> str:
    """Return the path of a program; where there is none, say so, and fail if CI must have it."""
    path = shutil.which(name)
    if path is None:
        wanted = os.environ.get("CI") and sys.platform == "linux"
        (pytest.fail if wanted else pytest.skip)(f"{name} is not installed")
    return path


# The PDF


@pytest.fixture(scope="module")
def pdf(made) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(PDF) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(made) -> list[str]:
    """Return the text of each page, without its margins."""
    area = ["-x", "0", "-y", str(MARGIN), "-W", str(A4[0]), "-H", str(A4[1] - 2 * MARGIN)]
    command = [program("pdftotext"), *area, str(PDF), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """Return level, title and page of each bookmark."""
    numbers = printing.page_numbers(pdf)
    found = []

    def read(items: list, level: int) -> None:
        for item in items:
            found.append((level, item.title, place(item, pdf, numbers)))
            read(item.children, level + 1)

    with pdf.open_outline() as root:
        read(root.root, 1)
    return found


def place(item: pikepdf.OutlineItem, pdf: pikepdf.Pdf, numbers: dict[str, int]) -> int:
    target = item.destination if item.destination is not None else item.action.D
    if isinstance(target, pikepdf.Array):
        return next(n for n, page in enumerate(pdf.pages, 1) if page.objgen == target[0].objgen)
    return numbers[str(target).lstrip("/")]


def title_of(lesson: Path) -> str:
    return re.search(r"^# (.+)$", lesson.read_text(encoding="utf-8"), re.MULTILINE)[1]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_pdf_says_what_it_is(pdf):
    assert pdf.docinfo.Title == "Programmes coopérants"
    assert pdf.Root.Lang == "fr"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.StructTreeRoot.K
    assert PDF.stat().st_size < 15 * MEGABYTE


def test_pdf_pages_are_a4(pdf):
    sizes = {(round(page.mediabox[2]), round(page.mediabox[3])) for page in pdf.pages}
    assert sizes == {A4}


def test_pdf_outline_is_that_of_the_course(pdf):
    levels = outline(pdf)
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [part["caption"] for part in toc["parts"]]
    assert [title for level, title, _ in levels if level == 1 and title in parts] == parts
    chapters = [title for level, title, _ in levels if level == 2]
    lessons = [squeezed(title_of(lesson)) for lesson in LESSONS]
    assert [title for title in map(squeezed, chapters) if title in lessons] == lessons


def test_pdf_lesson_starts_a_page(pdf, pages):
    starts = {squeezed(title): page for level, title, page in outline(pdf) if level == 2}
    for lesson in LESSONS:
        title = squeezed(title_of(lesson))
        assert squeezed(pages[starts[title] - 1]).startswith(title)


def test_pdf_contents_give_the_page_of_each_lesson(pdf):
    begin = min(page for level, title, page in outline(pdf) if title == "Programmes coopérants")
    command = [program("pdftotext"), "-layout", "-f", "2", "-l", str(begin - 1), str(PDF), "-"]
    contents = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    lines = {squeezed(line) for line in contents.splitlines()}
    for level, title, page in outline(pdf):
        if level <= 2 and page >= begin:
            assert squeezed(f"{title}{page}") in lines


def test_pdf_fonts_are_in_it(pdf):
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}
    for font in fonts.values():
        for each in font.get("/DescendantFonts", [font]):
            descriptor = each.get("/FontDescriptor")
            assert font.Subtype == "/Type3" or {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                descriptor.keys()
            )


def test_pdf_links_lead_somewhere(pdf):
    named = {name.lstrip("/") for name in printing.page_numbers(pdf)}
    links = [link for page in pdf.pages for link in page.get("/Annots", [])]
    addresses = {str(link.A.URI) for link in links if "/URI" in link.get("/A", {})}
    assert addresses
    assert all(address.startswith(("http", "mailto:")) for address in addresses)
    inside = [str(link.Dest).lstrip("/") for link in links if "/Dest" in link]
    assert len(inside) > 200
    assert set(inside) <= named


def test_pdf_shows_the_addresses_of_its_links(pages):
    assert "(https://www.python.org/downloads/)" in squeezed("".join(pages))


def test_pdf_diagrams_are_not_pictures(pdf):
    """The only pictures are the photographs of pages and the curves that cells draw."""
    images = [
        stream
        for stream in pdf.objects
        if isinstance(stream, pikepdf.Stream) and stream.get("/Subtype") == "/Image"
    ]
    shown = len(list((ROOT / "book" / "pictures").glob("*.png")))
    for lesson in LESSONS:
        notebook = read_notebook(documents.EXECUTED, lesson)
        shown += json.dumps(notebook).count('"image/png"')
    assert 0 < len(images) <= 2 * shown  # each with its transparency


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_pdf_holds_the_code_whole(pages, lesson):
    text = squeezed("".join(pages))
    for cell in execute.read(lesson).cells:
        if cell.cell_type == "code" and not HIDDEN & set(cell.metadata.get("tags", [])):
            assert squeezed(cell.source) in text


def test_pdf_puts_solutions_at_the_end(pdf, pages):
    starts = [page for level, title, page in outline(pdf) if level == 2]
    solutions = [page for level, title, page in outline(pdf) if title == "Solutions"]
    assert len(solutions) == len(LESSONS)
    for begin, end in itertools.pairwise(starts):
        for page in solutions:
            if begin <= page < end:
                assert "Solution de Exercice" not in "".join(pages[begin - 1 : page - 1])


# The ePub


def test_epub_is_accepted(made):
    checker = Path(program("epubcheck"))
    # Debian's is a Java archive that needs a kernel set up to run such files.
    is_jar = zipfile.is_zipfile(checker)
    command = [*([program("java"), "-jar"] if is_jar else []), str(checker), str(EPUB)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    assert not re.search(r"^(?:WARNING|ERROR|FATAL)", result.stdout + result.stderr, re.MULTILINE)


def test_epub_has_no_script_and_draws_in_svg(made):
    with zipfile.ZipFile(EPUB) as book:
        names = book.namelist()
        assert not [name for name in names if name.endswith(".js")]
        chapters = [name for name in names if name.endswith(".xhtml")]
        assert len(chapters) > len(LESSONS)
        for name in chapters:
            text = book.read(name).decode()
            assert "<script" not in text
            assert "<iframe" not in text
        figures = {Path(name).name for name in names if name.endswith(".svg")}
    assert figures == {path.name for path in (ROOT / "book" / "figures").glob("*.svg")}


# The notebooks


def read_notebook(kind: str, lesson: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(documents.NOTEBOOKS / kind / f"{lesson.stem}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_notebooks_are_the_lesson(lesson):
    student = read_notebook(documents.STUDENT, lesson)
    executed = read_notebook(documents.EXECUTED, lesson)
    sources = [cell.source for cell in execute.read(lesson).cells]
    assert [cell.source for cell in student.cells] == sources
    assert [cell.source for cell in executed.cells] == sources
    code = [cell for cell in student.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert any(cell.get("outputs") for cell in executed.cells)


def test_site_leads_to_documents_that_are_there():
    links = 0
    for page in [*HTML.glob("notebooks/*.html"), *HTML.glob("book/*.html")]:
        for address in re.findall(r'href="(\.\./documents/[^"]+)"', page.read_text("utf-8")):
            links += 1
            assert (page.parent / address).resolve().is_file(), address
    assert links >= 2 * len(LESSONS)


# The archive


@pytest.fixture(scope="module")
def unpacked(made, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    with zipfile.ZipFile(ARCHIVE) as packed:
        packed.extractall(folder)
    return folder / archive.TOP


@pytest.fixture
def served(unpacked, tmp_path) -> Iterator[str]:
    """Serve the archive as its reader does, with a Python that has no packages."""
    command = [sys.executable, "-I", "-S", str(unpacked / "servir.py"), "--no-browser"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
        process.terminate()


def test_archive_holds_everything(unpacked):
    there = {path.relative_to(unpacked).as_posix() for path in unpacked.glob("*")}
    assert there == {"LISEZMOI.txt", "LICENSE", "servir.py", "site", "documents"}
    kept = {path.name for path in (unpacked / "documents").glob("*")}
    assert kept == {PDF.name, EPUB.name, documents.STUDENT, documents.EXECUTED}


def test_archive_is_served_with_its_live_demos(served, open_url):
    watched = open_url(f"{served}notebooks/12_flask_premiers_pas.html")
    live = watched.page.locator("flask-live").first
    live.locator(".live-run").click()
    frame = live.frame_locator("iframe").first
    expect(frame.locator("body")).to_contain_text("Bonjour", timeout=60_000)
    assert watched.outside(served) == []
    assert watched.errors == []


def test_archive_serves_its_documents(served, open_url, unpacked):
    page = open_url(served).page
    for path in (unpacked / "documents").rglob("*.*"):
        address = path.relative_to(unpacked).as_posix()
        assert page.request.get(f"{served}{address}").body() == path.read_bytes()
