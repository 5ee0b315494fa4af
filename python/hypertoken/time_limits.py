"""Gymnasium's `max_episode_steps`, kept by the engine instead of a wrapper where it can be.

`gymnasium.make` tells the function that makes an environment nothing of the limit it was asked
for; it puts a TimeLimit around what was made, and that costs a seventh of a step. So a registration
of ours answers make, and nobody else, that it has no limit, and looks up what make was asked for:
nothing, then the engine keeps the registered limit; a number or -1, then the engine keeps none and
Gymnasium does what it does for its own environments. Were make written another way some day, there
would be a TimeLimit around an environment without a limit of its own: slower, and as right.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from gymnasium.envs.registration import EnvSpec, make

NO_LIMIT = -1


class EngineSpec(EnvSpec):
    """A registration whose time limit the engine keeps."""

    @property
    def max_episode_steps(self) -> int | None:
        """After how many steps an episode is truncated; `gymnasium.make` itself reads None."""
        return None if sys._getframe(1).f_code is make.__code__ else self.engine_limit

    @max_episode_steps.setter
    def max_episode_steps(self, steps: int | None) -> None:
        self.engine_limit = steps

    @classmethod
    def of(cls, spec: EnvSpec, steps: int | None) -> EngineSpec:
        """The same registration with a limit that the engine keeps."""
        twin = object.__new__(cls)  # its id was read when it was made
        twin.__dict__.update(vars(spec))
        twin.__dict__.pop("max_episode_steps", None)
        twin.engine_limit = steps
        return twin


def asked_of_make(caller: FrameType) -> dict[str, Any]:
    """What `hypertoken.make` must be told of the limit, called by this function.

    Returns:
        {} for the environment's own limit, else `max_episode_steps`.
    """
    if caller.f_code is not make.__code__:
        return {}
    told = caller.f_locals
    asked, spec = told["max_episode_steps"], told["env_spec"]
    if asked is not None:
        return {"max_episode_steps": NO_LIMIT}
    if isinstance(spec, EngineSpec):
        return {"max_episode_steps": spec.engine_limit or NO_LIMIT}
    return {} if spec.max_episode_steps is None else {"max_episode_steps": NO_LIMIT}
