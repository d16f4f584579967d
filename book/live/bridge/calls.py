"""What `worker.js` may ask: every call takes and returns plain values."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from bridge import hashes, project, socket_io, tasks
from bridge.project import Project
from bridge.visitor import Visitor

_home = Path()
_push: Callable[[str, str], None]
_projects: dict[str, Project] = {}
_visitors: dict[tuple[str, str], Visitor] = {}


def prepare(
    home: str,
    scrypt: Callable[..., bytes],
    pbkdf2: Callable[..., bytes],
    push: Callable[[str, str], None],
) -> None:
    """Make this Python ready for demos.

    Args:
        home: the folder that will hold a folder for each.
        scrypt, pbkdf2: see `hashes.supply`.
        push: sends a packet to a page's socket, given its identifier.
    """
    global _home, _push
    sys.dont_write_bytecode = True
    # As ``export FLASK_SECRET_KEY=…`` before the first start: a restart signs nobody out.
    os.environ.setdefault("FLASK_SECRET_KEY", secrets.token_hex())
    _home, _push = Path(home), push
    hashes.supply(scrypt, pbkdf2)
    project.install()


def run(instance: str, name: str, files: dict[str, str | bytes]) -> dict:
    """Run a demo's files anew; ``failure`` is None once it serves."""
    if any("flask_socketio" in content for content in files.values() if isinstance(content, str)):
        socket_io.install()
    if instance not in _projects:
        _projects[instance] = Project(_home / instance / name)
    running = _projects[instance]
    failure = running.run(files)
    return {"origin": running.origin, "failure": failure}


def stop(instance: str) -> None:
    """Stop serving a demo."""
    if instance in _projects:
        _projects[instance].stop()


def erase(instance: str) -> None:
    """Forget a demo, its files and its visitors' cookies."""
    if instance in _projects:
        _projects.pop(instance).erase()
    for known in [key for key in _visitors if key[0] == instance]:
        del _visitors[known]


def request(
    instance: str,
    visitor: str,
    origin: str,
    method: str,
    target: str,
    headers: list[tuple[str, str]],
    body: bytes,
) -> dict | None:
    """Return a demo's answer, or None if nothing serves that origin."""
    if not serves(instance, origin):
        return None
    return find_visitor(instance, visitor).request(method, target, headers, bytes(body))


def serves(instance: str, origin: str) -> bool:
    """Tell whether a demo listens where a visitor knocks; ``localhost`` is the loopback."""
    running = _projects.get(instance)
    if running is None or running.application is None:
        return False
    return origin.replace("//localhost", "//127.0.0.1") == running.origin.replace(
        "//0.0.0.0", "//127.0.0.1"
    ).replace("//localhost", "//127.0.0.1")


def find_visitor(instance: str, visitor: str) -> Visitor:
    key = instance, visitor
    if key not in _visitors:
        _visitors[key] = Visitor(_projects[instance])
    return _visitors[key]


def socket_open(instance: str, visitor: str, socket: str, target: str) -> str:
    """Open a Socket.IO connection; return why not, or an empty string."""
    running = _projects.get(instance)
    if running is None or running.application is None:
        return "aucun serveur"
    running.enter()
    environ = find_visitor(instance, visitor).environ(target)
    return socket_io.connect(running, environ, socket, lambda packet: _push(socket, packet))


def socket_receive(socket: str, packet: str) -> None:
    """Hand a packet of the page over to the application."""
    socket_io.receive(socket, packet)


def socket_close(socket: str) -> None:
    """Tell the application that the page has closed its connection."""
    socket_io.close(socket)


def check(instance: str, source: str) -> dict:
    """Run a task's check on a demo that serves; return ``passed`` and ``message``."""
    running = _projects.get(instance)
    if running is None or running.application is None:
        return {"passed": False, "message": tasks.NOT_RUNNING}
    running.enter()
    return tasks.check(running, source)
