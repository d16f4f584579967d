"""Clients of a student's echo server: in a hurry, dreaming, many, rude."""

from __future__ import annotations

import socket
import threading
import time

from sandbox.checking.plays.servers import read_until, reset, running, tapped
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage

NOT_CLOSED = "tout est revenu, mais la connexion reste ouverte"
BETWEEN_SECONDS = 0.02  # two pieces
RESET_SECONDS = 0.1  # for a server to see that a client crashed


def echoed(stage: Stage, program: Program, *pieces: bytes) -> bytes | str:
    """Send `pieces` while reading, hang up our side; return all that comes until the end."""
    with tapped(stage, program) as tap:
        client = stage.connect(tap)

        def send() -> None:
            for piece in pieces:
                client.sendall(piece)
                time.sleep(BETWEEN_SECONDS)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=send, daemon=True).start()
        size = sum(map(len, pieces))
        received = read_until(client, size)
        try:
            return received + client.recv(65536)
        except TimeoutError:
            return NOT_CLOSED if len(received) == size else received


def one_by_one(stage: Stage, program: Program, *words: bytes) -> list[bytes]:
    """Say each word once the previous one came back; return what comes back."""
    with tapped(stage, program) as tap:
        client = stage.connect(tap)
        answers = []
        for word in words:
            client.sendall(word)
            answers.append(read_until(client, len(word)))
            if answers[-1] != word:
                break
        return answers


def one_after_the_other(stage: Stage, program: Program) -> list[bytes]:
    """Let a client speak and leave, then another; return what each gets."""
    with tapped(stage, program) as tap:
        answers = []
        for _ in range(2):
            with stage.connect(tap) as client:
                client.sendall(b"bonjour")
                answers.append(read_until(client, 7))
        return answers


def behind_a_dreamer(stage: Stage, program: Program) -> bytes:
    """Let a client stop in the middle of its sentence; return what the next one gets."""
    with tapped(stage, program) as tap:
        dreamer = stage.connect(tap)
        dreamer.sendall(b"je re")
        read_until(dreamer, 5)  # it is being served: the other cannot come before it
        other = stage.connect(tap)
        other.sendall(b"bonjour")
        return read_until(other, 7)


def each_in_turn(stage: Stage, program: Program, number: int) -> int:
    """Connect `number` clients, let each speak; return how many do before one fails."""
    with tapped(stage, program) as tap:
        clients = [stage.connect(tap) for _ in range(number)]
        for n, client in enumerate(clients):
            client.sendall(b"client %02d" % n)
        for n, client in enumerate(clients):
            if read_until(client, 9) != b"client %02d" % n:
                return n
        return number


def after_a_crash(stage: Stage, program: Program) -> bytes:
    """Let a client's machine crash; return what the next one gets."""
    with running(stage, program) as server:  # a relay makes a close of a reset
        rude = stage.connect(server)
        rude.sendall(b"au re")
        read_until(rude, 5)
        reset(rude)
        time.sleep(RESET_SECONDS)
        other = stage.connect(server)
        other.sendall(b"bonjour")
        return read_until(other, 7)
