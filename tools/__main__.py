"""``python -m tools COMMAND``: the maintainer's habits, the same on every system.

Works with any Python >= 3.11 and nothing installed: the first call makes ``.venv``, installs the
pinned requirements in it and goes on there.
"""

import importlib
import sys

from tools import environment

COMMANDS = {
    "book": ("tools.book", "execute the lessons and build the site"),
    "slides": ("tools.slides", "build the site and each lesson's deck"),
    "print": ("tools.printing", "print the whole book as a PDF"),
    "epub": ("tools.epub", "make the book for e-readers"),
    "archive": ("tools.archive", "make all that can be taken away, and one zip of it"),
    "serve": ("tools.serve", "open the built site in a browser"),
    "lab": ("tools.lab", "open JupyterLab on your own copies of the lessons"),
    "test": ("tools.check", "run every test"),
    "soak": ("tools.soak", "run the long repetitions"),
    "references": ("tools.references", "renew the executed notebooks that tests compare with"),
    "pictures": ("tools.pictures", "take again the pictures of pages that have changed"),
    "requirements": ("tools.requirements", "pin requirements.in in requirements.txt"),
}


def main() -> int:
    """Run one command in the project's environment and return its exit status."""
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name not in COMMANDS:
        print("usage: python -m tools COMMAND\n")
        for command, (_, purpose) in COMMANDS.items():
            print(f"  {command:14}{purpose}")
        return 0 if name in ("help", "-h", "--help") else 2
    if not environment.is_current():
        return environment.run_inside(sys.argv[1:])
    return importlib.import_module(COMMANDS[name][0]).main(sys.argv[2:])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
