"""How long the book takes to build, beside plain Jupyter Book and beside what is possible.

    python -m benchmarks.build [REPEATS]

The limit is what no scheduling can beat: the longest lesson, or all lessons' processor time spread
over the cores, whichever is longer, and then a build that executes nothing.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from tools import ROOT, execute

LESSON = "notebooks/03_client_tcp.md"
COPIED_OUT = shutil.ignore_patterns(".git", ".venv*", "_build", "mes_notebooks", "__pycache__")


@dataclass(frozen=True)
class Cost:
    """What a build took: seconds on the wall, and seconds of processor, children included."""

    wall: float
    processor: float


def main() -> None:
    """Measure everything on a copy of the sources; print seconds and ratios."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        copy = Path(folder) / "book"
        shutil.copytree(ROOT, copy, ignore=COPIED_OUT)
        install_beside(copy)
        compare_cold_builds(copy, repeats)
        compare_small_changes(copy, repeats)


def install_beside(copy: Path) -> None:
    """Give the copy an environment of its own, as a clone has: its path is part of it."""
    subprocess.run(
        [sys.executable, "-m", "tools", "help"], cwd=copy, check=True, stdout=subprocess.DEVNULL
    )
    subprocess.run(
        [sys.executable, "-m", "tools", "book"], cwd=copy, check=True, capture_output=True
    )


def compare_cold_builds(copy: Path, repeats: int) -> None:
    """Compare our cold build, plain Jupyter Book's, and a build that executes nothing."""
    ours, plain, idle, longest, spread = [], [], [], [], []
    for _ in range(repeats):
        forget(copy)
        ours.append(measure(copy, *book_command(copy)).wall)
        report = lesson_times(copy)
        longest.append(max(report))
        idle.append(measure_without_execution(copy))
        spread.append(execution_cost(copy).processor / (os.cpu_count() or 1))
        plain.append(measure_plain(copy).wall)
    limit = max(statistics.median(longest), statistics.median(spread)) + statistics.median(idle)
    table = Table("cold build", "seconds", "ratio to ours", title=f"median of {repeats}")
    reference = statistics.median(ours)
    for name, seconds in (
        ("ours", reference),
        ("plain jupyter-book, in series", statistics.median(plain)),
        ("the limit", limit),
        ("  the longest lesson", statistics.median(longest)),
        ("  processor time ÷ cores", statistics.median(spread)),
        ("  a build that executes nothing", statistics.median(idle)),
    ):
        table.add_row(name, f"{seconds:.1f}", f"{seconds / reference:.2f}")
    Console().print(table)
    print(f"ours / limit = {reference / limit:.2f} (aim: 1.15)")


def compare_small_changes(copy: Path, repeats: int) -> None:
    """Measure the whole command after nothing, a sentence, a cell has changed."""
    lesson = copy / LESSON
    changes: dict[str, tuple[Callable[[int], None], str]] = {
        "nothing changed": (lambda n: None, "3 s"),
        "one sentence changed": (
            lambda n: append(lesson, f"\nUne phrase de plus, la {n}e.\n"),
            "4 s",
        ),
        "one cell changed": (
            lambda n: append(lesson, f"\n```{{code-cell}} ipython3\n{n} + {n}\n```\n"),
            "its lesson's time + 4 s",
        ),
    }
    table = Table(
        "small change", "seconds", "of which the lesson", "aim", title=f"median of {repeats}"
    )
    measure(copy, *book_command(copy))
    for name, (change, aim) in changes.items():
        walls = []
        for n in range(repeats):
            change(n)
            walls.append(measure(copy, *book_command(copy)).wall)
        executed = f"{seconds_of(copy, lesson):.1f}" if "cell" in name else ""
        table.add_row(name, f"{statistics.median(walls):.1f}", executed, aim)
    Console().print(table)


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def python_of(copy: Path) -> str:
    return str(copy / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def book_command(copy: Path, *options: str) -> list[str]:
    """Return what ``make book`` runs: any Python, which goes on in the environment."""
    return [getattr(sys, "_base_executable", sys.executable), "-m", "tools", "book", *options]


def measure(folder: Path, *command: str) -> Cost:
    """Run a command that must succeed, and wait for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    result = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{' '.join(command)}\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, processor)


def lesson_times(copy: Path) -> list[float]:
    """Return what each lesson took in the last build."""
    return [seconds_of(copy, path) for path in sorted((copy / "notebooks").glob("*.md"))]


def seconds_of(copy: Path, lesson: Path) -> float:
    code = (
        "import sys; from pathlib import Path; from tools import execute; "
        "print(execute.cached_seconds(execute.open_cache(), execute.read(Path(sys.argv[1]))))"
    )
    command = [python_of(copy), "-c", code, str(lesson)]
    return float(subprocess.run(command, cwd=copy, check=True, capture_output=True).stdout)


def measure_without_execution(copy: Path) -> float:
    """Build every page anew, all lessons coming from the cache."""
    forget_pages(copy)
    return measure(copy, *book_command(copy)).wall


def forget(copy: Path) -> None:
    """Leave of former builds only what comes from npm: a dependency."""
    shutil.rmtree(copy / "_build" / "execution")
    forget_pages(copy)


def forget_pages(copy: Path) -> None:
    shutil.rmtree(copy / "_build" / "html")
    shutil.rmtree(copy / "_build" / ".doctrees-html")


def execution_cost(copy: Path) -> Cost:
    """Execute the lessons and nothing else."""
    code = (
        "from tools import execute; from tools.side_by_side import Execution\n"
        "with Execution(execute.lessons(), use_cache=False): pass"
    )
    return measure(copy, python_of(copy), "-c", code)


def measure_plain(copy: Path) -> Cost:
    """Build the same sources as Jupyter Book does by itself: one lesson after another."""
    with tempfile.TemporaryDirectory(prefix="plain-") as folder:
        plain = Path(folder) / "book"
        shutil.copytree(copy, plain, ignore=COPIED_OUT)
        config = yaml.safe_load((plain / "_config.yml").read_text(encoding="utf-8"))
        (bundle,) = (copy / "_build" / "live").iterdir()  # made by our build, used by its extension
        config["sphinx"]["config"]["flask_live_bundle"] = str(bundle)
        # Its own cache, empty: the foot of a lesson says when it was executed.
        cache = plain / "_build" / ".jupyter_cache"
        config["sphinx"]["config"]["nb_execution_cache_path"] = str(cache)
        config["execute"] = {"execute_notebooks": "cache", "timeout": execute.CELL_TIMEOUT}
        (plain / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        program = "from jupyter_book.cli.main import main; main()"  # from here: ours import `tools`
        return measure(plain, python_of(copy), "-c", program, "build", ".")


if __name__ == "__main__":
    main()
