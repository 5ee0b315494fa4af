"""The actor: rows of one environment in a process of their own, with a Java of their own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from hypertoken.cluster import java
from hypertoken.cluster.policies import NOTHING, Version, state_of
from hypertoken.cluster.replay import Past, Reset, proof_of
from hypertoken.cluster.rollouts import Piece, Recorder
from hypertoken.cluster.seats import Policy
from hypertoken.engine.session import Opening
from hypertoken.errors import HyperTokenError
from hypertoken.transports.batches import Columns
from hypertoken.transports.batches_in_process import NativeBatch


class AstrayError(Exception):
    """The actor is not where its caller thinks it is: it was started anew, or overtaken."""


@dataclass(frozen=True, slots=True)
class About:
    """What an actor says of itself.

    Attributes:
        info: its environment, as `Description` reads it.
        actions, columns: what a step reads and what a call answers: by name shape and dtype.
        process: its process id.
    """

    info: dict[str, Any]
    actions: dict[str, tuple[tuple[int, ...], np.dtype[Any]]]
    columns: dict[str, tuple[tuple[int, ...], np.dtype[Any]]]
    process: int


@dataclass(slots=True)
class Shown:
    """What a reset or a step answers: copies of the columns, and what else was said by row."""

    columns: Columns
    infos: dict[int, Any]
    proof: int


class Rows:
    """Plays what it is told, in order: every request has a number, and only the next one counts.

    So an actor that was started anew, and knows nothing, refuses what was meant for the one before.

    Args:
        opening: what to open, by id and options.
        first_row: which row, counted over all actors, its row 0 is.
        cpus, memory: what Ray has given it.
    """

    def __init__(self, opening: Opening, first_row: int, cpus: float, memory: int | None) -> None:
        java.prepare(cpus, memory)
        self._opening, self._first = opening, first_row
        self._next = -1
        self._version, self._policy = -1, None
        self._refused: HyperTokenError | None = None
        try:
            self._open()
        except HyperTokenError as refused:
            # Raised here it would be Ray's death of an actor, and be started again and again.
            self._refused = refused

    def _open(self) -> None:
        self._batch = NativeBatch(self._opening, copy=False)
        self._recorder = Recorder(self._batch, self._first)

    def about(self) -> About:
        """What this is."""
        if self._refused is not None:
            raise self._refused
        batch = self._batch
        return About(
            dict(batch.description.info),
            {name: (column.shape, column.dtype) for name, column in batch.actions.items()},
            {name: (column.shape, column.dtype) for name, column in batch.columns.items()},
            os.getpid(),
        )

    def resume(self, number: int, past: Past) -> int:
        """Be where this past leads to; `number` is the next request's. Returns the proof of it."""
        if past.snapshots or past.deeds or self._next >= 0:
            self._batch.close()
            self._open()
            past.play(self._batch)
        self._next, self._version = number, -1
        return proof_of(self._batch.columns)

    def reset(self, number: int, deed: Reset) -> Shown:
        """Reset rows; none is asked of some actors, which then only show what they have."""
        self._expect(number)
        if deed.rows.any():
            Past({}, [deed]).play(self._batch)
        return self._shown()

    def step(self, number: int, actions: Columns) -> Shown:
        """Step every row once."""
        self._expect(number)
        for name, column in actions.items():
            self._batch.actions[name][...] = column
        self._batch.play()
        return self._shown()

    def rollout(self, number: int, version: Version, state: bytes | None, steps: int) -> Piece:
        """Play so many steps.

        Args:
            number: this request's.
            version: of the policy; its bytes are fetched when it is another than the last one.
            state: what the policy goes on from: nothing, as it was sent; None, where it stands.
            steps: how many.
        """
        self._expect(number)
        policy = self._policy_of(version, state)
        try:
            rollout = self._recorder.play(policy, steps)
        except BaseException:
            self._next = -1  # some steps were played: who asked brings it back
            raise
        self._next = number + 1
        return Piece(rollout, state_of(policy), proof_of(self._batch.columns))

    def save(self, number: int) -> dict[int, bytes]:
        """Each row's snapshot."""
        self._expect(number)
        self._next = number + 1
        return self._batch.session.saved()

    def _policy_of(self, version: Version, state: bytes | None) -> Policy:
        if version.number != self._version or state == NOTHING:
            self._policy = fetched(version)
            self._version = version.number
            place = getattr(self._policy, "place", None)
            if callable(place):
                place(range(self._first, self._first + self._batch.num_envs), self._batch)
        policy: Any = self._policy
        if state:
            policy.set_state(state)
        found: Policy = policy
        return found

    def _expect(self, number: int) -> None:
        if number != self._next:
            raise AstrayError(f"request {number} came where {self._next} was due")

    def _shown(self) -> Shown:
        self._next += 1
        batch = self._batch
        columns = {name: column.copy() for name, column in batch.columns.items()}
        return Shown(columns, dict(batch.infos), proof_of(columns))


def fetched(version: Version) -> Any:
    """The policy of a version."""
    import ray
    from ray import cloudpickle

    (place,) = version.place
    return cloudpickle.loads(ray.get(place))
