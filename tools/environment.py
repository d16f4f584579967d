"""The project's virtual environment, made and kept in step with the pinned requirements.

Standard library only, and no recent syntax: an old Python 3 must get as far as our message.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "installed")
MINIMUM = (3, 11)


def is_current():
    """Tell whether this very process runs in the environment, up to date."""
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV) and read_stamp() == wanted_stamp()


def run_inside(arguments):
    """Bring the environment up to date, run ``python -m tools`` in it; return its exit status."""
    if sys.version_info < MINIMUM:
        wanted, found = ".".join(map(str, MINIMUM)), sys.version.split()[0]
        sys.exit(
            f"Python {wanted} ou plus récent est nécessaire, et voici Python {found}.\n"
            "À faire : l'installer depuis python.org, puis : make PYTHON=python3.12 book"
        )
    if read_stamp() != wanted_stamp():
        install()
    return subprocess.call([PYTHON, "-m", "tools", *arguments], cwd=ROOT)


def install():
    """Create ``.venv`` if need be and install the pinned requirements, with uv when it is there."""
    started = time.monotonic()
    uv = shutil.which("uv")
    print(f"Installation des paquets dans .venv ({'uv' if uv else 'pip'})…", flush=True)
    if not is_usable(needs_pip=not uv):
        shutil.rmtree(VENV, ignore_errors=True)
        create = (
            [uv, "venv", "--quiet", "--python", sys.executable]
            if uv
            else [sys.executable, "-m", "venv"]
        )
        run([*create, VENV])
    requirements = os.path.join(ROOT, "requirements.txt")
    if uv:
        options = ["--quiet", "--compile-bytecode", "--python", PYTHON]
        # A package that is no longer wanted goes: some change what others do by being there.
        run([uv, "pip", "sync", *options, requirements])
        run([uv, "pip", "install", *options, "--no-deps", "-e", ROOT])
    else:
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "-r", requirements])
        run([*pip, "--no-deps", "-e", ROOT])
    with open(STAMP, "w") as stamp:
        stamp.write(wanted_stamp())
    print(f"Installé en {time.monotonic() - started:.0f} s.", flush=True)


def is_usable(needs_pip):
    """Tell whether ``.venv`` holds a Python that starts, recent enough, with pip if need be."""
    modules = "sys, pip" if needs_pip else "sys"
    check = f"import {modules}; sys.exit(sys.version_info < {MINIMUM})"
    try:
        return subprocess.call([PYTHON, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run(command):
    """Run `command`; stop with what to do when it fails."""
    status = subprocess.call(command)
    if status:
        sys.exit(
            f"L'installation a échoué : {' '.join(command)} (code {status}).\n"
            "À faire : lire le message ci-dessus. Sur Debian et Ubuntu, "
            "« ensurepip is not available » se répare par « sudo apt install python3-venv »."
        )


def read_stamp():
    """Return what the environment was installed from, or None."""
    try:
        with open(STAMP) as stamp:
            return stamp.read()
    except OSError:
        return None


def wanted_stamp():
    """Return the hash of all that decides what is installed, this checkout's place included."""
    digest = hashlib.sha256(ROOT.encode())
    for name in ("requirements.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()
