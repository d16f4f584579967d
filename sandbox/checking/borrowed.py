"""What leans on the insides of cloudpickle and Flask.

Tried with the versions below; ``tests/checking/test_borrowed.py`` tells when one no longer holds.
"""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import cloudpickle

TRIED = {"cloudpickle": "3.1.2", "flask": "3.1.3"}
LOOK_UPS = ("LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")  # how a class's body looks for a name


class Packer(cloudpickle.Pickler):
    """cloudpickle's pickler, with what it lacks for programs that use Flask.

    Flask's `request`, `session`… travel by their name: they stand for what a request brings, and
    there is none when the functions are packed. What a class defined in a function takes from the
    notebook (the fields of a form) travels with the function.
    """

    def reducer_override(self, value: Any) -> Any:
        if type(value).__module__ == "werkzeug.local":
            flask_globals = sys.modules["flask.globals"]
            for name, proxy in vars(flask_globals).items():
                if proxy is value:
                    return getattr, (flask_globals, name)
        reduced = super().reducer_override(value)
        if isinstance(value, FunctionType) and reduced is not NotImplemented:
            known = value.__globals__
            wanted = {name for name in names_in_classes(value.__code__) if name in known}
            reduced[2][1]["__globals__"].update({name: known[name] for name in wanted})
        return reduced


def names_in_classes(code: CodeType) -> Iterator[str]:
    """Yield the names that the bodies of the classes nested in a function look for."""
    for nested in code.co_consts:
        if isinstance(nested, CodeType):
            if not nested.co_flags & inspect.CO_OPTIMIZED:  # a class, then
                instructions = dis.get_instructions(nested)
                yield from (each.argval for each in instructions if each.opname in LOOK_UPS)
            yield from names_in_classes(nested)
