"""What every test may use: servers on free ports, so that tests run side by side; a browser."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, sync_playwright

from sandbox import Server, start
from sandbox.serving import ws
from tests.helpers import Watched, serving
from tools import HTML, browser
from tools import serve as site_server

#: The files that take longest, the longest first: begun last, one would keep everybody waiting.
LONGEST = (
    "test_exercises.py",
    "test_site.py",
    "test_references.py",
    "test_live.py",
    "test_demos.py",
    "test_build.py",
    "test_kept_copies.py",
    "test_slides.py",
    "test_every_server.py",
    "test_launcher.py",
    "test_demo6.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin by the files of `LONGEST`."""
    rank = {name: n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


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
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.ensure_browser(), args=list(browser.OPTIONS)
        )
        yield launched
        launched.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request) -> str:
    return request.param


@pytest.fixture
def open_url(chromium) -> Iterator[Callable[..., Watched]]:
    """Open a page in a browser's context of its own: its cookies, its settings, its size."""
    with contextlib.ExitStack() as stack:

        def opener(
            url: str,
            *,
            scheme: str = "light",
            width: int = 1280,
            until: str = "networkidle",  # which a page that listens to a stream never is
            **settings: object,
        ) -> Watched:
            context = chromium.new_context(
                color_scheme=scheme,
                viewport={"width": width, "height": 900},
                locale="fr-FR",
                **settings,
            )
            stack.callback(context.close)
            watched = Watched(context.new_page())
            watched.page.goto(url, wait_until=until)
            return watched

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
