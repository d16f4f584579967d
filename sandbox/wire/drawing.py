"""The sequence diagram, for notebooks and pages: HTML that fits any width, and its style.

Real text rather than a picture: it can be read on a phone, selected, folded, printed, and read
aloud. Each connection is an ordered list whose items say who speaks to whom.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from sandbox.wire.masks import mask, mask_field
from sandbox.wire.message import Conversation, Happening, Message
from sandbox.wire.plain import caption_of, limits
from sandbox.wire.recording import TO_SERVER, Recording

STYLE = (Path(__file__).parent / "wire.css").read_text(encoding="utf-8")
MAX_LINES = 12  # of a body, shown at once
MAX_CHARACTERS = 700
MAX_ITEMS = 40  # of a connection, shown at once
MAX_FOLDED = 200  # of a connection, shown on demand
MAX_CONNECTIONS = 6  # shown at once


def draw(name: str, conversations: list[Conversation], recording: Recording) -> str:
    """Return the diagrams of all the connections, side by side where there is room."""
    drawn = [_connection(name, each, alone=len(conversations) == 1) for each in conversations]
    shown, hidden = drawn[:MAX_CONNECTIONS], drawn[MAX_CONNECTIONS:]
    if not drawn:
        shown = ["<p class='wire-limit'>Personne ne s’est encore connecté.</p>"]
    if hidden:
        shown.append(_fold(f"{len(hidden)} autres connexions", "".join(hidden)))
    told = [f"<p class='wire-limit'>{escape(text)}</p>" for text in limits(recording)]
    return (
        f"<div class='wire' role='group' aria-label='Ce qui est passé sur le réseau'>"
        f"<style>{STYLE}</style>{''.join(shown + told)}</div>"
    )


def _connection(name: str, conversation: Conversation, *, alone: bool) -> str:
    title = "" if alone else f"connexion {conversation.number}"
    items = [_item(item) for item in conversation.items]
    shown, hidden = items[:MAX_ITEMS], items[MAX_ITEMS:]
    if hidden:
        beyond = len(hidden) - MAX_FOLDED
        told = [f"<li><p>… et {beyond} autres, non dessinés</p></li>"] if beyond > 0 else []
        rest = f"<ol>{''.join(hidden[:MAX_FOLDED] + told)}</ol>"
        shown.append(f"<li class='wire-remark'>{_fold(f'{len(hidden)} autres', rest)}</li>")
    return (
        f"<div class='wire-connection' role='group' aria-label='{title or 'connexion'}'>"
        f"<div class='wire-ends'><b>client</b><span>{title}</span><b>{escape(name)}</b></div>"
        f"<ol>{''.join(shown)}</ol></div>"
    )


def _item(item: Message | Happening) -> str:
    if isinstance(item, Message):
        return _arrow(item, "wire-message", escape(caption_of(item)), _content(item))
    if item.direction is None or item.kind in ("cut", "silenced"):
        return f"<li class='wire-remark wire-{item.kind}'><p>{escape(item.text)}</p></li>"
    return _arrow(item, f"wire-event wire-{item.kind}", escape(item.text), "")


def _arrow(item: Message | Happening, kind: str, caption: str, content: str) -> str:
    way = "go" if item.direction == TO_SERVER else "back"
    who = "client → serveur" if way == "go" else "serveur → client"
    return (
        f"<li class='{kind} wire-{way}'><p class='wire-caption'>"
        f"<span class='wire-who'>{who} : </span>{caption}</p>"
        f"<div class='wire-arrow' aria-hidden='true'></div>{content}</li>"
    )


def _content(message: Message) -> str:
    """Return the fields, then what the message carries, the long of it folded."""
    parts = [_fields(message.fields)] if message.fields else []
    if message.folded:
        many = "s" if len(message.folded) > 1 else ""
        title = f"{len(message.folded)} autre{many} en-tête{many}"
        parts.append(_fold(title, _fields(message.folded)))
    if message.pieces:
        pieces = "".join(f"<span>{escape(piece)}</span>" for piece in message.pieces)
        parts.append(f"<div class='wire-pieces'>{pieces}</div>")
    elif message.body:
        parts.append(_body(mask(message.body)))
    return f"<div class='wire-content'>{''.join(parts)}</div>" if parts else ""


def _fields(fields: list[tuple[str, str]]) -> str:
    lines = (f"<b>{escape(name)}:</b> {escape(mask_field(name, value))}" for name, value in fields)
    return f"<pre class='wire-fields'>{chr(10).join(lines)}</pre>"


def _body(text: str) -> str:
    """Return a body, its beginning followed by the folded rest when it is long."""
    if len(text) <= MAX_CHARACTERS and text.count("\n") < MAX_LINES:
        return f"<pre class='wire-body'>{escape(text)}</pre>"
    lines = text.split("\n")
    start = "\n".join(lines[: MAX_LINES // 2])[: MAX_CHARACTERS // 2]
    rest = text[len(start) :].removeprefix("\n")
    folded = _fold("la suite", f"<pre>{escape(rest)}</pre>")
    return f"<div class='wire-body'><pre>{escape(start)}</pre>{folded}</div>"


def _fold(title: str, content: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{content}</details>"
