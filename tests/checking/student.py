"""What a student does in a notebook: define a function, and have it checked."""

import textwrap
from collections.abc import Callable

from sandbox import exercise
from sandbox.checking.report import Result

NAME = "client_tcp.read_exactly"


def student(source: str, name: str) -> Callable:
    """Return a function as a notebook defines it: in ``__main__``, with no module to import."""
    names: dict = {"__name__": "__main__"}
    exec(textwrap.dedent(source), names)
    return names[name]


def check(source: str) -> Result:
    """Check a student's ``read_exactly``."""
    return exercise(NAME).check(student(source, "read_exactly"))
