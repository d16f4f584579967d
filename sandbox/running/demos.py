"""The Flask demos as modules, for those who look at them from inside: exercises and tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from sandbox.running.catalogue import DEMO_FOLDER


def load_demo(name: str) -> ModuleType:
    """Import a demo's ``app.py``, anew and under a name of its own: all are called ``app``.

    Its application is in testing mode: a view's exception comes out instead of a page.
    """
    folder = DEMO_FOLDER / name
    module_name = f"flask_demo_{name}"
    forget_modules_of(folder)
    spec = importlib.util.spec_from_file_location(module_name, folder / "app.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # where Flask looks for the folder of its templates
    sys.path.insert(0, str(folder))  # as ``python app.py`` does, for the modules beside it
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    module.app.testing = True
    return module


def forget_modules_of(folder: Path) -> None:
    """Have the files beside an ``app.py`` imported anew: what was added to one would stay."""
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "").parent == folder:
            del sys.modules[name]
