"""The one table of the course's ports: who listens where unless told otherwise.

Port 5000, Flask's default, is left out on purpose: AirPlay holds it on macOS.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO_FOLDER = HERE.parent / "flask_demo"

SERVERS = {
    "server_socket_tcp": 3000,
    "server_contact": 3001,
    "server_web_site": 3002,
    "server_http_random": 3003,
    "server_http_echo": 3004,
    "server_messagerie": 3005,
    "server_ws_echo": 3006,
    "server_ws_chat": 3007,
    "server_partage": 3008,
}

#: The Flask applications; each also says its port in its own folder, which can be copied away.
DEMOS = {
    "demo1": 5001,
    "demo2": 5002,
    "demo3": 5003,
    "demo4": 5004,
    "demo5": 5005,
    "demo6": 5006,
    "edo": 5007,
    "api": 5009,
}

PORTS = SERVERS | DEMOS

#: Runs a demo from its folder. Flask's own command takes a port; ``python app.py`` takes none.
FLASK_RUN = ("flask", "--app", "app", "run")

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"


def description(name: str) -> str:
    """Return what a server or a demo says of itself, read from its files: imports may be long."""
    if name in DEMOS:
        with (DEMO_FOLDER / name / "README.md").open(encoding="utf-8") as readme:
            title = readme.readline().partition(":")[2].strip()
        return f"{title[0].upper()}{title[1:]}."
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    return next(ast.literal_eval(word.value) for word in keywords if word.arg == "description")
