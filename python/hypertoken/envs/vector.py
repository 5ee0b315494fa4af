"""Gymnasium's VectorEnv over a batch: a step of all rows is one binary frame each way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from hypertoken.envs.common import DeclaredOptions
from hypertoken.envs.infos import Flags, InfoColumns
from hypertoken.errors import BadFieldError
from hypertoken.options import Autoreset, AutoresetName, ServerRows
from hypertoken.seeding import Seeds, one_seed
from hypertoken.spaces import element_reader
from hypertoken.transports.batches import (
    Batch,
    Columns,
    WebSocketBatch,
    check_rows,
    write_actions,
)

VectorStep = tuple[Any, NDArray[np.float64], Flags, Flags, dict[str, Any]]
_WORDS: dict[AutoresetMode, Autoreset] = {
    AutoresetMode.NEXT_STEP: "next_step",
    AutoresetMode.SAME_STEP: "same_step",
    AutoresetMode.DISABLED: "disabled",
}
_MODES = {word: mode for mode, word in _WORDS.items()}


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
        self._infos = InfoColumns(
            batch,
            self.single_observation_space,
            self._observations,
            self._add_info,
            legacy_final_info,
        )
        self._everyone = np.ones(self.num_envs, dtype=np.bool_)
        self._row_seeds: tuple[int, ...] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.batch.name}, num_envs={self.num_envs})"

    @property
    def np_random_seed(self) -> Any:
        """What the last seeded reset was given, as Gymnasium's vectors tell it: the one seed, or
        a tuple of one a row, -1 where a row got none.
        """
        return super().np_random_seed if self._row_seeds is None else self._row_seeds

    def reset(
        self, *, seed: Seeds = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all rows, or those of `options["reset_mask"]`.

        Args:
            seed: one seed s (row i gets s+i), or one or None for each row; any whole numbers.
            options: `reset_mask` ((num_envs,) bool) and the environment's episode options; others
                are ignored with one warning.
        Returns:
            observations, a new writable array of shape (num_envs, ...), and infos.
        Raises:
            BadOptionError: an option shapes the environment, so that it belongs to the opening.
            TypeError, ValueError: `reset_mask` is no such array, or chooses no row.
        """
        given = dict(options) if isinstance(options, Mapping) else options
        rows = self._everyone
        if given and "reset_mask" in given:
            rows = check_rows(given.pop("reset_mask"), self.num_envs, "`options['reset_mask']`")
        columns = self.batch.reset(seed, rows, self._options.of(given))
        self._remember(seed)
        infos = self._infos.of_reset(columns, rows, self.batch.infos)
        return self._observations(columns, "observation"), infos

    def _remember(self, seed: Any) -> None:
        if seed is None:
            return
        one = one_seed(seed)
        if one is None:
            self._row_seeds = tuple(-1 if each is None else int(each) for each in seed)
        else:
            self._row_seeds = None
            super().reset(seed=one)

    def step(self, actions: Any) -> VectorStep:
        """Step every row.

        Args:
            actions: an element of `action_space`; rows about to reset do not read theirs.
        Returns:
            observations, rewards (float64), terminations, truncations (bool), infos; all yours.
        Raises:
            BadActionError: an action lies outside the space; no row has moved.
        """
        write_actions(self.batch.actions, self.action_space, actions)
        return self._shown(self.batch.step())

    def _shown(self, columns: Columns) -> VectorStep:
        """Gymnasium's five values of a step's columns."""
        terminations = columns["terminated"].reshape(-1).view(np.bool_)
        truncations = columns["truncated"].reshape(-1).view(np.bool_)
        ended = None
        if self.autoreset_mode is AutoresetMode.SAME_STEP:
            ended = terminations | truncations
            ended = ended if ended.any() else None
        infos = self._infos.of_step(columns, ended, True, self.batch.infos)
        self._infos.add_masks(infos, columns, self._everyone)
        observations = self._observations(columns, "observation")
        return observations, columns["reward"].reshape(-1), terminations, truncations, infos

    def _observations(self, columns: Columns, stem: str) -> Any:
        return element_reader(
            self.single_observation_space, lambda leaf: lambda: columns[leaf.name][:, 0], stem
        )()

    def render(self) -> tuple[Any, ...] | None:
        """Draw every row in the vector's render mode, as Gymnasium's vectors do: texts or pixels
        by row, or, printed for "human", a None for each; None without a render mode.
        """
        if self.render_mode is None:
            return None
        return tuple(self.render_row(row) for row in range(self.num_envs))

    def render_row(self, row: int) -> Any:
        """Draw one row in the vector's render mode; a server's vector has none."""
        return None

    def close_extras(self, **_: Any) -> None:
        """End the session."""
        self.batch.close()
