"""Time, and streams of bytes or of lines."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request

from sandbox.http_echo.said import VERBS, describe, seconds, whole

MAX_BYTES = 100 * 1024  # bytes of an answer drawn at random
MAX_LINES = 100  # lines of /stream

routes = Blueprint("streams", __name__)


@routes.route("/delay/<delay>", methods=VERBS)
def view_delay(delay: str):
    """Answer after so many seconds, 10 at most."""
    time.sleep(seconds("delay", delay))
    return jsonify(describe("url", "args", "form", "data", "origin", "headers", "files"))


@routes.get("/drip")
def view_drip():
    """Answer ``numbytes`` stars in ``duration`` seconds, after ``delay`` seconds."""
    count = whole("numbytes", request.args.get("numbytes", "10"), 1, MAX_BYTES)
    code = whole("code", request.args.get("code", "200"), 200, 599)
    pause = seconds("duration", request.args.get("duration", "2")) / count
    time.sleep(seconds("delay", request.args.get("delay", "0")))
    return stream(drip(count, pause), code, {"Content-Length": str(count)})


def drip(count: int, pause: float) -> Iterator[bytes]:
    """Yield stars one by one, or by more when they must follow each other faster than 1 ms."""
    batch = max(1, min(count, round(0.001 / pause))) if pause else count
    for start in range(0, count, batch):
        size = min(batch, count - start)
        yield b"*" * size
        time.sleep(pause * size)


@routes.get("/bytes/<n>")
def view_bytes(n: str):
    """Answer n bytes at random, 102400 at most, the same for the same ``?seed=``."""
    generator = seeded()
    body = bytes(generator.randint(0, 255) for _ in range(clamped(n, MAX_BYTES)))
    return body, {"Content-Type": "application/octet-stream"}


@routes.get("/stream-bytes/<n>")
def view_stream_bytes(n: str):
    """Stream the bytes of /bytes, by ``?chunk_size=`` of them."""
    size = whole("chunk_size", request.args.get("chunk_size", "10240"), 1, MAX_BYTES)
    generator, count = seeded(), clamped(n, MAX_BYTES)
    pieces = (
        bytes(generator.randint(0, 255) for _ in range(min(size, count - start)))
        for start in range(0, count, size)
    )
    return stream(pieces)


@routes.get("/stream/<n>")
def view_stream(n: str):
    """Stream n lines of JSON, 100 at most."""
    content = describe("url", "args", "headers", "origin")
    lines = (json.dumps({**content, "id": i}) + "\n" for i in range(clamped(n, MAX_LINES)))
    return stream((line.encode() for line in lines), headers={"Content-Type": "application/json"})


def clamped(n: str, high: int) -> int:
    return min(whole("n", n, 0, 10**18), high)


def seeded() -> random.Random:
    if "seed" not in request.args:
        return random.Random()
    return random.Random(whole("seed", request.args["seed"], -(10**18), 10**18))


def stream(pieces: Iterator[bytes], code: int = 200, headers: dict | None = None) -> Response:
    return Response(pieces, code, {"Content-Type": "application/octet-stream", **(headers or {})})
