"""What a policy sees of a batch's columns, and where what it answers goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import BadActionError
from hypertoken.spaces import assemble_value, leaf_values, leaves
from hypertoken.transports.batches import Batch, Columns

Policy = Callable[[Any, Any], Any]
"""(observations, masks) → actions, each with a leading dimension; masks are int8, or None."""


class Seats:
    """Whoever acts in each row of a batch, as one batch of decisions.

    With one agent a decision a row, in the shapes of Gymnasium's vectors; in a game of turns the
    acting agent's, a row each; in a simultaneous game every agent's, row by row.

    Args:
        batch: whose rows they are; its agents share the leaves of one space.
    """

    def __init__(self, batch: Batch) -> None:
        agent = batch.possible_agents[0]
        self.agents = len(batch.possible_agents)
        self.rows = batch.num_envs
        self._name = batch.name
        self._together = self.agents > 1 and not batch.description.sequential
        self._observed, self._acts = batch.observation_space(agent), batch.action_space(agent)
        self._leaves = leaves(self._acts, "action")
        self._names = [leaf.name for leaf in leaves(self._observed, "observation")]
        self._row = np.arange(self.rows)

    def shown(self, columns: Mapping[str, NDArray[Any]]) -> tuple[Any, Any]:
        """Observations and masks of whoever acts, of columns [rows, agents, ...]."""
        if self._together:
            return self._read(columns, lambda column: column.reshape(-1, *column.shape[2:]))
        if self.agents == 1:
            return self._read(columns, lambda column: column[:, 0])
        turn = np.maximum(columns["turn"], 0)
        return self._read(columns, lambda column: column[self._row, turn])

    def of(
        self, columns: Mapping[str, NDArray[Any]], rows: NDArray[np.int64], agent: int
    ) -> tuple[Any, Any]:
        """One agent's observations and masks in some rows."""
        return self._read(columns, lambda column: column[rows, agent])

    def _read(
        self,
        columns: Mapping[str, NDArray[Any]],
        pick: Callable[[NDArray[Any]], NDArray[Any]],
    ) -> tuple[Any, Any]:
        masks = columns.get("action_mask")
        picked = {name: pick(columns[name]) for name in self._names}
        # One leaf is the observation itself: what builds the others costs as much as a step.
        alone = picked.get("observation")
        return (
            assemble_value(self._observed, picked, "observation") if alone is None else alone,
            None if masks is None else pick(masks).view(np.int8),
        )

    def write(self, actions: Any, into: Columns) -> None:
        """Write what a policy has answered to `shown` into the columns that a step reads.

        Raises:
            BadActionError: it has another shape or kind of numbers than the actions.
        """
        count = self.rows * self.agents if self._together else self.rows
        for name, tensor in self._checked(actions, count, into):
            if self._together:
                into[name][...] = tensor.reshape(into[name].shape)
            else:  # cells of agents that do not act are not read
                into[name][...] = tensor[:, None]

    def write_of(self, actions: Any, into: Columns, rows: NDArray[np.int64], agent: int) -> None:
        """The same of what it has answered to `of`."""
        for name, tensor in self._checked(actions, len(rows), into):
            into[name][rows, agent] = tensor

    def _checked(
        self, actions: Any, count: int, into: Columns
    ) -> Iterator[tuple[str, NDArray[Any]]]:
        for leaf, given in zip(self._leaves, self._parts(actions), strict=True):
            tensor, dtype = np.asarray(given), into[leaf.name].dtype
            if tensor.shape != (count, *leaf.shape):
                self._refuse(f"shape {tensor.shape}", f"shape {(count, *leaf.shape)}")
            if tensor.dtype is not dtype and not np.can_cast(tensor.dtype, dtype, "same_kind"):
                self._refuse(f"dtype {tensor.dtype}", f"dtype {dtype}")
            yield leaf.name, tensor

    def _parts(self, actions: Any) -> list[Any]:
        if len(self._leaves) == 1 and self._leaves[0].name == "action":
            return [actions]
        try:
            return leaf_values(self._acts, actions)
        except (KeyError, TypeError, ValueError, IndexError):
            return self._refuse(f"type {type(actions).__name__}", f"elements of {self._acts}")

    def _refuse(self, given: str, wanted: str) -> list[Any]:
        raise BadActionError(
            f"a policy's actions of {given} were refused; {self._name} takes {wanted} here; return "
            "one action for each observation",
            "bad_action",
        )
