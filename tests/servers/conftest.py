"""What the tests of several servers use."""

from collections.abc import Iterator

import pytest

from sandbox import Server, start


@pytest.fixture(scope="module")
def messagerie() -> Iterator[Server]:
    """Start the class's messaging server, with the four of the demonstration."""
    with start("server_messagerie", "--demonstration", port=0) as server:
        yield server
