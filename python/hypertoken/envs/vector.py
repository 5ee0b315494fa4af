"""Gymnasium's VectorEnv over a batch: a step of all rows is one binary frame each way."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from hypertoken.envs.common import DeclaredOptions
from hypertoken.envs.infos import per_row
from hypertoken.errors import BadFieldError
from hypertoken.options import Autoreset, AutoresetName, ServerRows
from hypertoken.spaces import Space, assemble_value, leaves
from hypertoken.transports.batches import (
    REPLACED,
    Batch,
    Columns,
    WebSocketBatch,
    played_name,
    write_actions,
)

_WORDS: dict[AutoresetMode, Autoreset] = {
    AutoresetMode.NEXT_STEP: "next_step",
    AutoresetMode.SAME_STEP: "same_step",
    AutoresetMode.DISABLED: "disabled",
}
_MODES = {word: mode for mode, word in _WORDS.items()}
Flags = NDArray[np.bool_]


def wire_mode(mode: AutoresetMode | AutoresetName) -> Autoreset:
    """The engine's word for an autoreset mode, its value ("NextStep") or its name.

    Raises:
        BadFieldError: there is no such mode.
    """
    try:
        lower = mode.lower() if isinstance(mode, str) else None
        return _WORDS[_MODES[lower] if lower in _MODES else AutoresetMode(mode)]
    except ValueError as unknown:
        known = ", ".join(f'"{known.value}"' for known in AutoresetMode)
        raise BadFieldError(
            f"autoreset_mode={mode!r} was refused; it is one of {known}; pass one of these",
            "bad_field",
        ) from unknown


def gymnasium_mode(word: Autoreset) -> AutoresetMode:
    """Gymnasium's mode of the engine's word."""
    return _MODES[word]


class HyperTokenVectorEnv(VectorEnv[Any, Any, NDArray[Any]]):
    """Many copies of a single-agent environment of a HyperToken server.

    Args:
        source: the server's URL, or a batch (whose autoreset mode must be `autoreset_mode`).
        num_envs: rows; with a batch, its own number counts.
        env: the environment to open; the server's default when left out.
        autoreset_mode: an AutoresetMode or its name; each exactly as Gymnasium means it.
        options: the environment's options.
        legacy_final_info: with same-step autoreset, tell of ended episodes as Gymnasium did before
            1.0: `infos["final_observation"]` and `infos["final_info"]`, (num_envs,) objects, None
            where no episode ended; a final info has `episode` with return "r" and length "l".
        illegal, timeout, token: see `WebSocketBatch`; only with a URL.
    Raises:
        ValueError: the environment has more than one agent, or `legacy_final_info` is asked for
            with another autoreset.
    """

    def __init__(
        self,
        source: str | Batch = "ws://localhost:9999",
        num_envs: int = 1,
        *,
        env: str | None = None,
        autoreset_mode: AutoresetMode | AutoresetName = AutoresetMode.NEXT_STEP,
        options: dict[str, Any] | None = None,
        legacy_final_info: bool = False,
        **opening: Unpack[ServerRows],
    ) -> None:
        super().__init__()
        word = wire_mode(autoreset_mode)
        self.autoreset_mode = gymnasium_mode(word)
        self.legacy_final_info = legacy_final_info
        if legacy_final_info and self.autoreset_mode is not AutoresetMode.SAME_STEP:
            raise ValueError(
                f"legacy_final_info was refused with autoreset {self.autoreset_mode.value}; those "
                "keys tell of an episode in the step that ends it; pass "
                'autoreset_mode="SameStep", or leave it out'
            )
        batch: Batch
        if isinstance(source, str):
            batch = WebSocketBatch(
                source, env, num_envs, options=options, autoreset=word, **opening
            )
        else:
            batch = source
        self.batch = batch
        if len(batch.possible_agents) != 1:
            count = len(batch.possible_agents)
            batch.close()
            raise ValueError(
                f"{batch.name} with {count} agents was refused; a Gymnasium vector has one agent a "
                "row; use hypertoken.make_multi_vec (over the wire WebSocketBatch) for several, or "
                "open it with one agent"
            )
        self.num_envs = batch.num_envs
        self.metadata = {"autoreset_mode": self.autoreset_mode}
        agent = batch.possible_agents[0]
        self.single_observation_space = batch.observation_space(agent)
        self.single_action_space = batch.action_space(agent)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._options = DeclaredOptions(batch)
        self._leaves = {
            stem: [leaf.name for leaf in leaves(self.single_observation_space, stem)]
            for stem in ("observation", "final_observation")
        }

    def reset(
        self,
        *,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all rows, or those of `options["reset_mask"]`.

        Args:
            seed: one seed s (row i gets s+i), or one or None for each row.
            options: `reset_mask` ((num_envs,) bool) and the environment's options; others are
                ignored with one warning.
        Returns:
            observations, a new writable array of shape (num_envs, ...), and infos.
        """
        if isinstance(seed, int):
            super().reset(seed=seed)
        rows = None
        if options and "reset_mask" in options:
            rows = self._reset_rows(options["reset_mask"])
            options = {name: value for name, value in options.items() if name != "reset_mask"}
        columns = self.batch.reset(seed, rows, self._options.of(options))
        shown = np.ones(self.num_envs, dtype=np.bool_) if rows is None else rows
        infos = self._masks({}, columns, shown)
        self._add_told(infos, columns, "info.", shown)
        for row, info in self.batch.infos.items():
            infos = self._add_info(infos, info, row)
        return self._observations(columns, "observation"), infos

    def _reset_rows(self, mask: Any) -> Flags:
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
            raise TypeError(f"`options['reset_mask']` must be a numpy array of bool, got {mask!r}")
        if mask.shape != (self.num_envs,) or not mask.any():
            raise ValueError(
                f"`options['reset_mask']` must have shape ({self.num_envs},) and a True value, "
                f"got {mask!r}"
            )
        return mask

    def step(self, actions: Any) -> tuple[Any, NDArray[np.float64], Flags, Flags, dict[str, Any]]:
        """Step every row.

        Args:
            actions: an element of `action_space`; rows about to reset do not read theirs.
        Returns:
            observations, rewards (float64), terminations, truncations (bool), infos; all yours.
        Raises:
            BadActionError: an action lies outside the space; no row has moved.
        """
        batch = self.batch
        write_actions(batch.actions, self.action_space, actions)
        return self.dress(batch.step())

    def dress(
        self, columns: Columns
    ) -> tuple[Any, NDArray[np.float64], Flags, Flags, dict[str, Any]]:
        """Show a step's columns as Gymnasium's five values."""
        batch = self.batch
        terminations = columns["terminated"].reshape(-1).view(np.bool_)
        truncations = columns["truncated"].reshape(-1).view(np.bool_)
        infos: dict[str, Any] = {}
        if self.autoreset_mode is AutoresetMode.SAME_STEP:
            over = terminations | truncations
            if over.any():
                infos = self._finals(columns, over)
        self._add_told(infos, columns, "info.")
        for row, info in batch.infos.items():
            infos = self._add_info(infos, info, row)
        self.add_illegal(infos, columns)
        everyone = np.ones(self.num_envs, dtype=np.bool_)
        infos = self._masks(infos, columns, everyone)
        if self.legacy_final_info:
            self._add_legacy(infos, columns)
        observations = self._observations(columns, "observation")
        return observations, columns["reward"].reshape(-1), terminations, truncations, infos

    def _observations(self, columns: Columns, column: str) -> Any:
        rows = {leaf: columns[leaf][:, 0] for leaf in self._leaves[column]}
        return assemble_value(self.single_observation_space, rows, column)

    def _add_told(
        self,
        infos: dict[str, Any],
        columns: Columns,
        prefix: str,
        rows: Flags | None = None,
    ) -> None:
        """Add the numbers that travel as columns: float64, with a reset of an int kind int64."""
        for name in columns:
            if name.startswith(prefix):
                key, values = name.removeprefix(prefix), columns[name].reshape(-1)
                told = ~np.isnan(values) if rows is None else ~np.isnan(values) & rows
                if told.any():
                    shown = np.where(told, values, 0)
                    kind = self.batch.description.info_numbers.get(key)
                    at_reset = rows is not None and isinstance(kind, int)
                    infos[key] = shown.astype(np.int64) if at_reset else shown
                    infos[f"_{key}"] = told

    def add_illegal(self, infos: dict[str, Any], columns: Columns) -> None:
        """Add whose action was illegal, and what was played for it: columns, so that it is quick.

        `illegal_action` (envs,) bool and `played` (envs, ...) int64, each with its `_key`; of an
        episode that ended in this step under same-step autoreset they stand in its final info.
        """
        if "illegal_action" not in columns:
            return
        flags = columns["illegal_action"].reshape(-1)
        if not flags.any():
            return
        column = columns[played_name(columns)]
        played = column.reshape(self.num_envs, *column.shape[2:])
        told, replaced = flags != 0, flags == REPLACED
        over = infos.get("_final_info")
        if over is None:
            _tell_illegal(infos, told, replaced, played.copy())
            return
        for part, rows in ((infos["final_info"], over), (infos, ~over)):
            shown = np.where(rows.reshape(-1, *[1] * (played.ndim - 1)), played, 0)
            _tell_illegal(part, told & rows, replaced & rows, shown)

    def _masks(self, infos: dict[str, Any], columns: Columns, rows: Flags) -> dict[str, Any]:
        if "action_mask" in columns:
            masks = columns["action_mask"].reshape(self.num_envs, -1).view(np.int8)
            infos["action_mask"] = masks if rows.all() else masks * rows[:, None].view(np.int8)
            infos["_action_mask"] = rows.copy()
        return infos

    def _finals(self, columns: Columns, ended: Flags) -> dict[str, Any]:
        finals = self._observations(columns, "final_observation")
        final_obs = np.full(self.num_envs, None, dtype=object)
        seen = _rows(self.single_observation_space, finals, ended)
        final_obs[ended] = np.fromiter(seen, dtype=object, count=len(seen))
        final_info: dict[str, Any] = {}
        if "action_mask" in columns and self.batch.description.binding:
            shape = columns["action_mask"].reshape(self.num_envs, -1).shape
            final_info["action_mask"] = np.zeros(shape, np.int8)
            final_info["_action_mask"] = ended.copy()
        self._add_told(final_info, columns, "final_info.")
        return {
            "final_obs": final_obs,
            "_final_obs": ended.copy(),
            "final_info": final_info,
            "_final_info": ended.copy(),
        }

    def _add_legacy(self, infos: dict[str, Any], columns: Columns) -> None:
        if "final_info" not in infos:
            return
        ended = infos["_final_info"]
        told = per_row(infos["final_info"], self.num_envs, frozenset())
        returns, lengths = columns["episode_return"].reshape(-1), columns["episode_length"]
        final_info = np.full(self.num_envs, None, dtype=object)
        for row in np.flatnonzero(ended).tolist():
            episode = {"r": float(returns[row]), "l": int(lengths[row])}
            final_info[row] = {**told[row], "episode": episode}
        infos["final_info"] = final_info
        infos["final_observation"] = infos["final_obs"].copy()
        infos["_final_observation"] = ended.copy()

    def close_extras(self, **_: Any) -> None:
        """End the session."""
        self.batch.close()


def _tell_illegal(
    infos: dict[str, Any], told: Flags, replaced: Flags, played: NDArray[Any]
) -> None:
    if told.any():
        infos["illegal_action"], infos["_illegal_action"] = told, told.copy()
    if replaced.any():
        infos["played"], infos["_played"] = played, replaced


def _rows(space: Space, batched: Any, chosen: Flags) -> list[Any]:
    """One element of the space for each chosen row; arrays share one copy of these rows."""
    if isinstance(batched, dict):
        assert isinstance(space, spaces.Dict)
        parts = [_rows(space[name], part, chosen) for name, part in batched.items()]
        return [dict(zip(batched, row, strict=True)) for row in zip(*parts, strict=True)]
    if isinstance(batched, tuple):
        assert isinstance(space, spaces.Tuple)
        pairs = zip(space.spaces, batched, strict=True)
        return list(zip(*(_rows(part, given, chosen) for part, given in pairs), strict=True))
    picked = batched[chosen]
    if isinstance(space, spaces.Discrete):
        numbers: list[Any] = picked.tolist()  # as Gymnasium's toy games have it
        return numbers
    return list(picked)
