"""The two statistics of the soak: quantiles of waiting, and whether a line is flat."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of them does not exceed; NaN when there is none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rise(values: Sequence[float]) -> float:
    """How much the last third lies above the first, by their medians.

    The rise of Tukey's resistant line (Exploratory Data Analysis, 1977, chapter 10): a peak, or a
    collection in the middle of it, moves neither median. NaN for fewer than three values.
    """
    third = len(values) // 3
    if third == 0:
        return float("nan")
    return median(values[-third:]) - median(values[:third])
