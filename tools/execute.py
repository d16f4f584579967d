"""Execute a lesson into the jupyter-cache that the book is built from.

The cache's own key is a notebook's code alone. Here the cache lives in a folder named by a hash
of everything that lessons run on, so that a change in a server never shows yesterday's outputs.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets import default
from traitlets.config import Config

from tools import BUILD, NOTEBOOKS, ROOT, borrowed, isolation

CACHES = BUILD / "execution"
KEPT_CACHES = 3  # switching between branches need not execute everything again
CELL_TIMEOUT = 120  # seconds
RUN_ON = ("sandbox", "flask_demo", "requirements.txt", "tools/execute.py", "tools/borrowed.py")


borrowed.leave_slides_out_of_keys()


class LessonError(Exception):
    """A lesson could not be executed; the message gives file, line and reason."""


def lessons() -> list[Path]:
    """Return the lessons in order."""
    return sorted(NOTEBOOKS.glob("*.md"))


@functools.cache
def cache_folder() -> Path:
    """Return the cache's folder for the present state of what lessons run on."""
    digest = hashlib.sha256(f"{platform.python_version()} {sys.platform}".encode())
    for name in RUN_ON:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return CACHES / digest.hexdigest()[:16]


def open_cache() -> JupyterCacheBase:
    """Open the present cache, creating its database, and forget the oldest caches."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    for old in sorted(CACHES.iterdir(), key=lambda path: -path.stat().st_mtime)[KEPT_CACHES:]:
        shutil.rmtree(old, ignore_errors=True)
    cache = get_cache(folder)
    cache.list_cache_records()  # makes the database: two processes making it at once collide
    return cache


def read(lesson: Path) -> nbformat.NotebookNode:
    """Read a lesson as a notebook; its ``source_map`` gives each cell's line."""
    return borrowed.read_notebook(lesson.read_text(encoding="utf-8"))


def cached_seconds(cache: JupyterCacheBase, notebook: nbformat.NotebookNode) -> float | None:
    """Return how long the cached execution took, None if it is not there or was cut short."""
    try:
        record = cache.match_cache_notebook(notebook)
        cache.get_cache_bundle(record.pk)
    except (KeyError, OSError):
        return None
    return record.data["execution_seconds"]


def store(cache: JupyterCacheBase, path: Path, notebook, seconds: float) -> None:
    """Put an executed lesson into the cache."""
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


class LessonKernelManager(AsyncKernelManager):
    """Starts the kernel in a network of its own, reached through Unix sockets."""

    @default("transport")
    def _transport_default(self) -> str:
        return "ipc" if isolation.prefix() else "tcp"

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        return [*isolation.prefix(), *super().format_kernel_cmd(extra_arguments)]


async def execute(path: Path, notebook: nbformat.NotebookNode) -> float:
    """Execute `notebook` in place; return the seconds it took.

    Raises:
        LessonError: a cell failed, took too long, or the kernel died.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lesson-") as folder:
        client = NotebookClient(
            notebook,
            kernel_manager_class=LessonKernelManager,
            config=Config(LessonKernelManager={"connection_file": f"{folder}/kernel.json"}),
            timeout=CELL_TIMEOUT,
            # As nbval does. Asked to end, a kernel closes its sockets while a lesson's thread may
            # still print through them: libzmq then aborts it, and says so on our terminal.
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(path.parent)}},
            record_timing=False,
        )
        environment = {**isolation.environment(), **borrowed.AS_UNDER_PYTEST}
        try:
            await client.async_execute(env=environment)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise LessonError(f"{locate(path, notebook)}: {error}") from error
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
    return round(time.monotonic() - started, 2)


def join_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join what one stream wrote in several times, as it comes from a busy machine.

    MyST-NB joins such pieces too, but ends each by a new line, in the middle of a sentence.
    """
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def locate(path: Path, notebook: nbformat.NotebookNode) -> str:
    """Return ``file:line`` of the last cell that was executed."""
    executed = [i for i, cell in enumerate(notebook.cells) if cell.get("execution_count")]
    line = notebook.metadata["source_map"][executed[-1] if executed else 0] + 1
    return f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{line}"
