"""What every test may use: servers on free ports, so that tests run side by side."""

import contextlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from sandbox import Server, start
from tests.helpers import serving


@pytest.fixture
def launch() -> Iterator[Callable[..., Server]]:
    """Start a server of the course on a free port; stop it at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda name, *arguments: stack.enter_context(start(name, *arguments, port=0))


@pytest.fixture
def serve() -> Iterator[Callable[[type], SimpleNamespace]]:
    """Serve a handler in this very process, where its limits can be changed; give host and port."""
    with contextlib.ExitStack() as stack:

        def run(handler: type) -> SimpleNamespace:
            host, port = stack.enter_context(serving(handler))
            return SimpleNamespace(host=host, port=port)

        yield run
