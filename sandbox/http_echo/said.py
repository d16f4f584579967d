"""What all the paths share: what a request says, under httpbin's own keys; its parameters."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from flask import Response, jsonify, request
from werkzeug.datastructures import MultiDict

from sandbox.serving.http import Problem, quoted

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
FOLDER = Path(__file__).parent
MAX_SECONDS = 10.0  # of /delay and /drip


def describe(*keys: str, **extras: object) -> dict[str, object]:
    """Return what was received, under httpbin's own keys."""
    data = request.get_data(parse_form_data=True)  # empty when the body is a form
    known = {
        "url": lambda: request.url,
        "args": lambda: flatten(request.args),
        "form": lambda: flatten(request.form),
        "data": lambda: readable(data),
        "files": lambda: flatten(MultiDict(read_files())),
        "json": lambda: parse_json(data),
        "headers": lambda: dict(request.headers.items()),
        "origin": lambda: request.headers.get("X-Forwarded-For", request.remote_addr),
        "method": lambda: request.method,
    }
    return {key: known[key]() for key in keys} | extras


def flatten(values: MultiDict) -> dict[str, object]:
    """Return each value as it is, or the list of them when a name is repeated."""
    lists = values.to_dict(flat=False)
    return {name: found[0] if len(found) == 1 else found for name, found in lists.items()}


def read_files() -> list[tuple[str, str]]:
    return [
        (name, readable(file.read(), file.content_type))
        for name, file in request.files.items(multi=True)
    ]


def readable(data: bytes, media_type: str | None = None) -> str:
    """Return bytes as text, or as a ``data:`` URL when they are not UTF-8 (RFC 2397)."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        kind = media_type or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def parse_json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def whole(name: str, text: str, low: int, high: int) -> int:
    """Return `text` as a whole number, or refuse the request (400)."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text) or not low <= int(text) <= high:
        raise Problem(400, f"{name} doit être un entier de {low} à {high} ; reçu : {quoted(text)}.")
    return int(text)


def seconds(name: str, text: str) -> float:
    """Return `text` as a duration; httpbin too cuts what is longer than 10 s."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{0,9})?", text):
        raise Problem(
            400, f"{name} doit être un nombre de secondes, comme 0.5 ; reçu : {quoted(text)}."
        )
    return min(float(text), MAX_SECONDS)


def as_get() -> Response:
    """Return what /get answers."""
    return jsonify(describe("url", "args", "headers", "origin"))


def text_of(name: str) -> str:
    """Return the text of a file of this folder."""
    return (FOLDER / name).read_text(encoding="utf-8")
