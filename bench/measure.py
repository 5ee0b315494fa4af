"""Contestants take turns on the same cores; each one's median counts."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass
class Contestant:
    """Something that does the same thing again and again.

    Attributes:
        name: as the table shows it.
        play: does its thing about that many times, and returns how many units of work that was.
        close: frees what it holds.
        seconds: of each slice measured, in seconds a unit; filled by `race`.
    """

    name: str
    play: Callable[[int], float]
    close: Callable[[], object] = lambda: None
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Units a second, by the median slice."""
        return 1 / median(self.seconds)

    @property
    def spread(self) -> float:
        """How far its slices lie apart; see `spread`."""
        return spread(self.seconds)


def spread(measured: Sequence[float]) -> float:
    """Half the distance of the quartiles, as a share of the median."""
    if len(measured) < 2:
        return 0.0
    low, middle, high = quantiles(measured, n=4, method="inclusive")
    return (high - low) / 2 / middle


@dataclass(frozen=True)
class Budget:
    """How long to measure: `slices` of `slice_seconds` each, after `warm_seconds`."""

    slices: int = 11
    slice_seconds: float = 0.3
    warm_seconds: float = 2.0

    @staticmethod
    def of(quick: bool) -> Budget:
        """The budget of a real measurement, or one that only shows that everything runs."""
        return Budget(3, 0.02, 0.05) if quick else Budget()


def race(contestants: Sequence[Contestant], budget: Budget) -> None:
    """Let contestants take turns, in an order that is reversed each time.

    Each is warmed up first, which also tells how often it must play to fill a slice.
    """
    counts = {id(c): _calibrate(c.play, budget) for c in contestants}
    for slice_number in range(budget.slices):
        ordered = contestants if slice_number % 2 == 0 else contestants[::-1]
        for contestant in ordered:
            gc.collect()
            began = time.perf_counter()
            units = contestant.play(counts[id(contestant)])
            contestant.seconds.append((time.perf_counter() - began) / units)
    for contestant in contestants:
        contestant.close()


def _calibrate(play: Callable[[int], float], budget: Budget) -> int:
    count, end = 1, time.perf_counter() + budget.warm_seconds
    while True:
        began = time.perf_counter()
        play(count)
        now = time.perf_counter()
        took = max(now - began, 1e-9)
        if now >= end and took > budget.slice_seconds / 4:
            return max(1, round(count * budget.slice_seconds / took))
        if took < budget.slice_seconds / 2:
            count *= 2


def cores() -> list[int]:
    """The cores that this process may run on."""
    return sorted(os.sched_getaffinity(0))


def pin(core: int) -> None:
    """Keep this process, and all that it starts from now on, to one core."""
    os.sched_setaffinity(0, {core})
