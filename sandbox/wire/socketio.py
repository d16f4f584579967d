"""Engine.IO and Socket.IO packets, read by python-engineio and python-socketio.

The two are imported where they serve: they take longer to import than all the rest of the wire.
"""

from __future__ import annotations

import json
import re

ADDRESS = re.compile(rb"[?&]EIO=\d")  # by which these protocols are known
SEPARATOR = "\x1e"  # between the packets of an HTTP body


def payload(body: bytes) -> str:
    """Describe the packets that an HTTP body carries (long polling), one a line."""
    return "\n".join(map(packet, body.decode("utf-8", "replace").split(SEPARATOR)))


def packet(text: str) -> str:
    """Describe an Engine.IO packet, and the Socket.IO packet that it may carry."""
    import engineio
    import socketio

    try:
        outer = engineio.packet.Packet(encoded_packet=text)
        if outer.binary:
            return f"Engine.IO MESSAGE, {len(outer.data)} octets en base64"
        name = engineio.packet.packet_names[outer.packet_type]
        if outer.packet_type != engineio.packet.MESSAGE:
            return f"Engine.IO {name} {_data(outer.data)}".rstrip()
        inner = socketio.packet.Packet(encoded_packet=text[1:])
        name = socketio.packet.packet_names[inner.packet_type]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return text  # not of these protocols, whatever the address says
    space = f" {inner.namespace}" if inner.namespace not in (None, "/") else ""
    identifier = f" n° {inner.id}" if inner.id is not None else ""
    return f"Socket.IO {name}{space}{identifier} {_data(inner.data)}".rstrip()


def _data(data: object) -> str:
    return "" if data in (None, "") else json.dumps(data, ensure_ascii=False)
