"""The student's program, as a case sees it: something that is asked, never something that is held.

What goes to it and comes back is plain: values, sockets, answers of an application. Today the
program travels by cloudpickle to a worker process, where cases and judge run too; since a case
never holds the student's object, the program could live in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask.testing import FlaskClient


class Program:
    """The functions that a student wrote, in the order in which the exercise asks for them.

    ``program(…)`` calls the first one; ``program.decode(…)`` calls another, by the name that the
    exercise gives it.
    """

    def __init__(self, names: tuple[str, ...], functions: tuple[Callable, ...]) -> None:
        self._functions = dict(zip(names, functions, strict=True))
        self._main = functions[0]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._main(*args, **kwargs)

    def __getattr__(self, name: str) -> Callable:
        try:
            return self._functions[name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, *args: Any) -> FlaskClient:
        """Return a client of the Flask application that the program returns.

        Its views' exceptions come out instead of a page.

        Raises:
            TypeError: it returns something else; the message, in French, is for the student.
        """
        from flask import Flask  # half the lessons do without

        app = self(*args)
        if not isinstance(app, Flask):
            raise TypeError(
                f"votre fonction doit rendre une application Flask, et elle rend {app!r}"
            )
        app.testing = True
        return app.test_client()

    def beside(self, helper: Callable, *args: Any, of: str | None = None) -> Any:
        """Return ``helper(function, *args)``, computed where the program lives.

        It is for what must hold the student's object itself: a class to derive from, a method to
        give to a library. `helper` is a function of a module, which knows no answer; what it
        returns is plain. `of` names the function, when it is not the first one.
        """
        return helper(self._functions[of] if of else self._main, *args)
