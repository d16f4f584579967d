"""HTTP/1.1 messages, read by h11: a request with its answer, until one of them changes protocol."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import h11

from sandbox.wire import socketio
from sandbox.wire.message import Message, show
from sandbox.wire.recording import TO_SERVER, Stream

METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"OPTIONS ", b"TRACE ")
MAX_HEAD = 256 * 1024  # bytes of a head: what servers refuse is drawn all the same
MAX_INFLATED = 64 * 1024  # bytes made of a compressed body
#: Headers drawn at once; the others are folded.
SHOWN = frozenset(
    b"host content-type content-length content-encoding content-range transfer-encoding location "
    b"cookie set-cookie authorization www-authenticate connection upgrade range if-none-match "
    b"if-modified-since etag last-modified cache-control allow accept-language content-language "
    b"vary origin access-control-allow-origin retry-after "
    b"expect sec-websocket-version sec-websocket-protocol".split()
)


class NotHTTP(Exception):
    """What passes is not HTTP, or no more; the message says what is wrong."""


@dataclass
class Parsed:
    """What h11 read of one message.

    Attributes:
        head: the request or response line and headers.
        start, end: offsets in the stream.
        complete: nothing of it is missing.
    """

    head: h11.Request | h11.Response | h11.InformationalResponse
    start: int
    end: int = 0
    body: bytearray = field(default_factory=bytearray)
    complete: bool = False


def looks_like(stream: Stream) -> bool:
    """Tell whether a client begins as HTTP/1.1 does."""
    return stream.data.startswith(METHODS) and b"HTTP/" in stream.data[:MAX_HEAD]


def read(client: Stream, server: Stream) -> tuple[list[Message], Parsed | None]:
    """Read both ways; return the messages, and the 101 answer after which it is no more HTTP.

    Raises:
        NotHTTP: one of the two does not follow the protocol.
    """
    requests = list(_read_requests(client))
    responses = list(_read_responses(server, requests))
    messages = [_message(client, parsed, parsed) for parsed in requests]
    final = 0
    for parsed in responses:
        request = requests[final] if final < len(requests) else None
        messages.append(_message(server, parsed, request))
        final += isinstance(parsed.head, h11.Response)
    switched = responses and responses[-1].head.status_code == 101
    return messages, responses[-1] if switched else None


def _read_requests(stream: Stream) -> Iterator[Parsed]:
    start = 0
    while start < len(stream.data):
        connection = h11.Connection(h11.SERVER, MAX_HEAD)
        parsed = _read_one(connection, stream, start)
        if parsed is None:
            return
        yield parsed
        if not parsed.complete or _upgrade(parsed.head):
            return  # what follows may be of another protocol
        start = parsed.end


def _read_responses(stream: Stream, requests: list[Parsed]) -> Iterator[Parsed]:
    start = 0
    answered = 0
    while start < len(stream.data):
        connection = h11.Connection(h11.CLIENT, MAX_HEAD)
        _ask(connection, requests[answered].head if answered < len(requests) else None)
        parsed = _read_one(connection, stream, start)
        if parsed is None:
            return
        yield parsed
        if not parsed.complete or parsed.head.status_code == 101:
            return
        answered += isinstance(parsed.head, h11.Response)
        start = parsed.end


def _ask(connection: h11.Connection, request: h11.Request | None) -> None:
    """Tell h11 what is being answered: it decides whether a body follows."""
    headers = [(b"Host", b"x")]
    if request is not None and (protocol := _upgrade(request)):
        headers += [(b"Upgrade", protocol), (b"Connection", b"Upgrade")]
    connection.send(
        h11.Request(
            method=request.method if request else b"GET",
            target=request.target if request else b"/",
            headers=headers,
        )
    )
    connection.send(h11.EndOfMessage())


def _upgrade(request: h11.Request) -> bytes | None:
    return dict(request.headers).get(b"upgrade")


def _read_one(connection: h11.Connection, stream: Stream, start: int) -> Parsed | None:
    """Read one message; None if not even its head is there.

    Raises:
        NotHTTP: it does not follow the protocol.
    """
    connection.receive_data(stream.data[start:])
    if stream.ended:
        connection.receive_data(b"")
    parsed = None
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError as error:
            if parsed is None or not stream.ended:
                raise NotHTTP(_blame(stream, error)) from error
            break  # cut in the middle
        if isinstance(event, (h11.Request, h11.Response, h11.InformationalResponse)):
            parsed = Parsed(event, start)
            if isinstance(event, h11.InformationalResponse):
                parsed.complete = True
                break
        elif isinstance(event, h11.Data):
            parsed.body += event.data
        elif isinstance(event, h11.EndOfMessage):
            parsed.complete = True
            break
        else:  # NEED_DATA: the rest has not come
            break
    if parsed is None:
        if stream.ended:
            return None
        raise NotHTTP(_blame(stream, "en-têtes incomplets"))
    rest = len(connection.trailing_data[0]) if parsed.complete else 0
    parsed.end = len(stream.data) - rest
    return parsed


def _blame(stream: Stream, reason: object) -> str:
    side = "le client" if stream.direction == TO_SERVER else "le serveur"
    return f"ce que dit {side} n'est pas du HTTP/1.1 correct ({reason})"


def _message(stream: Stream, parsed: Parsed, request: Parsed | None) -> Message:
    head = parsed.head
    version = head.http_version.decode()
    if isinstance(head, h11.Request):
        title = f"{head.method.decode()} {head.target.decode('utf-8', 'replace')} HTTP/{version}"
    else:
        title = f"HTTP/{version} {head.status_code} {head.reason.decode('utf-8', 'replace')}"
    fields, folded = _sort(head.headers.raw_items())
    kind, body = _body(parsed, request)
    message = Message(
        direction=stream.direction,
        event=stream.event_of(parsed.start),
        size=None,
        title=title.rstrip(),
        fields=fields,
        folded=folded,
        body=body,
        start=parsed.start,
    )
    if kind:
        message.notes.append(kind)
    if not parsed.complete:
        message.notes.append("incomplet")
    return message


def _sort(headers: list[tuple[bytes, bytes]]) -> tuple[list, list]:
    """Part the headers that matter from the others."""
    shown, folded = [], []
    for raw, value in headers:
        pair = raw.decode("latin-1"), value.decode("utf-8", "replace")
        idle = raw.lower() == b"connection" and value.lower() == b"keep-alive"
        (shown if raw.lower() in SHOWN and not idle else folded).append(pair)
    return shown, folded


def _body(parsed: Parsed, request: Parsed | None) -> tuple[str, str]:
    """Return what a body is, in a few French words, and its text."""
    data = bytes(parsed.body)
    if not data:
        return "", ""
    encoding = dict(parsed.head.headers).get(b"content-encoding", b"").decode("latin-1").lower()
    note = ""
    if encoding in ("gzip", "deflate"):
        data = _inflate(data)
        note = f"{encoding}, décompressé"
    if request is not None and "EIO" in parse_qs(urlsplit(request.head.target.decode()).query):
        return note, socketio.payload(data)
    return note, show(data)[1]


def _inflate(data: bytes) -> bytes:
    """Return what was compressed, the beginning of it when there is much."""
    for window in (32 + zlib.MAX_WBITS, -zlib.MAX_WBITS):  # gzip or zlib; or bare deflate
        try:
            return zlib.decompressobj(window).decompress(data, MAX_INFLATED)
        except zlib.error:
            continue
    return data
