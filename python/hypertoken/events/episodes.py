"""What an environment's hooked `step` and `reset` tell: the episodes that end, and its news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.events.decisions import Tell, tell_error
from hypertoken.events.plain import number, plain
from hypertoken.events.types import EventTypes

NEWS = frozenset(
    {
        EventTypes.TRADE_EXECUTED,
        EventTypes.PRICE_UPDATE,
        EventTypes.MARGIN_UPDATE,
        EventTypes.PORTFOLIO_UPDATE,
        EventTypes.MARKET_ANALYSIS,
        EventTypes.ORDER_UPDATED,
        EventTypes.LIMIT_UPDATED,
    }
)
"""What is told when a step's info has it: under the type's name, data or a list of them."""


class Episodes:
    """Adds up rewards, whatever form a step has, and tells of each episode that ends.

    A step is Gymnasium's (one environment or a vector), the older one with `done`, Stable-
    Baselines3's, or PettingZoo's, parallel or by turns.

    Args:
        env: whose they are; asked for rewards where its step returns none (PettingZoo's AEC).
        name: how events call it.
    """

    def __init__(self, env: Any, name: str, tell: Tell) -> None:
        self._env = env
        self._tell = tell
        self._name = name
        self._seed: int | None = None
        self._return, self._length = 0.0, 0
        self._rows: _Rows | None = None
        self._agents: dict[str, list[float]] = {}
        self.stepped = _Stepped(self)
        self.begun = _Begun(self)

    def begin(self, seed: Any) -> None:
        """It was reset."""
        told = number(seed)
        self._seed = told if isinstance(told, int) else None
        self._return, self._length = 0.0, 0
        self._rows = None
        self._agents.clear()

    def step(self, result: Any) -> None:
        """It was stepped."""
        if result is None:
            self._turn()
            return
        if not isinstance(result, tuple) or len(result) not in (4, 5):
            return
        rewards, *ends = result[1:-1]
        info = result[-1]
        if isinstance(rewards, Mapping):
            self._round(rewards, ends)
        elif getattr(rewards, "ndim", 0):
            self._vector(rewards, ends)
        else:
            self._single(rewards, ends)
        if info and isinstance(info, Mapping):
            self._news(info)

    def failed(self, failure: Exception, method: str) -> None:
        """It has raised."""
        tell_error(self._tell, failure, {"env_id": self._name, "method": method})

    def _single(self, reward: Any, ends: list[Any]) -> None:
        self._return += number(reward) or 0.0
        self._length += 1
        if any(ends):
            self._finished(self._return, self._length, agent_id=self._name, **self._seeded())
            self._return, self._length, self._seed = 0.0, 0, None

    def _vector(self, rewards: Any, ends: list[Any]) -> None:
        rows = self._rows
        if rows is None or len(rows.returns) != len(rewards):
            rows = self._rows = _Rows(len(rewards), _resets_by_a_step(self._env))
        for row, total, length in rows.step(rewards, ends):
            self._finished(total, length, row=row)

    def _round(self, rewards: Mapping[str, Any], ends: list[Any]) -> None:
        for agent, reward in rewards.items():
            self._add(agent, reward, any(end.get(agent, False) for end in ends))

    def _turn(self) -> None:
        env = self._env
        ends = (env.terminations, env.truncations)
        for agent, reward in list(env.rewards.items()):
            self._add(agent, reward, any(end.get(agent, False) for end in ends))

    def _add(self, agent: str, reward: Any, over: bool) -> None:
        counted = self._agents.get(agent)
        if counted is None:
            counted = self._agents[agent] = [0.0, 0]
        if counted[1] < 0:
            return  # its end was told
        counted[0] += number(reward) or 0.0
        counted[1] += 1
        if over:
            whose = {"agent_id": str(agent), **self._seeded()}
            self._finished(counted[0], int(counted[1]), **whose)
            counted[1] = -1

    def _finished(self, total: float, length: int, **whose: Any) -> None:
        data = {**whose, "return": float(total), "length": length, "environment": self._name}
        self._tell(EventTypes.EPISODE_FINISHED, data)

    def _seeded(self) -> dict[str, Any]:
        return {} if self._seed is None else {"seed": self._seed}

    def _news(self, info: Mapping[str, Any]) -> None:
        for kind in NEWS.intersection(info):
            told = info[kind]
            for data in told if isinstance(told, (list, tuple)) else (told,):
                if isinstance(data, Mapping):
                    self._tell(kind, plain(data))


class _Rows:
    """Returns and lengths of a vector's rows."""

    def __init__(self, count: int, resets_by_a_step: bool) -> None:
        self.returns: NDArray[np.float64] = np.zeros(count)
        self.lengths: NDArray[np.int64] = np.zeros(count, dtype=np.int64)
        self._reset: NDArray[np.int64] | None = None
        self._resets_by_a_step = resets_by_a_step

    def step(self, rewards: Any, ends: list[Any]) -> list[tuple[int, float, int]]:
        """Count a step; returns row, return and length of every episode that it ends."""
        over: NDArray[np.bool_] = np.asarray(ends[0], dtype=np.bool_)
        for end in ends[1:]:
            over = over | np.asarray(end, dtype=np.bool_)
        self.returns += rewards
        self.lengths += 1
        if self._reset is not None:
            # These episodes were over: this step has only reset their rows.
            self.returns[self._reset] = 0
            self.lengths[self._reset] = 0
            self._reset = None
        if not np.count_nonzero(over):  # a tenth of what any() takes
            return []
        rows = np.flatnonzero(over)
        ended = zip(
            rows.tolist(), self.returns[rows].tolist(), self.lengths[rows].tolist(), strict=True
        )
        self.returns[rows] = 0
        self.lengths[rows] = 0
        if self._resets_by_a_step:
            self._reset = rows
        return list(ended)


def _resets_by_a_step(env: Any) -> bool:
    """Whether a vector resets a row in the step after the one that ended its episode."""
    metadata = getattr(env, "metadata", None)
    mode = metadata.get("autoreset_mode") if isinstance(metadata, Mapping) else None
    return getattr(mode, "value", mode) in ("NextStep", "next_step")


class _Stepped:
    def __init__(self, episodes: Episodes) -> None:
        self._episodes = episodes

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        self._episodes.step(result)

    def failed(self, failure: Exception) -> None:
        self._episodes.failed(failure, "step")


class _Begun:
    def __init__(self, episodes: Episodes) -> None:
        self._episodes = episodes

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        self._episodes.begin(named.get("seed", arguments[0] if arguments else None))

    def failed(self, failure: Exception) -> None:
        self._episodes.failed(failure, "reset")
