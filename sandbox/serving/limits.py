"""What a client may ask, and how fast."""

from __future__ import annotations

import time


class Bucket:
    """So many things in a row, then so many a second: a token bucket, which time fills."""

    def __init__(self, burst: int, rate: float) -> None:
        self.burst = burst
        self.rate = rate
        self.left = float(burst)
        self.seen = time.monotonic()

    def spend(self) -> float:
        """Take one and return 0; if there is none, return how many seconds to wait for it."""
        now = time.monotonic()
        self.left = min(self.burst, self.left + self.rate * (now - self.seen))
        self.seen = now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0.0
