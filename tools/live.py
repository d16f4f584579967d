"""Make what runs Flask inside a page: Pyodide, the pinned Flask and our modules, as served.

The result is a folder under ``_build/live`` named by a hash of all it is made of. In it,
``python-<hash>/`` (large, changes with a version) and ``page-<hash>/`` (small, changes with our
code), which browsers may keep for ever. ``book/_ext/flask_live.py`` copies both into the site.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement

from tools import BUILD, ROOT, node

FRONT = ROOT / "book"
SOURCES = FRONT / "live"
MODULES = node.modules_of(FRONT)
LOCK = node.lock_of(FRONT)
SNAPSHOT = SOURCES / "snapshot.js"
BORROWED = SOURCES / "borrowed.js"  # what it is written with
PINNED = ROOT / "requirements.txt"  # which the environment follows
WIRE_STYLE = ROOT / "sandbox" / "wire" / "wire.css"
BUNDLES = BUILD / "live"

#: Each archive is unpacked in the page's Python; the second one only for who imports Socket.IO.
ARCHIVES = {
    "flask.zip": ("flask", "flask-wtf", "python-dotenv"),
    "socketio.zip": ("flask-socketio", "simple-websocket"),
}
PAGE_PLATFORM = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}
#: Of no use in a page: compiled for this machine, or read by nobody.
UNWANTED = (".so", ".pyd", ".dylib", ".c", ".pyi", ".pyc", "py.typed")
KEPT_METADATA = ("METADATA", "entry_points.txt")
PYODIDE = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")

#: Modules that a page or a frame loads; what they import goes with them.
ENTRIES = ("element.js", "worker.js")
SCRIPTS = ("service_worker.js", "frame.js", "fallback_frame.js")


def is_wanted() -> bool:
    """Tell whether a lesson or a page holds a live demo."""
    pages = [*(ROOT / "notebooks").glob("*.md"), *FRONT.glob("*.md")]
    return any("{flask-live}" in page.read_text(encoding="utf-8") for page in pages)


def ensure() -> Path:
    """Return the folder of what is served, made if its inputs have changed.

    Raises:
        NodeError: npm or esbuild has failed.
    """
    target = BUNDLES / fingerprint()
    if not target.exists():
        print("Préparation de Flask dans la page…", flush=True)
        node.install(FRONT)
        BUNDLES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BUNDLES) as folder:
            made = Path(folder) / "made"
            python = write_python(made)
            write_page(made, python)
            made.rename(target)  # whole or not at all
        forget_former(target)
    return target


def forget_former(current: Path) -> None:
    """Delete what was made for former inputs."""
    for folder in BUNDLES.iterdir():
        if folder != current:
            shutil.rmtree(folder)


def fingerprint() -> str:
    """Return a hash of all that decides what is made."""
    files = [path for path in sorted(SOURCES.rglob("*")) if path.is_file() and is_source(path)]
    return hash_files([*files, LOCK, PINNED, WIRE_STYLE, Path(__file__)])[:12]


def is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts


def hash_files(paths: Iterable[Path]) -> str:
    """Return the hash of files, their names included, wherever they are."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


# The Python of the page.


def write_python(made: Path) -> Path:
    """Write Pyodide and the archives of the Flask stack in `made`; return their folder."""
    folder = made / "python"
    folder.mkdir(parents=True)
    for name in PYODIDE:
        # Some servers do not know that .mjs is JavaScript.
        shutil.copyfile(MODULES / "pyodide" / name, folder / name.replace(".mjs", ".js"))
    already: set[str] = set()
    for archive, roots in ARCHIVES.items():
        needed = [each for each in distributions(roots) if each.name not in already]
        pack(folder / archive, needed)
        already |= {each.name for each in needed}
    # Two snapshots of one Python are never the same bytes: the name tells what they are made of.
    name = f"python-{hash_files([*sorted(folder.iterdir()), SNAPSHOT, BORROWED])[:12]}"
    write_snapshot(folder / "flask.zip", folder / "flask.snapshot")
    return folder.rename(made / name)


def write_snapshot(archive: Path, snapshot: Path) -> None:
    """Write the memory of a Python that has imported Flask: most of what a page waits for."""
    command, _ = node.find()
    node.run([*command, "--no-warnings", str(SNAPSHOT), str(archive), str(snapshot)], FRONT)


def distributions(roots: Iterable[str]) -> list[importlib.metadata.Distribution]:
    """Return the installed packages named, and those that they need in a page, by name."""
    found: dict[str, importlib.metadata.Distribution] = {}
    waiting = list(roots)
    while waiting:
        distribution = importlib.metadata.distribution(waiting.pop())
        if distribution.name not in found:
            found[distribution.name] = distribution
            waiting += needs(distribution)
    return [found[name] for name in sorted(found)]


def needs(distribution: importlib.metadata.Distribution) -> Iterator[str]:
    """Yield the names of what a package needs to run in a page."""
    for text in distribution.requires or []:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(PAGE_PLATFORM):
            yield requirement.name


def pack(archive: Path, packages: list[importlib.metadata.Distribution]) -> None:
    """Zip the Python files of installed packages, the same bytes for the same versions."""
    with zipfile.ZipFile(archive, "w") as packed:
        for package in packages:
            for file in sorted(package.files or [], key=str):
                if is_useful(file):
                    entry = zipfile.ZipInfo(file.as_posix(), (2026, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    packed.writestr(entry, file.read_binary(), compresslevel=9)


def is_useful(file: importlib.metadata.PackagePath) -> bool:
    """Tell whether a file of an installed package has a use in a page."""
    if file.parts[0] == ".." or file.name.endswith(UNWANTED):
        return False
    if not file.parts[0].endswith(".dist-info"):
        return True
    return file.name in KEPT_METADATA or "LICENSE" in file.name  # who copies it gives it too


# Our own modules.


def write_page(made: Path, python: Path) -> None:
    """Bundle the modules, and the style with the wire's, in `made`."""
    folder = made / "page"
    modules = [str(SOURCES / name) for name in ENTRIES]
    scripts = [str(SOURCES / name) for name in SCRIPTS]
    esbuild(*modules, f"--outdir={folder}", "--format=esm", "--splitting",
            "--loader:.py=text", "--external:node:*", "--external:ws",
            f'--define:PYTHON_FOLDER="{python.name}"')  # fmt: skip
    esbuild(*scripts, f"--outdir={folder}", "--format=iife")
    styles = (WIRE_STYLE, SOURCES / "live.css")
    sheet = "\n".join(path.read_text(encoding="utf-8") for path in styles)
    (folder / "live.css").write_text(sheet, encoding="utf-8")
    folder.rename(made / f"page-{hash_files(sorted(folder.iterdir()))[:12]}")


def esbuild(*arguments: str) -> None:
    command, _ = node.find()
    program = str(MODULES / "esbuild" / "bin" / "esbuild")
    common = ["--bundle", "--minify", "--target=es2022", "--charset=utf8", "--legal-comments=eof",
              "--log-level=warning"]  # fmt: skip
    node.run([*command, program, *common, *arguments], FRONT)
