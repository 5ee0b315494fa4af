"""PufferLib's Python surface, `PyPufferEnv` and `PyVecEnv`, over environments in this process."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.engine import catalogue
from hypertoken.errors import UnknownEnvironmentError
from hypertoken.making import make, make_vec
from hypertoken.seeding import check_seed
from hypertoken.spaces import Space


class UnknownNameError(UnknownEnvironmentError, ValueError):
    """There is no environment of that name: a ValueError, as PufferLib raises it."""


class PyPufferEnv(gymnasium.Env[Any, Any]):
    """A single-agent environment; a gymnasium.Env that also takes an action as a float array.

    Its spaces are Gymnasium's and answer `["shape"]` and `["dtype"]` too. SB3 takes it as it is.

    Args:
        env: the environment to show; `from_name` makes one.
    """

    def __init__(self, env: gymnasium.Env[Any, Any]) -> None:
        self.env = env
        self.metadata, self.render_mode = env.metadata, env.render_mode
        self.observation_space = answering(env.observation_space)
        self.action_space = answering(env.action_space)

    @classmethod
    def from_name(cls, name: str, **opening: Any) -> PyPufferEnv:
        """Make an environment.

        Args:
            name: its id or alias, such as "CartPole".
            opening: see `hypertoken.make`: `render_mode`, the environment's options.
        Raises:
            UnknownNameError: there is none of that name; the message lists those there are.
        """
        return cls(_listing(name, lambda: make(name, **opening)))

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Start an episode; returns observation and info."""
        shown = self.env.reset(seed=seed, options=options)
        super().reset(seed=None if seed is None else check_seed(seed))
        return shown

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Play an action: of the space, or for a Discrete one a number in any array of one.

        Returns:
            observation, reward, terminated, truncated, info.
        Raises:
            BadActionError: the action lies outside the space; nothing has moved.
        """
        observation, reward, terminated, truncated, info = self.env.step(
            whole(self.action_space, action)
        )
        return observation, float(reward), terminated, truncated, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Tell which actions are legal now, (n,) bool."""
        masks: NDArray[np.bool_] = self.env.get_wrapper_attr("action_masks")()
        return masks

    def render(self) -> Any:
        """Draw the environment in its render mode."""
        return self.env.render()

    def close(self) -> None:
        """Free the environment; it cannot be used afterwards."""
        self.env.close()


class PyVecEnv:
    """Many copies of a single-agent environment: four values a step, the next episode begins in
    the step that ends one.

    Args:
        num_envs: how many copies.
        name: the environment's id or alias.
        opening: see `hypertoken.make_vec`: `threads`, the environment's options.
    Raises:
        UnknownNameError: there is none of that name; the message lists those there are.
    """

    def __init__(self, num_envs: int, name: str = "CartPole", **opening: Any) -> None:
        self.envs = _listing(
            name, lambda: make_vec(name, num_envs, autoreset_mode="SameStep", **opening)
        )
        self.num_envs = num_envs
        self.observation_space = answering(self.envs.single_observation_space)
        self.action_space = answering(self.envs.single_action_space)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.envs.batch.name}, num_envs={self.num_envs})"

    def reset(self, seed: int | None = None) -> Any:
        """Reset all rows, row i with seed + i; returns the observations, (num_envs, ...)."""
        return self.envs.reset(seed=seed)[0]

    def step(
        self, actions: Any
    ) -> tuple[Any, NDArray[np.float32], NDArray[np.bool_], dict[str, Any]]:
        """Step every row.

        Args:
            actions: one a row; for a Discrete space numbers in any array of num_envs.
        Returns:
            observations (num_envs, ...), rewards (num_envs,) float32, dones (num_envs,) bool, and
            the infos of a Gymnasium vector, with "terminated" and "truncated" (num_envs,) bool.
        Raises:
            BadActionError: an action lies outside the space; no row has moved.
        """
        if isinstance(self.action_space, spaces.Discrete):
            given = np.asarray(actions)
            if given.size == self.num_envs:
                actions = np.array([whole(self.action_space, a) for a in given.reshape(-1)])
        observations, rewards, terminated, truncated, infos = self.envs.step(actions)
        infos = {**infos, "terminated": terminated, "truncated": truncated}
        return observations, rewards.astype(np.float32), terminated | truncated, infos

    def close(self) -> None:
        """Free the rows; they cannot be used afterwards."""
        self.envs.close()


def whole(space: Space, action: Any) -> Any:
    """A Discrete space's action out of a float array of one, such as `np.array([1.0])`.

    What is no whole number stays as it came, for the environment to refuse.
    """
    if not isinstance(space, spaces.Discrete):
        return action
    given = np.asarray(action)
    if given.size != 1 or given.dtype.kind not in "fiub":
        return action
    number = given.item()
    return int(number) if number == number // 1 else action


def answering(space: Space) -> Space:
    """The same space, also answering `space["shape"]` and `space["dtype"]` as PufferLib's do."""
    kind: Any = type(space)
    if isinstance(space, (spaces.Dict, spaces.Tuple)):
        return space  # these have keys of their own
    copy: Space = kind.__new__(_kinds(kind))
    copy.__dict__.update(space.__dict__)
    return copy


def _kinds(kind: type[Any]) -> type[Any]:
    if kind not in _ANSWERING:
        _ANSWERING[kind] = type(kind.__name__, (_Answering, kind), {"__module__": __name__})
    return _ANSWERING[kind]


_ANSWERING: dict[type[Any], type[Any]] = {}


class _Answering:
    """Answers `["shape"]` and `["dtype"]`; copies and pickles as a plain Gymnasium space."""

    def __getitem__(self, key: str) -> Any:
        if key == "shape":
            # PufferLib's Discrete action is an array of one.
            return list(getattr(self, "shape", ()) or (1,))
        if key == "dtype":
            return str(getattr(self, "dtype", ""))
        raise KeyError(
            f"a space was asked for {key!r}; it answers 'shape' and 'dtype'; everything else is "
            "an attribute"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _plain, (type(self).__mro__[2], dict(self.__dict__))


def _plain(kind: Any, attributes: dict[str, Any]) -> Any:
    space = kind.__new__(kind)
    space.__dict__.update(attributes)
    return answering(space)


def _listing(name: str, opens: Any) -> Any:
    """Open an environment; where there is none of that name, the error lists all."""
    try:
        return opens()
    except UnknownEnvironmentError as unknown:
        known = sorted(
            each for entry in catalogue.entries() for each in (entry["id"], *entry["aliases"])
        )
        why = unknown.message.partition("; known:")[0]
        raise UnknownNameError(
            f"{why}; the known ones are {', '.join(known)}", "unknown_environment"
        ) from None


__all__ = ["PyPufferEnv", "PyVecEnv", "UnknownNameError"]
