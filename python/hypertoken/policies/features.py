"""What a network sees of an observation: its leaves one after another, as floats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Leaf, Space, leaves


class Features:
    """Turns columns into rows of numbers: one of n values is n numbers of which one is 1.

    Attributes:
        size: how many numbers an observation becomes.
    """

    def __init__(self, space: Space) -> None:
        self._parts = [_Part(leaf) for leaf in leaves(space, "observation")]
        self.size = sum(part.size for part in self._parts)

    def __call__(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Make `(rows, size)` of the columns, each `(rows, *leaf)`."""
        rows = [part.features(columns[part.name]) for part in self._parts]
        return rows[0] if len(rows) == 1 else np.concatenate(rows, axis=1)


class _Part:
    def __init__(self, leaf: Leaf) -> None:
        self.name = leaf.name
        self._elements: NDArray[np.int64] | None = None
        if isinstance(leaf.space, (spaces.Discrete, spaces.MultiDiscrete)):
            sizes = choices(leaf.space)
            starts = np.broadcast_to(np.asarray(leaf.space.start).reshape(-1), len(sizes))
            self._elements = np.repeat(np.arange(len(sizes)), sizes)
            self._values = np.concatenate(
                [np.arange(size) + start for size, start in zip(sizes, starts, strict=True)]
            )
            self.size = len(self._values)
        else:
            self.size = int(np.prod(leaf.shape, dtype=np.int64))

    def features(self, column: NDArray[Any]) -> NDArray[np.float32]:
        rows = column.reshape(len(column), -1)
        if self._elements is None:
            numbers: NDArray[np.float32] = rows.astype(np.float32, copy=False)
            return numbers
        hot: NDArray[np.float32] = (rows[:, self._elements] == self._values).astype(np.float32)
        return hot


def choices(space: Space) -> list[int]:
    """How many choices there are in each dimension of a space; none for a Box."""
    if isinstance(space, spaces.Discrete):
        return [int(space.n)]
    if isinstance(space, spaces.MultiDiscrete):
        return [int(n) for n in space.nvec.reshape(-1)]
    if isinstance(space, spaces.MultiBinary):
        return [2] * int(np.prod(space.shape))
    return []
