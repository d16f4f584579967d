"""``python -m sandbox``."""

import sys

from sandbox.commands.command_line import main

if __name__ == "__main__":
    sys.exit(main())
