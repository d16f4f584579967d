"""A sensor's measurement: what is left of it once written, and once read again.

The functions whose first argument is `decode` are for `Program.beside`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Measurement:
    """What one sensor saw at one moment."""

    sensor: str
    taken: datetime
    values: tuple[float, ...]
    signature: bytes


Decode = Callable[[bytes], Measurement]
Field = tuple[str, Any]  # its type's name; its value, a date being written


def fields_of(decode: Decode, data: bytes) -> dict[str, Field]:
    """Return all that the measurement read in `data` holds."""
    return {
        name: (type(value).__name__, value.isoformat() if isinstance(value, datetime) else value)
        for name, value in vars(decode(data)).items()
    }


def date_of(decode: Decode, data: bytes) -> str:
    return decode(data).taken.isoformat()


def types(fields: dict[str, Field]) -> list[str]:
    return [kind for kind, _ in fields.values()]


def values(fields: dict[str, Field]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if kind == "datetime" else value
        for name, (kind, value) in fields.items()
    }


def json_in(data: Any) -> tuple[str, Any]:
    """Return the type's name of what was written, and the JSON value that it holds, if it does."""
    try:
        return type(data).__name__, json.loads(data)
    except ValueError:
        return type(data).__name__, data


def without_each_field(data: bytes) -> list[bytes]:
    """Return a JSON object without its first field, then without its second one…"""
    fields = json.loads(data)
    return [
        json.dumps({name: value for name, value in fields.items() if name != missing}).encode()
        for missing in fields
    ]
