"""``python -m tools demos``: write in each demo the files that demos share.

They are kept once, here, and copied into each folder, which a student can take away and run alone.
A demo has those that its templates name, and the ``.flaskenv`` of its port.
"""

from __future__ import annotations

from pathlib import Path

from sandbox.running.catalogue import DEMOS

STATIC = Path(__file__).parent / "static"
FLASKENV = """\
# Le port de « flask run », qui le lit ici grâce au paquet python-dotenv.
FLASK_RUN_PORT={port}
"""


def main(arguments: list[str]) -> int:
    """Write the shared files that are not what they should be."""
    for path, content in shared_files():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"Écrit : {path}")
    return 0


def shared_files() -> list[tuple[Path, bytes]]:
    """Return each shared file of each demo, with what it must hold."""
    files = []
    for demo in DEMOS.values():
        folder = demo.path
        files.append((folder / ".flaskenv", FLASKENV.format(port=demo.port).encode()))
        files += [(folder / "static" / path, content) for path, content in styles(folder)]
    return files


def styles(folder: Path) -> list[tuple[Path, bytes]]:
    """Return the style sheets, scripts and pictures of ours that a demo's templates name."""
    pages = "".join(page.read_text("utf-8") for page in (folder / "templates").glob("*.html"))
    ours = [path for path in sorted(STATIC.rglob("*")) if path.is_file()]
    return [
        (path.relative_to(STATIC), path.read_bytes())
        for path in ours
        if f"'{path.relative_to(STATIC).as_posix()}'" in pages
    ]
