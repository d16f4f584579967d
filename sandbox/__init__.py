"""What the lessons of *Programmes coopérants* run on: ``from sandbox import start, wiretap``."""

import importlib

from sandbox import former

HOMES = {
    "BadNetwork": "sandbox.wire",
    "close_gently": "sandbox.serving.tcp",
    "exercise": "sandbox.exercises",
    "load_demo": "sandbox.running.demos",
    "ScriptedServer": "sandbox.serving.scripted",
    "DEMO_FOLDER": "sandbox.running.catalogue",
    "Server": "sandbox.running.launcher",
    "ServerError": "sandbox.running.launcher",
    "quiz": "sandbox.quizzes",
    "start": "sandbox.running.launcher",
    "wiretap": "sandbox.wire",
}
__all__ = list(HOMES)
former.install()


def __getattr__(name: str) -> object:
    """Import what is wanted when it is: servers and the doctor do without the others' needs."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    """Name what can be imported as well: a notebook completes from it."""
    return sorted({*globals(), *HOMES})
