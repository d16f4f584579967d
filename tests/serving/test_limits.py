"""The token bucket: so many in a row, then as fast as time fills it."""

import pytest

from sandbox.serving import limits
from sandbox.serving.limits import Bucket


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    return now


def spent(bucket: Bucket) -> int:
    """Return how many may be taken at once."""
    count = 0
    while not bucket.spend():
        count += 1
    return count


def test_so_many_in_a_row_then_so_many_a_second(clock):
    bucket = Bucket(30, 10)
    assert spent(bucket) == 30
    clock[0] += 1
    assert spent(bucket) == 10


def test_it_is_never_fuller_than_full(clock):
    bucket = Bucket(3, 10)
    clock[0] += 3600
    assert spent(bucket) == 3


def test_it_says_how_long_to_wait(clock):
    bucket = Bucket(1, 0.5)
    assert bucket.spend() == 0
    wait = bucket.spend()
    assert wait == 2
    clock[0] += 1
    assert bucket.spend() == 1
    clock[0] += 1
    assert bucket.spend() == 0
