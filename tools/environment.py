"""The project's virtual environment, made and kept in step with the pinned requirements.

Standard library only, and no recent syntax: an old Python 3 must get as far as our message.

What is installed has three levels, each holding the one before: the book, the laboratory, the
tests. An environment that holds more than a command needs is left as it is.
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
BOOK, LAB, TEST = range(3)
#: What each level installs, all of it.
REQUIREMENTS = ("requirements.txt", "requirements-lab.txt", "requirements-test.txt")
#: The installer that we bring where there is none: ten times less work than pip's.
UV = "uv==0.13.9"
PIP = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
#: The course itself; what builds it is among the requirements, and is not fetched again.
OURS = ["--no-deps", "--no-build-isolation", "-e", ROOT]


def is_current(level):
    """Tell whether this very process runs in the environment, up to date, with all of `level`."""
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV) and holds(level)


def run_inside(level, arguments):
    """Bring the environment up to date, run ``python -m tools`` in it; return its exit status."""
    if sys.version_info < MINIMUM:
        wanted, found = ".".join(map(str, MINIMUM)), sys.version.split()[0]
        sys.exit(
            f"Python {wanted} ou plus récent est nécessaire, et voici Python {found}.\n"
            "À faire : l'installer depuis python.org, puis : make PYTHON=python3.12 book"
        )
    if not holds(level):
        install(max(level, installed_level()))
    variables = dict(os.environ)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # packages are compiled once, when imported
    return subprocess.call([PYTHON, "-m", "tools", *arguments], cwd=ROOT, env=variables)


def install(level):
    """Create ``.venv`` if need be and install the requirements of `level`: by uv, else by pip."""
    started = time.monotonic()
    print("Installation des paquets dans .venv…", flush=True)
    uv = shutil.which("uv")
    if not is_usable(needs_pip=not uv):
        make_environment(uv)
    uv = uv or bring_uv()
    requirements = os.path.join(ROOT, REQUIREMENTS[level])
    if not uv or not install_by_uv(uv, requirements):
        print("Sans uv : pip installe seul, plus lentement.", flush=True)
        install_by_pip(requirements)
    with open(STAMP, "w") as stamp:
        stamp.write(f"{level} {wanted_hash(level)}")
    print(f"Installé en {time.monotonic() - started:.0f} s.", flush=True)


def is_usable(needs_pip):
    """Tell whether ``.venv`` holds a Python that starts, recent enough, with pip if need be."""
    modules = "sys, pip" if needs_pip else "sys"
    check = f"import {modules}; sys.exit(sys.version_info < {MINIMUM})"
    try:
        return subprocess.call([PYTHON, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment(uv):
    """Create ``.venv`` anew, with pip in it where there is no uv."""
    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        run([uv, "venv", "--quiet", "--python", sys.executable, VENV])
    else:
        run([sys.executable, "-m", "venv", VENV])


def bring_uv():
    """Install uv in ``.venv`` and return its path, None if it cannot be had.

    In silence: when the network is missing, pip will say it of what we cannot do without.
    """
    if subprocess.call([*PIP, "--retries", "1", UV], stderr=subprocess.DEVNULL):
        return None
    return shutil.which("uv", path=BIN)


def install_by_uv(uv, requirements):
    """Make ``.venv`` hold what `requirements` pin, and nothing else; tell whether it could be done.

    A package that is no longer wanted goes: some change what others do by being there.
    """
    options = ["--quiet", "--python", PYTHON]
    return not (
        subprocess.call([uv, "pip", "sync", *options, requirements])
        or subprocess.call([uv, "pip", "install", *options, *OURS])
    )


def install_by_pip(requirements):
    """Install what `requirements` pin; stop with what to do when it cannot be done."""
    if not is_usable(needs_pip=True):  # uv had made it
        make_environment(None)
    run([*PIP, "-r", requirements])
    run([*PIP, *OURS])


def run(command):
    """Run `command`; stop with what to do when it fails."""
    status = subprocess.call(command)
    if status:
        sys.exit(
            f"L'installation a échoué : {' '.join(command)} (code {status}).\n"
            "À faire : lire le message ci-dessus. Sur Debian et Ubuntu, "
            "« ensurepip is not available » se répare par « sudo apt install python3-venv »."
        )


def holds(level):
    """Tell whether ``.venv`` is up to date with all that `level` asks for."""
    installed = installed_level()
    return installed >= level and read_stamp() == (installed, wanted_hash(installed))


def installed_level():
    """Return the level of what was installed last, up to date or not; -1 before."""
    return read_stamp()[0]


def read_stamp():
    """Return the level that was installed and the hash of what from."""
    try:
        with open(STAMP) as stamp:
            level, digest = stamp.read().split()
    except (OSError, ValueError):
        return -1, ""
    return int(level), digest


def wanted_hash(level):
    """Return the hash of all that decides what is installed, this checkout's place included."""
    digest = hashlib.sha256(ROOT.encode())
    for name in (REQUIREMENTS[level], "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()
