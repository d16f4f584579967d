"""What we borrow from websockets still does what we use it for."""

import asyncio
import importlib.metadata
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import broadcast, serve
from websockets.exceptions import ConnectionClosed

from sandbox.running.catalogue import LOOPBACK
from sandbox.serving import borrowed
from tests.helpers import run_apart


@pytest.mark.parametrize("name", borrowed.TRIED)
def test_the_version_is_the_one_tried(name):
    """Another one: run the tests of ``tests/serving``, then write its number."""
    assert importlib.metadata.version(name) == borrowed.TRIED[name]


def run(handler, client) -> None:
    """Run a conversation between the `client` and a server's `handler`, then end both."""

    async def conversation() -> None:
        async with asyncio.timeout(10), serve(handler, LOOPBACK, 0, compression=None) as server:
            port = server.sockets[0].getsockname()[1]
            await client(server, f"ws://{LOOPBACK}:{port}", port)

    run_apart(conversation())


async def listen(connection) -> None:
    async for _ in connection:
        pass


def test_those_who_still_shake_hands_are_of_the_crowd():
    seen = []

    async def handler(connection) -> None:
        seen.append((borrowed.crowd(connection), len(connection.server.connections)))

    async def client(server, url: str, port: int) -> None:
        with socket.create_connection((LOOPBACK, port)):  # silent
            async with connect(url, proxy=None) as connection:
                await connection.wait_closed()

    run(handler, client)
    assert seen == [(2, 1)]


def test_all_are_hung_up_on():
    async def client(server, url: str, port: int) -> None:
        async with connect(url, proxy=None) as one, connect(url, proxy=None) as two:
            borrowed.hang_up_on_all(server)
            for connection in (one, two):
                with pytest.raises(ConnectionClosed) as closed:
                    await connection.recv()
                assert closed.value.rcvd is None

    run(listen, client)


def test_what_a_client_does_not_read_is_counted():
    counts = []

    async def handler(connection) -> None:
        counts.append(borrowed.unsent(connection))
        broadcast([connection], b"x" * 50_000_000)
        counts.append(borrowed.unsent(connection))
        borrowed.hang_up(connection)

    async def client(server, url: str, port: int) -> None:
        async with connect(url, proxy=None, max_size=None) as connection:
            with pytest.raises(ConnectionClosed):
                await connection.recv()

    run(handler, client)
    assert counts[0] == 0
    assert 40_000_000 < counts[1] <= 50_000_000


@pytest.mark.parametrize("who", ["client", "server", "nobody"])
def test_the_code_of_a_close(who):
    codes = []

    async def handler(connection) -> None:
        if who == "server":
            await connection.close(1011)
        await connection.wait_closed()
        codes.append(borrowed.close_code(connection))

    async def client(server, url: str, port: int) -> None:
        async with connect(url, proxy=None) as connection:
            if who == "client":
                await connection.close(4000)
            elif who == "nobody":
                connection.transport.abort()
            await connection.wait_closed()

    run(handler, client)
    assert codes == [{"client": 4000, "server": 1011, "nobody": 1006}[who]]
