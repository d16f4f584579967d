"""How many times a file may still be given."""

from __future__ import annotations

import threading

from sandbox.serving.http import Problem

NOTED_SECONDS = 2.0  # left to a download that ends, before we say that somebody is downloading


class Turns:
    """At most so many downloads, those under way included."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.done = self.begun = 0
        self.lock = threading.Condition()

    @property
    def left(self) -> int | None:
        """Return how many are left; None if there is no limit."""
        return None if self.limit is None else self.limit - self.done

    def check(self) -> None:
        """Raise `Problem` (410) when there is none left."""
        if self.left == 0:
            raise Problem(
                410, f"Trop tard : ce fichier devait être donné {self.limit} fois, et il l'a été."
            )

    def begin(self) -> None:
        """Take a turn, or raise `Problem`."""
        with self.lock:
            # A client has its last byte before we have noted it: asking at once is no hurry.
            self.lock.wait_for(
                lambda: self.left in (None, 0) or self.begun < self.left, NOTED_SECONDS
            )
            self.check()
            if self.begun == self.left:
                raise Problem(
                    503,
                    "Quelqu'un télécharge en ce moment, et il ne restera peut-être rien pour "
                    "vous. Réessayez dans quelques secondes.",
                    headers=[("Retry-After", "5")],
                )
            self.begun += 1

    def end(self, *, complete: bool) -> None:
        """Give a turn back; it counts if the client has got everything."""
        with self.lock:
            self.begun -= 1
            self.done += complete
            self.lock.notify_all()
