"""A PostgreSQL of one's own: in a temporary folder, on a free port, forgotten at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from sandbox.running.catalogue import LOOPBACK

DEBIAN = "/usr/lib/postgresql"  # Debian keeps the programs out of the way, by version
ADMINISTRATOR = "classe"
STARTING = 30.0  # seconds


def find_program(name: str) -> str | None:
    """Return where a program of PostgreSQL is, of the last version installed."""
    versions = sorted(Path(DEBIAN).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    return shutil.which(name) or (str(versions[-1]) if versions else None)


def as_nobody() -> dict:
    """Return what runs a program as nobody in particular: PostgreSQL refuses to be root."""
    if os.name != "posix" or os.getuid() != 0:
        return {}
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Run a PostgreSQL until the end of the block; give the URL of its server, without a database.

    Raises:
        FileNotFoundError: it is not installed.
    """
    initdb, postgres = find_program("initdb"), find_program("postgres")
    if not initdb or not postgres:
        raise FileNotFoundError("PostgreSQL is not installed (apt install postgresql)")
    rights = as_nobody()
    with tempfile.TemporaryDirectory(prefix="pg_") as folder:
        data = Path(folder, "data")
        if rights:
            shutil.chown(folder, rights["user"], rights["group"])
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        creation = [initdb, "-D", data, "-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8"]
        subprocess.run([*creation, "--locale=C", "--no-sync"], check=True, **quiet, **rights)
        with socket.create_server((LOOPBACK, 0)) as free:
            port = free.getsockname()[1]
        service = [postgres, "-D", data, "-h", LOOPBACK, "-p", str(port), "-k", folder]
        with subprocess.Popen(service, **quiet, **rights) as process:
            url = f"postgresql+psycopg://{ADMINISTRATOR}@{LOOPBACK}:{port}"
            try:
                wait_until_ready(port)
                yield url
            finally:
                process.send_signal(signal.SIGQUIT)  # at once: nothing is to be kept


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + STARTING
    while True:
        try:
            connect(port).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def connect(port: int) -> psycopg.Connection:
    return psycopg.connect(
        host=LOOPBACK, port=port, user=ADMINISTRATOR, dbname="postgres", autocommit=True
    )


def new_database(url: str, name: str) -> str:
    """Create a database; return its URL."""
    with connect(int(url.rpartition(":")[2])) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{url}/{name}"
