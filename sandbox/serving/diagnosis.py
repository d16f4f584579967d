"""What is wrong with a request, in French: no socket here, only bytes that have come.

h11 reads the requests (see ``reading.py``), but it says the same of most mistakes, forgives
some that RFC 9112 says to refuse, and waits for a whole head before it says anything. So each line
is looked at here first, as soon as it is there: somebody may be typing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_LINE = 8192  # bytes of a request line or of a header line
MAX_HEAD = 32 * 1024  # bytes of all the header lines
MAX_FIELDS = 100  # header lines

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
REQUEST_LINE = re.compile(rf"({TOKEN}) ([!-~]+) HTTP/(\d)\.(\d)")
FIELD = re.compile(rf"({TOKEN}):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")
AUTHORITY = re.compile(r"https?://[^/?]*", re.IGNORECASE)
CHUNK_SIZE = re.compile(r"([0-9A-Fa-f]{1,8})(;.*)?[ \t]*\r\n")
TLS_HANDSHAKE = b"\x16"  # the first byte of a client that speaks HTTPS


class Problem(Exception):
    """Why a request cannot be served: a status and, in French, what is wrong and what to do."""

    def __init__(
        self,
        status: int,
        error: str,
        *,
        allowed: object = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.allowed = allowed
        self.headers = headers


def too_large(limit: int) -> Problem:
    return Problem(413, f"Corps trop gros : j'accepte {limit} octets.", allowed=limit)


def too_many_fields() -> Problem:
    return Problem(
        431, f"Trop d'en-têtes : j'en accepte {MAX_FIELDS}, de {MAX_HEAD} octets en tout."
    )


def unfinished() -> Problem:
    return Problem(400, "La requête s'arrête au milieu : une ligne vide doit finir les en-têtes.")


def quoted(text: str) -> str:
    """Return what the client sent in a form fit for a message: short, on one line."""
    return f"« {shortened(text, 60)} »"


def shortened(text: str, size: int) -> str:
    """Return `text` cut to `size` characters, without control characters."""
    safe = text[:size]
    if not safe.isprintable():
        safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in safe)
    return safe + "…" if len(text) > size else safe


def first_line(received: bytes | bytearray, start: int, status_if_too_long: int) -> str | None:
    """Return the line that begins at `start`, with its end; None if it is not whole yet."""
    end = received.find(b"\n", start, start + MAX_LINE) + 1
    if not end and len(received) - start > MAX_LINE:
        raise Problem(status_if_too_long, f"Ligne trop longue : je n'en lis que {MAX_LINE} octets.")
    return received[start:end].decode("latin-1") if end else None


def without_end(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


class Head:
    """The head of a request, looked at line by line while it comes.

    Attributes:
        received: the bytes that have come; once the head is whole, what follows it too.
        line: the request line, as soon as there is one.
        method, path, query, version: what it says.
    """

    def __init__(self, received: bytes = b"") -> None:
        self.received = bytearray(received)
        self.start = 0  # of the next line to look at
        self.line = self.method = self.path = self.query = ""
        self.version = "HTTP/1.1"
        self.forgiven = False
        self.fields: list[tuple[str, str]] = []
        self.size = 0

    def is_whole(self) -> bool:
        """Tell whether nothing is missing.

        Raises:
            Problem: a line is wrong, or what they say together.
        """
        if self.received[:1] == TLS_HANDSHAKE:
            raise Problem(400, "Vous parlez HTTPS, je ne parle que HTTP : écrivez « http:// ».")
        if not self.line and not self.has_request_line():
            return False
        while (line := self.next_line(431)) is not None:
            if not line:
                self.check_host()
                self.check_length()
                return True
            self.look_at_field(line)
        return False

    def next_line(self, status_if_too_long: int) -> str | None:
        line = first_line(self.received, self.start, status_if_too_long)
        if line is None:
            return None
        self.start += len(line)
        return without_end(line)

    def has_request_line(self) -> bool:
        line = self.next_line(414)
        if line == "" and not self.forgiven:  # one empty line is: h11 would not
            self.forgiven = True
            del self.received[: self.start]
            self.start = 0
            line = self.next_line(414)
        if line is None:
            return False
        self.look_at_request_line(line)
        return True

    def look_at_request_line(self, line: str) -> None:
        self.line = line
        if not line.isascii():
            raise Problem(
                400, "La ligne de requête doit être en ASCII : « é », par exemple, s'écrit %C3%A9."
            )
        match = REQUEST_LINE.fullmatch(line)
        if not match:
            raise Problem(
                400,
                f"Ligne de requête incompréhensible : {quoted(line)}. J'attends une méthode, une "
                "cible et une version séparées par une espace, comme « GET / HTTP/1.1 ».",
            )
        self.method, target, major, minor = match.groups()
        if major != "1":
            raise Problem(505, f"Je parle HTTP/1.1, pas HTTP/{major}.{minor}.")
        if minor == "0":
            self.version = "HTTP/1.0"
        self.path, _, self.query = AUTHORITY.sub("", target, count=1).partition("?")
        if not self.path.startswith("/"):
            self.path = self.path_of(target)

    def path_of(self, target: str) -> str:
        """Return the path of a target that does not begin with one."""
        if AUTHORITY.match(target) and not self.path:
            return "/"
        if target == "*" and self.method == "OPTIONS":
            return target
        raise Problem(400, f"La cible doit commencer par « / » ; reçu : {quoted(target)}.")

    def look_at_field(self, line: str) -> None:
        self.size += len(line)
        if self.size > MAX_HEAD or len(self.fields) == MAX_FIELDS:
            raise too_many_fields()
        field = FIELD.fullmatch(line)
        if not field:
            raise Problem(
                400,
                f"En-tête incompréhensible : {quoted(line)}. "
                "J'attends « Nom: valeur », sans espace avant les deux-points.",
            )
        self.fields.append((field[1].lower(), field[2]))

    def values(self, name: str) -> list[str]:
        return [value for known, value in self.fields if known == name]

    def check_host(self) -> None:
        count = len(self.values("host"))
        if count > 1 or (not count and self.version == "HTTP/1.1"):
            raise Problem(
                400, f"En HTTP/1.1, il faut un en-tête Host et un seul ; j'en ai reçu {count}."
            )

    def check_length(self) -> None:
        """Refuse a body of which nobody could tell for sure where it ends (RFC 9112, 6.3)."""
        lengths, codings = self.values("content-length"), self.values("transfer-encoding")
        if codings and lengths:
            raise Problem(400, "Content-Length et Transfer-Encoding s'excluent : choisissez.")
        if codings and [coding.lower() for coding in codings] != ["chunked"]:
            raise Problem(501, "De Transfer-Encoding, je ne connais que « chunked ».")
        if len(lengths) > 1 or (lengths and not re.fullmatch(r"[0-9]{1,18}", lengths[0])):
            raise Problem(
                400,
                "Content-Length doit être un seul nombre entier positif ; "
                f"reçu : {quoted(', '.join(lengths))}.",
            )


def chunk_size(line: str) -> int:
    """Return the size that a chunk announces."""
    match = CHUNK_SIZE.fullmatch(line)
    if not match:
        raise not_a_chunk(line)
    return int(match[1], 16)


def not_a_chunk(line: str) -> Problem:
    return Problem(
        400,
        "Chaque morceau doit commencer par sa taille en hexadécimal ; "
        f"reçu : {quoted(without_end(line))}.",
    )
