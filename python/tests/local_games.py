"""Two small games as in-process transports: the adapters are tested on them without a server.

`Countdown` is played in turns and its agents end one after another, which no simple two-player
game shows; `Matching` is simultaneous. Both follow a Transport's contract to the letter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Space
from hypertoken.transports.turns import Final, ParallelStep, Turn


class Countdown:
    """Each agent takes 1 or 2 from its own pile on its turn, and ends when the pile is empty.

    Taking 2 from a pile of 1 is masked. Rewards: minus what was taken; whoever ends first gets 10
    and the others 1. The pile's start depends on the seed.
    """

    name = "countdown"
    possible_agents = ["player_0", "player_1", "player_2"]  # noqa: RUF012
    sequential = True
    masked = True
    options = frozenset({"pile"})
    render_modes = ["ansi"]  # noqa: RUF012

    def __init__(self) -> None:
        observation = {a: spaces.Box(0, 99, (3,), np.int32) for a in self.possible_agents}
        self._observations: dict[str, Space] = dict(observation)
        self._actions: dict[str, Space] = {
            agent: spaces.Discrete(2, start=1) for agent in self.possible_agents
        }
        self._random = np.random.default_rng(0)
        self.piles: dict[str, int] = {}
        self.acting: str | None = None
        self.calls: list[str] = []

    def observation_space(self, agent: str) -> Space:
        return self._observations[agent]

    def action_space(self, agent: str) -> Space:
        return self._actions[agent]

    def observe(self, agent: str) -> NDArray[np.int32]:
        me = self.possible_agents.index(agent)
        piles = [self.piles[other] for other in self.possible_agents]
        return np.array(piles[me:] + piles[:me], dtype=np.int32)

    def action_mask(self, agent: str) -> list[int]:
        return [1, int(self.piles[agent] > 1)] if agent == self.acting else [0, 0]

    def _begin(self, seed: int | None, options: dict[str, Any] | None) -> None:
        if seed is not None:
            self._random = np.random.default_rng(seed)
        most = (options or {}).get("pile", 9)
        self.piles = {a: int(self._random.integers(1, most + 1)) for a in self.possible_agents}
        self.acting = self.possible_agents[0]

    def _move(self, action: Any) -> tuple[dict[str, float], list[str]]:
        agent = self.acting
        assert agent is not None, "a transport is not stepped after the end"
        taken = int(action)
        assert taken in (1, 2)
        before = self._alive()
        rewards: dict[str, float] = dict.fromkeys(before, 0)
        self.piles[agent] = max(self.piles[agent] - taken, 0)
        rewards[agent] -= taken
        ended = [agent] if self.piles[agent] == 0 else []
        if ended and len(before) == len(self.possible_agents):
            rewards = {a: r + (10 if a == agent else 1) for a, r in rewards.items()}
        left = self._alive()
        order = [*self.possible_agents, *self.possible_agents]
        after = order[order.index(agent) + 1 :]
        self.acting = next((a for a in after if a in left), None)
        return rewards, ended

    def _alive(self) -> list[str]:
        return [agent for agent in self.possible_agents if self.piles[agent] > 0]

    def _turn(self, rewards: dict[str, float], ended: list[str]) -> Turn:
        acting = self.acting
        return Turn(
            agents=self._alive(),
            agent_selection=acting,
            observation=None if acting is None else self.observe(acting),
            mask=None if acting is None else self.action_mask(acting),
            info={},
            rewards=rewards,
            terminations={agent: agent in ended for agent in rewards},
            truncations=dict.fromkeys(rewards, False),
            final={agent: Final(self.observe(agent), {"rank": 1}) for agent in ended},
        )

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Turn:
        self.calls.append("reset")
        self._begin(seed, options)
        return self._turn(dict.fromkeys(self.possible_agents, 0), [])

    def step(self, action: Any) -> Turn:
        self.calls.append("step")
        return self._turn(*self._move(action))

    def _parallel(self, rewards: dict[str, float], ended: list[str]) -> ParallelStep:
        return ParallelStep(
            agents=self._alive(),
            active=self.acting,
            observations={agent: self.observe(agent) for agent in rewards},
            masks={agent: self.action_mask(agent) for agent in rewards},
            rewards=rewards,
            terminations={agent: agent in ended for agent in rewards},
            truncations=dict.fromkeys(rewards, False),
            infos={agent: {"rank": 1} if agent in ended else {} for agent in rewards},
        )

    def reset_parallel(self, seed: int | None, options: dict[str, Any] | None) -> ParallelStep:
        self._begin(seed, options)
        return self._parallel(dict.fromkeys(self.possible_agents, 0), [])

    def step_parallel(self, actions: dict[str, Any]) -> ParallelStep:
        assert self.acting is not None
        return self._parallel(*self._move(actions[self.acting]))

    def render(self, mode: str, agent: str | None = None) -> str:
        return " ".join(str(pile) for pile in self.piles.values())

    def close(self) -> None:
        self.calls.append("close")


class Matching:
    """Two agents choose 0 or 1 at once for ten rounds; equal choices pay both 1."""

    name = "matching"
    possible_agents = ["player_0", "player_1"]  # noqa: RUF012
    sequential = False
    masked = False
    options: frozenset[str] = frozenset()
    render_modes: list[str] = []  # noqa: RUF012
    rounds = 10

    def __init__(self) -> None:
        self._observations: dict[str, Space] = {
            agent: spaces.Box(0, 1, (2,), np.float32) for agent in self.possible_agents
        }
        self._actions: dict[str, Space] = {a: spaces.Discrete(2) for a in self.possible_agents}
        self.played = 0
        self.last = np.zeros(2, dtype=np.float32)
        self._buffer: dict[str, int] = {}

    def observation_space(self, agent: str) -> Space:
        return self._observations[agent]

    def action_space(self, agent: str) -> Space:
        return self._actions[agent]

    def observe(self, agent: str) -> NDArray[np.float32]:
        return self.last.copy()

    def action_mask(self, agent: str) -> None:
        return None

    def reset_parallel(self, seed: int | None, options: dict[str, Any] | None) -> ParallelStep:
        self.played, self._buffer = 0, {}
        first = 0 if seed is None else seed % 2
        self.last = np.array([first, 1 - first], dtype=np.float32)
        return self._parallel(dict.fromkeys(self.possible_agents, 0))

    def step_parallel(self, actions: dict[str, Any]) -> ParallelStep:
        self.played += 1
        chosen = [int(actions[agent]) for agent in self.possible_agents]
        self.last = np.array(chosen, dtype=np.float32)
        return self._parallel(dict.fromkeys(self.possible_agents, int(chosen[0] == chosen[1])))

    def _parallel(self, rewards: dict[str, float]) -> ParallelStep:
        over = self.played == self.rounds
        return ParallelStep(
            agents=[] if over else list(self.possible_agents),
            active=None,
            observations={agent: self.observe(agent) for agent in rewards},
            masks={},
            rewards=rewards,
            terminations=dict.fromkeys(rewards, False),
            truncations=dict.fromkeys(rewards, over),
            infos={agent: {} for agent in rewards},
        )

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Turn:
        return self._turn(self.reset_parallel(seed, options))

    def step(self, action: Any) -> Turn:
        self._buffer[self.possible_agents[len(self._buffer)]] = action
        if len(self._buffer) == len(self.possible_agents):
            step = self.step_parallel(self._buffer)
            self._buffer = {}
            return self._turn(step)
        return self._turn(self._parallel(dict.fromkeys(self.possible_agents, 0)))

    def _turn(self, step: ParallelStep) -> Turn:
        acting = self.possible_agents[len(self._buffer)] if step.agents else None
        return Turn(
            agents=step.agents,
            agent_selection=acting,
            observation=None if acting is None else self.observe(acting),
            mask=None,
            info={},
            rewards=step.rewards,
            terminations=step.terminations,
            truncations=step.truncations,
            final={}
            if step.agents
            else {agent: Final(self.observe(agent), {}) for agent in self.possible_agents},
        )

    def render(self, mode: str, agent: str | None = None) -> None:
        return None

    def close(self) -> None:
        pass
