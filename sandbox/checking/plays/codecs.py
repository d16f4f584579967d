"""Ways to write values as bytes and to read them again: plain, slow, or that refuse."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from typing import Any

Codec = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


def to_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def refuse(value: Any) -> bytes:
    raise OverflowError("je refuse")


JSON: Codec = (to_json, json.loads)
PICKLE: Codec = (pickle.dumps, pickle.loads)
STUBBORN: Codec = (refuse, json.loads)


def slow(writing: float, reading: float, fast: int = 0) -> Codec:
    """Return JSON slowed down by that many seconds, except for its `fast`-th writing."""
    calls = 0

    def dumps(value: Any) -> bytes:
        nonlocal calls
        calls += 1
        time.sleep(0 if calls == fast or calls > 20 else writing)
        return to_json(value)

    def loads(data: bytes) -> Any:
        time.sleep(reading)
        return json.loads(data)

    return dumps, loads
