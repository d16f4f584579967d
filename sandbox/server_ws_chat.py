"""WebSocket 3007: a chat with rooms, and its page. A room is a path: ``/`` is everybody's.

A client sends ``{"name": "Ada", "text": "Bonjour !"}``. It receives, of what happens in its room::

    {"type": "present", "count": 2}                              who comes and goes
    {"type": "message", "name": "Ada", "text": "Bonjour !"}      what anybody says, itself included
    {"type": "refused", "reason": "…"}                           why its own message was not told
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from websockets.asyncio.server import ServerConnection, broadcast

from sandbox.serving.borrowed import unsent
from sandbox.serving.limits import Bucket
from sandbox.serving.ws import MAX_BEHIND, dismiss, log, main, path_of, send

LENGTHS = {"name": 30, "text": 2000}  # characters, at most
BURST, RATE = 30, 10  # messages in a row, then a second, for a client
TOO_FAST = f"Trop vite : {RATE} messages par seconde au plus."
ROOM = re.compile(r"/[\w-]{0,30}", re.ASCII)
FOLDER = Path(__file__).parent / "ws_chat"
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}

rooms: dict[str, set[ServerConnection]] = {}
goodbyes: set[asyncio.Task] = set()  # the loop itself keeps no strong reference to its tasks


class Refused(Exception):
    """Why a message is not told to the others, in French."""


async def chat(connection: ServerConnection) -> None:
    """Tell the room what one client says, until it leaves."""
    path = path_of(connection.request)
    if not ROOM.fullmatch(path):
        await connection.close(1008, "Un salon a un nom de 30 lettres, chiffres, - ou _ au plus.")
        return
    room = rooms.setdefault(path, set())
    room.add(connection)
    tell(room, type="present", count=len(room))
    bucket = Bucket(BURST, RATE)
    try:
        async for message in connection:
            try:
                if bucket.spend():
                    raise Refused(TOO_FAST)
                tell(room, type="message", **read(message))
            except Refused as reason:
                await send(connection, encode(type="refused", reason=str(reason)))
    finally:
        room.discard(connection)
        tell(room, type="present", count=len(room))
        if not room and rooms.get(path) is room:
            del rooms[path]


def tell(room: set[ServerConnection], **content: object) -> None:
    """Send to a whole room, without waiting for anybody."""
    broadcast(room, encode(**content))
    # Nobody waits, so that what a client does not read piles up here: there has to be a limit.
    slow = [each for each in room if unsent(each) > MAX_BEHIND]
    for connection in slow:
        room.discard(connection)
        log(connection.remote_address[0], "est trop lent")
        task = asyncio.create_task(dismiss(connection))
        goodbyes.add(task)
        task.add_done_callback(goodbyes.discard)


def encode(**content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def read(message: str | bytes) -> dict[str, str]:
    """Return the name and the text of a message.

    Raises:
        Refused: it is not what the protocol says.
    """
    if isinstance(message, bytes):
        raise Refused("J'attends du texte, pas des octets.")
    try:
        content = json.loads(message)
    except (ValueError, RecursionError):
        raise Refused("Ce n'est pas du JSON.") from None
    if not isinstance(content, dict) or set(content) != set(LENGTHS):
        raise Refused('J\'attends {"name": …, "text": …}, ces deux clés et rien d\'autre.')
    for key, limit in LENGTHS.items():
        check_text(key, content[key], limit)
    return content


def check_text(key: str, value: object, limit: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"{key} doit être un texte non vide.")
    if len(value) > limit:
        raise Refused(f"{key} : {limit} signes au plus, et non {len(value)}.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        # JSON lets one write "\ud800", half of a UTF-16 pair; UTF-8 cannot say it.
        raise Refused(f"{key} contient une moitié de caractère.")


def pages(path: str) -> tuple[bytes, str] | None:
    """Return the chat's page for every room, its style and its script."""
    name = "chat.html" if ROOM.fullmatch(path) else path[1:]
    if name not in ("chat.html", "chat.css", "chat.js"):
        return None
    return (FOLDER / name).read_bytes(), TYPES[name.partition(".")[2]]


if __name__ == "__main__":
    main("server_ws_chat", chat, pages=pages)
