"""The live demos that the book's pages ask for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import NOTEBOOKS, ROOT

DIRECTIVE = re.compile(r"^[`:]{3,}\{flask-live\} (\S+)\n((?::.*\n)*)", re.MULTILINE)
OPTION = re.compile(r"^:(\w+): (.*)", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """A ``{flask-live}`` directive: the `rank`-th of its page."""

    page: str  # notebooks/12_flask_premiers_pas
    rank: int
    demo: str
    start: str
    visitors: int
    tasks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.rpartition('/')[2]} {self.demo}"


def every_demo() -> list[Asked]:
    """Return what all pages ask for, lessons or not."""
    pages = sorted([*NOTEBOOKS.glob("*.md"), *(ROOT / "book").glob("*.md")])
    return [each for path in pages for each in demos_of(path)]


def demos_of(path: Path) -> Iterator[Asked]:
    page = path.relative_to(ROOT).with_suffix("").as_posix()
    found = DIRECTIVE.findall(path.read_text(encoding="utf-8"))
    for rank, (demo, written) in enumerate(found):
        options = dict(OPTION.findall(written))
        yield Asked(
            page,
            rank,
            demo,
            start=options.get("start", "/"),
            visitors=len(options.get("visitors", "vous").split()),
            tasks=tuple(options.get("tasks", "").split()),
        )
