"""Start the course's servers and demos, or any program of the student's; never leave one behind.

``start("server_contact")`` returns once the server accepts connections. Readiness is read from
the server's own ready line or, for programs that print none, from the system's table of listening
sockets: never by connecting, which would take one accept away from the server.
"""

from __future__ import annotations

import atexit
import collections
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from sandbox.running.catalogue import CATALOGUE, DEMOS, FLASK_RUN, LOOPBACK, SERVERS

HERE = Path(__file__).resolve().parent
READY = re.compile(r"^\S+ listening on (?P<host>\S+):(?P<port>\d+)$")
STYLE = re.compile(r"\x1b\[[\d;]*m")  # Flask colours its log, as if for a terminal
LOG_LINES = 10_000  # lines kept
LINE_LENGTH = 10_000  # characters kept of each
SETTLE_SECONDS = 0.2  # without a line, after which nothing more is awaited
LOOK_SECONDS = 0.02  # between two looks at the table of listening sockets

_running: dict[str, Server] = {}


class ServerError(RuntimeError):
    """A server could not be started; the message, in French, says why and what to do."""


class Server:
    """A running server: where it listens, what it says, how to stop it.

    Attributes:
        name: the name it was started by.
        host, port: where it listens.
        url: ``http://host:port``, for programs that run beside it (this notebook, say).
    """

    def __init__(self, name: str, command: list[str], cwd: Path | None = None) -> None:
        self.name = name
        self.host = LOOPBACK
        self.port = 0
        self._lines: collections.deque[str] = collections.deque(maxlen=LOG_LINES)
        self._lines_read = 0
        self._announced = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(HERE / "supervisor.py"), *command],
            stdin=subprocess.PIPE,  # the lifeline: see supervisor.py
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=_environment(),
            **_own_group(),
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def browser_url(self) -> str:
        """The address for a browser: through JupyterHub's proxy (Binder) when there is one."""
        prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX")
        return f"{prefix}proxy/{self.port}/" if prefix else self.url

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def log(self) -> str:
        """Return what the server wrote so far on its standard output and error."""
        # What it wrote before this call may still be in the pipe, which a thread empties.
        if not self.running:
            self._reader.join(1)
        deadline = time.monotonic() + 3
        seen = -1
        while seen != self._lines_read and time.monotonic() < deadline:
            seen = self._lines_read
            self._reader.join(SETTLE_SECONDS)
        return "\n".join(line for line in list(self._lines) if not READY.match(line))

    def stop(self) -> None:
        """Stop the server and wait for its end; its port is free afterwards."""
        if not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            for process in _family(self._process.pid):
                process.kill()
            self._process.wait()
        if _running.get(self.name) is self:
            del _running[self.name]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{self.name} {'en marche' if self.running else 'arrêté'}>"

    def _read_log(self) -> None:
        with self._process.stdout as output:
            for raw in iter(lambda: output.readline(LINE_LENGTH), b""):
                line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
                self._lines_read += 1
                self._lines.append(STYLE.sub("", line))
                if not self._announced.is_set() and (ready := READY.match(line)):
                    self.host, self.port = ready["host"], int(ready["port"])
                    self._announced.set()

    def _wait_until_ready(self, *, announces: bool, timeout: float) -> None:
        """Return once the server accepts connections.

        Raises:
            ServerError: it ended, or still does not listen after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while not self._announced.wait(LOOK_SECONDS):
            if not self.running:
                raise ServerError(self._explain("s'est arrêté avant d'écouter"))
            if time.monotonic() > deadline:
                raise ServerError(self._explain(f"n'écoute toujours pas après {timeout:g} s"))
            if not announces and (address := _listening_address(self._process.pid)):
                self.host, self.port = address
                self._announced.set()

    def _explain(self, what: str) -> str:
        tail = self.log().splitlines()[-15:] or ["(journal vide)"]
        return "\n".join(
            [f"{self.name} {what}. La fin de son journal :"]
            + [f"    {line}" for line in tail]
            + ["À faire : corriger l'erreur ci-dessus, puis relancer la cellule."]
            + ["(« python -m sandbox doctor » vérifie la machine : ports, paquets, navigateur.)"]
        )


def start(
    name: str | Path, *arguments: str, port: int | None = None, timeout: float = 30.0
) -> Server:
    """Start a server and return once it accepts connections.

    Args:
        name: a server of the course (``"server_contact"``), a demo (``"demo3"``), or the path of
            a Python program.
        arguments: given to the program as they are.
        port: the port wanted for a server or a demo; 0 for any free one. By default its own, or the
            next free one, said in one line, when another program holds it.
        timeout: seconds allowed before it listens.

    Raises:
        ServerError: unknown name, no port, or the program ended or did not listen in time.
    """
    name = str(name)
    if name in _running:
        _running[name].stop()
    if name in CATALOGUE:
        server = _start_server(name, arguments, port, timeout)
    else:
        server = _launch(name, _program(name, arguments), announces=False, timeout=timeout)
    _running[name] = server
    return server


def stop_all() -> None:
    """Stop every server this process started."""
    for server in list(_running.values()):
        server.stop()


atexit.register(stop_all)


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Tell whether a server could listen on `port`, without connecting to anything."""
    with socket.socket() as probe:
        if os.name == "posix":  # as our servers do: an address in TIME_WAIT is not taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def _start_server(name: str, arguments: tuple[str, ...], port: int | None, timeout: float):
    wanted = CATALOGUE[name].port if port is None else port
    if not isinstance(wanted, int) or not 0 <= wanted <= 65535:
        raise ServerError(f"un port est un nombre entier de 0 à 65535, pas {wanted!r}")
    candidate = _choose(wanted)
    while True:
        command, cwd = _command(name)
        command += ["--port", str(candidate), *arguments]
        try:
            server = _launch(name, command, cwd, announces=name in SERVERS, timeout=timeout)
        except ServerError:
            # Somebody took the port between our look and the server's bind: look again.
            if candidate == 0 or is_free(candidate):
                raise
            candidate = _choose(wanted)
            continue
        if candidate != wanted:
            print(
                f"Le port {wanted} est tenu par un autre programme : "
                f"{name} écoute sur le port {candidate}."
            )
        return server


