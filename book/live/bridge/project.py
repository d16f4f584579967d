"""A demo's folder, run as ``python app.py`` would, and served without a network."""

from __future__ import annotations

import importlib
import linecache
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import flask
import werkzeug.serving
from werkzeug.debug import DebuggedApplication

from bridge import errors

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 5000
NO_SERVER = "app.py s’est terminé sans lancer de serveur : il y manque app.run()."


class Serving(BaseException):
    """``app.run`` was called. It never returns, so nothing may follow it; no student catches it."""

    def __init__(self, application: Callable, host: str | None, port: int | None) -> None:
        self.application = application
        self.origin = f"http://{host or DEFAULT_HOST}:{int(port or DEFAULT_PORT)}"


class Project:
    """Files in a folder of their own, and the application that they make once run.

    Attributes:
        origin: where the application says it listens.
        application: the WSGI application, None as long as nothing serves.
        failures: what has been raised by views since the last look, for the reader.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origin = ""
        self.application: Callable | None = None
        self.flask: flask.Flask | None = None
        self.failures: list[dict] = []
        self._written: dict[str, bytes] = {}
        self._modules: dict[str, ModuleType] = {}

    def run(self, files: dict[str, str | bytes]) -> dict | None:
        """Run ``app.py`` anew; return None once it serves, or what went wrong."""
        self.stop()
        self._write(files)
        main = ModuleType("__main__")
        main.__file__ = str(self.folder / "app.py")
        if _current is not None:
            _current.leave()
        self._modules = {"__main__": main}
        self.enter()
        linecache.checkcache()
        importlib.invalidate_caches()
        try:
            exec(compile(files["app.py"], main.__file__, "exec"), vars(main))
        except Serving as serving:
            self._serve(serving)
            return None
        except BaseException as error:  # SystemExit and KeyboardInterrupt end a program too
            print(errors.show(error, self.folder), file=sys.stderr)
            return errors.describe(error, self.folder)
        return {"text": NO_SERVER, "file": "app.py", "line": 0}

    def stop(self) -> None:
        """Stop serving; the files stay."""
        self.application = self.flask = None
        self.origin = ""
        self.failures.clear()

    def erase(self) -> None:
        """Forget everything, what the application has written included."""
        self.stop()
        if _current is self:
            self.leave()
            os.chdir(self.folder.parent)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._written.clear()

    def enter(self) -> None:
        """Make this folder the place where Python works, its modules those that are imported.

        Two demos may run in one Python, each with its ``__main__`` and modules of one name.
        """
        global _current
        if _current is self:
            return
        if _current is not None:
            _current.leave()
        sys.modules.update(self._modules)
        sys.path.insert(0, str(self.folder))
        os.chdir(self.folder)
        _current = self

    def leave(self) -> None:
        """Put this folder's modules aside, until it is entered again."""
        global _current
        self._modules = dict(self._own_modules())
        for name in self._modules:
            del sys.modules[name]
        sys.path.remove(str(self.folder))
        _current = None

    def _own_modules(self) -> Iterable[tuple[str, ModuleType]]:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and Path(file).is_relative_to(self.folder):
                yield name, module

    def _write(self, files: dict[str, str | bytes]) -> None:
        """Write what has changed in the editor; what the application wrote itself stays."""
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else bytes(content)
            if self._written.get(name) != data:
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                self._written[name] = data

    def _serve(self, serving: Serving) -> None:
        self.origin = serving.origin
        application = serving.application
        if isinstance(application, flask.Flask):
            self.flask = application
            flask.got_request_exception.connect(self._note, application)
            if application.debug:
                # No console in the page: the debugger shows traces only.
                application = DebuggedApplication(application, evalex=False)
        self.application = application
        print(f" * Running on {self.origin}\nPress CTRL+C to quit", file=sys.stderr)

    def _note(self, sender: flask.Flask, exception: BaseException, **extra: object) -> None:
        self.failures.append(errors.describe(exception, self.folder))


_current: Project | None = None


def run_flask(
    self: flask.Flask,
    host: str | None = None,
    port: int | None = None,
    debug: bool | None = None,
    load_dotenv: bool = True,
    **options: object,
) -> NoReturn:
    """Take the place of ``Flask.run``: there is no port to listen on in a page."""
    if debug is not None:
        self.debug = debug
    print(f" * Serving Flask app '{self.name}'\n * Debug mode: {'on' if self.debug else 'off'}")
    raise Serving(self, host, port)


def run_wsgi(hostname: str, port: int, application: Callable, **options: object) -> NoReturn:
    """Take the place of ``werkzeug.serving.run_simple``."""
    raise Serving(application, hostname, port)


def install() -> None:
    """Have programs serve the page instead of a port."""
    flask.Flask.run = run_flask
    werkzeug.serving.run_simple = run_wsgi
