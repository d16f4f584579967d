"""Waiting for something new, whichever process writes it.

Those who wait are threads; each has a bell. One more thread looks at the database for all of them,
ten times a second while anybody waits, and rings the bells of those for whom there is something.
A message written by another worker is heard as well as one of ours.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from sandbox.messagerie import mailbox
from sandbox.messagerie.database import Database, last_number
from sandbox.serving.tcp import log

PERIOD_SECONDS = 0.1  # between two looks at the database
RECOVERY_SECONDS = 1.0  # before the next, when it does not answer


@dataclass(eq=False)
class Bell:
    """What somebody listens to: it rings for its messages, and for changes of users if asked."""

    user_id: int
    users: bool
    rung: threading.Event = field(default_factory=threading.Event)


class Bells:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.bells: set[Bell] = set()
        self.lock = threading.Lock()
        self.written = threading.Event()  # set when this very process has written something
        self.watched = False
        self.seen = 0  # the last number looked at

    @contextlib.contextmanager
    def listening(self, user_id: int, *, users: bool = False) -> Iterator[threading.Event]:
        """Give an event that is set when there is something new, until the end of the block.

        Nothing committed after the block is entered goes by unheard: in it, read, then wait.
        """
        bell = Bell(user_id, users)
        with self.lock:
            if not self.watched:
                self.begin_to_watch()
            self.bells.add(bell)
        try:
            yield bell.rung
        finally:
            with self.lock:
                self.bells.discard(bell)

    def look_now(self) -> None:
        """Spare those who wait the rest of the period: something has been written here."""
        self.written.set()

    def begin_to_watch(self) -> None:
        with self.database.session() as session:
            self.seen = last_number(session)
        threading.Thread(target=self.watch, daemon=True).start()
        self.watched = True

    def watch(self) -> None:
        """Ring the bells, as long as there are any."""
        pause = 0.0
        while self.is_useful():
            self.written.wait(pause)
            self.written.clear()
            try:
                self.ring()
                pause = PERIOD_SECONDS
            except SQLAlchemyError as error:
                log(f"base de données : {type(error).__name__}, nouvel essai")
                pause = RECOVERY_SECONDS

    def is_useful(self) -> bool:
        with self.lock:
            self.watched = bool(self.bells)
            return self.watched

    def ring(self) -> None:
        with self.database.session() as session:
            news = mailbox.news(session, self.seen)
        with self.lock:
            self.seen = news.last
            for bell in self.bells:
                if bell.user_id in news.recipients or (bell.users and news.users):
                    bell.rung.set()
