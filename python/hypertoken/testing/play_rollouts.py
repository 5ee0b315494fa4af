"""The digest of rollouts: of their columns, and of a vector that is fed their actions.

Where both are equal, the rollouts are what one vector of all rows would have played.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hypertoken.testing.digest import RowDigest, batch_digest, tensor_bytes
from hypertoken.testing.play_rows import BatchRows, record_reset, record_step
from hypertoken.transports.batches import Batch, Columns

if TYPE_CHECKING:
    from hypertoken.cluster.rollouts import Rollout

_ALL = 2**62


class _Moment(NamedTuple):
    """A step of all rows: what was played, which rows only began anew, what is seen after it."""

    actions: Columns
    begun: NDArray[np.bool_]
    columns: Columns


def rollout_digest(batch: Batch, seed: int, played: Sequence[Sequence[Rollout]]) -> str:
    """The digest of rollouts that followed a reset with one seed, by their own columns.

    Args:
        batch: of the same environment and autoreset; only asked what it is.
        seed: of the reset.
        played: the rollouts by time and actor, as `VectorPool.rollout` returned them.
    """
    parts = [_joined(batch, each) for each in played]
    seen = _seen_in(batch, parts)
    return _digest(batch, seed, next(seen), _moments(parts, seen))


def replay_digest(batch: Batch, seed: int, played: Sequence[Sequence[Rollout]]) -> str:
    """The digest of a batch of as many rows that is fed the actions of these rollouts."""
    first = {name: column.copy() for name, column in batch.reset(seed).items()}

    def moments() -> Iterator[_Moment]:
        for each in played:
            columns, _ = _joined(batch, each)
            for step in range(len(columns["reward"])):
                actions = {name: columns[name][step] for name in batch.actions}
                for name, column in actions.items():
                    batch.actions[name][...] = column
                yield _Moment(actions, columns["reset"][step] != 0, batch.step())

    return _digest(batch, seed, first, moments())


def _digest(batch: Batch, seed: int, first: Columns, moments: Iterator[_Moment]) -> str:
    rows, count = BatchRows(batch), batch.num_envs
    rows.columns = first
    digests = [RowDigest() for _ in range(count)]
    for row, digest in enumerate(digests):
        digest.reset(seed + row, int(first["turn"][row]), rows.views(row))
    for moment in moments:
        alive = rows.columns["alive"].copy()
        acting = [rows.acting(row) for row in range(count)]
        rows.columns = moment.columns
        for row, digest in enumerate(digests):
            if moment.begun[row]:
                record_reset(digest, rows, row, _ALL)
                continue
            actions = b"".join(
                tensor_bytes(moment.actions[name][row, agent] for name in rows.action_columns)
                for agent in acting[row]
            )
            record_step(batch, digest, rows, row, alive[row], actions, _ALL)
    return batch_digest(digests)


def _joined(batch: Batch, rollouts: Sequence[Rollout]) -> tuple[Columns, Columns]:
    """The columns, and what is seen after them, of all rows and with an axis for the agents."""
    alone = len(batch.possible_agents) == 1
    columns = _with_agents([each.columns for each in rollouts], 1, alone)
    return columns, _with_agents([each.last for each in rollouts], 0, alone)


def _with_agents(parts: list[Columns], axis: int, alone: bool) -> Columns:
    without = {"reset", "turn", "metrics"}
    joined = {name: np.concatenate([part[name] for part in parts], axis) for name in parts[0]}
    if not alone:
        return joined
    return {
        name: array if name in without else np.expand_dims(array, axis + 1)
        for name, array in joined.items()
    }


def _seen_in(batch: Batch, parts: list[tuple[Columns, Columns]]) -> Iterator[Columns]:
    """What is seen before each step, and after the last, with "alive" and "turn"."""
    over: Any = None
    for number, (columns, last) in enumerate(parts):
        for step in range(len(columns["reward"])):
            yield _completed(batch, {name: columns[name][step] for name in last}, over)
            over = columns["terminated"][step] | columns["truncated"][step]
        if number == len(parts) - 1:
            yield _completed(batch, last, over)


def _completed(batch: Batch, seen: Columns, over: Any) -> Columns:
    """With one agent the two follow from whether its episode has just ended."""
    if "alive" in seen:
        return seen
    (name, *_) = seen
    ended = over is not None and batch.autoreset == "next_step"
    alive = np.where(over, 0, 1) if ended else np.ones((len(seen[name]), 1), np.uint8)
    turn = alive[:, 0].astype(np.int32) * batch.description.sequential - 1
    return {**seen, "alive": alive.astype(np.uint8), "turn": turn}


def _moments(parts: list[tuple[Columns, Columns]], seen: Iterator[Columns]) -> Iterator[_Moment]:
    for columns, last in parts:
        came = [name for name in columns if name not in last]
        for step in range(len(columns["reward"])):
            after = {name: columns[name][step] for name in came}
            yield _Moment(after, columns["reset"][step] != 0, {**after, **next(seen)})
