"""What every test may use: servers on free ports, so that tests run side by side."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from sandbox import Server, start


@pytest.fixture
def launch() -> Iterator[Callable[..., Server]]:
    """Start a server of the course on a free port; stop it at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda name, *arguments: stack.enter_context(start(name, *arguments, port=0))
