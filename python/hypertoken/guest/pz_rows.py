"""The rows of a PettingZoo environment: all alive agents are told of after each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import columns as at
from . import spaces
from .failures import failure
from .gym_rows import MASK, close, drawn, flags, seen_part, seen_space
from .told import as_json


class PzRows:
    """What both faces of PettingZoo have in common.

    Args:
        make: makes one environment.
        made: one for each row.
        columns: the shared memory.
        masked: whether observations carry the masks.
    """

    def __init__(
        self, make: Callable[[], Any], made: list[Any], columns: at.Columns, masked: bool
    ) -> None:
        self._make = make
        self._environments: list[Any] = list(made)
        self._columns = columns
        self._masked = masked
        env = made[0]
        self._agents = list(env.possible_agents)
        self._index = {agent: k for k, agent in enumerate(self._agents)}
        observed = [env.observation_space(agent) for agent in self._agents]
        self._acts = [env.action_space(agent) for agent in self._agents]
        self._parts = [seen_part(space, masked) for space in observed]
        self._write = [
            spaces.writer(seen_space(space, masked), columns.observes) for space in observed
        ]
        self._read = [spaces.reader(space, columns.acts) for space in self._acts]
        self.options: Mapping[str, Any] = {}
        self.infos: dict[int, str] = {}
        self.errors: dict[int, str] = {}

    def play(self) -> None:
        """Do what each row is asked; rows that fail are told of in `errors`."""
        done = self._columns.done
        asked = self._columns.kinds.tolist()
        actors = self._columns.actors.tolist()
        actions = [read() for read in self._read] if at.STEP in asked else []
        for row, kind in enumerate(asked):
            if not kind:
                continue
            self._blank(row)
            try:
                if kind == at.STEP:
                    self._step(row, actors[row], actions)
                else:
                    self._begin(row, kind == at.RENEW)
            except BaseException as raised:
                self.infos.pop(row, None)
                self.errors[row] = failure(raised)
                done[row] = at.FAILED
            else:
                done[row] = at.ANSWERED

    def _step(self, row: int, actor: int, actions: list[list[Any]]) -> None:
        raise NotImplementedError

    def _reset(self, row: int, env: Any, seed: int | None, options: Any) -> None:
        raise NotImplementedError

    def _begin(self, row: int, anew: bool) -> None:
        if anew:
            close(self._environments[row])
            self._environments[row] = self._make()
        seed = int(self._columns.seeds[row])
        self._reset(
            row,
            self._environments[row],
            None if seed < 0 else seed,
            self.options.get(str(row)),
        )

    def _blank(self, row: int) -> None:
        columns = self._columns
        first = row * columns.agents
        for cell in range(first, first + columns.agents):
            columns.rewards[cell] = 0
            columns.ends[cell] = 0
        columns.next[row] = -1

    def _show(self, row: int, agent: Any, observation: Any, info: Any) -> None:
        k = self._index[agent]
        columns = self._columns
        cell = row * columns.agents + k
        part = self._parts[k]
        self._write[k](cell, observation if part is None else part(observation))
        if columns.mask_size:
            mask = observation[MASK] if self._masked else (info or {}).get(MASK)
            own = spaces.mask_size(self._acts[k])
            columns.masks[cell, :own] = True if mask is None else flags(mask)

    def _tell(self, row: int, infos: Mapping[Any, Any]) -> None:
        told = []
        for agent, info in infos.items():
            rest = {k: v for k, v in (info or {}).items() if k != MASK or self._masked}
            if rest and agent in self._index:
                told.append(f'"{self._index[agent]}":{as_json(rest)}')
        if told:
            self.infos[row] = "{" + ",".join(told) + "}"

    def _end(self, cell: int, terminated: Any, truncated: Any) -> bool:
        ends = (at.TERMINATED if terminated else 0) | (at.TRUNCATED if truncated else 0)
        self._columns.ends[cell] = ends
        return ends != 0

    def draw(self, row: int, mode: str) -> Any:
        """A row's picture or text."""
        return drawn(self._environments[row], mode)

    def close(self) -> None:
        """Close them all, whatever they raise."""
        for env in self._environments:
            close(env)


class AecRows(PzRows):
    """One agent acts at a time; the steps of agents that are dead are taken here."""

    def _step(self, row: int, actor: int, actions: list[list[Any]]) -> None:
        env, columns = self._environments[row], self._columns
        first = row * columns.agents
        agent = self._agents[actor]
        if env.agent_selection != agent:
            raise RuntimeError(f"it is {env.agent_selection}'s turn, not {agent}'s")
        playing = list(env.agents)
        env.step(actions[actor][first + actor])
        rewards, infos = env.rewards, {k: dict(v) for k, v in env.infos.items()}
        alive = set(env.agents)
        ended = []
        for agent in playing:
            cell = first + self._index[agent]
            columns.rewards[cell] = rewards.get(agent, 0)
            gone = agent not in alive
            if self._end(cell, env.terminations.get(agent), gone or env.truncations.get(agent)):
                ended.append(agent)
        for agent in ended:
            if agent in alive:
                self._show(row, agent, env.observe(agent), infos.get(agent))
        while env.agents and self._dead(env):
            env.step(None)
        self._show_alive(row, env, infos)

    @staticmethod
    def _dead(env: Any) -> bool:
        agent = env.agent_selection
        return bool(env.terminations[agent] or env.truncations[agent])

    def _show_alive(self, row: int, env: Any, infos: Mapping[Any, Any]) -> None:
        for agent in env.agents:
            self._show(row, agent, env.observe(agent), infos.get(agent))
        if env.agents:
            self._columns.next[row] = self._index[env.agent_selection]
        self._tell(row, infos)

    def _reset(self, row: int, env: Any, seed: int | None, options: Any) -> None:
        env.reset(seed=seed, options=options)
        self._show_alive(row, env, env.infos)


class ParallelRows(PzRows):
    """All alive agents act at once."""

    def _step(self, row: int, actor: int, actions: list[list[Any]]) -> None:
        env, columns = self._environments[row], self._columns
        first = row * columns.agents
        playing = list(env.agents)
        chosen = {agent: actions[k][first + k] for agent in playing for k in (self._index[agent],)}
        observations, rewards, terminations, truncations, infos = env.step(chosen)
        alive = set(env.agents)
        for agent in playing:
            cell = first + self._index[agent]
            columns.rewards[cell] = rewards.get(agent, 0)
            terminated = terminations.get(agent, False)
            truncated = truncations.get(agent, False)
            self._end(cell, terminated, truncated or (agent not in alive and not terminated))
            if agent in observations:
                self._show(row, agent, observations[agent], infos.get(agent))
        self._tell(row, infos)

    def _reset(self, row: int, env: Any, seed: int | None, options: Any) -> None:
        observations, infos = env.reset(seed=seed, options=options)
        for agent, observation in observations.items():
            self._show(row, agent, observation, infos.get(agent))
        self._tell(row, infos)
