"""Pin requirements.in in requirements.txt, for every supported Python and system, with uv."""

import shutil
import subprocess
import sys

from tools import ROOT


def main(arguments: list[str]) -> int:
    """Pass `arguments` (``--upgrade``, ``--upgrade-package NAME``) on to uv."""
    uv = shutil.which("uv")
    if not uv:
        print("uv is needed to resolve for every system: pip install uv", file=sys.stderr)
        return 2
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--no-emit-index-url", "--no-header", "-o", "requirements.txt", "requirements.in"]
    return subprocess.call([*command, *arguments], cwd=ROOT)
