"""The one table of the course's ports: who listens where unless told otherwise.

Port 5000, Flask's default, is left out on purpose: AirPlay holds it on macOS.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).resolve().parent

SERVERS = {
    "server_socket_tcp": 3000,
    "server_contact": 3001,
    "server_web_site": 3002,
    "server_http_random": 3003,
    "server_http_echo": 3004,
}

LOOPBACK = "127.0.0.1"


def description(name: str) -> str:
    """Return what a server says of itself, read from its file: importing it may be long."""
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    return next(ast.literal_eval(word.value) for word in keywords if word.arg == "description")
