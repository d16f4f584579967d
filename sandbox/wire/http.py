"""HTTP/1.1 messages, read by h11: a request with its answer, until one of them changes protocol."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import h11

from sandbox.wire import socketio
from sandbox.wire.message import Message, show
from sandbox.wire.recording import DIRECTIONS, TO_CLIENT, TO_SERVER, Direction, Stream

METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"OPTIONS ", b"TRACE ")
MAX_HEAD = 256 * 1024  # bytes of a head: what servers refuse is drawn all the same
STATUS = b"HTTP/"  # the first bytes of every answer
BLOCK = 16 * 1024  # bytes handed to h11 at a time
MAX_INFLATED = 64 * 1024  # bytes made of a compressed body
#: Headers drawn at once; the others are folded.
SHOWN = frozenset(
    b"host content-type content-length content-encoding content-range transfer-encoding location "
    b"cookie set-cookie authorization www-authenticate connection upgrade range if-none-match "
    b"if-modified-since etag last-modified cache-control allow accept-language content-language "
    b"vary origin retry-after access-control-request-method access-control-request-headers "
    b"access-control-allow-origin access-control-allow-methods access-control-allow-headers "
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


@dataclass
class Reading:
    """What was read of a connection.

    Attributes:
        messages: in no particular order.
        ends: where each stream ceases to be read as HTTP.
        request, switch: the request that asked for another protocol, and the 101 that agreed.
        problem: why a stream ceased to be read, in French.
    """

    messages: list[Message] = field(default_factory=list)
    ends: dict[Direction, int] = field(default_factory=lambda: dict.fromkeys(DIRECTIONS, 0))
    request: Parsed | None = None
    switch: Parsed | None = None
    problem: str = ""


def read(client: Stream, server: Stream) -> Reading:
    """Read both ways, each request with its answers.

    Raises:
        NotHTTP: the first thing that one of the two says does not follow the protocol.
    """
    reading = Reading()
    going_on = True
    while going_on and reading.switch is None:
        reading.request = _next(reading, client, h11.Connection(h11.SERVER, MAX_HEAD))
        answered = _read_answers(reading, server)
        going_on = reading.request is not None or answered
    return reading


def _read_answers(reading: Reading, server: Stream) -> bool:
    """Read what answers `reading.request`: a response, others may announce it; tell if any is."""
    answered = False
    while True:
        connection = h11.Connection(h11.CLIENT, MAX_HEAD)
        _ask(connection, reading.request and reading.request.head)
        answer = _next(reading, server, connection)
        if answer is None:
            return answered
        answered = True
        if answer.head.status_code == 101:
            reading.switch = answer
        if answer.head.status_code == 101 or isinstance(answer.head, h11.Response):
            return answered


def _next(reading: Reading, stream: Stream, connection: h11.Connection) -> Parsed | None:
    """Read the next message of a stream, None if there is none."""
    start = reading.ends[stream.direction]
    if start >= len(stream.data):
        return None
    try:
        parsed = _read_one(connection, stream, start)
    except NotHTTP as error:
        if start == 0:
            raise
        reading.problem = reading.problem or str(error)
        return None
    if parsed is not None:
        reading.ends[stream.direction] = parsed.end
        reading.messages.append(_message(stream, parsed, reading.request or parsed))
    return parsed


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
    parsed = None
    fed, closed = start, False
    while parsed is None or not parsed.complete:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError as error:
            if closed:
                break  # cut in the middle
            raise NotHTTP(_blame(stream)) from error
        if isinstance(event, (h11.Request, h11.Response, h11.InformationalResponse)):
            parsed = Parsed(event, start)
            parsed.complete = isinstance(event, h11.InformationalResponse)
        elif isinstance(event, h11.Data):
            parsed.body += event.data
        elif isinstance(event, h11.EndOfMessage):
            parsed.complete = True
        elif fed < len(stream.data):
            # Little by little: what follows this message is not for this connection.
            connection.receive_data(stream.data[fed : fed + BLOCK])
            fed = min(fed + BLOCK, len(stream.data))
        elif stream.ended and not closed:
            connection.receive_data(b"")
            closed = True
        else:
            break  # the rest has not come
    if (
        parsed is None
        and stream.direction == TO_CLIENT
        and not stream.data[start:].startswith(STATUS[: len(stream.data) - start])
    ):
        raise NotHTTP(_blame(stream))
    if parsed is not None:
        parsed.end = fed - len(connection.trailing_data[0]) if parsed.complete else len(stream.data)
    return parsed


def _blame(stream: Stream) -> str:
    side = "le client" if stream.direction == TO_SERVER else "le serveur"
    return f"ce que dit {side} n'est pas du HTTP/1.1 correct"


def _message(stream: Stream, parsed: Parsed, request: Parsed) -> Message:
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
        complete=parsed.complete,
    )
    if kind:
        message.notes.append(kind)
    return message


def _sort(headers: list[tuple[bytes, bytes]]) -> tuple[list, list]:
    """Part the headers that matter from the others."""
    shown, folded = [], []
    for raw, value in headers:
        pair = raw.decode("latin-1"), value.decode("utf-8", "replace")
        idle = raw.lower() == b"connection" and value.lower() == b"keep-alive"
        (shown if raw.lower() in SHOWN and not idle else folded).append(pair)
    return shown, folded


def _body(parsed: Parsed, request: Parsed) -> tuple[str, str]:
    """Return what a body is, in a few French words, and its text."""
    data = bytes(parsed.body)
    if not data:
        return "", ""
    encoding = dict(parsed.head.headers).get(b"content-encoding", b"").decode("latin-1").lower()
    note = ""
    if encoding in ("gzip", "deflate"):
        data = _inflate(data)
        note = f"{encoding}, décompressé"
    if isinstance(request.head, h11.Request) and socketio.ADDRESS.search(request.head.target):
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
