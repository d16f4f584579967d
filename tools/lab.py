"""JupyterLab on the student's own copies of the lessons, so that ``git pull`` never conflicts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tools import NOTEBOOKS, ROOT, decks

COPIES = ROOT / "mes_notebooks"
#: A lesson's .md opens as a notebook on a double click, and nothing is asked from the Internet.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": False,
        "fetchNews": "false",
    },
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Jupytext Notebook"}
    },
}


def main(arguments: list[str]) -> int:
    """Copy the lessons that are not there yet, then open JupyterLab; arguments go to it."""
    copy_lessons()
    write_settings()
    # Served from the root, so that the lessons find their figures and the code they show.
    root = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{COPIES.name}"]
    return subprocess.call([sys.executable, "-m", "jupyterlab", *root, *arguments], cwd=ROOT)


def copy_lessons() -> None:
    """Copy new lessons; say which copies differ from today's lesson, and never touch them."""
    COPIES.mkdir(exist_ok=True)
    for lesson in sorted(NOTEBOOKS.glob("*.md")):
        copy = COPIES / lesson.name
        text = decks.page(lesson.read_text("utf-8"))
        if not copy.exists():
            copy.write_text(text, "utf-8")
        elif copy.read_text("utf-8") != text:
            print(f"{lesson.name} : votre copie diffère de la leçon d'aujourd'hui, je la garde.")
    print(f"Vos copies : {COPIES}   (pour repartir d'une leçon neuve, supprimez sa copie)")


def write_settings() -> None:
    """Write JupyterLab's defaults into the environment, where the user's own settings win."""
    overrides = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text(json.dumps(SETTINGS, indent=2), encoding="utf-8")
