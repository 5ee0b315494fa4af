"""Many rows with several agents each, stepped together: self-play at speed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from hypertoken.engine import control
from hypertoken.engine.endpoint import plays
from hypertoken.engine.session import Columns, Opening
from hypertoken.envs import copies
from hypertoken.envs.common import DeclaredOptions
from hypertoken.envs.vector import gymnasium_mode
from hypertoken.errors import BadActionError, BadFieldError
from hypertoken.seeding import Seeds
from hypertoken.spaces import Space, assemble_value, leaf_values, leaves
from hypertoken.transports.batches import Batch, check_rows
from hypertoken.transports.batches_in_process import NativeBatch

Flags = NDArray[np.bool_]
MultiStep = tuple[Any, NDArray[np.float64], Flags, Flags, dict[str, Any]]


class MultiAgentVectorEnv:
    """Many copies of an environment; every array has the shape (envs, agents, ...).

    As Gymnasium's VectorEnv with an axis for the agents, in the order of `possible_agents`. In a
    game of turns `infos["turn"]` is the index of the agent that acts next in each row (-1 when
    its episode is over), and only that agent's observation and mask are fresh, unless the vector
    was made with `observes_all=True`; in a simultaneous game it is -1 and all living agents act.
    A row begins anew when its last agent has ended.

    Args:
        source: what to open in this process, and how many rows; or a batch that lies elsewhere.
        copy: False returns live views, which the next step overwrites.
    """

    def __init__(self, source: Opening | Batch, *, copy: bool = True) -> None:
        self._source, self._copy = source, copy
        batch: Batch = NativeBatch(source, copy=copy) if isinstance(source, Opening) else source
        self.batch = batch
        self.num_envs = batch.num_envs
        self.possible_agents = batch.possible_agents
        self.num_agents = len(batch.possible_agents)
        self.sequential = batch.description.sequential
        self.metadata = {"autoreset_mode": gymnasium_mode(batch.autoreset)}
        self._options = DeclaredOptions(batch)
        self._rows = np.arange(self.num_envs)
        self._everyone = np.ones(self.num_envs, dtype=np.bool_)
        self._choices = (
            batch.actions["action"]
            if isinstance(self.action_space(self.possible_agents[0]), spaces.Discrete)
            else None
        )
        self._call: Any = None  # the engine's function; over the wire there is none
        self._same_step = self.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
        self._known = {
            name
            for name in batch.columns
            if not name.startswith(("observation", "final_observation"))
        } - {"reward", "terminated", "truncated"}
        if isinstance(batch, NativeBatch):
            batch.session.caller.bind(self._exchange)

    def _exchange(self, call: Any) -> None:
        self._call = call

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.batch.name}, num_envs={self.num_envs})"

    def observation_space(self, agent: str) -> Space:
        """Return one row's space of this agent."""
        return self.batch.observation_space(agent)

    def action_space(self, agent: str) -> Space:
        """Return one row's space of this agent."""
        return self.batch.action_space(agent)

    def reset(
        self, *, seed: Seeds = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all rows, or those of `options["reset_mask"]`.

        Args:
            seed: one seed s (row i gets s+i), or one or None for each row.
            options: `reset_mask` ((envs,) bool) and the environment's episode options.
        Returns:
            observations, and infos as of `step`.
        Raises:
            BadOptionError: an option shapes the environment, so that it belongs to the opening.
            TypeError, ValueError: `reset_mask` is no such array, or chooses no row.
        """
        given = dict(options) if isinstance(options, Mapping) else options
        rows = self._everyone
        if given and "reset_mask" in given:
            rows = check_rows(given.pop("reset_mask"), self.num_envs, "`options['reset_mask']`")
        columns = self.batch.reset(seed, rows, self._options.of(given))
        return self._observations(columns, "observation"), self._infos(columns)

    @plays
    def step(self, actions: Any) -> MultiStep:
        """Step every row.

        Args:
            actions: the acting agents' in a game of turns, (envs, ...); or every agent's, (envs,
                agents, ...), of which those count who act. Rows about to reset read none.
        Returns:
            observations (envs, agents, ...), rewards (envs, agents) float64, terminations and
            truncations (envs, agents) bool, and infos: "turn" (envs,) int32, "alive" (envs,
            agents) bool, where there are masks "action_mask" (envs, agents, n) int8 (all 0 for an
            agent that cannot act), where a mask binds "illegal_action" (envs, agents) bool and
            "played", what was played in place of an illegal action, shaped as the actions and
            else 0; "episode_return" (envs, agents), "episode_length" (envs,), with same-step
            autoreset "final_obs", and "told" when an environment said something: by row, by agent.
        Raises:
            BadActionError: an action lies outside the space; no row has moved.
        """
        if self._call is None:
            self._write(actions)
            return self._stepped(self.batch.step())
        batch: Any = self.batch
        endpoint = batch.session.endpoint
        if endpoint.busy:
            endpoint.enter()
        endpoint.busy = control.PLAYING
        try:
            self._write(actions)
            endpoint.busy = endpoint.called
            code = self._call()
            if code & control.LOOK or batch.infos:
                batch.settle(code)
            return self._stepped(batch.reply())
        except BaseException as stopped:
            if endpoint.busy & control.CALLED:
                endpoint.rest |= control.OWED
            endpoint.stopped(stopped)
            raise
        finally:
            endpoint.busy = endpoint.rest

    def _stepped(self, columns: Columns) -> MultiStep:
        return (
            self._observations(columns, "observation"),
            columns["reward"],
            columns["terminated"].view(np.bool_),
            columns["truncated"].view(np.bool_),
            self._infos(columns),
        )

    def acting(self, values: NDArray[Any], infos: dict[str, Any]) -> NDArray[Any]:
        """Pick the acting agents' part of an array (envs, agents, ...): (envs, ...).

        Rows whose episode is over give agent 0's.
        """
        picked: NDArray[Any] = values[self._rows, np.maximum(infos["turn"], 0)]
        return picked

    def _write(self, actions: Any) -> None:
        if self._choices is not None:
            self._write_leaf(self._choices, actions)
            return
        space = self.action_space(self.possible_agents[0])
        columns = self.batch.actions
        for leaf, part in zip(leaves(space, "action"), leaf_values(space, actions), strict=True):
            self._write_leaf(columns[leaf.name], part)

    def _write_leaf(self, column: NDArray[Any], actions: Any) -> None:
        given = np.asarray(actions)
        whole = column.shape
        one_each = (whole[0], *whole[2:])
        if given.shape == one_each and (self.sequential or whole[1] == 1):
            given = given[:, None]  # cells of agents that do not act are not read
        elif given.shape != whole:
            raise BadActionError(
                f"actions of shape {given.shape} were refused; {self.batch.name} takes {whole}"
                + (f", or {one_each} of those who act" if self.sequential else "")
                + "; pass one action a row and agent",
                "bad_action",
            )
        try:
            np.copyto(column, given)
        except TypeError as unfit:
            raise BadActionError(
                f"actions of dtype {given.dtype} were refused; {self.batch.name} takes "
                f"{column.dtype}; convert them first",
                "bad_action",
            ) from unfit

    def _observations(self, columns: Columns, column: str) -> Any:
        return assemble_value(self.observation_space(self.possible_agents[0]), columns, column)

    def _infos(self, columns: Columns) -> dict[str, Any]:
        infos: dict[str, Any] = {name: columns[name] for name in self._known}
        infos["alive"] = columns["alive"].view(np.bool_)
        if "illegal_action" in infos:
            infos["illegal_action"] = columns["illegal_action"] != 0
        if "action_mask" in infos:
            infos["action_mask"] = columns["action_mask"].view(np.int8)
        if self._same_step:
            infos["final_obs"] = self._observations(columns, "final_observation")
        if self.batch.infos:
            infos["told"] = self.batch.infos
        return infos

    def snapshot(self, row: int) -> bytes:
        """One row's whole state, for `restore` in any vector of the same environment and mode."""
        return self._here("snapshot").session.snapshot(row)

    def restore(self, row: int, snapshot: bytes) -> None:
        """Put a row back to a snapshot; the next step's arrays show it."""
        self._here("restore").session.restore(row, snapshot)

    def _here(self, call: str) -> NativeBatch:
        if isinstance(self.batch, NativeBatch):
            return self.batch
        raise BadFieldError(
            f"{call} was refused; a server keeps no snapshot of single rows; make the vector in "
            "this process, without url",
            "bad_field",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        made = _again, (type(self), self._source, self._copy)
        if isinstance(self.batch, NativeBatch):
            return copies.reduced_without_episode(made, self.batch.session)
        return made

    def close(self) -> None:
        """Free the vector; it cannot be used afterwards."""
        self.batch.close()


def _again(kind: type[MultiAgentVectorEnv], source: Any, copy: bool) -> MultiAgentVectorEnv:
    return kind(source, copy=copy)
