"""Solutions of lesson 04: values become bytes, come back, and are not taken at their word."""

import base64
import contextlib
import json
import math
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.exercises.client_tcp import read_exactly
from sandbox.serving import close_gently

#: How many bytes a client of `serve_wind` may announce.
MAX_SIZE = 65_536

#: What pydantic finds wrong with a field, said in French to whoever sent it.
REASONS = {
    "missing": "manque",
    "string_type": "doit être un texte",
    "string_too_short": "ne doit pas être vide",
    "float_type": "doit être un nombre",
    "finite_number": "doit être un nombre fini",
    "greater_than_equal": "doit valoir au moins 0",
    "less_than_equal": "doit valoir au plus 120",
}

Codec = tuple[Callable[[Any], bytes], Callable[[bytes], Any]]


@dataclass(frozen=True)
class Measurement:
    """What one sensor saw at one moment."""

    sensor: str
    taken: datetime
    values: tuple[float, ...]
    signature: bytes


class WindMessage(BaseModel):
    """What the station may say; nothing is converted."""

    model_config = ConfigDict(strict=True)

    sensor: str = Field(min_length=1)
    wind: float = Field(ge=0, le=120, allow_inf_nan=False)


def encode(measurement: Measurement) -> bytes:
    """Return `measurement` as a JSON object in UTF-8.

    The date is in ISO 8601, the bytes are in base64.
    """
    signature = base64.b64encode(measurement.signature)
    fields = {
        "sensor": measurement.sensor,
        "taken": measurement.taken.isoformat(),
        "values": measurement.values,
        "signature": signature.decode("ascii"),
    }
    return json.dumps(fields).encode()


def decode(data: bytes) -> Measurement:
    """Return the measurement that `encode` wrote.

    Raises:
        ValueError: not JSON, or a field is missing or cannot be read.
    """
    try:
        fields = json.loads(data)
        signature = base64.b64decode(fields["signature"], validate=True)
        return Measurement(
            sensor=fields["sensor"],
            taken=datetime.fromisoformat(fields["taken"]),
            values=tuple(fields["values"]),
            signature=signature,
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"mesure illisible : {error}") from error


def read_wind(payload: bytes) -> dict:
    """Return the valid message in `payload`: ``sensor`` and ``wind``.

    Raises:
        ValueError: the bytes hold anything else; its text names the
            fields at fault, or JSON.
    """
    try:
        return WindMessage.model_validate_json(payload).model_dump()
    except ValidationError as error:
        reasons = " ; ".join(map(reason, error.errors()))
        raise ValueError(reasons) from None


def reason(problem: Mapping[str, Any]) -> str:
    """Say in French what one of pydantic's errors is about."""
    if not problem["loc"]:
        return "il faut un objet JSON en UTF-8"
    complaint = REASONS.get(problem["type"], "ne convient pas")
    return f"{problem['loc'][0]} {complaint}"


def serve_wind(connection: socket.socket) -> None:
    """Answer each length-prefixed message until the client leaves.

    Answers are JSON objects with ``status``, ``msg`` and ``data``, framed
    the same way. A client that announces more than `MAX_SIZE` bytes is told
    so, then left.
    """
    count = 0
    with contextlib.suppress(ConnectionError):  # it hangs up when it likes
        while True:
            size = int.from_bytes(read_exactly(connection, 4), "big")
            if size > MAX_SIZE:
                why = f"{size} octets annoncés, {MAX_SIZE} au plus"
                send_json(connection, refusal(why))
                return close_gently(connection)
            try:
                read_wind(read_exactly(connection, size))
            except ValueError as error:
                answer = refusal(str(error))
            else:
                count += 1
                data = {"count": count}
                answer = {"status": True, "msg": "noté", "data": data}
            send_json(connection, answer)


def refusal(why: str) -> dict:
    """Return the answer that says no."""
    return {"status": False, "msg": why, "data": {}}


def send_json(connection: socket.socket, answer: dict) -> None:
    """Send `answer`, preceded by its length on four bytes."""
    payload = json.dumps(answer).encode()
    connection.sendall(len(payload).to_bytes(4, "big") + payload)


def compare(value: Any, codecs: Mapping[str, Codec], tries: int = 5) -> dict:
    """Send `value` there and back through each ``(dumps, loads)``.

    Returns:
        By name: ``size`` in bytes, ``seconds`` there and back (best of
        `tries`), ``faithful`` (does what comes back equal what left?);
        None for a format that refuses the value.
    """
    results = {}
    for name, (dumps, loads) in codecs.items():
        seconds = math.inf
        try:
            for _ in range(tries):
                start = time.perf_counter()
                data = dumps(value)
                back = loads(data)
                seconds = min(seconds, time.perf_counter() - start)
        except Exception:  # each format has its own way of saying no
            results[name] = None
        else:
            results[name] = {
                "size": len(data),
                "seconds": seconds,
                "faithful": back == value,
            }
    return results
