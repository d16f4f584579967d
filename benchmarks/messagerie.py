"""A year group in the messaging application: is every message received, once, and how fast?

    python -m benchmarks.messagerie [STUDENTS [SECONDS]]

Each student listens by long polling and writes to another every five seconds. Three ways to serve
them: the course's own server, then four workers of gunicorn, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import postgresql
from sandbox import Server, start
from sandbox.messagerie import accounts
from sandbox.messagerie.database import Database
from sandbox.running.catalogue import LOOPBACK

PERIOD = 5.0  # seconds between two messages of a student
WAIT = 10  # seconds of long polling
WAIT_SECONDS = 20.0  # to wait for what has not come
WORKERS = 4
THREADS = 400  # by worker: each one that waits holds one, and they may all fall on one worker

Students = dict[int, str]  # tokens by user id


@dataclass
class Outcome:
    """What came of a run: delays in seconds, messages lost, received twice, requests refused."""

    posting: list[float] = field(default_factory=list)
    delivery: list[float] = field(default_factory=list)
    lost: int = 0
    twice: int = 0
    refused: int = 0


def enroll(url: str, number: int) -> Students:
    """Bring a database up to date and add students to it."""
    database = Database(url)
    students = {}
    with database.session() as session:
        for n in range(number):
            user = accounts.add_user(session, f"Élève {n:03}")
            students[user.id] = accounts.give_token(session, user, accounts.draw_token(user.name))
    database.close()
    return students


@contextlib.contextmanager
def course_server(url: str) -> Iterator[Server]:
    """Serve a database by the course's own server."""
    from sandbox import server_messagerie

    with start(server_messagerie.__file__, "--database", url, "--port", "0") as server:
        yield server


@contextlib.contextmanager
def gunicorn(url: str, workers: int = WORKERS) -> Iterator[Server]:
    """Serve a database by several workers."""
    with socket.create_server((LOOPBACK, 0)) as free:
        port = free.getsockname()[1]
    command = ["gunicorn", "--preload", "--workers", f"{workers}", "--threads", f"{THREADS}"]
    command += ["--bind", f"{LOOPBACK}:{port}", "--backlog", "2048", "--keep-alive", "30"]
    command += [f"sandbox.messagerie:create_app({url!r})"]
    program = f"import sys\nfrom gunicorn.app.wsgiapp import run\nsys.argv = {command!r}\nrun()\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gunicorn_messagerie.py"
        path.write_text(program, encoding="utf-8")
        with start(str(path)) as server:
            yield server


class Student:
    """Somebody who listens, and writes from time to time.

    Its HTTP is the least that will do: with hundreds of clients in one process, a library's own
    work would be all that one measures.
    """

    def __init__(self, server: Server, token: str, outcome: Outcome) -> None:
        self.server = server
        self.token = token
        self.outcome = outcome
        self.sent: list[int] = []
        self.received: list[int] = []

    async def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, object]:
        """Return the status and the content of an answer, by a connection of its own."""
        content = json.dumps(body).encode() if body else b""
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.server.host}",
            f"Authorization: Bearer {self.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            "Connection: close",
        ]
        reader, writer = await asyncio.open_connection(self.server.host, self.server.port)
        try:
            writer.write("\r\n".join([*head, "", ""]).encode() + content)
            answer = await reader.read(-1)
        finally:
            writer.close()
            await writer.wait_closed()
        head, _, content = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(content)

    async def listen(self) -> None:
        since = 0
        while True:
            status, answer = await self.ask("GET", f"/api/messages?since={since}&wait={WAIT}")
            now = time.perf_counter()
            if status != 200:
                await self.wait_after_refusal()
                continue
            for message in answer:
                since = message["id"]
                self.received.append(since)
                self.outcome.delivery.append(now - float(message["text"]))

    async def write(self, others: list[int], until: float) -> None:
        await asyncio.sleep(PERIOD * random.random())  # not all at the same instant
        while (now := time.perf_counter()) < until:
            body = {"to": random.choice(others), "text": repr(now)}
            status, answer = await self.ask("POST", "/api/messages", body)
            if status == 201:
                self.outcome.posting.append(time.perf_counter() - now)
                self.sent.append(answer["id"])
            else:
                await self.wait_after_refusal()
            await asyncio.sleep(max(0.0, PERIOD - (time.perf_counter() - now)))

    async def wait_after_refusal(self) -> None:
        self.outcome.refused += 1
        await asyncio.sleep(1)


async def crowd(server: Server, tokens: Students, seconds: float) -> Outcome:
    """Have all the students listen and write for a while; count what was lost."""
    outcome = Outcome()
    people = [Student(server, token, outcome) for token in tokens.values()]
    listening = [asyncio.create_task(person.listen()) for person in people]
    await asyncio.sleep(2)  # all are there
    until = time.perf_counter() + seconds
    await asyncio.gather(*(person.write(list(tokens), until) for person in people))
    sent = {number for person in people for number in person.sent}
    deadline = time.perf_counter() + WAIT_SECONDS
    while True:
        received = collections.Counter(number for person in people for number in person.received)
        if not sent - received.keys() or time.perf_counter() > deadline:
            break
        await asyncio.sleep(0.1)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    outcome.lost = len(sent - received.keys())
    outcome.twice = sum(count - 1 for count in received.values())
    return outcome


def measure(serve, url: str, students: int, seconds: float) -> Outcome:
    tokens = enroll(url, students)
    with serve(url) as server:
        return asyncio.run(crowd(server, tokens, seconds))


def percentile(delays: list[float], hundredths: int) -> float:
    return statistics.quantiles(delays, n=100)[hundredths - 1]


def main() -> None:
    """Print what a year group loses, its delays, and how they compare."""
    students, seconds = (int(n) for n in (sys.argv[1:] + ["300", "20"][len(sys.argv) - 1 :]))
    table = Table(
        "served by",
        "messages",
        "lost",
        "twice",
        "refused",
        "201 after (p50, p95)",
        "received after (p50, p95)",
        "ratio of p95",
        title=f"{students} students, {seconds} s",
    )
    reference = None
    with tempfile.TemporaryDirectory() as folder, postgresql.running() as elsewhere:
        for title, serve, url in (
            ("the course's server, SQLite", course_server, f"sqlite:///{folder}/one.db"),
            ("gunicorn, SQLite", gunicorn, f"sqlite:///{folder}/four.db"),
            ("gunicorn, PostgreSQL", gunicorn, postgresql.new_database(elsewhere, "classe")),
        ):
            outcome = measure(serve, url, students, seconds)
            delays = [
                [1000 * percentile(each, hundredths) for hundredths in (50, 95)]
                for each in (outcome.posting, outcome.delivery)
            ]
            reference = reference or delays[1][1]
            table.add_row(
                title,
                f"{len(outcome.posting)}",
                f"{outcome.lost}",
                f"{outcome.twice}",
                f"{outcome.refused}",
                *(f"{p50:.0f}, {p95:.0f} ms" for p50, p95 in delays),
                f"{delays[1][1] / reference:.2f}",
            )
    Console().print(table)


if __name__ == "__main__":
    main()
