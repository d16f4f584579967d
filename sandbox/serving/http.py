"""What the course's HTTP servers share: reading a request within limits, answering it.

``http.server`` does the talking. What it leaves open is closed here: deadlines, sizes, and an
answer in French to each way a request can be wrong (RFC 9112), so that a server of the course is
a table of resources and nothing else.
"""

from __future__ import annotations

import io
import json
import re
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote

from sandbox.serving.tcp import log

PATIENCE = 60.0  # seconds for a whole request head: a student may be typing it, cell after cell
BODY_SECONDS = 10.0  # seconds for a request's body
ANSWER_SECONDS = 120.0  # seconds for the client to take the whole answer
MAX_LINE = 8192  # bytes of a request line or of a header line
MAX_HEAD = 32 * 1024  # bytes of all the header lines
MAX_FIELDS = 100  # header lines
MAX_SKIPPED = 64 * 1024  # bytes of an unused body read so as to keep the connection

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
REQUEST_LINE = re.compile(rf"({TOKEN}) ([!-~]+) HTTP/(\d)\.(\d)")
FIELD = re.compile(rf"({TOKEN}):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")
AUTHORITY = re.compile(r"https?://[^/?]*", re.IGNORECASE)
TLS_HANDSHAKE = b"\x16"  # the first byte of a client that speaks HTTPS

#: The methods we know of (RFC 9110 and RFC 5789): another one is 501, not 405.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


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


@dataclass
class Response:
    """What to answer.

    Attributes:
        body: the bytes, or pieces that come one after another.
        length: bytes in all the pieces; when it is unknown, they are sent chunked.
        live: each piece leaves as soon as it comes, rather than when there is a good load.
    """

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Iterable[tuple[str, str]] = ()
    length: int | None = None
    live: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.body, bytes):
            self.length = len(self.body)
            self.body = [self.body]


