"""What a book was last built from: what has not changed since is not made again.

Sphinx sees by itself which pages have changed, and what they include. It sees neither a change in
what it makes them with, nor a file taken out of what it has made; nor can it tell at once, before
reading its own notes, that there is nothing to do.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import BUILD, NOTEBOOKS, ROOT
from tools.side_by_side import Report

#: In a builder's folder of doctrees, as long as its last build has succeeded.
RECORD = "last_build.json"
#: Folders that are no source of the book; nor is what is hidden.
NO_SOURCES = {"_build", "mes_notebooks", "node_modules", "__pycache__"}
#: In what is built, the parts of tools/execute.py and tools/documents.py, which look after them.
OF_OTHERS = ("execution/", "html/documents/", "notebooks/", "notebooks.json")
#: Sources by which every page is read, and those by which every page is written.
SETTINGS = "settings"
READ_BY = (SETTINGS, "_config.yml", "book/_ext/", "tools/")
WRITTEN_BY = ("book/_static/", "book/_templates/")


@dataclass(frozen=True)
class Build:
    """A build that has succeeded.

    `sources` gives the hash of each file that it may have read, since git gives files new dates;
    `built` the size and date of each file that there was when it ended.
    """

    sources: dict[str, str]
    built: dict[str, list[int]]
    reports: list[Report]

    def changed(self, sources: dict[str, str]) -> set[str]:
        """Return the sources that have come, gone or changed since."""
        return {name for name, _ in self.sources.items() ^ sources.items()}

    def has_lost(self, output: Path) -> bool:
        """Tell whether a file of this folder is gone, or is not the one that was built."""
        there = built()
        top = output.relative_to(BUILD).as_posix() + "/"
        return any(
            there.get(name) != status for name, status in self.built.items() if name.startswith(top)
        )


def sources() -> dict[str, str]:
    """Return a hash of each thing that a build may read: files, Python's version, settings."""
    found = {name: digest(path.read_bytes()) for name, path in files(ROOT, NO_SOURCES)}
    settings = f"{platform.python_version()} {os.environ.get('BOOK_URL')}"
    return {**found, SETTINGS: digest(settings.encode())}


def built() -> dict[str, list[int]]:
    """Return the size and date of all that is built."""
    statuses = ((name, path.stat()) for name, path in files(BUILD))
    return {
        name: [status.st_size, status.st_mtime_ns]
        for name, status in statuses
        if not name.startswith(OF_OTHERS)
    }


def files(
    folder: Path, ignored: Container[str] = (), prefix: str = ""
) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder, named from it, but for what is hidden or ignored."""
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name in ignored:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files(Path(entry.path), ignored, f"{prefix}{entry.name}/")
        elif entry.is_file():
            yield prefix + entry.name, Path(entry.path)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(doctrees: Path) -> Build | None:
    """Return the last build into this folder, None if there is none or it has not succeeded."""
    try:
        record = json.loads((doctrees / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    reports = [
        Report(NOTEBOOKS / name, cells, seconds, cached=True)
        for name, cells, seconds in record["lessons"]
    ]
    return Build(record["sources"], record["built"], reports)


def forget(doctrees: Path) -> None:
    """Record that a build goes on."""
    (doctrees / RECORD).unlink(missing_ok=True)


def write(doctrees: Path, made_of: dict[str, str], reports: list[Report]) -> None:
    """Record a build that has succeeded; `made_of` is what `sources` told before it began."""
    lessons = [[each.lesson.name, each.cells, each.seconds] for each in reports]
    record = {"sources": made_of, "built": built(), "lessons": lessons}
    part = doctrees / f"{RECORD}.part"
    part.write_text(json.dumps(record), encoding="utf-8")
    part.replace(doctrees / RECORD)  # whole or not at all
