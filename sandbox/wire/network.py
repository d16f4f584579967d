"""A network that cuts, delays, stalls, drops and corrupts, the same way at each run."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Literal

from sandbox.wire.recording import DIRECTIONS, Direction

PAUSE = 0.02  # s between two pieces, so that they do not arrive as one


@dataclass(frozen=True, kw_only=True)
class BadNetwork:
    """What a network may do to the bytes that it carries.

    What is done depends on `seed`, the connection, the direction and the place of the byte in
    the stream, never on how the bytes happened to arrive: a lesson shows the same at each run.

    Attributes:
        fragment: cuts the bytes into pieces of 1 to `fragment` bytes that arrive one by one.
        delay: seconds that each piece waits.
        jitter: seconds, at most, that each piece waits in addition.
        stall: bytes after which nothing passes any more, the connection staying open.
        drop_after: bytes after which the connection is cut (the two ends see a reset).
        corrupt: probability, from 0 to 1, that a byte is replaced by another.
        bandwidth: bytes per second, at most.
        seed: another seed, other cuts.
        direction: the way concerned; both when None. For two different ways, give two networks:
            ``wiretap(server, network=[BadNetwork(…), BadNetwork(…)])``.

    Raises:
        ValueError: a value makes no sense; the message, in French, says which.
    """

    fragment: int | None = None
    delay: float = 0.0
    jitter: float = 0.0
    stall: int | None = None
    drop_after: int | None = None
    corrupt: float = 0.0
    bandwidth: float = math.inf
    seed: int = 0
    direction: Direction | None = None

    def __post_init__(self) -> None:
        for name in ("fragment", "stall", "drop_after"):
            self._check_size(name, smallest=int(name == "fragment"))
        for name in ("delay", "jitter", "corrupt", "bandwidth"):
            self._check_number(name)
        if self.corrupt > 1:
            raise ValueError(f"corrupt est une probabilité, de 0 à 1, et voici {self.corrupt!r}.")
        if self.direction not in (None, *DIRECTIONS):
            raise ValueError(
                f"direction vaut {' ou '.join(map(repr, DIRECTIONS))}, et voici {self.direction!r}."
            )

    def _check_size(self, name: str, smallest: int) -> None:
        value = getattr(self, name)
        if value is None:
            return
        if not isinstance(value, int):
            raise ValueError(f"{name} est un nombre entier d'octets, et voici {value!r}.")
        if value < smallest:
            raise ValueError(f"{name} vaut au moins {smallest}, et voici {value!r}.")

    def _check_number(self, name: str) -> None:
        value = getattr(self, name)
        if not isinstance(value, Real):
            raise ValueError(f"{name} est un nombre, et voici {value!r}.")
        if name == "bandwidth":
            if not value > 0:
                raise ValueError(f"bandwidth est un débit positif, et voici {value!r}.")
            return
        if not value >= 0:
            raise ValueError(f"{name} vaut au moins 0, et voici {value!r}.")
        if value == math.inf:
            raise ValueError(f"{name} est un nombre fini, et voici {value!r}.")


@dataclass(frozen=True)
class Piece:
    """Some bytes that pass together.

    Attributes:
        wait: seconds before they do.
        data: the bytes as they arrive.
        cut: where they end in the stream if the network cuts it there, None otherwise.
        end: what the network does next: goes on (None), ``cut`` or ``silenced``.
    """

    wait: float
    data: bytes | memoryview
    cut: int | None = None
    end: Literal["cut", "silenced"] | None = None


class Way:
    """What a `BadNetwork` does to one direction of one connection."""

    def __init__(self, network: BadNetwork, connection: int, direction: Direction) -> None:
        self.network = network
        self.offset = 0  # bytes that passed

        # One generator for each use: none disturbs the others' draws.
        def dice(use: str) -> random.Random:
            return random.Random(f"{network.seed} {connection} {direction} {use}")

        self._cuts = self._next_cuts(dice("fragment"))
        self._next_cut = next(self._cuts)
        self._jitter = dice("jitter")
        self._corrupt = dice("corrupt")

    def _next_cuts(self, dice: random.Random) -> Iterator[float]:
        """Yield the offsets at which the stream is cut."""
        if self.network.fragment is None:
            yield math.inf
            return
        cut = 0
        while True:
            cut += dice.randint(1, self.network.fragment)
            yield cut

    def pieces(self, data: bytes) -> Iterator[Piece]:
        """Yield what becomes of `data`."""
        network = self.network
        last, end = self._last_byte()
        while data and self.offset <= last:
            size = int(min(len(data), self._next_cut - self.offset, last - self.offset))
            piece, data = data[:size], data[size:]
            self.offset += size
            cut = self.offset if self.offset == self._next_cut else None
            if cut is not None:
                self._next_cut = next(self._cuts)
            wait = network.delay + self._jitter.random() * network.jitter + size / network.bandwidth
            if network.fragment is not None:
                wait += PAUSE
            ends = self.offset == last and end is not None
            yield Piece(wait, self._corrupted(piece), cut, end if ends else None)
            if ends:
                return

    def _last_byte(self) -> tuple[float, Literal["cut", "silenced"] | None]:
        """Return the offset after which nothing passes, and what happens there."""
        stall = math.inf if self.network.stall is None else self.network.stall
        drop = math.inf if self.network.drop_after is None else self.network.drop_after
        if drop <= stall:
            return drop, None if drop == math.inf else "cut"
        return stall, "silenced"

    def _corrupted(self, data: bytes) -> bytes:
        """Replace some bytes, never by themselves."""
        if not self.network.corrupt:
            return data
        dice = self._corrupt
        return bytes(
            byte ^ dice.randint(1, 255) if dice.random() < self.network.corrupt else byte
            for byte in data
        )


def by_direction(networks: Iterable[BadNetwork]) -> dict[Direction, BadNetwork]:
    """Return the network of each direction that has one.

    Raises:
        ValueError: two networks claim the same direction.
    """
    found: dict[Direction, BadNetwork] = {}
    for network in networks:
        for direction in DIRECTIONS:
            if network.direction not in (None, direction):
                continue
            if direction in found:
                raise ValueError(
                    f"Deux réseaux se disputent le sens {direction} : n'en donnez qu'un."
                )
            found[direction] = network
    return found
