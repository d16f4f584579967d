"""What the student has tried and done, kept in a file of theirs and sent nowhere."""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "mes_notebooks" / "progression.json"


def path() -> Path:
    """Return where progress is kept: ``SANDBOX_PROGRESS`` decides."""
    return Path(os.environ.get("SANDBOX_PROGRESS") or FILE)


def load() -> dict[str, dict]:
    """Return what is known of each exercise tried: ``{"tries": 3, "done": "2026-11-21"}``."""
    try:
        known = json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = known.items() if isinstance(known, dict) else ()
    return {name: entry for name, entry in entries if isinstance(entry, dict)}


def record(name: str, passed: bool) -> None:
    """Count a try, and remember the day of the first that passed."""
    known = load()
    entry = known.setdefault(name, {})
    entry["tries"] = entry.get("tries", 0) + 1
    if passed and not entry.get("done"):
        entry["done"] = time.strftime("%Y-%m-%d")
    file = path()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(known, indent=1), encoding="utf-8")
        fresh.replace(file)  # whole, or not at all
    except OSError:
        pass  # a folder where one cannot write must not prevent from learning


def tries(name: str) -> int:
    """Return how many times an exercise was tried."""
    return load().get(name, {}).get("tries", 0)


def is_done(name: str) -> bool:
    """Tell whether an exercise was passed."""
    return bool(load().get(name, {}).get("done"))


def main(export: str | None = None) -> int:
    """Print what is done and what is left, or write it to a CSV file; return the exit status."""
    from sandbox.exercises import exercises

    known = load()
    rows = [
        (each.lesson, each.name, entry.get("tries", 0), entry.get("done") or "")
        for each in exercises()
        for entry in [known.get(each.name, {})]
    ]
    if export is None:
        show(rows)
        return 0
    try:
        with open(export, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("leçon", "exercice", "essais", "réussi le"), *rows])
    except OSError as error:
        print(f"Impossible d'écrire {export} : {error.strerror}.", file=sys.stderr)
        return 1
    print(f"Écrit dans {export}.")
    return 0


def show(rows: list[tuple[str, str, int, str]]) -> None:
    """Print a line for each exercise, under its lesson."""
    lesson = ""
    for row_lesson, name, tries, done in rows:
        if row_lesson != lesson:
            lesson = row_lesson
            print(lesson)
        state = f"réussi le {done}" if done else f"{tries} essai(s)" if tries else "à faire"
        print(f"  {'✓' if done else '·'} {name:40} {state}")
    finished = sum(bool(done) for *_, done in rows)
    print(f"\n{finished} exercices réussis sur {len(rows)}. Rien n'est envoyé : {path()}")
