"""What one user may take of the server: requests a second, event streams at once.

Counted in this process: with four workers, up to four times as much. It is there so that a loop
without a pause harms nobody else, not to be exact.
"""

from __future__ import annotations

import collections
import math
import threading
import time

from sandbox.messagerie.problems import Refused

BURST, RATE = 100, 20  # requests in a row, then a second, for a user
STREAMS_EACH = 6  # event streams at once for a user: as many browser tabs
STREAMS = 400  # for all


class Credits:
    """What users may still ask, which time gives back: a token bucket each."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.left: dict[int, tuple[float, float]] = {}  # by user: requests, and when it was so

    def spend(self, user_id: int) -> None:
        """Count a request.

        Raises:
            Refused: there have been too many; it says how long to wait.
        """
        now = time.monotonic()
        with self.lock:
            left, then = self.left.get(user_id, (BURST, now))
            left = min(BURST, left + RATE * (now - then))
            self.left[user_id] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            wait = math.ceil((1 - left) / RATE)
            raise Refused(
                429,
                f"{RATE} demandes par seconde au plus : faites une pause.",
                headers={"Retry-After": str(wait)},
            )


class Seats:
    """Event streams open now."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken: collections.Counter[int] = collections.Counter()

    def take(self, user_id: int) -> None:
        """Count a stream that opens.

        Raises:
            Refused: this user has too many of them, or all have.
        """
        with self.lock:
            if self.taken[user_id] >= STREAMS_EACH:
                raise Refused(
                    429,
                    f"Vous avez déjà {STREAMS_EACH} flux d'événements ouverts : fermez-en un.",
                    headers={"Retry-After": "10"},
                )
            if self.taken.total() >= STREAMS:
                raise Refused(
                    503, "Trop de flux d'événements ouverts.", headers={"Retry-After": "10"}
                )
            self.taken[user_id] += 1

    def leave(self, user_id: int) -> None:
        with self.lock:
            self.taken[user_id] -= 1
