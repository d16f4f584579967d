"""What a reader of the site may download: each lesson as notebooks, the PDF, the ePub, the archive.

The notebooks are made at each build; the others when they are asked for, and the site then leads
to them. ``DOCUMENTS`` is where all stand, in the site as in the archive.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from pathlib import Path

import nbformat
from jupyter_cache.cache.main import JupyterCacheBase

from tools import ARCHIVE, BUILD, EPUB, HTML, PDF, execute

DOCUMENTS = "documents"
NOTEBOOKS = BUILD / "notebooks"
#: What they were made of when they were last written.
MADE_OF = BUILD / "notebooks.json"
#: Folders of the notebooks to do, and of those that are done.
STUDENT, EXECUTED = "notebooks", "notebooks_executes"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def publish(*, force: bool = False) -> None:
    """Write the notebooks, and put in the site all the documents that there are."""
    if force:
        MADE_OF.unlink(missing_ok=True)
    write_notebooks()
    target = HTML / DOCUMENTS
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(NOTEBOOKS, target)
    for document in (PDF, EPUB, ARCHIVE):
        if document.exists():
            shutil.copyfile(document, target / document.name)


def write_notebooks() -> None:
    """Write each lesson as two notebooks: to do, without any output, and executed.

    Only lessons that have changed, or been executed again, since their notebooks were written.
    """
    made_with = Path(__file__).read_bytes() + execute.cache_folder().name.encode()
    made_of = {
        lesson.stem: hashlib.sha256(lesson.read_bytes() + made_with).hexdigest()
        for lesson in execute.lessons()
    }
    former = json.loads(MADE_OF.read_text(encoding="utf-8")) if MADE_OF.exists() else {}
    if set(former) - set(made_of) or not NOTEBOOKS.exists():
        shutil.rmtree(NOTEBOOKS, ignore_errors=True)
        former = {}
    changed = [each for each in execute.lessons() if former.get(each.stem) != made_of[each.stem]]
    if changed:
        cache = execute.open_cache()
        for lesson in changed:
            write_notebook(lesson, cache)
        MADE_OF.write_text(json.dumps(made_of), encoding="utf-8")


def write_notebook(lesson: Path, cache: JupyterCacheBase) -> None:
    """Write both notebooks of a lesson that the cache holds executed."""
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
