"""What comes on an HTTP connection: requests one after another, within deadlines and sizes.

h11 knows the protocol and does no input or output (https://h11.readthedocs.io): it is given here
the bytes that come. What is wrong is said by ``diagnosis.py``, which looks at them first.
"""

from __future__ import annotations

import io
import socket
import socketserver
from http.client import HTTPMessage

import h11

from sandbox.serving.body import Body
from sandbox.serving.diagnosis import MAX_HEAD, Head, Problem, too_large, unfinished
from sandbox.serving.stream import BLOCK, TimedStream

HEAD_SECONDS = 60.0  # for a whole request head: a student may be typing it, cell after cell
BODY_SECONDS = 10.0  # for a request's body
ANSWER_SECONDS = 120.0  # for the client to take the whole answer
LOAD = 64 * 1024  # bytes sent together


class RequestReader(socketserver.BaseRequestHandler):
    """One connection, of which requests are read.

    Attributes:
        command, path, query, request_version, headers: what the last one says.
        rfile: its body.
        length: bytes of its body; None when it comes in chunks.
        unread: bytes of its body not read yet; None when we cannot tell.
        close_connection: no other request is read after it.
    """

    head_seconds = HEAD_SECONDS

    def setup(self) -> None:
        self.connection = self.request
        # A streamed piece must not wait for the one before to be acknowledged (RFC 896).
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.stream = TimedStream(self.connection, self.head_seconds)
        # Status line, headers and a small body leave in one segment: easier to read on the wire.
        self.wfile = io.BufferedWriter(self.stream, LOAD)
        self.protocol = h11.Connection(h11.SERVER)

    def finish(self) -> None:
        self.wfile.close()  # what was said before a mistake still leaves

    def forget_last_request(self) -> None:
        self.head = Head(self.protocol.trailing_data[0])  # what came after the last request
        # One for each request: it only reads, and need not know what we answer.
        self.protocol = h11.Connection(h11.SERVER, MAX_HEAD)
        self.command = self.requestline = self.path = self.query = ""
        self.request_version = "HTTP/1.1"
        self.headers = HTTPMessage()
        self.rfile = Body(self.protocol, self.stream)
        self.length: int | None = 0
        self.unread: int | None = None
        self.close_connection = True

    def wait_for_request(self) -> bool:
        """Tell whether a request begins before we lose patience or the client leaves."""
        self.stream.allow(self.head_seconds)
        try:
            return bool(self.head.received) or self.receive_head()
        except (TimeoutError, ConnectionError):
            return False

    def receive_head(self) -> bool:
        data = self.stream.receive()
        self.head.received += data
        return bool(data)

    def read_request(self) -> None:
        """Read a request's head, refusing what RFC 9112 says to refuse."""
        try:
            while not self.head.is_whole():
                if not self.receive_head():
                    raise unfinished()
        except TimeoutError:
            raise Problem(
                408, f"La requête n'était pas finie après {self.head_seconds:g} s : je raccroche."
            ) from None
        finally:
            self.requestline, self.command = self.head.line, self.head.method
            self.request_version = self.head.version
        self.path, self.query = self.head.path, self.head.query
        self.protocol.receive_data(bytes(self.head.received))
        for name, value in self.protocol.next_event().headers.raw_items():
            self.headers[name.decode()] = value.decode("latin-1")
        if "Transfer-Encoding" in self.headers:
            self.length = None
        else:
            self.length = int(self.headers.get("Content-Length", 0))
        # A client that waits for our "100 Continue" may send its body or not: we cannot tell.
        waiting = self.protocol.they_are_waiting_for_100_continue
        self.unread = None if waiting else self.length
        self.close_connection = not self.wants_to_stay()

    def wants_to_stay(self) -> bool:
        """Tell whether the client keeps the connection for other requests (RFC 9112, 9.3)."""
        wishes = {wish.strip() for wish in self.headers.get("Connection", "").lower().split(",")}
        if self.request_version == "HTTP/1.0":
            return "keep-alive" in wishes
        return "close" not in wishes

    # The body

    def accept_body(self, limit: int) -> None:
        """Refuse a body of more than `limit` bytes; tell a client that waits for it to go on."""
        if self.length is not None and self.length > limit:
            raise too_large(limit)
        if self.protocol.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, reason="Continue", headers=[])
            self.stream.allow(ANSWER_SECONDS)
            self.wfile.write(self.protocol.send(go_on))
            self.wfile.flush()
            self.unread = self.length

    def read_body(self, limit: int) -> bytes:
        """Return the request's body; refuse one of more than `limit` bytes."""
        self.accept_body(limit)
        self.stream.allow(BODY_SECONDS)
        try:
            body = (
                self.rfile.read_chunks(limit)
                if self.length is None
                else self.rfile.read_bytes(self.length)
            )
        except TimeoutError:
            raise Problem(408, f"Le corps n'était pas fini après {BODY_SECONDS:g} s.") from None
        self.unread = 0
        return body

    def skip_body(self) -> None:
        """Read what is left of a body, so that the next request is read from its start."""
        self.stream.allow(BODY_SECONDS)
        while self.unread and not self.close_connection:
            try:
                piece = self.rfile.read(min(self.unread, BLOCK))
            except TimeoutError:
                piece = b""
            self.unread -= len(piece)
            self.close_connection = not piece
