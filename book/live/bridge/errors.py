"""What a student must know of an exception: its last line, and where in their own files."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType


def describe(error: BaseException, folder: Path) -> dict:
    """Return the text of an error, with the file and line of `folder` it passes by last.

    ``file`` is relative to the folder, empty when none of its files has to do with the error.
    """
    text = traceback.format_exception_only(error)[-1].strip()
    file, line = last_place(error, folder)
    return {"text": text, "file": file, "line": line}


def last_place(error: BaseException, folder: Path) -> tuple[str, int]:
    """Return the last file of `folder` that an error passes by, and its line."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    for filename, line in reversed(places):
        if Path(filename).is_relative_to(folder):
            return Path(filename).relative_to(folder).as_posix(), line or 1
    return "", 0


def show(error: BaseException, folder: Path) -> str:
    """Return the traceback as Python prints it, from the student's first line on."""
    trace: TracebackType | None = error.__traceback__
    while trace and not Path(trace.tb_frame.f_code.co_filename).is_relative_to(folder):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))
