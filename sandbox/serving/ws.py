"""What the course's WebSocket servers share: limits, plain answers to browsers, a clean stop.

A server is a coroutine that is called with each connection, and one call to :func:`main`.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from functools import partial
from types import SimpleNamespace

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from sandbox.running.catalogue import LOOPBACK
from sandbox.serving import borrowed
from sandbox.serving.tcp import explain_bind_error, log, options

MAX_CONNECTIONS = 1200  # at once, those that have not said what they want included
MAX_SIZE = 64 * 1024  # bytes of a message; beyond, the connection is closed with 1009
MAX_QUEUE = 4  # messages received and not yet handled, for a connection
MAX_BEHIND = 256 * 1024  # bytes that a client may leave unread before it is too slow
OPENING_SECONDS = 10.0  # given to the handshake
PING_SECONDS = PONG_SECONDS = 20.0  # a client silent for longer than both is gone
SENDING_SECONDS = 10.0  # given to a client to read what it is sent
CLOSING_SECONDS = 2.0  # given to a client to say goodbye
STOPPING_SECONDS = 0.7  # given to all of them when the server stops

TRY_AGAIN_LATER = 1013  # of the codes by which a connection is closed, the one for "too slow"

Handler = Callable[[ServerConnection], Awaitable[None]]
#: Gives what a browser reads at a path, as a content and its type; None if there is nothing.
Pages = Callable[[str], tuple[bytes, str] | None]

REFUSALS = {
    400: "Ce n'est pas une poignée de main WebSocket : un en-tête manque ou est mal écrit.",
    403: "Cette page vient d'un autre site : elle n'a pas le droit de se connecter ici.",
    405: "Une poignée de main WebSocket est une requête GET.",
    426: "Ici, on parle WebSocket : il faut un client WebSocket, et non une requête HTTP.",
    503: "Le serveur est complet : réessayez plus tard.",
    505: "Une poignée de main WebSocket est une requête HTTP/1.1.",
}


@contextlib.asynccontextmanager
async def listening(
    handler: Handler, host: str, port: int, pages: Pages = lambda path: None
) -> AsyncIterator[Server]:
    """Serve `handler` until the end of the block, then hang up on everybody, with 1001."""

    async def answer(connection: ServerConnection, request: Request) -> Response | None:
        if connection.protocol.close_expected():
            # Behind the request came bytes that are no frames: the library has said goodbye
            # already, and would print a traceback if it answered too.
            borrowed.hang_up(connection)
            await connection.wait_closed()
        if borrowed.crowd(connection) > MAX_CONNECTIONS:
            return refuse(connection, 503)
        if not is_from_here(request):
            return refuse(connection, 403)
        page = None if "Upgrade" in request.headers else pages(path_of(request))
        return page and show(*page)

    server = await serve(
        handler,
        host,
        port,
        backlog=512,
        compression=None,  # what passes stays legible, and 1000 clients cost less memory
        max_size=MAX_SIZE,
        max_queue=MAX_QUEUE,
        write_limit=MAX_BEHIND,
        open_timeout=OPENING_SECONDS,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        close_timeout=CLOSING_SECONDS,
        process_request=answer,
        process_response=in_french,
        server_header=None,
    )
    try:
        yield server
    finally:
        server.close(reason="Le serveur s'arrête.")
        for seconds in (STOPPING_SECONDS, 0.1):
            try:
                await asyncio.wait_for(server.wait_closed(), seconds)
                break
            except TimeoutError:
                borrowed.hang_up_on_all(server)


async def converse(handler: Handler, connection: ServerConnection) -> None:
    """Run `handler` for a connection, which is logged when it comes and when it goes."""
    host = connection.remote_address[0]
    log(host, f"se connecte à {path_of(connection.request)}")
    try:
        await handler(connection)
    except ConnectionClosed:
        pass  # the client left while we were speaking
    except TimeoutError:
        await dismiss(connection)
    except Exception as error:
        log(f"erreur du serveur : {type(error).__name__}: {error}")
        await connection.close(1011, "Erreur du serveur.")
    finally:
        log(host, f"est parti ({borrowed.close_code(connection)})")


async def send(connection: ServerConnection, message: str | bytes) -> None:
    """Send a message.

    Raises:
        TimeoutError: the client does not read.
    """
    async with asyncio.timeout(SENDING_SECONDS):
        await connection.send(message)


async def dismiss(connection: ServerConnection) -> None:
    """Close the connection of a client too slow, which may well not read this either."""
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            await connection.close(TRY_AGAIN_LATER, "Vous ne lisez pas assez vite.")
    except TimeoutError:
        borrowed.hang_up(connection)


# The handshake


def path_of(request: Request) -> str:
    return request.path.partition("?")[0]


def is_from_here(request: Request) -> bool:
    """Tell whether it is no page of another site that connects.

    Browsers let any page open a WebSocket to anybody, and only tell us where the page is from.
    Programs that are no browsers have no ``Origin``.
    """
    hosts = request.headers.get_all("Host")
    return all(origin.partition("://")[2] in hosts for origin in request.headers.get_all("Origin"))


def refuse(connection: ServerConnection, status: int) -> Response:
    return connection.respond(status, REFUSALS[status] + "\n")


def in_french(connection: ServerConnection, request: Request, response: Response) -> Response:
    """Log an answer that opens no WebSocket; say in French why the library refuses."""
    if response.status_code == 101:
        return response
    log(connection.remote_address[0], f"{request.method} {request.path} {response.status_code}")
    if response.status_code < 400:
        return response
    french = refuse(connection, response.status_code)
    for name in ("Allow", "Upgrade"):
        if name in response.headers:
            french.headers[name] = response.headers[name]
    return french


def show(content: bytes, media_type: str) -> Response:
    """Return the answer that shows a content in a browser."""
    headers = Headers(
        {
            "Content-Type": media_type,
            "Content-Length": str(len(content)),
            "Content-Security-Policy": "default-src 'self'",
            "X-Content-Type-Options": "nosniff",
            "Connection": "close",
        }
    )
    return Response(200, "OK", headers, content)


# Running it


def main(name: str, handler: Handler, *, pages: Pages = lambda path: None) -> None:
    """Serve until Ctrl-C or SIGTERM, as ``sandbox.serving.tcp.main`` does for the other servers."""
    chosen = options(name)
    allow_many_connections()
    try:
        asyncio.run(serve_until_stopped(name, handler, chosen.host, chosen.port, pages))
    except OSError as error:
        sys.exit(explain_bind_error(name, chosen.host, chosen.port, error))
    log(f"{name} : arrêt demandé.")


async def serve_until_stopped(
    name: str, handler: Handler, host: str, port: int, pages: Pages
) -> None:
    """Announce the address, serve, and leave quietly on Ctrl-C or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    async with listening(partial(converse, handler), host, port, pages) as server:
        host, port = server.sockets[0].getsockname()[:2]
        print(f"{name} listening on {host}:{port}", flush=True)
        await stopped.wait()


def allow_many_connections() -> None:
    """Ask the system for as many open files as there may be connections."""
    try:
        import resource
    except ImportError:
        return  # Windows, which has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + 100
    if soft != resource.RLIM_INFINITY and soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


@contextlib.contextmanager
def in_background(handler: Handler, pages: Pages = lambda path: None) -> Iterator[SimpleNamespace]:
    """Serve in a thread of this very process, on a free port; give host and port."""
    started: Future[tuple] = Future()

    async def serve_in_thread() -> None:
        stopped = asyncio.Event()
        async with listening(handler, LOOPBACK, 0, pages) as server:
            address = server.sockets[0].getsockname()
            started.set_result((address, stopped, asyncio.get_running_loop()))
            await stopped.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve_in_thread()), daemon=True)
    thread.start()
    (host, port), stopped, loop = started.result(timeout=10)
    try:
        yield SimpleNamespace(host=host, port=port)
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
