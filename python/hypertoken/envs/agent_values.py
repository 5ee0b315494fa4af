"""What `HyperTokenAECEnv` says of its agents: values that anybody may change or replace, as in
PettingZoo's environments.

PettingZoo's wrappers write into an environment's `rewards`, `terminations`, `truncations`, `infos`,
`agents` and `_cumulative_rewards`, or assign others in their place; whatever stands there then is
what the environment goes on with.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, MutableMapping
from operator import attrgetter
from typing import Any, TypeVar

V = TypeVar("V")
LastValues = list[dict[str, Any]]
"""Of agents that have ended: their last rewards, terminations, truncations and infos; empty while
none has."""


class AgentValues(dict[str, V]):
    """A value per agent: PettingZoo's dict of the agents still there.

    Called, it returns each agent's last value, also of those that are gone:
    `env.rewards["player_0"]` while it plays, `env.rewards()` after the episode.

    Args:
        last: what agents that have ended were told last.
        place: which of it this is about.
    """

    def __init__(self, last: LastValues, place: int) -> None:
        super().__init__()
        self._last = last
        self._place = place

    def __call__(self) -> dict[str, V]:
        """Return each agent's last value, also of those that are gone."""
        return {**self, **self.gone}

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)

    @property
    def gone(self) -> dict[str, V]:
        """The last values of agents that have ended."""
        return dict(self._last[self._place]) if self._last else {}


class AssignedValues(UserDict[str, V], AgentValues[V]):  # type: ignore[misc]
    """What somebody assigned: their own mapping, which they may go on changing, with the call."""

    def __init__(self, values: MutableMapping[str, V], instead_of: AgentValues[V]) -> None:
        AgentValues.__init__(self, instead_of._last, instead_of._place)
        # A writer of JSON asks a dict of another kind whether it is empty, and then for its items.
        dict.update(self, values)
        self.data = values  # type: ignore[assignment]


_VALUES = ("rewards", "terminations", "truncations", "infos", "cumulative")


class AgentState:
    """The values of one environment's agents, and who is selected.

    Attributes:
        changed: called after something was assigned, and before something is handed out that a
            turn in which nothing happens need not look at.
        last: see `LastValues`.
        skipped: PettingZoo's `_skip_agent_selection`.
    """

    __slots__ = (
        "agent_selection",
        "agents",
        "changed",
        "cumulative",
        "infos",
        "last",
        "rewards",
        "skipped",
        "terminations",
        "truncations",
    )

    def __init__(self) -> None:
        self.agents: list[str] = []
        self.agent_selection: Any = None  # nobody acts before the first reset
        self.skipped: str | None = None
        self.last: LastValues = []
        self.changed: Callable[[], None]
        self.renew()

    def renew(self) -> None:
        """Put new values into their places, whoever holds or assigned the old."""
        self.rewards: Any = AgentValues[float](self.last, 0)
        self.terminations: Any = AgentValues[bool](self.last, 1)
        self.truncations: Any = AgentValues[bool](self.last, 2)
        self.infos: Any = AgentValues[dict[str, Any]](self.last, 3)
        self.cumulative: Any = AgentValues[float](self.last, 0)

    def saved(self) -> dict[str, Any]:
        """All of it, as plain dicts and lists."""
        values = {name: dict(getattr(self, name)) for name in _VALUES}
        return {
            **values,
            "agents": list(self.agents),
            "agent_selection": self.agent_selection,
            "skipped": self.skipped,
            "last": list(self.last),
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Take over what another state has saved."""
        for name in _VALUES:
            getattr(self, name).update(saved[name])
        self.agents, self.skipped = saved["agents"], saved["skipped"]
        self.agent_selection = saved["agent_selection"]
        self.last[:] = saved["last"]

    def assign(self, name: str, value: Any) -> None:
        """Put somebody's object into a place."""
        before = getattr(self, name)
        if isinstance(before, AgentValues) and not isinstance(value, AgentValues):
            value = AssignedValues(value, before)
        setattr(self, name, value)
        self.changed()

    def lend(self, name: str) -> Any:
        """Hand out an object whose holder may change it at any time."""
        self.changed()
        return getattr(self, name)


def assignable(name: str) -> Any:
    """An environment's attribute that stands in its `_state` and may be assigned."""

    def assign(env: Any, value: Any) -> None:
        env._state.assign(name, value)

    return property(attrgetter(f"_state.{name}"), assign)


def changeable(name: str) -> Any:
    """Like `assignable`; for what an environment only looks at once somebody has asked for it."""

    def lend(env: Any) -> Any:
        return env._state.lend(name)

    return property(lend, assignable(name).fset)
