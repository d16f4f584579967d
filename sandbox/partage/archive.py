"""A folder, given as an archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

from sandbox.partage.names import spelt


def make_archive(folder: Path, archive: Path) -> int:
    """Put the files under `folder` in a ZIP archive; return how many things were left out.

    Links are: they lead outside. So is what is not a file: reading a device may never end.
    """
    root = folder.resolve()
    left_out = 0
    with zipfile.ZipFile(
        archive, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False
    ) as archive_file:
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root)
            if path.resolve() != path or not (path.is_file() or path.is_dir()):
                left_out += 1
            else:
                archive_file.write(path, spelt(folder) / name)
    return left_out