def _command(name: str) -> tuple[list[str], Path | None]:
    """Return what runs a server or a demo, but for its port, and the folder to run it in."""
    if name in DEMOS:
        return [sys.executable, "-m", *FLASK_RUN], DEMOS[name].path
    return [sys.executable, str(SERVERS[name].path)], None


def _choose(wanted: int) -> int:
    """Return `wanted` if it is free, else the next free port that is no other server's.

    With SANDBOX_PORT_WAIT (seconds), first wait for it: two lessons executed side by side on
    a system without network namespaces then take turns.
    """
    deadline = time.monotonic() + float(os.environ.get("SANDBOX_PORT_WAIT", "0"))
    while wanted and not is_free(wanted):
        if time.monotonic() > deadline:
            taken = {entry.port for entry in CATALOGUE.values()}
            return next(p for p in range(wanted + 1, 65536) if p not in taken and is_free(p))
        time.sleep(0.05)
    return wanted


def _program(name: str, arguments: tuple[str, ...]) -> list[str]:
    path = Path(name).resolve()
    if path.suffix != ".py" or not path.is_file():
        known = ", ".join(CATALOGUE)
        raise ServerError(
            f"Je ne connais pas de serveur « {name} », et ce n'est pas non plus un fichier .py "
            f"(cherché dans {Path.cwd()}).\nLes serveurs et démonstrations du cours : {known}."
        )
    return [sys.executable, str(path), *arguments]


def _launch(
    name: str, command: list[str], cwd: Path | None = None, *, announces: bool, timeout: float
) -> Server:
    server = Server(name, command, cwd)
    try:
        server._wait_until_ready(announces=announces, timeout=timeout)
    except BaseException:  # an interruption of the cell must not leave it behind
        server.stop()
        raise
    return server


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def _own_group() -> dict:
    """Keep the server out of reach of the Ctrl-C meant for the notebook."""
    if os.name == "posix":
        return {"start_new_session": True}
    return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _listening_address(pid: int) -> tuple[str, int] | None:
    for process in _family(pid):
        try:
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN:
                    host = connection.laddr.ip
                    return (LOOPBACK if host in ("0.0.0.0", "::") else host, connection.laddr.port)
        except psutil.Error:
            continue
    return None
