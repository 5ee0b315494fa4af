"""What brings rows back to where they were: each row's last snapshot, and what was done since."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Space, leaves
from hypertoken.transports.batches import Columns
from hypertoken.transports.batches_in_process import NativeBatch

_ENTRY_BYTES = 500
"""About what a deed costs beside its arrays."""
_MERGED = 256
"""So many single steps become one deed."""


class Reset(NamedTuple):
    """A reset: of which rows (bool), with which seeds (-1 for none), with which episode options."""

    seeds: NDArray[np.int64]
    rows: NDArray[np.bool_]
    options: dict[str, Any] | None

    @property
    def whole(self) -> bool:
        """Whether nothing of before matters after it."""
        return bool(self.rows.all() and (self.seeds >= 0).all())


@dataclass(frozen=True, slots=True)
class Played:
    """Steps: by leaf what was played, each (steps, rows, agents, ...)."""

    actions: Columns

    def __len__(self) -> int:
        return len(next(iter(self.actions.values())))


Deed = Reset | Played


@dataclass(frozen=True, slots=True)
class Past:
    """What brings rows back.

    Attributes:
        snapshots: by row what its `snapshot` said; empty for rows that were never reset.
        deeds: what was done since, in order.
    """

    snapshots: Mapping[int, bytes]
    deeds: Sequence[Deed]

    def play(self, batch: NativeBatch) -> None:
        """Bring a fresh batch to where the rows were."""
        batch.session.load(self.snapshots)
        for deed in self.deeds:
            if isinstance(deed, Reset):
                batch.reset(_given(deed.seeds), deed.rows, deed.options)
                continue
            for step in range(len(deed)):
                for name, played in deed.actions.items():
                    batch.actions[name][...] = played[step]
                batch.play()


class Journal:
    """What one actor was told since its rows were last saved. A call's deeds are added as they are
    answered, and taken back where the call fails.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self.complete = True
        self._snapshots: Mapping[int, bytes] = {}
        self._deeds: list[Deed] = []
        self._mark = 0, 0, True

    @property
    def past(self) -> Past:
        """What brings the rows to where they are."""
        return Past(self._snapshots, self._deeds)

    def add(self, deed: Deed) -> None:
        """It was done."""
        self.complete = self.complete or (isinstance(deed, Reset) and deed.whole)
        if not self.complete:
            return
        self._deeds.append(deed)
        self.bytes += _size(deed)

    def begin(self) -> None:
        """A call begins: what is added from now on may be taken back."""
        self._mark = len(self._deeds), self.bytes, self.complete

    def take_back(self) -> None:
        """The call did not happen."""
        count, self.bytes, self.complete = self._mark
        del self._deeds[count:]

    def end(self) -> None:
        """The call has happened: what came before a reset of all rows by seeds no longer counts."""
        added = self._deeds[self._mark[0] :]
        if any(isinstance(deed, Reset) and deed.whole for deed in added):  # a call does one
            self._snapshots, self._deeds = {}, added
            self.bytes = sum(map(_size, added))
        elif len(self._deeds) >= _MERGED:
            self._merge()

    def _merge(self) -> None:
        latest = self._deeds[-_MERGED:]
        steps = [deed.actions for deed in latest if isinstance(deed, Played) and len(deed) == 1]
        if len(steps) == _MERGED:
            whole = {name: np.concatenate([step[name] for step in steps]) for name in steps[0]}
            self._deeds[-_MERGED:] = [Played(whole)]
            self.bytes -= _ENTRY_BYTES * (_MERGED - 1)

    def saved(self, snapshots: Mapping[int, bytes]) -> None:
        """The rows were saved as they are now."""
        self._snapshots, self._deeds, self.bytes = snapshots, [], 0
        self.begin()

    def give_up(self) -> None:
        """Keep nothing until the next reset of all rows by seeds: it has become too much."""
        self.complete = False
        self.saved({})


def _size(deed: Deed) -> int:
    arrays = deed.actions.values() if isinstance(deed, Played) else (deed.seeds, deed.rows)
    return _ENTRY_BYTES + sum(array.nbytes for array in arrays)


def proof_of(columns: Columns) -> int:
    """A checksum of what is seen, so that rows that were brought back prove to be the same."""
    told = 0
    for name, column in columns.items():
        if name.split(".")[0] in ("observation", "action_mask", "turn", "alive"):
            told = zlib.crc32(np.ascontiguousarray(column).data, told)
    return told


def narrowed(space: Space, actions: Columns) -> Columns:
    """Copies of the actions in the smallest integers that hold them: cells that no step reads may
    lose their value.
    """
    return {leaf.name: _narrow(leaf.space, actions[leaf.name]) for leaf in leaves(space, "action")}


def _narrow(space: Space, actions: NDArray[Any]) -> NDArray[Any]:
    if isinstance(space, spaces.Discrete):
        low, high = int(space.start), int(space.start + space.n - 1)
    elif isinstance(space, spaces.MultiDiscrete):
        low = int(space.start.min())
        high = int((space.start + space.nvec).max()) - 1
    else:
        return actions.copy()
    return actions.astype(np.result_type(np.min_scalar_type(low), np.min_scalar_type(high)))


def _given(seeds: NDArray[np.int64]) -> list[int | None]:
    return [None if seed < 0 else seed for seed in seeds.tolist()]
