"""People in a student's chat over TCP: they enter, talk, leave politely or not."""

from __future__ import annotations

import contextlib
import time
from types import SimpleNamespace

from sandbox.checking.plays.servers import reset, running, tapped
from sandbox.checking.program import Program
from sandbox.checking.stage import Stage
from sandbox.wire import Wiretap

BETWEEN_SECONDS = 0.02  # two segments


class Person:
    """Somebody in the chat, who waits for what should come before going on."""

    def __init__(self, stage: Stage, server: Wiretap | SimpleNamespace, name: str) -> None:
        self.connection = stage.connect(server)
        self.heard: list[str] = []
        self._rest = b""
        self._name = name

    def enter(self) -> None:
        """Say our name, wait for the announcement.

        Raises:
            TimeoutError: it does not come; without it, nothing else is worth trying.
        """
        self.connection.sendall(f"{self._name}\n".encode())
        announcement = f"* {self._name} arrive"
        if announcement not in self.all_until(announcement):
            raise TimeoutError(f"{self._name} entre, et n'entend pas « {announcement} »")

    def say(self, *segments: bytes) -> None:
        for segment in segments:
            self.connection.sendall(segment)
            time.sleep(BETWEEN_SECONDS)

    def hear(self, sentence: str) -> None:
        """Note what comes until `sentence`, the end or a long silence."""
        with contextlib.suppress(OSError):
            while sentence not in self.heard and (chunk := self.connection.recv(65536)):
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                self.heard += [line.decode("utf-8", "replace") for line in lines]

    def all_until(self, sentence: str) -> list[str]:
        self.hear(sentence)
        return self.heard

    def after_departure(self) -> list[str]:
        """Wait for Bob's departure, then speak."""
        self.hear("* Bob part")
        self.say(b"Bob ?\n")
        return self.all_until(f"{self._name} : Bob ?")


def gathered(stage: Stage, server: Wiretap | SimpleNamespace, *names: str) -> list[Person]:
    """Let people in one after the other."""
    people = []
    for name in names:
        people.append(Person(stage, server, name))
        people[-1].enter()
    return people


def chatting(stage: Stage, program: Program, *said: bytes, last: str) -> list[str]:
    """Let Ada and Bob in; Bob says all that; return what Ada hears until `last`."""
    with tapped(stage, program) as tap:
        ada, bob = gathered(stage, tap, "Ada", "Bob")
        bob.say(*said)
        return ada.all_until(last)


def hearing_oneself(stage: Stage, program: Program) -> list[str]:
    """Let Ada in alone, and speak; return what she hears."""
    with tapped(stage, program) as tap:
        (ada,) = gathered(stage, tap, "Ada")
        ada.say(b"il y a quelqu'un ?\n")
        return ada.all_until("Ada : il y a quelqu'un ?")


def hanging_up(stage: Stage, program: Program) -> list[str]:
    """Let Ada and Bob in, Bob hang up, Ada speak; return what she hears."""
    with tapped(stage, program) as tap:
        ada, bob = gathered(stage, tap, "Ada", "Bob")
        bob.connection.close()
        return ada.after_departure()


def crashing(stage: Stage, program: Program) -> list[str]:
    """The same, but Bob's machine crashes."""
    with running(stage, program) as server:  # a relay makes a close of a reset
        ada, bob = gathered(stage, server, "Ada", "Bob")
        reset(bob.connection)
        return ada.after_departure()


def crowd(stage: Stage, program: Program, number: int) -> int:
    """Let many in, one speak; return how many hear it."""
    with tapped(stage, program) as tap:
        people = gathered(stage, tap, *(f"n{n}" for n in range(number)))
        people[0].say("bonjour à tous\n".encode())
        return sum("n0 : bonjour à tous" in p.all_until("n0 : bonjour à tous") for p in people)
