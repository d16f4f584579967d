"""``make archive``: the site, the PDF, the ePub and the notebooks, and one zip of them all.

Unpacked anywhere, ``python servir.py`` opens the site, live demos included, with no Internet.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from tools import ARCHIVE, EPUB, HTML, PDF, ROOT, book, documents, epub, printing, serve, slides
from tools.documents import DOCUMENTS

#: The folder that unpacking makes.
TOP = "programmes_cooperants"


def main(arguments: list[str]) -> int:
    """Make everything; ``--force`` executes and builds everything again."""
    # The site within the archive does not lead to the archive.
    ARCHIVE.unlink(missing_ok=True)
    for part in (printing, epub, slides):
        if status := part.main(arguments):
            return status
    pack()
    print(f"{ARCHIVE.stat().st_size / 1e6:.1f} Mo : {ARCHIVE}")
    return book.main([])  # the site that is published leads to it


def pack() -> None:
    """Write the archive."""
    ARCHIVE.parent.mkdir(parents=True, exist_ok=True)
    unfinished = ARCHIVE.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in contents():
            archive.write(path, f"{TOP}/{name}")
    unfinished.replace(ARCHIVE)


def contents() -> Iterator[tuple[str, Path]]:
    """Yield each file's name in the archive, and where it is."""
    yield "LISEZMOI.txt", ROOT / "book" / "archive" / "LISEZMOI.txt"
    yield "LICENSE", ROOT / "LICENSE"
    yield "servir.py", Path(serve.__file__)
    for path in (PDF, EPUB):
        yield f"{DOCUMENTS}/{path.name}", path
    for path in files(documents.NOTEBOOKS):
        yield f"{DOCUMENTS}/{path.relative_to(documents.NOTEBOOKS).as_posix()}", path
    for path in files(HTML):
        name = path.relative_to(HTML).as_posix()
        if not name.startswith(f"{DOCUMENTS}/"):
            yield f"site/{name}", path


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]
