"""What the course's TCP and HTTP servers share: options, limits, a ready line, a clean stop.

A server of the course is a handler and one call to :func:`main`; everything a student should
read is in the handler.
"""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable

from sandbox.running.catalogue import LOOPBACK, SERVERS

#: At most this many connections are served at once; the next ones wait in the listen backlog.
MAX_CONNECTIONS = 512

TEST_NET = ("192.0.2.1", 9)  # an address that nobody has (RFC 5737)


class TCPServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A TCP server with a thread per connection and a bound on their number."""

    # On POSIX this only forgives TIME_WAIT; on Windows it would let two programs share a port.
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], handler: Callable) -> None:
        self.slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__(address, handler)

    def process_request(self, request, client_address) -> None:
        # Handlers have deadlines, so a slot always comes free; waiting here leaves the
        # newcomers in the kernel's queue instead of giving each a thread.
        self.slots.acquire()
        try:
            super().process_request(request, client_address)
        except Exception:
            # No thread could start. Ctrl-C, which may come once it has, must not be lost in the
            # error of a slot given back twice.
            self.slots.release()
            raise

    def process_request_thread(self, request, client_address) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.slots.release()

    def shutdown_request(self, request) -> None:
        close_gently(request)

    def handle_error(self, request, client_address) -> None:
        error = sys.exception()
        log(client_address[0], f"connexion interrompue ({type(error).__name__})")


def close_gently(connection: socket.socket, seconds: float = 2.0) -> None:
    """Close so that the last bytes sent are not lost.

    Closing a socket while bytes wait unread makes TCP send RST instead of FIN (RFC 1122,
    4.2.2.13), and the client may then never read the answer. So: say that we have finished,
    read what still comes for at most `seconds` seconds, then close.
    """
    deadline = time.monotonic() + seconds
    try:
        connection.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65536):
                break
    except OSError:
        pass  # the client left first, or will not leave: nothing more can be done for it
    connection.close()


def log(*words: str) -> None:
    """Write one line on stderr, where the launcher collects it."""
    # One write: `print` makes one a word, between which another thread's line may slip.
    sys.stderr.write(" ".join(words) + "\n")
    sys.stderr.flush()


def options(name: str) -> argparse.Namespace:
    """Read ``--host`` and ``--port`` from the command line."""
    return option_parser(name).parse_args()


def option_parser(name: str) -> argparse.ArgumentParser:
    """Return what reads ``--host`` and ``--port``, for a server that has more options."""
    parser = argparse.ArgumentParser(prog=name, description=SERVERS[name].description)
    parser.add_argument("--host", default=LOOPBACK, help="adresse d'écoute (%(default)s)")
    parser.add_argument(
        "--port",
        type=port_number,
        default=SERVERS[name].port,
        help="port, 0 pour un port libre (%(default)s)",
    )
    return parser


def port_number(text: str) -> int:
    """Read a port; beyond these bounds, binding would fail with a traceback."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"un port est un nombre de 0 à 65535, pas « {text} »")
    return int(text)


def main(name: str, handler: type) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Prints ``<name> listening on <host>:<port>`` on stdout once connections are accepted.
    Exits with status 1, after saying why, when it cannot listen.
    """
    chosen = options(name)
    serve(name, handler, chosen.host, chosen.port)


def serve(name: str, handler: type, host: str, port: int) -> None:
    """Do what `main` does, at an address already read."""
    try:
        server = TCPServer((host, port), handler)
    except OSError as error:
        sys.exit(explain_bind_error(name, host, port, error))
    serve_until_stopped(name, server)


def explain_bind_error(name: str, host: str, port: int, error: OSError) -> str:
    """Say in French why the server cannot listen."""
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)):
        return (
            f"{name} : le port {port} est déjà pris par un autre programme. "
            f"Choisissez-en un autre (--port {port + 1}), ou n'importe lequel (--port 0) ; "
            "« python -m sandbox doctor » dit qui tient ce port."
        )
    return f"{name} : impossible d'écouter sur {host}:{port} ({error})."


def own_address() -> str | None:
    """Return this machine's address on its network, None when it has no network.

    Connecting a UDP socket sends nothing: the system only chooses by which way it would.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(TEST_NET)
        except OSError:
            return None
        return probe.getsockname()[0]


def serve_until_stopped(name: str, server: socketserver.BaseServer) -> None:
    """Announce the address, serve, and leave quietly on Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, stop)
    host, port = server.server_address[:2]
    try:
        print(f"{name} listening on {host}:{port}", flush=True)
        server.serve_forever()
    except KeyboardInterrupt:
        log(f"{name} : arrêt demandé.")
    finally:
        server.server_close()


def stop(*_: object) -> None:
    """Treat SIGTERM as Ctrl-C."""
    raise KeyboardInterrupt
