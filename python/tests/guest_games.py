"""Environments of every space kind for `gym:` ids, driven by their seed and their actions."""

from __future__ import annotations

import copy
import os
import signal
from typing import Any, cast

import gymnasium
import numpy as np
from gymnasium import spaces

SPACES: dict[str, spaces.Space[Any]] = {
    "vector": spaces.Box(np.array([-1, -np.inf, 0]), np.array([1, np.inf, 5]), dtype=np.float32),
    "picture": spaces.Box(0, 255, (7, 5, 3), np.uint8),
    "number": spaces.Box(-2.0, 2.0, (), np.float64),
    "flags": spaces.Box(0, 1, (3,), np.bool_),
    "half": spaces.Box(-1, 1, (2, 2), np.float16),
    "whole": spaces.Box(-9, 9, (4,), np.int16),
    "discrete": spaces.Discrete(5, start=-2),
    "small": spaces.Discrete(4, dtype=np.int32),
    "multi_discrete": spaces.MultiDiscrete([3, 1, 4], start=[1, 0, -2]),
    "grid": spaces.MultiDiscrete(np.array([[2, 3], [4, 5]])),
    "multi_binary": spaces.MultiBinary(6),
    "bits": spaces.MultiBinary((2, 3)),
}
NESTED = ("dict", "tuple")
KINDS = (*SPACES, *NESTED)
REFUSED = {
    "text": spaces.Text(5),
    "sequence": spaces.Sequence(spaces.Discrete(3)),
    "graph": spaces.Graph(spaces.Discrete(3), None),
}


def space_of(kind: str) -> spaces.Space[Any]:
    """A space of this kind, unlike any other's in its randomness."""
    if kind == "dict":
        parts = {name: space_of(name) for name in ("vector", "discrete", "grid", "multi_binary")}
        return spaces.Dict({**parts, "within": spaces.Dict({"pair": space_of("tuple")})})
    if kind == "tuple":
        return spaces.Tuple([space_of(k) for k in ("discrete", "picture", "multi_discrete")])
    return copy.deepcopy({**SPACES, **REFUSED}[kind])


def total(value: Any) -> float:
    """A number that every part of an action changes."""
    if isinstance(value, dict):
        return sum((k + 1) * total(part) for k, part in enumerate(value.values()))
    if isinstance(value, tuple):
        return sum((k + 3) * total(part) for k, part in enumerate(value))
    array = np.asarray(value, dtype=np.float64)
    return float((array.ravel() * np.arange(1, array.size + 1)).sum())


class Kinds(gymnasium.Env[Any, Any]):
    """Sees and acts one kind of space; what it sees comes from its seed alone."""

    def __init__(self, kind: str = "vector") -> None:
        self.observation_space = space_of(kind)
        self.action_space = space_of(kind)
        self._steps = 0

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, Any]:
        super().reset(seed=seed)
        self.observation_space.seed(int(self.np_random.integers(2**31)))
        self._steps = 0
        return self.observation_space.sample(), {"steps": 0, "share": 0.25}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        assert self.action_space.contains(action), f"{action!r} is not in {self.action_space}"
        self._steps += 1
        chance = self.np_random.random()
        info = {
            "share": chance,
            "array": np.arange(3) * self._steps,
            "label": f"step {self._steps}",
            "odd": self._steps % 2 == 1,
        }
        ends = bool(chance < 0.04), bool(chance > 0.96)
        return self.observation_space.sample(), total(action), *ends, info


class Dies(gymnasium.Env[Any, Any]):
    """A bandit whose process is killed in the middle of an episode, now and then."""

    observation_space = spaces.Box(0, 1, (2,), np.float32)
    action_space = spaces.Discrete(2)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, Any]:
        super().reset(seed=seed)
        return np.zeros(2, np.float32), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        chance = self.np_random.random()
        if chance < 0.002:
            os.kill(os.getpid(), signal.SIGKILL)
        return np.full(2, chance, np.float32), float(action), bool(chance > 0.9), False, {}


gymnasium.register("Dies-v0", cast("Any", Dies), max_episode_steps=60)
gymnasium.register("Kinds-v0", cast("Any", Kinds), max_episode_steps=60)
