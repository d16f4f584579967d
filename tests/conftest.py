"""What every test may use: servers on free ports, so that tests run side by side; a browser."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from sandbox import Server, start
from sandbox.serving import ws
from tests import copies
from tests.helpers import Watched, opening_pages, serving
from tools import HTML, browser
from tools import serve as site_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TESTS = Path(__file__).parent
#: The files that take longest, the longest first: begun last, one would keep everybody waiting.
LONGEST = (
    "book/test_kept_copies.py",
    "checking/test_every_exercise.py",
    "book/test_site.py",
    "book/test_build.py",
    "test_references.py",
    "live/test_demos.py",
    "servers/test_every_server.py",
    "book/test_slides.py",
    "live/test_editing.py",
    "book/test_lighthouse.py",
    "demos/test_demos.py",
    "running/test_launcher.py",
    "demos/test_demo6.py",
)


#: How many tests have passed.
PASSED = pytest.StashKey[Iterator[int]]()
#: Of its two compilers of WebAssembly, the browser keeps the quick one: each test starts a Python
#: anew, which the other would be compiling again when the test ends. Half of a live demo's time.
QUICK_COMPILER_ONLY = "--js-flags=--liftoff-only"
#: What a test that looks at the built book imports, and the fixtures of what takes long to have.
BUILT = {"HTML", "BUILD"}
HEAVY = {"chromium", "bundle", "demos_site"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dot-for", type=int, default=1, help="print a dot for so many tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin by the files of `LONGEST`; mark what is quick."""
    rank = {TESTS / name: n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(LONGEST)))
    for item in items:
        if is_quick(item):
            item.add_marker("quick")


def is_quick(item: pytest.Item) -> bool:
    """Tell whether a test needs neither browser nor anything built, and is not said to be slow."""
    if BUILT & vars(item.module).keys() or HEAVY & set(item.fixturenames):
        return False
    return not any(map(item.get_closest_marker, ("slow", "soak")))


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config):
    """Print a dot for several tests that pass when told so."""
    counted = config.stash.setdefault(PASSED, itertools.count(1))
    if report.when == "call" and report.passed and next(counted) % config.option.dot_for:
        return "passed", "", "PASSED"
    return None


@pytest.fixture
def project(tmp_path) -> Path:
    """Return a copy of the project, which a test may damage."""
    copies.copy_to(tmp_path)
    return tmp_path


@pytest.fixture
def launch() -> Iterator[Callable[..., Server]]:
    """Start a server of the course on a free port; stop it at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda name, *arguments: stack.enter_context(start(name, *arguments, port=0))


@pytest.fixture
def serve() -> Iterator[Callable[..., SimpleNamespace]]:
    """Serve a handler in this very process, where its limits can be changed; give host and port."""
    with contextlib.ExitStack() as stack:

        def run(*served: object) -> SimpleNamespace:
            host, port = stack.enter_context(serving(*served))
            return SimpleNamespace(host=host, port=port)

        yield run


@pytest.fixture
def serve_websocket() -> Iterator[Callable[..., SimpleNamespace]]:
    """Serve a WebSocket handler in this very process; give host and port."""
    with contextlib.ExitStack() as stack:

        def run(handler: ws.Handler, *pages: ws.Pages) -> SimpleNamespace:
            handler = partial(ws.converse, handler)
            return stack.enter_context(ws.in_background(handler, *pages))

        yield run


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # a third of a second, for browsers only

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.ensure_browser(), args=[*browser.OPTIONS, QUICK_COMPILER_ONLY]
        )
        yield launched
        launched.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request) -> str:
    return request.param


@pytest.fixture
def open_url(chromium) -> Iterator[Callable[..., Watched]]:
    """Open a page in a browser's context of its own: its cookies, its settings, its size."""
    with opening_pages(chromium) as opener:
        yield opener


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Serve ``_build/html``; return its address."""
    assert (HTML / "index.html").exists(), "the book is not built: make book"
    httpd = site_server.server(HTML)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}/"
    httpd.shutdown()
    httpd.server_close()
