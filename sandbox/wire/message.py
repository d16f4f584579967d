"""What decoders make of the bytes, and what the drawings draw."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from sandbox.wire.recording import Direction

BYTES_A_LINE = 8  # a line of a dump then fits the width of a phone
MAX_BODY = 16 * 1024  # characters or bytes of a body that are drawn
#: What a terminal would obey, and halves of characters, which cannot be written at all.
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass
class Message:
    """One arrow of the drawing.

    Attributes:
        direction: where it goes.
        event: index of the event in which its first byte passed.
        size: bytes on the wire, None where they vary or say nothing.
        title: its first line, if its protocol has one; ``texte``, ``JSON``… otherwise.
        fields: ``(name, value)`` pairs that matter.
        folded: those that matter less.
        body: what it carries, ready to be shown.
        notes: short remarks in French.
        pieces: the pieces in which a `BadNetwork` delivered it, none if it came whole.
        start: offset of its first byte in its stream.
        complete: False if the rest of it did not come.
        growing: True if nothing says where it ends: what comes next may belong to it.
    """

    direction: Direction
    event: int
    size: int | None
    title: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    folded: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    notes: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    start: int = 0
    complete: bool = True
    growing: bool = False

    def __post_init__(self) -> None:
        self.title = printable(self.title)
        self.body = printable(self.body)
        for fields in (self.fields, self.folded):
            fields[:] = [(printable(name), printable(value)) for name, value in fields]


@dataclass(frozen=True)
class Happening:
    """Something other than a message: a connection opened, closed, cut…

    Attributes:
        direction: whose doing it is, None if nobody's.
        event: where it comes among the events.
        kind: the event's, or ``remark``.
        text: what happened, in French.
    """

    direction: Direction | None
    event: int
    kind: str
    text: str


@dataclass(frozen=True)
class Conversation:
    """A connection, decoded: its messages and what happened, in order."""

    number: int
    items: list[Message | Happening]


def printable(text: str) -> str:
    """Return a text whose control characters are written out."""
    return NOT_TEXT.sub(lambda found: repr(found[0])[1:-1], text)


def show(data: bytes) -> tuple[str, str]:
    """Return what kind of content `data` seems to be, in one French word, and its text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return "octets", dump(data)
    if NOT_TEXT.search(text):
        return "octets", dump(data)
    if (pretty := pretty_json(text)) is not None:
        return "JSON", pretty
    return "texte", show_text(text)


def show_text(text: str) -> str:
    """Return a text with the ends of its lines, which matter so much on the wire."""
    return shorten(text.replace("\r", "\\r").replace("\n", "⏎\n").removesuffix("\n"))


def pretty_json(text: str) -> str | None:
    """Return an object or an array laid out for reading, None if `text` is not one."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(text)
        on_one_line = json.dumps(value, ensure_ascii=False)
        if len(on_one_line) <= 72:
            return on_one_line
        return shorten(json.dumps(value, ensure_ascii=False, indent=2))
    except (ValueError, RecursionError):
        return None


def dump(data: bytes) -> str:
    """Return bytes in hexadecimal, with the characters of those that are ASCII."""
    lines = []
    for start in range(0, min(len(data), MAX_BODY // BYTES_A_LINE), BYTES_A_LINE):
        line = data[start : start + BYTES_A_LINE]
        characters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)
        lines.append(f"{line.hex(' '):{3 * BYTES_A_LINE}} {characters}")
    return shorten("\n".join(lines), len(data) - MAX_BODY // BYTES_A_LINE)


def shorten(text: str, beyond: int = 0) -> str:
    """Return `text`, cut where too long; `beyond` more bytes are said to be missing."""
    if len(text) > MAX_BODY:
        beyond = len(text) - MAX_BODY
        text = text[:MAX_BODY]
    return f"{text}\n… et {beyond} de plus" if beyond > 0 else text