def json_response(
    content: object, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """Return `content` as JSON, which is UTF-8 by definition (RFC 8259): no charset to give."""
    body = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
    return Response(body, status, [("Content-Type", "application/json"), *headers])


class TimedStream(io.RawIOBase):
    """A connection as a stream with a deadline, however slowly the bytes drip.

    A socket's own time-out starts afresh with each byte: a client that sends one a second would
    hold its thread for ever.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.allow(PATIENCE)

    def allow(self, seconds: float) -> None:
        """Set the deadline of what follows."""
        self.deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.set_timeout()
        return self.connection.recv_into(buffer)

    def write(self, data) -> int:
        self.set_timeout()
        return self.connection.send(data)

    def set_timeout(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.connection.settimeout(left)


class HTTPHandler(BaseHTTPRequestHandler):
    """One connection: requests one after another, each read, answered and logged.

    A subclass says what to answer in `respond`, and may show problems its own way in `explain`.
    While it answers, `command`, `path`, `query`, `headers` are those of the request.
    """

    protocol_version = "HTTP/1.1"
    server_version = "ProgrammesCooperants"
    patience = PATIENCE

    def respond(self) -> Response:
        """Return the answer to the request just read, or raise `Problem`."""
        raise NotImplementedError

    def explain(self, problem: Problem) -> Response:
        """Return the answer that tells the client about a problem."""
        content = {"error": problem.error}
        if problem.allowed is not None:
            content["allowed"] = problem.allowed
        return json_response(content, problem.status, problem.headers)

    def setup(self) -> None:
        self.connection = self.request
        # A streamed piece must not wait for the one before to be acknowledged (RFC 896).
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.stream = TimedStream(self.connection)
        self.rfile = io.BufferedReader(self.stream)
        # Status line, headers and a small body leave in one segment: easier to read on the wire.
        self.wfile = io.BufferedWriter(self.stream, 64 * 1024)

    def handle_one_request(self) -> None:
        self.forget_last_request()
        if not self.wait_for_request():
            return
        try:
            self.read_request()
            response = self.respond()
        except Problem as problem:
            response = self.explain(problem)
        except ConnectionError:
            raise
        except Exception as error:  # a mistake of ours must not leave the client without answer
            log(f"erreur du serveur : {type(error).__name__}: {error}")
            response = self.explain(Problem(500, "Le serveur s'est trompé : voyez son journal."))
        self.send(response)
        self.skip_body()

    def forget_last_request(self) -> None:
        self.command = self.requestline = self.path = self.query = ""
        self.request_version = "HTTP/1.1"
        self.headers = HTTPMessage()
        self.length: int | None = 0  # bytes of the request's body; None when it is chunked
        self.unread: int | None = None  # those not read yet; None when we cannot tell
        self.close_connection = True

    def wait_for_request(self) -> bool:
        """Tell whether a request begins before we lose patience or the client leaves."""
        self.stream.allow(self.patience)
        try:
            return bool(self.rfile.peek(1))
        except (TimeoutError, ConnectionError):
            return False

    # Reading

    def read_request(self) -> None:
        """Read a request's head, refusing what RFC 9112 says to refuse."""
        try:
            self.read_request_line()
            self.read_headers()
        except TimeoutError:
            raise Problem(
                408, f"La requête n'était pas finie après {self.patience:g} s : je raccroche."
            ) from None
        self.unread = self.length = self.body_length()
        # A client that waits for our "100 Continue" may send its body or not: we cannot tell.
        if self.length is None or self.expects_continue():
            self.unread = None
        self.close_connection = not self.wants_to_stay()

    def read_request_line(self) -> None:
        if self.rfile.peek(1)[:1] == TLS_HANDSHAKE:
            raise Problem(400, "Vous parlez HTTPS, je ne parle que HTTP : écrivez « http:// ».")
        line = self.read_line(414) or self.read_line(414)  # one empty line is forgiven
        self.requestline = line
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
        self.command, target, major, minor = match.groups()
        if major != "1":
            raise Problem(505, f"Je parle HTTP/1.1, pas HTTP/{major}.{minor}.")
        if minor == "0":
            self.request_version = "HTTP/1.0"
        self.path, _, self.query = AUTHORITY.sub("", target, count=1).partition("?")
        if not self.path.startswith("/"):
            self.path = self.path_of(target)

    def path_of(self, target: str) -> str:
        """Return the path of a target that does not begin with one."""
        if AUTHORITY.match(target) and not self.path:
            return "/"
        if target == "*" and self.command == "OPTIONS":
            return target
        raise Problem(400, f"La cible doit commencer par « / » ; reçu : {quoted(target)}.")

    def read_headers(self) -> None:
        size = 0
        while line := self.read_line(431):
            size += len(line)
            if size > MAX_HEAD or len(self.headers) == MAX_FIELDS:
                raise Problem(
                    431,
                    f"Trop d'en-têtes : j'en accepte {MAX_FIELDS}, de {MAX_HEAD} octets en tout.",
                )
            field = FIELD.fullmatch(line)
            if not field:
                raise Problem(
                    400,
                    f"En-tête incompréhensible : {quoted(line)}. "
                    "J'attends « Nom: valeur », sans espace avant les deux-points.",
                )
            self.headers[field[1]] = field[2]
        hosts = self.headers.get_all("Host", [])
        if len(hosts) > 1 or (not hosts and self.request_version == "HTTP/1.1"):
            raise Problem(
                400, f"En HTTP/1.1, il faut un en-tête Host et un seul ; j'en ai reçu {len(hosts)}."
            )

    def read_line(self, status_if_too_long: int) -> str:
        raw = self.rfile.readline(MAX_LINE + 1)
        if len(raw) > MAX_LINE:
            raise Problem(
                status_if_too_long, f"Ligne trop longue : je n'en lis que {MAX_LINE} octets."
            )
        if not raw.endswith(b"\n"):
            raise Problem(
                400, "La requête s'arrête au milieu : une ligne vide doit finir les en-têtes."
            )
        return raw.removesuffix(b"\n").removesuffix(b"\r").decode("latin-1")

    def body_length(self) -> int | None:
        """Return the number of bytes of the body, or None when it comes in chunks."""
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if codings and lengths:
            raise Problem(400, "Content-Length et Transfer-Encoding s'excluent : choisissez.")
        if codings:
            if [coding.lower() for coding in codings] != ["chunked"]:
                raise Problem(501, "De Transfer-Encoding, je ne connais que « chunked ».")
            return None
        if not lengths:
            return 0
        if len(lengths) > 1 or not re.fullmatch(r"[0-9]{1,18}", lengths[0]):
            raise Problem(
                400,
                "Content-Length doit être un seul nombre entier positif ; "
                f"reçu : {quoted(', '.join(lengths))}.",
            )
        return int(lengths[0])

    def expects_continue(self) -> bool:
        return self.headers.get("Expect", "").lower() == "100-continue"

    def wants_to_stay(self) -> bool:
        """Tell whether the client keeps the connection for other requests (RFC 9112, 9.3)."""
        wishes = {wish.strip() for wish in self.headers.get("Connection", "").lower().split(",")}
        if self.request_version == "HTTP/1.0":
            return "keep-alive" in wishes
        return "close" not in wishes

    def accept_body(self, limit: int) -> None:
        """Refuse a body of more than `limit` bytes; tell a client that waits for it to go on."""
        if self.length is not None and self.length > limit:
            raise too_large(limit)
        if self.expects_continue():
            self.stream.allow(ANSWER_SECONDS)
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
            self.unread = self.length

    def read_body(self, limit: int) -> bytes:
        """Return the request's body; refuse one of more than `limit` bytes."""
        self.accept_body(limit)
        self.stream.allow(BODY_SECONDS)
        try:
            body = self.read_chunks(limit) if self.length is None else self.read_bytes(self.length)
        except TimeoutError:
            raise Problem(408, f"Le corps n'était pas fini après {BODY_SECONDS:g} s.") from None
        self.unread = 0
        return body

    def read_bytes(self, count: int) -> bytes:
        body = self.rfile.read(count)
        if len(body) < count:
            raise Problem(400, f"Le corps s'arrête à {len(body)} octets ; annoncés : {count}.")
        return body

    def read_chunks(self, limit: int) -> bytes:
        body = bytearray()
        while size := self.read_chunk_size():
            if len(body) + size > limit:
                raise too_large(limit)
            body += self.read_bytes(size)
            self.read_line(400)
        while self.read_line(431):
            pass  # trailer fields say nothing that we use
        return bytes(body)

    def read_chunk_size(self) -> int:
        line = self.read_line(400)
        match = re.fullmatch(r"([0-9A-Fa-f]{1,8})[ \t]*(;.*)?", line)
        if not match:
            raise Problem(
                400,
                "Chaque morceau doit commencer par sa taille en hexadécimal ; "
                f"reçu : {quoted(line)}.",
            )
        return int(match[1], 16)

    def skip_body(self) -> None:
        """Read what is left of a body, so that the next request is read from its start."""
        self.stream.allow(BODY_SECONDS)
        while self.unread and not self.close_connection:
            try:
                piece = self.rfile.read1(min(self.unread, 8192))
            except TimeoutError:
                piece = b""
            self.unread -= len(piece)
            self.close_connection = not piece

    # Answering

    def send(self, response: Response) -> None:
        """Send the answer, framed so that the client knows where it ends (RFC 9112, 6.3)."""
        if self.unread is None or self.unread > MAX_SKIPPED:
            self.close_connection = True
        has_body = response.status not in (204, 304)
        chunked = has_body and response.length is None and self.request_version == "HTTP/1.1"
        if has_body and response.length is None and not chunked:
            self.close_connection = True  # HTTP/1.0 knows no chunks: the end is the end
        self.stream.allow(self.time_for(response))
        self.send_head(response, has_body, chunked)
        sent = 0
        if has_body and self.command != "HEAD":
            for piece in response.body:
                sent += len(piece)
                self.wfile.write(chunk(piece) if chunked else piece)
                if response.live and sent != response.length:
                    self.wfile.flush()
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
        # Before the last bytes leave: whoever has its answer finds the line in the log.
        log(
            self.client_address[0],
            f"{shortened(self.requestline, 200) or '?'} → {response.status}, {sent} octets",
        )
        self.wfile.flush()

    def time_for(self, response: Response) -> float:
        """Return how many seconds the client has to take an answer."""
        return ANSWER_SECONDS

    def send_head(self, response: Response, has_body: bool, chunked: bool) -> None:
        self.send_response_only(response.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Server", self.server_version)
        for name, value in response.headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif has_body and response.length is not None:
            self.send_header("Content-Length", str(response.length))
        if self.close_connection:
            self.send_header("Connection", "close")
        elif self.request_version == "HTTP/1.0":
            self.send_header("Connection", "keep-alive")
        self.end_headers()


class GetHandler(HTTPHandler):
    """A server whose resources are only read: GET, HEAD and OPTIONS."""

    allowed = ("GET", "HEAD", "OPTIONS")

    def find(self, path: str) -> Callable[[HTTPHandler], Response]:
        """Return the function that answers a GET of `path`, or raise `Problem` (404)."""
        raise NotImplementedError

    def respond(self) -> Response:
        if self.command not in METHODS:
            known = ", ".join(METHODS)
            raise Problem(
                501,
                f"Je ne connais pas de méthode {quoted(self.command)} (elles s'écrivent en "
                f"capitales). Les méthodes de HTTP : {known} ; les miennes : "
                f"{', '.join(self.allowed)}.",
                allowed=self.allowed,
            )
        allow = [("Allow", ", ".join(self.allowed))]
        if self.path == "*":
            return Response(status=204, headers=allow)
        answer = self.find(unquote(self.path))
        if self.command == "OPTIONS":
            return Response(status=204, headers=allow)
        if self.command not in self.allowed:
            raise Problem(
                405,
                f"La méthode {self.command} n'est pas permise ici. "
                f"Permises : {', '.join(self.allowed)}.",
                allowed=self.allowed,
                headers=allow,
            )
        return answer(self)


def too_large(limit: int) -> Problem:
    return Problem(413, f"Corps trop gros : j'accepte {limit} octets.", allowed=limit)


def byte_range(request: HTTPHandler, size: int) -> tuple[int, int] | None:
    """Return the first and last positions that a request asks for, by Range, in `size` bytes.

    None if it asks for the whole, or for what we do not understand (RFC 9110, 14.2).

    Raises:
        Problem: there is nothing there (416).
    """
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if request.command != "GET" or not asked or not any(asked.groups()):
        return None
    first, last = bounds(asked[1], asked[2], size)
    if first > last:
        raise Problem(
            416,
            f"Cette ressource a {size} octets : impossible d'en servir "
            f"{quoted(request.headers['Range'])}.",
            headers=[("Content-Range", f"bytes */{size}")],
        )
    return first, last


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Return the first and last positions that ``first-last`` designates in `size` bytes."""
    if not first:  # the last so many bytes
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size - 1)
    if last and int(last) < int(first):
        return size, size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def chunk(piece: bytes) -> bytes:
    """Return a piece as a chunk: its size in hexadecimal, then itself."""
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""


def quoted(text: str) -> str:
    """Return what the client sent in a form fit for a message: short, on one line."""
    return f"« {shortened(text, 60)} »"


def shortened(text: str, size: int) -> str:
    """Return `text` cut to `size` characters, without control characters."""
    safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:size])
    return safe + "…" if len(text) > size else safe
