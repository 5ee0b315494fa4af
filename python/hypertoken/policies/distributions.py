"""What is drawn from what a network gives, and what is likeliest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Space

Floats = NDArray[np.float32]


def _parts(sizes: Sequence[int]) -> list[slice]:
    return [slice(begin, end) for begin, end in pairwise(np.cumsum([0, *sizes]).tolist())]


def masked(logits: Floats, mask: NDArray[np.bool_] | None, sizes: Sequence[int]) -> Floats:
    """Make what is forbidden -∞; a mask that forbids a whole dimension says nothing of it."""
    if mask is None:
        return logits
    legal = mask
    for part in _parts(sizes):
        if not (some := mask[:, part].any(axis=1)).all():
            legal = legal.copy() if legal is mask else legal
            legal[~some, part] = True
    return np.where(legal, logits, np.float32(-np.inf))


def likeliest(logits: Floats, sizes: Sequence[int], space: Space) -> NDArray[Any]:
    """The likeliest choices, as (rows, *shape) of the space."""
    if len(sizes) == 1:
        chosen = logits.argmax(axis=1)
    else:
        chosen = np.stack([logits[:, part].argmax(axis=1) for part in _parts(sizes)], axis=1)
    return _played(chosen, space)


def draw(
    random: np.random.Generator, logits: Floats, sizes: Sequence[int], space: Space
) -> NDArray[Any]:
    """Choices that are drawn, dimension after dimension, as (rows, *shape) of the space."""
    drawn = np.empty((len(logits), len(sizes)), np.int64)
    for dimension, part in enumerate(_parts(sizes)):
        weights = np.exp(logits[:, part] - logits[:, part].max(axis=1, keepdims=True))
        sums = np.cumsum(weights, axis=1, dtype=np.float64)
        # Below the whole sum, so that a choice of weight 0 behind the last is never met.
        points = random.random(len(logits)) * sums[:, -1]
        drawn[:, dimension] = (sums <= points[:, None]).sum(axis=1)
    return _played(drawn, space)


def _played(chosen: NDArray[np.int64], space: Space) -> NDArray[Any]:
    shape = (len(chosen), *(space.shape or ()))
    start = getattr(space, "start", 0)
    return (chosen.reshape(shape) + start).astype(space.dtype, copy=False)


def bound(numbers: Floats, space: spaces.Box, squash: bool) -> NDArray[Any]:
    """Cut numbers off at a Box's bounds, or squash them between them by a tanh."""
    low, high = (edge.reshape(-1).astype(np.float32) for edge in (space.low, space.high))
    if squash:
        played = (np.tanh(numbers) + 1) * np.float32(0.5) * (high - low) + low
    else:
        played = np.clip(numbers, low, high)
    return played.reshape(len(numbers), *space.shape).astype(space.dtype, copy=False)
