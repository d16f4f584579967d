"""What one user may take of the server: requests a second, event streams at once.

Counted in this process: with four workers, up to four times as much. It is there so that a loop
without a pause harms nobody else, not to be exact.
"""

from __future__ import annotations

import collections
import math
import threading

from sandbox.messagerie.problems import Refused
from sandbox.serving.limits import Bucket

BURST, RATE = 100, 20  # requests in a row, then a second, for a user
STREAMS_EACH = 6  # event streams at once for a user: as many browser tabs
STREAMS = 400  # for all


class Credits:
    """What users may still ask."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.buckets = collections.defaultdict(lambda: Bucket(BURST, RATE))  # by user

    def spend(self, user_id: int) -> None:
        """Count a request.

        Raises:
            Refused: there have been too many; it says how long to wait.
        """
        with self.lock:
            wait = self.buckets[user_id].spend()
        if wait:
            raise Refused(
                429,
                f"{RATE} demandes par seconde au plus : faites une pause.",
                headers={"Retry-After": str(math.ceil(wait))},
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
