"""The memory that Java and a worker share: a column for each thing that is said of a row."""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces as gym_spaces

from . import spaces

STEP, RESET, RENEW = 1, 2, 3
"""What a row is asked; 0 for nothing."""

ANSWERED, FAILED, TERMINATED, TRUNCATED = 1, 2, 4, 8
"""What `done` says of a row; the last two for rows of one agent, which have no `ends`."""


class Columns:
    """Views of the file that Java has made; a cell is a row's agent.

    `kinds` what each row is asked, `seeds` (-1 to draw on), `actors` (who acts, -1 for all),
    `done` how far the batch is, then by cell `rewards`, `ends`, `masks`, `numbers` and the leaves
    of actions and observations; `next` is each row's next agent.
    """

    def __init__(self, told: Mapping[str, Any], agents: int, spaces_: tuple[Any, Any]) -> None:
        descriptor = os.open(told["path"], os.O_RDWR)
        try:
            self._map = mmap.mmap(descriptor, told["bytes"])
        finally:
            os.close(descriptor)
        with contextlib.suppress(OSError):
            os.unlink(told["path"])  # Java does so too: a kill in between leaves nothing
        self.rows = rows = int(told["rows"])
        self.agents = agents
        self.cells = cells = rows * agents
        acts, observes = spaces_
        self.kinds = self._column(told["kinds"], "u1", (rows,))
        self.seeds = self._column(told["seeds"], "i8", (rows,))
        self.actors = self._column(told["actors"], "i4", (rows,))
        self.next = self._column(told["next"], "i4", (rows,))
        self.done = spaces.numbers(self._column(told["done"], "u1", (rows,)))
        self.ends = spaces.numbers(self._column(told["ends"], "u1", (cells,)))
        self.rewards = spaces.numbers(self._column(told["rewards"], "f8", (cells,)))
        self.numbers = [
            (name, spaces.numbers(self._column(offset, "f8", (cells,))))
            for name, offset in told["numbers"].items()
        ]
        self.whole = frozenset(told["whole"])
        self.mask_size = int(told["mask_size"])
        self.masks = self._column(told["masks"], "u1", (cells, self.mask_size))
        self.acts = self._leaves(acts, told["actions"])
        self.observes = self._leaves(observes, told["observations"])

    def _leaves(self, space: Any, offsets: list[int]) -> list[np.ndarray[Any, Any]]:
        return [
            self._column(offset, spaces.leaf_dtype(leaf), (self.cells, *self._shape(leaf)))
            for (_, leaf), offset in zip(spaces.leaves(space), offsets, strict=True)
        ]

    @staticmethod
    def _shape(leaf: Any) -> tuple[int, ...]:
        if isinstance(leaf, (gym_spaces.MultiDiscrete, gym_spaces.MultiBinary)):
            return (int(np.prod(leaf.shape)),)
        return tuple(leaf.shape or ())

    def _column(self, offset: int, dtype: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        count = int(np.prod(shape))
        return np.frombuffer(self._map, dtype, count, offset).reshape(shape)
