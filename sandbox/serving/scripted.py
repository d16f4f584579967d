"""Servers that play a part: a few lines of Python for each connection, in a thread.

    with ScriptedServer(play) as server:
        ...  # clients talk to server.host, server.port

They serve lessons and the exercises' checks, where a server must misbehave on purpose.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

from sandbox.running.catalogue import LOOPBACK

Play = Callable[[socket.socket], None]


class ScriptedServer:
    """Runs ``play(connection)`` for each client, on a free port.

    Attributes:
        host, port: where it listens.
        connections: how many clients were accepted so far.
        errors: the exceptions raised by `play`, apart from the client's leaving.
    """

    def __init__(self, play: Play, *, timeout: float = 5.0) -> None:
        self.play = play
        self.timeout = timeout
        self.connections = 0
        self.errors: list[BaseException] = []
        self._listener = socket.create_server((LOOPBACK, 0), backlog=256)
        self.host, self.port = self._listener.getsockname()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def stop(self) -> None:
        """Stop listening and hang up on everybody."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept() up on Linux
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return "<serveur d'essai>"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed: stop()
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        connection.settimeout(self.timeout)
        try:
            self.play(connection)
        except OSError:
            pass  # the client left, or was too slow: its own side tells more than ours
        except BaseException as error:
            self.errors.append(error)
        finally:
            self._open.discard(connection)
            connection.close()
