"""What the course's HTTP servers share: reading a request within limits, answering it.

h11 knows the protocol. What it leaves open is closed here: deadlines, sizes, and an answer in
French to each way a request can be wrong (RFC 9112), so that a server of the course is a table of
resources and nothing else. Servers import this module; ``reading.py``, ``diagnosis.py`` and
``ranges.py`` are its parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import unquote

import h11

from sandbox.serving.diagnosis import Problem, quoted, shortened, too_large
from sandbox.serving.ranges import byte_range
from sandbox.serving.reading import ANSWER_SECONDS, BODY_SECONDS, HEAD_SECONDS, RequestReader
from sandbox.serving.tcp import log

__all__ = [
    "ANSWER_SECONDS",
    "BODY_SECONDS",
    "HEAD_SECONDS",
    "GetHandler",
    "HTTPHandler",
    "Problem",
    "Response",
    "byte_range",
    "json_response",
    "quoted",
    "too_large",
]

MAX_SKIPPED = 64 * 1024  # bytes of an unused body read so as to keep the connection

#: The methods we know of (RFC 9110 and RFC 5789): another one is 501, not 405.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


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

    @property
    def has_body(self) -> bool:
        return self.status not in (204, 304)


def json_response(
    content: object, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """Return `content` as JSON, which is UTF-8 by definition (RFC 8259): no charset to give."""
    body = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
    return Response(body, status, [("Content-Type", "application/json"), *headers])


def encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as h11 wants them."""
    return [(name.encode(), value.strip(" \t").encode("latin-1")) for name, value in headers]


#: By status, the phrase that goes with it and what it means.
RESPONSES = {status.value: (status.phrase, status.description) for status in HTTPStatus}


class HTTPHandler(RequestReader):
    """One connection: requests one after another, each read, answered and logged.

    A subclass says what to answer in `respond`, and may show problems its own way in `explain`.
    While it answers, `command`, `path`, `query`, `headers` are those of the request.
    """

    server_version = "ProgrammesCooperants"
    responses = RESPONSES

    def respond(self) -> Response:
        """Return the answer to the request just read, or raise `Problem`."""
        raise NotImplementedError

    def explain(self, problem: Problem) -> Response:
        """Return the answer that tells the client about a problem."""
        content = {"error": problem.error}
        if problem.allowed is not None:
            content["allowed"] = problem.allowed
        return json_response(content, problem.status, problem.headers)

    def time_for(self, response: Response) -> float:
        """Return how many seconds the client has to take an answer."""
        return ANSWER_SECONDS

    def handle(self) -> None:
        self.close_connection = False
        while not self.close_connection:
            self.handle_one_request()

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

    def send(self, response: Response) -> None:
        """Send the answer; h11 frames it so that the client knows where it ends."""
        if self.unread is None or self.unread > MAX_SKIPPED:
            self.close_connection = True
        if self.request_version == "HTTP/1.0" and response.has_body and response.length is None:
            self.close_connection = True  # HTTP/1.0 knows no chunks: the end is the end
        self.stream.allow(self.time_for(response))
        self.wfile.write(self.head_of(response))
        sent = 0
        if response.has_body and self.command != "HEAD":
            for piece in response.body:
                sent += len(piece)
                self.wfile.write(self.protocol.send(h11.Data(piece)))
                if response.live and sent != response.length:
                    self.wfile.flush()
            self.wfile.write(self.protocol.send(h11.EndOfMessage()))
        # Before the last bytes leave: whoever has its answer finds the line in the log.
        log(
            self.client_address[0],
            f"{shortened(self.requestline, 200) or '?'} → {response.status}, {sent} octets",
        )
        self.wfile.flush()

    def head_of(self, response: Response) -> bytes:
        """Return the status line and the headers of an answer."""
        headers = [
            ("Date", formatdate(usegmt=True)),
            ("Server", self.server_version),
            *response.headers,
        ]
        if response.has_body and response.length is not None:
            headers.append(("Content-Length", str(response.length)))
        if self.close_connection:
            headers.append(("Connection", "close"))
        phrase, _ = self.responses.get(response.status, ("", ""))
        head = self.protocol.send(
            h11.Response(status_code=response.status, reason=phrase, headers=encoded(headers))
        )
        if self.request_version == "HTTP/1.0" and not self.close_connection:
            # h11 says "close" to all those who speak HTTP/1.0, even if they ask to stay.
            head = head.replace(
                b"\r\nConnection: close\r\n\r\n", b"\r\nConnection: keep-alive\r\n\r\n"
            )
        return head


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
