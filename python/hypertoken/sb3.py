"""Stable-Baselines3's VecEnv over a vector of the engine, and its models as policies of ours."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from hypertoken.envs.infos import FINALS, per_row
from hypertoken.seeding import check_seed

try:
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import VecEnv
except ImportError as missing:
    raise ImportError(
        "hypertoken.sb3 needs Stable-Baselines3, which is not installed; "
        'pip install "hypertoken[sb3]"'
    ) from missing

if TYPE_CHECKING:
    from hypertoken.envs.vector import HyperTokenVectorEnv
    from hypertoken.policies.sb3_export import export

_NOT_SHOWN = FINALS | {"action_mask"}


def make_vec_env(
    id: str, n_envs: int = 1, seed: int | None = None, **opening: Any
) -> HyperTokenVecEnv:
    """Make copies of a single-agent environment in this process, for SB3 to train on.

    Args:
        id: the environment's id or alias.
        n_envs: how many copies.
        seed: row i begins with seed + i at the first reset.
        opening: see `hypertoken.make_vec`: `render_mode`, `threads`, the environment's options.
    """
    from hypertoken.making import make_vec

    vec_env = HyperTokenVecEnv(make_vec(id, n_envs, autoreset_mode="SameStep", **opening))
    if seed is not None:
        vec_env.seed(seed)
    return vec_env


def __getattr__(name: str) -> Any:
    # Who only trains need not import what writes graphs.
    if name == "export":
        from hypertoken.policies.sb3_export import export

        return export
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class HyperTokenVecEnv(VecEnv):
    """A vector of the engine as SB3 means it.

    Observations are those of the next episode where one has ended; the last ones stand in
    `infos[i]["terminal_observation"]`, and `infos[i]["episode"]` tells return ("r") and length
    ("l") as SB3's Monitor does, so none is needed. Rewards are float32. MaskablePPO asks
    `env_method("action_masks")`; the masks are not in the infos.

    SB3 keeps observations from step to step: of a vector made with `copy=False` they are copied.

    Args:
        envs: a vector with same-step autoreset, in this process or behind a server.
    Raises:
        ValueError: the vector resets in another way, or tells of ended episodes by legacy keys.
    """

    def __init__(self, envs: HyperTokenVectorEnv) -> None:
        if envs.autoreset_mode is not AutoresetMode.SAME_STEP:
            raise ValueError(
                f"a vector with autoreset {envs.autoreset_mode.value} was refused; SB3 wants the "
                "next episode's observation in the step that ends one; make it with "
                'autoreset_mode="SameStep"'
            )
        if envs.legacy_final_info:
            raise ValueError(
                "a vector with legacy_final_info was refused; SB3 gets what those keys tell in its "
                "own way; make it without"
            )
        self.envs = envs
        self._rows = [Row(self, index) for index in range(envs.num_envs)]
        self._masks: NDArray[np.int8] | None = None
        self._actions: Any = None
        self._returns = np.zeros(envs.num_envs)
        self._lengths = np.zeros(envs.num_envs, dtype=np.int64)
        self._failed = np.zeros(envs.num_envs, dtype=np.bool_)
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.envs.batch.name}, num_envs={self.num_envs})"

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Seed the next reset: row i with seed + i; drawn by numpy's own generator without one.

        Raises:
            BadFieldError: it is no whole number from 0 to 2^53-1; numpy's are.
        """
        seeds: Sequence[int | None] = super().seed(None if seed is None else check_seed(seed))
        return seeds

    def reset(self) -> Any:
        """Reset all rows with the seeds and options set for them; returns the observations."""
        self._returns.fill(0)
        self._lengths.fill(0)
        observations, waiting = None, np.ones(self.num_envs, dtype=np.bool_)
        while waiting.any():
            options = self._options[int(np.argmax(waiting))]
            alike = np.array([own == options for own in self._options])
            observations = self._reset_rows(alike, options)
            waiting &= ~alike
        self._reset_seeds()
        self._reset_options()
        return observations

    def _reset_rows(self, rows: NDArray[np.bool_], options: dict[str, Any]) -> Any:
        given = dict(options) if rows.all() else {**options, "reset_mask": rows}
        seeds = None if all(seed is None for seed in self._seeds) else list(self._seeds)
        observations, infos = self.envs.reset(seed=seeds, options=given or None)
        single = per_row(infos, self.num_envs, _NOT_SHOWN)
        self._failed &= ~rows
        self._failed |= infos.get("_environment_failed", False)
        for row in np.flatnonzero(rows).tolist():
            self.reset_infos[row] = single[row]
        shown = infos.get("action_mask")
        if shown is not None:
            kept = shown if self._masks is None else self._masks
            self._masks = np.where(rows[:, None], shown, kept)
        return self._kept(observations)

    def _kept(self, observations: Any) -> Any:
        return observations if self.envs.batch.copy else deepcopy(observations)

    def step_async(self, actions: NDArray[Any]) -> None:
        """Keep the actions for `step_wait`."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Step every row with the actions given.

        Returns:
            observations (n, ...), rewards (n,) float32, dones (n,) bool, one info a row.
        Raises:
            BadActionError: an action lies outside the space; no row has moved.
        """
        observations, rewards, terminated, truncated, infos = self.envs.step(self._actions)
        self._masks = infos.get("action_mask")
        self._returns += rewards
        self._lengths += ~self._failed  # a row that could not be reset was tried again by this step
        self._failed = infos.get("_environment_failed", np.zeros(self.num_envs, dtype=np.bool_))
        dones = terminated | truncated
        cut = (truncated & ~terminated).tolist()
        plain = infos.keys() <= {"action_mask", "_action_mask"}
        shown = [{} for _ in cut] if plain else per_row(infos, self.num_envs, _NOT_SHOWN)
        if dones.any():
            self._finish(np.flatnonzero(dones).tolist(), shown, infos)
        for info, value in zip(shown, cut, strict=True):
            info["TimeLimit.truncated"] = value
        return self._kept(observations), rewards.astype(np.float32), dones, shown

    def _finish(self, ended: list[int], shown: list[dict[str, Any]], infos: dict[str, Any]) -> None:
        finals = per_row(infos["final_info"], self.num_envs, _NOT_SHOWN)
        for row in ended:
            self.reset_infos[row] = shown[row]
            shown[row] = {
                **finals[row],
                "terminal_observation": infos["final_obs"][row],
                "episode": {"r": float(self._returns[row]), "l": int(self._lengths[row])},
            }
        self._returns[ended] = 0
        self._lengths[ended] = 0

    def action_masks(self) -> NDArray[np.bool_]:
        """Tell which actions are legal now, (n, actions) bool; all True where there are no masks.

        Raises:
            AttributeError: the actions are not finitely many.
        """
        if self._masks is not None:
            return self._masks.astype(np.bool_)
        if isinstance(self.action_space, spaces.Discrete):
            size = int(self.action_space.n)
        elif isinstance(self.action_space, spaces.MultiDiscrete):
            size = int(self.action_space.nvec.sum())
        else:
            raise AttributeError(f"action_masks: {self.action_space} has no finite actions")
        return np.ones((self.num_envs, size), dtype=np.bool_)

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """Return each row's attribute: of the vector, or set by `set_attr`."""
        return [getattr(row, attr_name) for row in self._chosen(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute of rows, for `get_attr` to find; the environment knows nothing of it."""
        for row in self._chosen(indices):
            setattr(row, attr_name, value)

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        """Call a method of rows: `action_masks`, `render`, or one set by `set_attr`."""
        if method_name == "action_masks":
            masks = self.action_masks()
            return [masks[row.index] for row in self._chosen(indices)]
        return [
            getattr(row, method_name)(*method_args, **method_kwargs)
            for row in self._chosen(indices)
        ]

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        """Tell for each row whether a wrapper is there: only Monitor's work is done here."""
        return [wrapper_class is Monitor for _ in self._chosen(indices)]

    def _chosen(self, indices: Any) -> list[Row]:
        return [self._rows[index] for index in self._get_indices(indices)]

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """Draw every row, (height, width, 3) uint8 each; needs render_mode="rgb_array"."""
        drawn: Any = self.envs.render()
        return list(drawn or [None] * self.num_envs)

    def close(self) -> None:
        """Free the vector; it cannot be used afterwards."""
        self.envs.close()


class Row:
    """What SB3 may ask of one environment of the vector.

    Attributes:
        index: which row it is.
    """

    def __init__(self, vec_env: HyperTokenVecEnv, index: int) -> None:
        self._vec_env = vec_env
        self.index = index

    @property
    def unwrapped(self) -> Row:
        """This row itself."""
        return self

    def action_masks(self) -> NDArray[np.bool_]:
        """Tell which actions of this row are legal now."""
        mask: NDArray[np.bool_] = self._vec_env.action_masks()[self.index]
        return mask

    def render(self) -> Any:
        """Draw this row in the vector's render mode."""
        return self._vec_env.envs.render_row(self.index)

    def __getattr__(self, name: str) -> Any:
        # Only asked when the row has no attribute of its own: the rows share the vector's.
        if name in ("observation_space", "action_space"):
            return getattr(self._vec_env.envs, f"single_{name}")
        if name in ("render_mode", "metadata", "spec"):
            return getattr(self._vec_env.envs, name)
        raise AttributeError(
            f"the attribute {name!r} was refused; rows of a vector have action_space, "
            "observation_space, render_mode, metadata, spec, action_masks and render; set others "
            "with set_attr"
        )


__all__ = ["HyperTokenVecEnv", "export", "make_vec_env"]
