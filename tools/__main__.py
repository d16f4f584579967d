"""``python -m tools COMMAND``: the maintainer's habits, the same on every system.

Works with any Python >= 3.11 and nothing installed: the first call makes ``.venv``, installs the
pinned requirements in it and goes on there.
"""

import importlib
import sys

from tools import environment
from tools.environment import BOOK, LAB, TEST

COMMANDS = {
    "book": ("tools.book", BOOK, "execute the lessons and build the site"),
    "slides": ("tools.slides", BOOK, "build the site and each lesson's deck"),
    "print": ("tools.printing", TEST, "print the whole book as a PDF"),
    "epub": ("tools.epub", BOOK, "make the book for e-readers"),
    "archive": ("tools.archive", TEST, "make all that can be taken away, and one zip of it"),
    "serve": ("tools.serve", BOOK, "open the built site in a browser"),
    "lab": ("tools.lab", LAB, "open JupyterLab on your own copies of the lessons"),
    "test": ("tools.check", TEST, "run every test"),
    "quick": ("tools.quick", TEST, "run what needs neither browser nor built book, in a minute"),
    "style": ("tools.style", TEST, "check Python with ruff"),
    "french": ("tools.french", TEST, "check the typography and spelling of what students read"),
    "links": ("tools.links", BOOK, "ask the Internet whether each outside address still answers"),
    "soak": ("tools.soak", TEST, "run the long repetitions"),
    "references": ("tools.references", TEST, "renew the executed notebooks of the tests"),
    "pictures": ("tools.pictures", TEST, "take again the pictures of pages that have changed"),
    "demos": ("tools.demos", BOOK, "write in each demo the files that demos share"),
    "requirements": ("tools.requirements", BOOK, "pin what requirements*.in ask for"),
}


def main() -> int:
    """Run one command in the project's environment and return its exit status."""
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name not in COMMANDS:
        print("usage: make COMMAND, or python -m tools COMMAND\n")
        for command, (_, _, purpose) in COMMANDS.items():
            print(f"  {command:14}{purpose}")
        return 0 if name in ("help", "-h", "--help") else 2
    module, level, _ = COMMANDS[name]
    if "--pdf" in sys.argv:
        level = TEST  # decks are printed by a browser, as the book is
    if not environment.is_current(level):
        return environment.run_inside(level, sys.argv[1:])
    return importlib.import_module(module).main(sys.argv[2:])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
