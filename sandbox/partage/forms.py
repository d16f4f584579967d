"""A form received with its files, written on the disk as they come (multipart/form-data)."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from sandbox.serving.http import HTTPHandler, Problem, too_large

MAX_FIELDS = 500_000  # bytes of a form, its files apart


def is_from_elsewhere(request: HTTPHandler) -> bool:
    """Tell whether another site's page makes its reader send this form."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("Host")


class Body(io.RawIOBase):
    """The body of a request as a stream."""

    def __init__(self, request: HTTPHandler) -> None:
        self.request = request

    def read(self, size: int = -1) -> bytes:
        request = self.request
        wanted = min(size, request.unread)
        try:
            piece = request.rfile.read(wanted)
        except TimeoutError:
            request.close_connection = True
            raise Problem(408, "L'envoi est trop lent : je raccroche.") from None
        if len(piece) < wanted:
            request.close_connection = True
            raise Problem(400, f"L'envoi s'arrête en chemin ; annoncés : {request.length} octets.")
        request.unread -= wanted
        return piece


def read_form(
    request: HTTPHandler, parameters: dict[str, str], folder: Path, stack: contextlib.ExitStack
) -> list[FileStorage]:
    """Read a form; write its files, as they come, in temporary ones that `stack` removes.

    Those are in `folder`: on the same disk as where they will be kept.
    """

    def write(*_: object, **__: object) -> IO[bytes]:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 -- the stack closes it
            suffix=".part", prefix=".", dir=folder, delete=False
        )
        stack.callback(Path(file.name).unlink, missing_ok=True)
        return stack.enter_context(file)

    parser = FormDataParser(write, MAX_FIELDS, silent=False, max_form_parts=100)
    try:
        _, _, files = parser.parse(Body(request), "multipart/form-data", request.length, parameters)
    except RequestEntityTooLarge:
        raise too_large(MAX_FIELDS) from None
    except ValueError:
        raise Problem(400, "Ce formulaire est mal formé.") from None
    return [file for _, file in files.items(multi=True)]
