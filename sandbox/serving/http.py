"""What the course's HTTP servers share: reading a request within limits, answering it.

h11 reads the requests. What it leaves open is closed here: deadlines, sizes, and an answer in
French to each way a request can be wrong (RFC 9112), so that a server of the course is a table of
resources and nothing else.

Servers import this module. Its parts, from the wire up: ``stream.py`` (deadlines), ``diagnosis.py``
(what is wrong), ``body.py``, ``reading.py`` (a request), ``answer.py``, ``ranges.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate
from urllib.parse import unquote

from sandbox.serving.answer import RESPONSES, Response, chunk, json_response
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
        """Send the answer, framed so that the client knows where it ends (RFC 9112, 6.3)."""
        if self.unread is None or self.unread > MAX_SKIPPED or response.hangs_up:
            self.close_connection = True
        endless = response.has_body and response.length is None
        chunked = endless and self.request_version == "HTTP/1.1"
        if endless and not chunked:
            self.close_connection = True  # HTTP/1.0 knows no chunks: the end is the end
        self.stream.allow(self.time_for(response))
        self.wfile.write(self.head_of(response, chunked=chunked))
        sent = 0
        if response.has_body and self.command != "HEAD":
            for piece in response.body:
                sent += len(piece)
                self.wfile.write(chunk(piece) if chunked else piece)
                if response.at_once and sent != response.length:
                    self.wfile.flush()
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
            elif sent != response.length:
                self.close_connection = True  # the client learns that it has not what was said
        # Before the last bytes leave: whoever has its answer finds the line in the log.
        log(
            self.client_address[0],
            f"{shortened(self.requestline, 200) or '?'} → {response.status}, {sent} octets",
        )
        self.wfile.flush()

    def head_of(self, response: Response, *, chunked: bool) -> bytes:
        """Return the status line and the headers of an answer.

        h11 could write them, but in another order, and it never keeps a connection in HTTP/1.0.
        """
        headers = [
            ("Date", formatdate(usegmt=True)),
            ("Server", self.server_version),
            *response.headers,
        ]
        if chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        elif response.has_body and response.length is not None:
            headers.append(("Content-Length", str(response.length)))
        if self.close_connection:
            headers.append(("Connection", "close"))
        elif self.request_version == "HTTP/1.0":
            headers.append(("Connection", "keep-alive"))
        phrase, _ = self.responses.get(response.status, ("", ""))
        lines = [f"HTTP/1.1 {response.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


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
