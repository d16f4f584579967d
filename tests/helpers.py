"""What tests do over and over with a server, a demo or a page."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psutil
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_websocket

from sandbox import Server
from sandbox.running.catalogue import LOOPBACK
from sandbox.serving.tcp import TCPServer
from sandbox.wire.recording import TO_CLIENT, TO_SERVER, Connection, Recording
from tools import HTML, ROOT

if TYPE_CHECKING:  # most tests need no browser, and do not wait for playwright to be imported
    from playwright.sync_api import Browser, Page

MEGABYTE = 1024 * 1024
#: The script that looks for what keeps a page from someone (axe-core), as npm installs it.
AXE = ROOT / "book" / "node_modules" / "axe-core" / "axe.min.js"
#: The pages of the site, decks apart: those there are when tests are collected, so none, and no
#: test of a page, when the book is not built; `test_there_are_pages` says so.
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in [*HTML.glob("*.html"), *HTML.glob("book/*.html"), *HTML.glob("notebooks/*.html")]
)


def connect(server: Server) -> socket.socket:
    """Connect to a server; waiting 10 s for it is a failure."""
    return socket.create_connection((server.host, server.port), timeout=10)


def talk(server: Server, *segments: bytes, half_close: bool = False) -> bytes:
    """Send `segments`, one ``sendall`` each, and return all that the server answers."""
    with connect(server) as client:
        for segment in segments:
            client.sendall(segment)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


def read_to_end(client: socket.socket) -> bytes:
    """Return everything received until the other side closes."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def read_until(client: socket.socket, ending: bytes) -> bytes:
    """Return what is received up to this ending, and leave what follows it.

    Raises:
        AssertionError: the other side closed before.
    """
    received = b""
    while not received.endswith(ending):
        byte = client.recv(1)
        assert byte, f"closed after {received!r}, before {ending!r}"
        received += byte
    return received


def drip(client: socket.socket) -> bytes:
    """Send a byte every 50 ms until an answer comes; return it, b"" if it is that of hanging up.

    Raises:
        TimeoutError: nothing came for 10 s.
    """
    client.settimeout(0.05)
    for _ in range(200):
        with contextlib.suppress(TimeoutError):
            try:
                client.sendall(b"a")
                return client.recv(65536)
            except ConnectionError:
                return b""
    raise TimeoutError("nothing came for 10 s")


def process_of(server: Server) -> psutil.Process:
    """Return the server's own process, the child of its supervisor."""
    (process,) = psutil.Process(server._process.pid).children()
    return process


def memory(server: Server) -> int:
    """Return the bytes of memory that the server's process holds."""
    return process_of(server).memory_info().rss


def descendants() -> set[psutil.Process]:
    """Return our programs in Python; a browser that other tests have opened lives its own life."""
    return set(filter(is_python, psutil.Process().children(recursive=True)))


def is_python(process: psutil.Process) -> bool:
    try:
        return "python" in process.name().lower()
    except psutil.NoSuchProcess:
        return False


def eventually(condition, seconds: float = 10.0) -> bool:
    """Tell whether `condition` comes true within `seconds`: as soon as it does."""
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(met)


def logged() -> contextlib.redirect_stderr[io.StringIO]:
    """Give what is logged during the block, to be looked at while threads are logging.

    ``capsys.readouterr()`` would lose what a thread writes while it empties its buffer.
    """
    return contextlib.redirect_stderr(io.StringIO())


