"""WebSocket frames (RFC 6455), read by wsproto."""

from __future__ import annotations

import h11
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameDecoder, Opcode, ParseFailed

from sandbox.wire import socketio
from sandbox.wire.message import Message, show
from sandbox.wire.recording import TO_SERVER, Stream

NAMES = {
    Opcode.CONTINUATION: "suite",
    Opcode.TEXT: "texte",
    Opcode.BINARY: "binaire",
    Opcode.CLOSE: "fermeture",
    Opcode.PING: "ping",
    Opcode.PONG: "pong",
}


def is_switched(response: h11.InformationalResponse) -> bool:
    """Tell whether a 101 answer opens a WebSocket."""
    return dict(response.headers).get(b"upgrade", b"").lower() == b"websocket"


def read(
    stream: Stream, start: int, response: h11.InformationalResponse, target: bytes
) -> list[Message]:
    """Read the frames that one side sent from `start` on."""
    agreed = dict(response.headers).get(b"sec-websocket-extensions", b"")
    deflated = agreed.startswith(PerMessageDeflate.name.encode())
    decoder = FrameDecoder(
        client=stream.direction != TO_SERVER, extensions=[PerMessageDeflate()] if deflated else []
    )
    decoder.receive_bytes(stream.data[start:])
    messages: list[Message] = []
    payload = bytearray()
    before = start
    while True:
        try:
            frame = decoder.process_buffer()
        except ParseFailed as error:
            remark = f"pas une trame WebSocket : {error}"
            return [*messages, _rest(stream, before, remark, complete=True)]
        if frame is None:
            break
        payload += frame.payload
        if not frame.frame_finished:
            continue
        after = len(stream.data) - len(decoder.buffer)
        messages.append(_message(stream, before, after, frame, bytes(payload), target))
        payload.clear()
        before = after
    if before < len(stream.data):
        messages.append(_rest(stream, before, "début de trame", complete=False))
    return messages


def _message(stream: Stream, start: int, end: int, frame, payload: bytes, target: bytes) -> Message:
    notes = ["masqué" if stream.direction == TO_SERVER else "non masqué"]
    if not frame.message_finished:
        notes.append("à suivre (FIN = 0)")
    return Message(
        direction=stream.direction,
        event=stream.event_of(start),
        size=end - start,
        title=f"WebSocket : {NAMES[frame.opcode]} (0x{frame.opcode:x})",
        body=_body(frame.opcode, payload, target),
        notes=notes,
        start=start,
    )


def _body(opcode: Opcode, payload: bytes, target: bytes) -> str:
    if opcode == Opcode.CLOSE and len(payload) >= 2:
        code, reason = int.from_bytes(payload[:2], "big"), payload[2:].decode("utf-8", "replace")
        return f"{code} {reason}".rstrip()
    if opcode == Opcode.TEXT and socketio.ADDRESS.search(target):
        return socketio.packet(payload.decode("utf-8", "replace"))
    return show(payload)[1] if payload else ""


def _rest(stream: Stream, start: int, remark: str, *, complete: bool) -> Message:
    data = stream.data[start:]
    return Message(
        direction=stream.direction,
        event=stream.event_of(start),
        size=len(data),
        title="octets",
        body=show(data)[1],
        notes=[remark],
        start=start,
        complete=complete,
    )
