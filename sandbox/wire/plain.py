"""The drawing in plain text, for terminals; and the exchanges in JSON, for programs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from sandbox.wire.masks import mask, mask_field
from sandbox.wire.message import Conversation, Happening, Message
from sandbox.wire.recording import TO_SERVER, Connection, Recording

WIDTH = 72  # columns
MAX_LINES = 40  # of what a message carries
MAX_CHARACTERS = 2000
MAX_ITEMS = 200  # of a connection


def draw(name: str, conversations: list[Conversation], recording: Recording) -> str:
    """Return the sequence diagrams of all the connections, one under the other."""
    lines = [] if conversations else ["(personne ne s'est connecté)"]
    for conversation in conversations:
        title = f" connexion {conversation.number} " if len(conversations) > 1 else ""
        lines.append(f"client {title:─^{max(0, WIDTH - len(name) - 8)}} {name}")
        for item in conversation.items[:MAX_ITEMS]:
            lines += draw_item(item)
        if len(conversation.items) > MAX_ITEMS:
            lines.append(f"… et {len(conversation.items) - MAX_ITEMS} autres échanges")
    return "\n".join([*lines, *limits(recording)])


def limits(recording: Recording) -> list[str]:
    """Say what passed and was not recorded."""
    lost = recording.bytes_passed - recording.bytes_kept
    told = []
    if lost and recording.bytes_kept >= recording.limit:
        told.append(f"enregistrement arrêté à {recording.limit} octets : {lost} autres sont passés")
    if recording.connections_lost:
        told.append(f"{recording.connections_lost} autres connexions sont passées sans être notées")
    return told


def draw_item(item: Message | Happening) -> Iterator[str]:
    """Yield the lines of one arrow: what it carries, then the arrow itself."""
    if isinstance(item, Happening) and (item.direction is None or item.kind in ("cut", "silenced")):
        yield f"{f'· {item.text} ·':^{WIDTH}}".rstrip()
        return
    line = "╌" if isinstance(item, Happening) else "─"
    caption = item.text if isinstance(item, Happening) else caption_of(item)
    room = WIDTH - 5
    label = f" {caption} " if len(caption) < room else f" {caption[: room - 2]}… "
    if item.direction == TO_SERVER:
        yield f"{line * 2}{label}{line * (room - len(label) + 2)}▶"
    else:
        yield f"◀{line * (room - len(label) + 2)}{label}{line * 2}"
    if isinstance(item, Message):
        yield from (f"    {line}".rstrip() for line in content(item))


def caption_of(message: Message) -> str:
    """Return a message's title, its size and its notes."""
    size = [f"{message.size} octet{'s'[: message.size > 1]}"] if message.size is not None else []
    title = [message.title] if message.title != "octets" else []  # the size says as much
    incomplete = [] if message.complete else ["incomplet"]
    return mask(", ".join([*title, *size, *message.notes, *incomplete]))


def content(message: Message) -> Iterator[str]:
    """Yield the lines of what a message carries."""
    for name, value in [*message.fields, *message.folded]:
        yield f"{name}: {mask_field(name, value)}"
    if message.body and (message.fields or message.folded):
        yield ""
    if message.pieces:
        yield " │ ".join(message.pieces)
    elif message.body:
        yield from beginning(mask(message.body))


def beginning(text: str) -> list[str]:
    """Return the first lines of a text, and how much is left out."""
    lines = text[:MAX_CHARACTERS].split("\n")[:MAX_LINES]
    left = len(text) - len("\n".join(lines))
    return [*lines, f"… et {left} caractères de plus"] if left else lines


def to_json(name: str, connections: list[Connection]) -> str:
    """Return the exchanges as JSON, their bytes in base64."""
    exchanges = [
        {
            "connection": exchange.connection,
            "direction": exchange.direction,
            "time": exchange.time,
            "data": base64.b64encode(exchange.data).decode("ascii"),
        }
        for connection in connections
        for exchange in connection.exchanges()
    ]
    return json.dumps({"server": name, "exchanges": exchanges}, ensure_ascii=False, indent=1)
