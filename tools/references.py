"""The references: each lesson executed, put in order, committed, re-executed by nbval in the tests.

A reference holds no random ids, no times, no ports: its diff shows what readers will see change.
"""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path

import nbformat

from tools import REFERENCES, ROOT, execute, pictures
from tools.side_by_side import Execution, show

#: What varies from run to run without meaning anything; tests/references/sanitize.cfg, which
#: nbval reads, masks the same.
MASKS = (
    (re.compile(r"(127\.0\.0\.1|localhost):\d+"), r"\1:PORT"),
    (re.compile(r"\('127\.0\.0\.1', \d+\)"), "('127.0.0.1', PORT)"),
    (re.compile(r"<style>[\s\S]*?</style>"), "<style></style>"),  # the look of a drawing
)


def main(arguments: list[str]) -> int:
    """Execute the lessons and write their references; ``--force`` ignores the cache.

    Pictures of pages that have changed since are taken again.
    """
    try:
        with Execution(execute.lessons(), use_cache="--force" not in arguments) as execution:
            show(execution.reports())
    except execute.LessonError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    REFERENCES.mkdir(exist_ok=True)
    for path in REFERENCES.glob("*.ipynb"):
        if not any(path == reference_of(lesson) for lesson in execute.lessons()):
            path.unlink()
    for lesson in execute.lessons():
        nbformat.write(reference(lesson), reference_of(lesson))
    pictures.main([])
    folder = REFERENCES.relative_to(ROOT).as_posix()
    print(f"Références écrites. À faire : git diff {folder}, et le lire.")
    return 0


def reference_of(lesson: Path) -> Path:
    """Return where the reference of `lesson` is kept."""
    return REFERENCES / f"{lesson.stem}.ipynb"


def reference(lesson: Path) -> nbformat.NotebookNode:
    """Return `lesson` with the outputs of the cache, put in order.

    Raises:
        KeyError: the cache does not hold it.
    """
    notebook = execute.read(lesson)
    _, executed = execute.open_cache().merge_match_into_notebook(notebook)
    return tidy(executed)


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Keep the code cells, their tags and outputs, and mask what varies."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        metadata = {"tags": cell.metadata.tags} if cell.metadata.get("tags") else {}
        tidied = nbformat.v4.new_code_cell(cell.source, metadata=metadata)
        tidied.execution_count = cell.execution_count
        tidied.outputs = [] if ignored(tidied) else tidy_outputs(cell.outputs)
        tidied.id = f"{zlib.crc32(cell.source.encode()):08x}-{len(cells)}"  # the same at each run
        cells.append(tidied)
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def ignored(cell: nbformat.NotebookNode) -> bool:
    """Tell whether the cell's outputs are measures, executed but not compared."""
    return "nbval-ignore-output" in cell.metadata.get("tags", [])


def tidy_outputs(outputs: list) -> list:
    """Drop tracebacks, mask what varies."""
    tidied: list = []
    for output in outputs:
        output = nbformat.from_dict(output)
        if "metadata" in output:
            output.metadata = {}
        if output.output_type == "error":
            output.traceback = []
        for holder in (output, output.get("data", {})):
            for key, value in holder.items():
                if isinstance(value, str):
                    holder[key] = mask(value)
        tidied.append(output)
    return tidied


def mask(text: str) -> str:
    """Replace what varies from run to run."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text
