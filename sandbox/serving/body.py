"""The body of a request, which has a length or comes in chunks (RFC 9112, 6 and 7).

h11 finds where it ends; what is wrong is said by ``diagnosis.py``.
"""

from __future__ import annotations

import h11

from sandbox.serving.diagnosis import (
    MAX_HEAD,
    Problem,
    chunk_size,
    first_line,
    not_a_chunk,
    too_large,
    too_many_fields,
    unfinished,
)
from sandbox.serving.stream import TimedStream


class Body:
    """The body of a request as a file, whatever the pieces in which it comes."""

    def __init__(self, protocol: h11.Connection, stream: TimedStream) -> None:
        self.protocol = protocol
        self.stream = stream
        self.kept = bytearray()  # what has come before it was wanted

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer only at the end of the body or when the client leaves."""
        while len(self.kept) < size and (data := self.next_data()):
            self.kept += data
        piece = bytes(self.kept[:size])
        del self.kept[:size]
        return piece

    def read_bytes(self, count: int) -> bytes:
        body = self.read(count)
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
            end = self.line_at(0, 400)
            start = len(end)
            if end != "\r\n":
                raise not_a_chunk(end)
        line = self.line_at(start, 400)
        return chunk_size(line), start + len(line)

    def read_trailer(self, start: int) -> None:
        """Read what follows the last chunk: header lines again, of which we use nothing."""
        size = 0
        while (line := self.line_at(start + size, 431)) not in ("\r\n", "\n"):
            size += len(line)
            if size > MAX_HEAD:
                raise too_many_fields()
        try:
            self.next_data()
        except h11.RemoteProtocolError:
            raise Problem(
                400, "Après les morceaux, j'attends des en-têtes « Nom: valeur », ou rien."
            ) from None

    def line_at(self, start: int, status_if_too_long: int) -> str:
        """Return the line that begins at `start` in what h11 has not read yet, once it is whole."""
        while True:
            line = first_line(self.protocol.trailing_data[0], start, status_if_too_long)
            if line is not None:
                return line
            if not self.receive():
                raise unfinished()

    def next_data(self) -> bytes:
        """Return the next bytes of the body; none at its end, or when the client leaves."""
        while self.protocol.their_state is h11.SEND_BODY:
            event = self.protocol.next_event()
            if isinstance(event, h11.Data):
                return event.data
            if event is h11.NEED_DATA and not self.receive():
                break
        return b""

    def receive(self) -> bool:
        data = self.stream.receive()
        if data:
            self.protocol.receive_data(data)
        return bool(data)
