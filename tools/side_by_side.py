"""Execute the lessons side by side, in a thread: Sphinx meanwhile reads those that are ready."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tools import execute

WORKERS = 3 * (os.cpu_count() or 1)  # lessons mostly wait: for time-outs, for servers
#: In the cache's folder: what became of each text. Reading all lessons as notebooks takes a while.
KNOWN = "known_texts.json"


@dataclass(frozen=True)
class Report:
    """What became of one lesson."""

    lesson: Path
    cells: int
    seconds: float
    cached: bool


class Execution:
    """The lessons' execution, which goes on in a thread: who reads a lesson waits for that one.

    A context manager; leaving it early, by an exception, stops the lessons that still run.
    """

    def __init__(self, paths: list[Path], *, use_cache: bool = True):
        self.paths = paths
        self._use_cache = use_cache
        self._known: dict[str, tuple[int, float]] = {}
        self._reports = {path: concurrent.futures.Future() for path in paths}
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._thread = threading.Thread(target=self._run, name="lessons")

    def __enter__(self) -> Execution:
        execute.open_cache()  # two threads making its database at once would collide
        self._thread.start()
        return self

    def __exit__(self, kind, error, trace) -> None:
        if error is not None:
            with contextlib.suppress(RuntimeError):  # all have ended, and their loop is closed
                self._loop.call_soon_threadsafe(self._stop)
        self._thread.join()

    def wait(self, path: Path) -> Report:
        """Return a lesson's report when it is in the cache.

        Raises:
            LessonError: the lesson failed.
        """
        return self._reports[path].result()

    def reports(self) -> list[Report]:
        """Wait for all lessons.

        Raises:
            LessonError: some failed; every failure is told, the others are in the cache.
        """
        failures = [error for path in self.paths if (error := self._reports[path].exception())]
        if failures:
            raise execute.LessonError("\n\n".join(map(str, failures)))
        return [self.wait(path) for path in self.paths]

    def _run(self) -> None:
        with self._runner, contextlib.suppress(asyncio.CancelledError):
            self._runner.run(self._execute_all())

    def _stop(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    async def _execute_all(self) -> None:
        cache = execute.open_cache()
        slots = asyncio.Semaphore(WORKERS)
        known = execute.cache_folder() / KNOWN
        if self._use_cache and known.exists():
            self._known = json.loads(known.read_text(encoding="utf-8"))
        with ProgressBar(len(self.paths)) as progress:
            await asyncio.gather(*(self._one(path, cache, slots, progress) for path in self.paths))
        written = known.with_suffix(".part")
        written.write_text(json.dumps(self._known), encoding="utf-8")
        written.replace(known)  # whole or not at all

    async def _one(self, path, cache, slots, progress) -> None:
        report = self._reports[path]
        try:
            report.set_result(await self._report(path, cache, slots, progress))
        except execute.LessonError as error:
            report.set_exception(error)
        except asyncio.CancelledError:
            report.cancel()
            raise
        progress.one_more()

    async def _report(self, path, cache, slots, progress) -> Report:
        text = hashlib.sha256(path.read_bytes()).hexdigest()
        if text in self._known:
            return Report(path, *self._known[text], cached=True)
        notebook = execute.read(path)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        seconds = execute.cached_seconds(cache, notebook) if self._use_cache else None
        cached = seconds is not None
        if not cached:
            async with slots:
                with progress.naming(path.stem):
                    seconds = await execute.execute(path, notebook)
            execute.store(cache, path, notebook, seconds)
        self._known[text] = cells, seconds
        return Report(path, cells, seconds, cached=cached)


class ProgressBar:
    """How many lessons are done, and the names of those that run."""

    def __init__(self, total: int):
        self._bar = Progress(
            TextColumn("Exécution"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task("", total=total)
        self._running: list[str] = []

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(self, kind, error, trace) -> None:
        self._bar.stop()

    @contextlib.contextmanager
    def naming(self, name: str):
        """Show `name` while the block runs."""
        self._running.append(name)
        self._update()
        try:
            yield
        finally:
            self._running.remove(name)
            self._update()

    def one_more(self) -> None:
        """Count one more lesson."""
        self._bar.advance(self._task)

    def _update(self) -> None:
        self._bar.update(self._task, description=", ".join(self._running))


def show(reports: list[Report]) -> None:
    """Print the table: lesson, cells, seconds, from the cache or executed."""
    table = Table("leçon", "cellules", "secondes", "origine")
    for column in table.columns[1:3]:
        column.justify = "right"
    for report in reports:
        origin = "cache" if report.cached else "exécutée"
        table.add_row(report.lesson.stem, str(report.cells), f"{report.seconds:.1f}", origin)
    Console().print(table)
