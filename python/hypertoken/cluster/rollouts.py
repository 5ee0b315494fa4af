"""What a rollout hands out: columns by time and row, and what follows their last step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.cluster.seats import Policy, Seats
from hypertoken.transports.batches import Columns
from hypertoken.transports.batches_in_process import NativeBatch

EPISODE = np.dtype(
    [("step", "i8"), ("row", "i8"), ("agent", "i4"), ("return", "f8"), ("length", "i8")]
)


@dataclass(slots=True)
class Rollout:
    """Consecutive steps of consecutive rows. With one agent the axis of the agents is left out.

    Attributes:
        first_row: which row, counted over all actors, row 0 here is.
        columns: each (steps, rows, agents, ...). What was seen before a step, "observation" (or
            "observation.<leaf>") and "action_mask", with several agents "turn" and "alive"; what
            was done, "action" (or "action.<leaf>"); what came of it, "reward" f64, "terminated",
            "truncated" u8, where a mask binds "illegal_action" and "played", an environment's
            numbers "info.<name>" and "metrics" (steps, rows, metrics), with same-step autoreset
            "final_observation"; and "reset" u8 (steps, rows): this step only began the next
            episode, its action was not read.
        last: what is seen after the last step, each (rows, agents, ...), for the next value.
        episodes: the episodes, agent by agent, that ended in it: fields "step", "row" (as here),
            "agent", "return" and "length".
        told: what else the environment said, by step and row.
    """

    first_row: int
    columns: Columns
    last: Columns
    episodes: NDArray[Any]
    told: dict[int, dict[int, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns["reward"])


@dataclass(slots=True)
class Piece:
    """A part of a rollout, as an actor sends it: no array is a view of the engine's columns.

    Attributes:
        rollout: these steps.
        state: the policy's, after them.
        proof: of what is seen after them; see `proof_of`.
    """

    rollout: Rollout
    state: bytes
    proof: int


_OF_ROWS = frozenset({"turn", "episode_length", "metrics"})
"""The columns without an axis for the agents."""


class Recorder:
    """Plays a policy on a batch in this process, and copies each column once, into the piece that
    is sent: the batch's own are written again by the next step, and a piece's by the next piece.
    """

    def __init__(self, batch: NativeBatch, first_row: int) -> None:
        self._batch, self._first = batch, first_row
        self._seats = Seats(batch)
        self._alone = len(batch.possible_agents) == 1
        # What several agents need beside: whose turn it is, and who is still there.
        stems = {"observation", "action_mask", *(() if self._alone else ("turn", "alive"))}
        left_out = {"turn", "alive", "episode_return", "episode_length"}
        self._seen = [name for name in batch.columns if name.split(".")[0] in stems]
        self._came = [name for name in batch.columns if name not in {*self._seen, *left_out}]
        self._next = batch.autoreset == "next_step"
        self._kept: Columns = {}

    def play(self, policy: Policy, steps: int) -> Rollout:
        """Play so many steps; the arrays are valid until the next call."""
        batch, columns, seats = self._batch, self._batch.columns, self._seats
        counted = ("episode_return", "episode_length")  # of which only episodes' ends are sent
        came = [(name, columns[name]) for name in (*self._came, *counted)]
        filled = {
            name: self._room(name, steps, column)
            for name, column in (*columns.items(), *batch.actions.items())
            if name in {*self._seen, *self._came, *counted, *batch.actions}
        }
        over_at_first = ~columns["alive"].any(axis=1)
        told = {}
        for step in range(steps):
            before = {}
            for name in self._seen:
                before[name] = here = filled[name][step]
                here[...] = columns[name]
            seats.write(policy(*seats.shown(before)), batch.actions)
            for name, column in batch.actions.items():
                filled[name][step] = column
            batch.play()
            for name, column in came:
                filled[name][step] = column
            if batch.infos:
                told[step] = dict(batch.infos)
        counts = [filled.pop(name) for name in counted]
        over = (filled["terminated"] | filled["truncated"]) != 0
        begun = np.zeros((steps, batch.num_envs), np.uint8)
        if self._next:
            begun[0] = over_at_first
            begun[1:] = over[:-1, :, 0] if self._alone else ~filled["alive"][1:].any(axis=2)
        last = {name: columns[name].copy() for name in self._seen}
        return Rollout(
            self._first,
            {**self._handed(filled, 2), "reset": begun},
            self._handed(last, 1),
            _episodes(over, *counts),
            told,
        )

    def _room(self, name: str, steps: int, column: NDArray[Any]) -> NDArray[Any]:
        """Where a column's steps are kept: the system takes longer to hand out fresh memory than we
        do to fill it.
        """
        kept = self._kept.get(name)
        if kept is None or len(kept) < steps:
            kept = self._kept[name] = np.empty((steps, *column.shape), column.dtype)
        return kept[:steps]

    def _handed(self, arrays: Columns, axis: int) -> Columns:
        """As they are handed out: one agent has no axis."""
        if not self._alone:
            return arrays
        agent = (slice(None),) * axis + (0,)
        return {name: a if name in _OF_ROWS else a[agent] for name, a in arrays.items()}


def _episodes(
    over: NDArray[np.bool_], returns: NDArray[np.float64], lengths: NDArray[np.int64]
) -> NDArray[Any]:
    ended = np.unravel_index(np.flatnonzero(over), over.shape)  # np.nonzero takes tenfold here
    episodes = np.zeros(len(ended[0]), EPISODE)
    episodes["step"], episodes["row"], episodes["agent"] = ended
    episodes["return"], episodes["length"] = returns[ended], lengths[ended[:2]]
    return episodes


class Joined:
    """One rollout of pieces, in arrays that are yours: the one copy out of Ray's store, whose own
    are read-only, and whose room a piece leaves as soon as it was copied.

    Args:
        first_row: of the actor.
        steps: of all pieces together.
    """

    def __init__(self, first_row: int, steps: int) -> None:
        self._steps, self._filled = steps, 0
        self._rollout = Rollout(first_row, {}, {}, np.zeros(0, EPISODE))
        self._episodes: list[NDArray[Any]] = []

    def add(self, piece: Rollout) -> None:
        """Copy the next piece."""
        joined, before = self._rollout, self._filled
        after = before + len(piece)
        for name, column in piece.columns.items():
            if name not in joined.columns:
                shape = self._steps, *column.shape[1:]
                joined.columns[name] = np.empty(shape, column.dtype)
            joined.columns[name][before:after] = column
        joined.told.update({before + step: rows for step, rows in piece.told.items()})
        ended = piece.episodes.copy()
        ended["step"] += before
        self._episodes.append(ended)
        joined.last = {name: array.copy() for name, array in piece.last.items()}
        self._filled = after

    def whole(self) -> Rollout:
        """The rollout, when all pieces were added."""
        self._rollout.episodes = np.concatenate(self._episodes)
        return self._rollout
