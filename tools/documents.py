"""What a reader of the site may download: each lesson as notebooks, the PDF, the ePub, the archive.

The notebooks are made at each build; the others when they are asked for, and the site then leads
to them. ``DOCUMENTS`` is where all stand, in the site as in the archive.
"""

from __future__ import annotations

import shutil
import zlib

import nbformat

from tools import ARCHIVE, BUILD, EPUB, HTML, PDF, execute

DOCUMENTS = "documents"
NOTEBOOKS = BUILD / "notebooks"
#: Folders of the notebooks to do, and of those that are done.
STUDENT, EXECUTED = "notebooks", "notebooks_executes"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def publish() -> None:
    """Write the notebooks, and put in the site all the documents that there are."""
    write_notebooks()
    target = HTML / DOCUMENTS
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(NOTEBOOKS, target)
    for document in (PDF, EPUB, ARCHIVE):
        if document.exists():
            shutil.copyfile(document, target / document.name)


def write_notebooks() -> None:
    """Write each lesson as two notebooks: to do, without any output, and executed."""
    shutil.rmtree(NOTEBOOKS, ignore_errors=True)
    cache = execute.open_cache()
    for lesson in execute.lessons():
        notebook = execute.read(lesson)
        _, executed = cache.merge_match_into_notebook(notebook)
        for folder, source in ((STUDENT, notebook), (EXECUTED, executed)):
            path = NOTEBOOKS / folder / f"{lesson.stem}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(tidy(source), path)


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook with what Jupyter needs, and the same identifiers each time."""
    cells = []
    for number, cell in enumerate(notebook.cells):
        cell = nbformat.from_dict(cell)
        cell.id = f"{zlib.crc32(cell.source.encode()):08x}-{number}"
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def path_of(kind: str, stem: str) -> str:
    """Return where the site has the notebook of a lesson."""
    return f"{DOCUMENTS}/{kind}/{stem}.ipynb"