def run_apart(coroutine: Coroutine) -> object:
    """Run a coroutine in a thread of its own: a browser's tests leave a loop running in ours."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(coroutine)).result()


@contextlib.contextmanager
def serving(served: object, kind: type[TCPServer] = TCPServer) -> Iterator[tuple[str, int]]:
    """Serve in this very process, which a test can tamper with; give the address.

    What is served is a handler, or what another `kind` of server wants.
    """
    with kind((LOOPBACK, 0), served) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address
        finally:
            server.shutdown()
            thread.join()


def handshake(path: str = "/", **headers: str) -> bytes:
    """Return a request that opens a WebSocket; a header given replaces the usual one."""
    fields = {
        "Host": "x",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value]
    return f"GET {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode()


def open_websocket(server: Server, path: str = "/") -> socket.socket:
    """Connect and shake hands, no more: what follows is up to the test, byte by byte."""
    client = connect(server)
    client.sendall(handshake(path))
    assert read_until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
    return client


def join(server: Server, path: str = "/", **options: object) -> ClientConnection:
    """Open a WebSocket as the library does."""
    return connect_websocket(f"ws://{server.host}:{server.port}{path}", proxy=None, **options)


def still_echoes(server: Server) -> bool:
    """Tell whether a WebSocket server still sends back what it is sent."""
    with join(server) as client:
        client.send("toujours là ?")
        return client.recv(timeout=10) == "toujours là ?"


def frame(opcode: int, payload: bytes, *, fin: int = 0x80, masked: bool = True) -> bytes:
    """Return a WebSocket frame, masked by zeros: its payload stays as it is."""
    size = len(payload)
    if size < 126:
        short, length = size, b""
    elif size < 1 << 16:
        short, length = 126, size.to_bytes(2, "big")
    else:
        short, length = 127, size.to_bytes(8, "big")
    key = bytes(4) if masked else b""
    return bytes([fin | opcode, (0x80 if masked else 0) | short]) + length + key + payload


def send_without_reading(client: socket.socket, seconds: float = 10.0) -> bool:
    """Send WebSocket messages and read nothing; tell whether the server hung up."""
    client.settimeout(seconds)
    message = frame(0x2, b"x" * 65536)
    try:
        for _ in range(2000):
            client.sendall(message)
    except TimeoutError:
        return False
    except OSError:
        return True
    return False


def close_code(received: bytes) -> int | None:
    """Return the code of the close frame that ends what a server sent, None if there is none."""
    start = received.rfind(b"\x88")
    return int.from_bytes(received[start + 2 : start + 4], "big") if start >= 0 else None


def without_date(answer: bytes) -> bytes:
    """Return an HTTP answer without what changes each second."""
    return re.sub(rb"\r\nDate: .*", b"", answer)


#: What a program needs to hear Ctrl-C: a test run in the background ignores it, and so do those
#: that it starts.
HEARS_INTERRUPTS = (
    {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    if os.name == "posix"
    else {}
)


def breakable(text: str) -> str:
    """Return French text with plain spaces, as tests are written."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def tiles(page: str) -> list[str]:
    """Return what is written on the tiles of a demo's ``/forloop``."""
    return re.findall(r"<li\b.*>(.*)</li>", page)


class Watched:
    """A browser's page that remembers its errors and its requests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.statuses: dict[str, int] = {}
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda response: self.statuses.update({response.url: response.status}))

    def outside(self, site: str) -> list[str]:
        """Return the requests that went elsewhere than the site."""
        return [url for url in self.requests if not url.startswith((site, "data:", "blob:"))]


@contextlib.contextmanager
def opening_pages(chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Give a function that opens a page; all are closed at the end."""
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


def violations(
    page: Page, scheme: str = "", *, within: str = "html", **options: object
) -> list[list]:
    """Return what axe finds in a page, or in one element: each rule with the elements at fault.

    Args:
        scheme: "light" or "dark", which the page is first put in; as it is, when empty.
        within: the element's selector.
        options: axe's own.
    """
    if scheme:
        page.emulate_media(color_scheme=scheme)
        page.evaluate("scheme => document.documentElement.dataset.theme = scheme", scheme)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))  # some pages forbid a script tag
    options = {"iframes": False, "resultTypes": ["violations"], **options}
    return page.evaluate(RUN_AXE, [within, options])


RUN_AXE = """
async ([within, options]) => (await axe.run(within, options)).violations.map(
  ({ id, nodes }) => [id, nodes.map(node => node.html)])
"""


def is_light(page: Page) -> bool:
    """Tell whether a page's background is nearer to white than to black."""
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(n) for n in re.findall(r"\d+", background)[:3]) > 3 * 128


def recorded(*happened: tuple[str, bytes | str]) -> Connection:
    """Return a connection on which all this happened.

    Each thing is a pair: who did it, ``">"`` for the client and ``"<"`` for the server, then the
    bytes that it sent or what else it did (``"closed"``…).
    """
    connection = Recording(MEGABYTE, 1).open()
    for who, what in happened:
        direction = {">": TO_SERVER, "<": TO_CLIENT}[who]
        if isinstance(what, str):
            connection.note(what, direction)
        else:
            connection.keep(direction, memoryview(what))
    return connection
