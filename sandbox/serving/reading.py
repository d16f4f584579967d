"""What comes on an HTTP connection: requests one after another, within deadlines and sizes.

h11 knows the protocol and does no input or output (https://h11.readthedocs.io): it is given here
the bytes that come. What is wrong is said by ``diagnosis.py``, which looks at them first.
"""

from __future__ import annotations

import io
import socket
import socketserver
import time
from http.client import HTTPMessage

import h11

from sandbox.serving.diagnosis import (
    MAX_HEAD,
    Head,
    Problem,
    chunk_size,
    first_line,
    not_a_chunk,
    too_large,
    too_many_fields,
    unfinished,
)

HEAD_SECONDS = 60.0  # for a whole request head: a student may be typing it, cell after cell
BODY_SECONDS = 10.0  # for a request's body
ANSWER_SECONDS = 120.0  # for the client to take the whole answer
BLOCK = 16 * 1024  # bytes received at a time
LOAD = 64 * 1024  # bytes sent together


class TimedStream(io.RawIOBase):
    """A connection as a stream with a deadline, however slowly the bytes drip.

    A socket's own time-out starts afresh with each byte: a client that sends one a second would
    hold its thread for ever.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.allow(HEAD_SECONDS)

    def allow(self, seconds: float) -> None:
        """Set the deadline of what follows."""
        self.deadline = time.monotonic() + seconds

    def receive(self) -> bytes:
        self.set_timeout()
        return self.connection.recv(BLOCK)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.set_timeout()
        return self.connection.send(data)

    def set_timeout(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)


class Body:
    """The body of a request as a file, whatever the pieces in which it comes."""

    def __init__(self, request: RequestReader) -> None:
        self.request = request
        self.kept = bytearray()

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer only at the end of the body or when the client leaves."""
        while len(self.kept) < size and (data := self.request.next_data()):
            self.kept += data
        piece = bytes(self.kept[:size])
        del self.kept[:size]
        return piece


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
        self.stream = TimedStream(self.connection)
        # Status line, headers and a small body leave in one segment: easier to read on the wire.
        self.wfile = io.BufferedWriter(self.stream, LOAD)
        self.protocol = h11.Connection(h11.SERVER)

    def finish(self) -> None:
        self.wfile.close()  # what was said before a mistake still leaves

    def forget_last_request(self) -> None:
        self.head = Head(self.protocol.trailing_data[0])  # what came after the last request
        # h11 never keeps a connection in HTTP/1.0, as we do if the client asks: hence a new one.
        self.protocol = h11.Connection(h11.SERVER, MAX_HEAD)
        self.command = self.requestline = self.path = self.query = ""
        self.request_version = "HTTP/1.1"
        self.headers = HTTPMessage()
        self.rfile = Body(self)
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
            body = self.read_chunks(limit) if self.length is None else self.read_bytes(self.length)
        except TimeoutError:
            raise Problem(408, f"Le corps n'était pas fini après {BODY_SECONDS:g} s.") from None
        self.unread = 0
        return body

    def read_bytes(self, count: int) -> bytes:
        body = self.rfile.read(count)
        if len(body) < count:
            raise Problem(400, f"Le corps s'arrête à {len(body)} octets ; annoncés : {count}.")
        return body

    def read_chunks(self, limit: int) -> bytes:
        body = bytearray()
        while True:
            # h11 gives the bytes of a chunk, not the size announced, which may be far too much.
            size, start = self.look_at_chunk(first=not body)
            if not size:
                self.read_trailer(start)
                return bytes(body)
            if len(body) + size > limit:
                raise too_large(limit)
            body += self.read_bytes(size)

    def look_at_chunk(self, *, first: bool) -> tuple[int, int]:
        """Return the size of the next chunk, and where it begins in what h11 has not read yet."""
        start = 0
        if not first:  # the end of line that ends the chunk before
            end = self.body_line(0, 400)
            start = len(end)
            if end != "\r\n":
                raise not_a_chunk(end)
        line = self.body_line(start, 400)
        return chunk_size(line), start + len(line)

    def read_trailer(self, start: int) -> None:
        """Read what follows the last chunk: header lines again, of which we use nothing."""
        size = 0
        while (line := self.body_line(start + size, 431)) not in ("\r\n", "\n"):
            size += len(line)
            if size > MAX_HEAD:
                raise too_many_fields()
        try:
            self.next_data()
        except h11.RemoteProtocolError:
            raise Problem(
                400, "Après les morceaux, j'attends des en-têtes « Nom: valeur », ou rien."
            ) from None

    def body_line(self, start: int, status_if_too_long: int) -> str:
        """Return the line that begins at `start` in what h11 has not read yet, once it is whole."""
        while True:
            line = first_line(self.protocol.trailing_data[0], start, status_if_too_long)
            if line is not None:
                return line
            if not self.receive_body():
                raise unfinished()

    def next_data(self) -> bytes:
        """Return the next bytes of the body; none at its end, or when the client leaves."""
        while self.protocol.their_state is h11.SEND_BODY:
            event = self.protocol.next_event()
            if isinstance(event, h11.Data):
                return event.data
            if event is h11.NEED_DATA and not self.receive_body():
                break
        return b""

    def receive_body(self) -> bool:
        data = self.stream.receive()
        if data:
            self.protocol.receive_data(data)
        return bool(data)

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
