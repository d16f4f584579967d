"""An answer, before it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

#: By status, the phrase that goes with it and what it means.
RESPONSES = {status.value: (status.phrase, status.description) for status in HTTPStatus}


@dataclass
class Response:
    """What to answer.

    Attributes:
        body: the bytes, or pieces that come one after another.
        length: bytes in all the pieces; when it is unknown, they are sent chunked.
        at_once: each piece leaves as soon as it comes, rather than when there is a good load.
    """

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Iterable[tuple[str, str]] = ()
    length: int | None = None
    at_once: bool = False

    def __post_init__(self) -> None:
        self.headers = list(self.headers)
        if isinstance(self.body, bytes):
            self.length = len(self.body)
            self.body = [self.body]

    @property
    def has_body(self) -> bool:
        return self.status not in (204, 304)

    @property
    def hangs_up(self) -> bool:
        """Tell whether one of its headers says that it is the last one."""
        return any((n.lower(), v.lower()) == ("connection", "close") for n, v in self.headers)


def json_response(
    content: object, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """Return `content` as JSON, which is UTF-8 by definition (RFC 8259): no charset to give."""
    body = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
    return Response(body, status, [("Content-Type", "application/json"), *headers])


def chunk(piece: bytes) -> bytes:
    """Return a piece as a chunk: its size in hexadecimal, then itself."""
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
