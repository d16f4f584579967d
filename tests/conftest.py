"""What every test may use: servers on free ports, so that tests run side by side."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import pytest

from sandbox import Server, start
from sandbox.ports import LOOPBACK
from sandbox.serving import Server as TCPServer


@pytest.fixture
def launch() -> Iterator[Callable[..., Server]]:
    """Start a server of the course on a free port; stop it at the end of the test."""
    with contextlib.ExitStack() as stack:
        yield lambda name, *arguments: stack.enter_context(start(name, *arguments, port=0))


@pytest.fixture
def serve() -> Iterator[Callable[[type], tuple[str, int]]]:
    """Serve a handler in this very process, where its limits can be changed; give the address."""
    with contextlib.ExitStack() as stack:

        def run(handler: type) -> tuple[str, int]:
            server = stack.enter_context(TCPServer((LOOPBACK, 0), handler))
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return server.server_address

        yield run
