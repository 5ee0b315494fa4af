"""What Gymnasium knows of an environment in this process: its `spec`, and its name in a print."""

from __future__ import annotations

import re
from typing import Any

from gymnasium.envs.registration import EnvSpec

from hypertoken.description import Described
from hypertoken.engine.session import Opening, Session
from hypertoken.time_limits import EngineSpec

_PLAIN = Opening("", {})
_BEYOND_AN_ID = re.compile(r"[^\w:.-]")  # the id of a guest may hold a path


class Registered:
    """The part of a gymnasium.Env that tells its `spec`, also where nobody has registered it."""

    name: str
    _told: EnvSpec | None = None

    def _opened(self) -> Session | None:
        """The session in this process; None where there is none."""
        raise NotImplementedError

    def _described(self) -> Described | None:
        """What tells of the environment; None where nothing does."""
        raise NotImplementedError

    @property
    def spec(self) -> EnvSpec | None:
        """The registration; `gymnasium.make` makes another environment like this of it."""
        if self._told is None:
            session = self._opened()
            self._told = None if session is None else spec_of(session, "make")
        return self._told

    @spec.setter
    def spec(self, told: EnvSpec | None) -> None:
        described = self._described()
        if told is not None and described is not None:
            description = described.description
            if len(description.possible_agents) == 1:
                # gymnasium.make leaves out the limit that a wrapper would have filled in.
                told = EngineSpec.of(told, description.max_episode_steps)
        self._told = told

    def __repr__(self) -> str:
        return f"<{type(self).__name__}<{self.name}>>"

    __str__ = __repr__


def spec_of(session: Session, call: str, **more: Any) -> EngineSpec:
    """The registration of what `hypertoken.make` or `make_vec` has opened.

    Args:
        session: what was opened.
        call: "make" or "make_vec".
        more: keywords that the environment was made with, beside those of its opening.
    """
    from hypertoken import registration

    opening, description = session.opening, session.description
    point = f"{registration.__name__}:{call} {opening.env}"
    creator = point if ":" not in opening.env else getattr(registration, f"{call} {opening.env}")
    alone = call == "make"
    kept = {
        name: getattr(opening, name)
        for name in ("illegal", "threads", "jars")
        if getattr(opening, name) != getattr(_PLAIN, name)
    }
    return EngineSpec(
        f"{registration.NAMESPACE}/{_BEYOND_AN_ID.sub('.', description.name)}",
        entry_point=creator if alone else None,
        vector_entry_point=None if alone else creator,
        reward_threshold=description.reward_threshold,
        max_episode_steps=description.max_episode_steps,
        order_enforce=False,
        disable_env_checker=True,
        kwargs={**opening.options, **kept, **more},
    )
