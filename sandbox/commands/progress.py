"""``python -m sandbox progress``: which exercises are done, and which are left."""

from __future__ import annotations

import csv
import sys

from sandbox.checking import progress
from sandbox.exercises import exercises


def main(export: str | None = None) -> int:
    """Print what is done and what is left, or write it to a CSV file; return the exit status."""
    known = progress.load()
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
    print(f"\n{finished} exercices réussis sur {len(rows)}. Rien n'est envoyé : {progress.path()}")
