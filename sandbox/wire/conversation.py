"""Make a recorded connection into what is drawn: messages decoded, and who opened and closed."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from sandbox.wire import http, websocket
from sandbox.wire.message import Conversation, Happening, Message, dump, show, show_text
from sandbox.wire.recording import (
    DIRECTIONS,
    TO_CLIENT,
    TO_SERVER,
    Connection,
    Direction,
    Event,
    Stream,
)

Decoder = Literal["text", "json", "bytes", "http", "tls"]
Items = list[Message | Happening]

TLS_HANDSHAKE, TLS_ALERT = 0x16, 0x15  # first byte of a record (RFC 8446, section 5.1)
MAX_PIECES = 60  # drawn of one message
TURNS = ("texte", "JSON", "octets")  # titles of what has no other
NOTHING = MappingProxyType(dict.fromkeys(DIRECTIONS, 0))


def conversation(connection: Connection, decode: Decoder | None = None) -> Conversation:
    """Decode a connection, as `decode` says or as its first bytes suggest."""
    events = list(connection.events)
    client, server = (Stream(events, direction) for direction in DIRECTIONS)
    messages = _reader(client, decode)(client, server, events)
    for stream in (client, server):
        _note_pieces(messages, stream, connection.cuts[stream.direction])
    items: Items = [*messages, *_happenings(events)]
    rank = {TO_SERVER: 0, TO_CLIENT: 1, None: 2}
    items.sort(key=lambda item: (item.event, rank[item.direction], getattr(item, "start", 0)))
    if not connection.has("closed", "reset", "refused", "cut"):
        items.append(Happening(None, len(events), "remark", "la connexion est encore ouverte"))
    return Conversation(connection.number, items)


def _reader(client: Stream, decode: Decoder | None) -> Callable[..., Items]:
    if decode == "http" or (decode is None and http.looks_like(client)):
        return _read_http
    if decode == "tls" or (decode is None and client.data[:2] == bytes([TLS_HANDSHAKE, 3])):
        return _read_tls
    return lambda client, server, events: _read_turns(events, decode)


def _read_http(client: Stream, server: Stream, events: list[Event]) -> Items:
    try:
        reading = http.read(client, server)
    except http.NotHTTP as error:
        remark = Happening(None, 0, "remark", f"lu comme du texte : {error}")
        return [remark, *_read_turns(events, None)]
    messages, switch, request = reading.messages, reading.switch, reading.request
    if switch and request and websocket.is_switched(switch.head):
        return messages + [
            frame
            for stream in (client, server)
            for frame in websocket.read(
                stream, reading.ends[stream.direction], switch.head, request.head.target
            )
        ]
    rest = _read_turns(events, None, reading.ends)
    last = max((message.event for message in messages), default=0)
    if switch:
        rest.append(Happening(None, last, "remark", "la suite n'est plus du HTTP"))
    elif reading.problem:
        rest.append(Happening(None, last, "remark", f"la suite est du texte : {reading.problem}"))
    else:  # the beginning of a head
        for message in rest:
            message.complete = False
    return [*messages, *rest]


def _read_tls(client: Stream, server: Stream, events: list[Event]) -> Items:
    """Tell the beginning; the rest is opaque, and even its sizes vary."""
    names = {TLS_HANDSHAKE: ("ClientHello", "ServerHello"), TLS_ALERT: ("alerte", "alerte")}
    items: Items = []
    for stream, side in ((client, 0), (server, 1)):
        if stream.data:
            name = names.get(stream.data[0], ("?", "?"))[side]
            items.append(Message(stream.direction, stream.event_of(0), None, f"TLS : {name}"))
    after = max((item.event for item in items), default=0)
    told = "la suite est chiffrée dans les deux sens : le relais ne peut rien en lire"
    return [*items, Happening(None, after, "remark", told)]


def _read_turns(
    events: list[Event], decode: Decoder | None, skip: Mapping[Direction, int] = NOTHING
) -> Items:
    """Where there are no messages: all the bytes one way until the other side speaks.

    The first bytes of each way, as many as `skip` says, have been read already.
    """
    turns: list[tuple[int, Direction, int, bytearray]] = []
    offsets = dict.fromkeys(DIRECTIONS, 0)
    for index, event in enumerate(events):
        start = max(offsets[event.direction], skip[event.direction])
        said = event.data[start - offsets[event.direction] :]
        offsets[event.direction] += len(event.data)
        if not said:
            continue
        if not turns or turns[-1][1] != event.direction:
            turns.append((index, event.direction, start, bytearray()))
        turns[-1][3].extend(said)
    messages: Items = []
    for index, direction, start, data in turns:
        title, body = _show_as(bytes(data), decode)
        messages.append(Message(direction, index, len(data), title, body=body, start=start))
    if messages:
        messages[-1].growing = True
    return messages


def _show_as(data: bytes, decode: Decoder | None) -> tuple[str, str]:
    if decode == "bytes":
        return "octets", dump(data)
    if decode == "text":
        return "texte", show_text(data.decode("utf-8", "replace"))
    return show(data)


def _note_pieces(messages: Items, stream: Stream, cuts: list[int]) -> None:
    """Tell in how many pieces a bad network delivered each message, and which if it is text."""
    for message in messages:
        if message.direction != stream.direction or message.size is None:
            continue
        end = message.start + message.size
        inside = cuts[bisect_right(cuts, message.start) : bisect_left(cuts, end)]
        if not inside:
            continue
        message.notes.append(f"en {len(inside) + 1} morceaux")
        if message.title not in TURNS:
            continue  # of a frame of WebSocket, bytes are masked, by other bytes at each run
        bounds = [message.start, *inside[:MAX_PIECES], end]
        pieces = [stream.data[a:b] for a, b in itertools.pairwise(bounds)]
        message.pieces = [_show_piece(piece) for piece in pieces[:MAX_PIECES]]
        if len(pieces) > MAX_PIECES:
            message.pieces.append("…")


def _show_piece(piece: bytes) -> str:
    """Show a piece on one line; half a character is shown as bytes."""
    text = piece.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _happenings(events: list[Event]) -> Items:
    found: Items = []
    passed = dict.fromkeys(DIRECTIONS, 0)
    for index, event in enumerate(events):
        if event.kind == "data":
            passed[event.direction] += len(event.data)
            continue
        text = _tell(event, events[:index], events[index + 1 :], passed[event.direction])
        found.append(Happening(event.direction, index, event.kind, text))
    return found


def _tell(event: Event, before: list[Event], after: list[Event], passed: int) -> str:
    octets = "octet" if passed < 2 else "octets"
    if event.kind == "closed":
        if any(other.kind == "closed" for other in before):
            return "ferme aussi"
        if any(other.kind == "data" for other in after):
            return "n'enverra plus rien (ferme son côté)"
        return "ferme la connexion"
    return {
        "opened": "ouvre la connexion",
        "reset": "coupe net (RST)",
        "refused": "refuse la connexion",
        "cut": f"le réseau coupe la connexion après {passed} {octets}",
        "silenced": f"le réseau se tait après {passed} {octets} : plus rien ne passe",
    }[event.kind]
