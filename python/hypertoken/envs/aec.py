"""PettingZoo's AEC API: agents act one after another, one message a turn."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pettingzoo.utils.env import AECEnv

from hypertoken.envs.common import (
    DeclaredOptions,
    Masks,
    as_transport,
    check_render_mode,
    draw,
    nobody_left,
    render_modes,
    unknown_agent,
)
from hypertoken.spaces import Space
from hypertoken.transports.turns import Transport, Turn

V = TypeVar("V")
Last = tuple[Any, float, bool, bool, dict[str, Any]]


class AgentValues(dict[str, V]):
    """A value per agent: PettingZoo's dict of the agents still there.

    Called, it returns each agent's last value, also of those that are gone:
    `env.rewards["player_0"]` while it plays, `env.rewards()` after the episode.

    Attributes:
        gone: the last values of agents that have ended.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, V] = {}

    def __call__(self) -> dict[str, V]:
        """Return each agent's last value, also of those that are gone."""
        return {**self, **self.gone}

    def keep(self, agent: str) -> None:
        """Remember an agent's present value as its last: it has ended.

        PettingZoo's dead steps change rewards to 0 and then delete them. (A `__delitem__` that kept
        them would make every assignment three times as slow.)
        """
        self.gone[agent] = self[agent]

    def begin(self, values: dict[str, V]) -> None:
        """Start an episode with these values."""
        self.clear()
        self.gone.clear()
        self.update(values)


class HyperTokenAECEnv(AECEnv[str, Any, Any]):
    """An environment of a HyperToken server as a PettingZoo AECEnv.

    Observations are plain; where the environment has masks, `info["action_mask"]` is an int8 array
    as `Discrete.sample(mask)` wants it. An action outside the mask is replaced by the
    environment's fallback, and the info says so; `illegal=` changes that.

    Args:
        source: the server's URL, or a transport.
        render_mode: "human" prints after every step, "ansi" returns text, "rgb_array" pixels.
        mask_in_observation: show agents `{"observation", "action_mask"}`, as PettingZoo's classic
            games do.
        env, options, illegal, timeout, token: see `WebSocketTransport`; only with a URL.
    """

    def __init__(
        self,
        source: str | Transport = "ws://localhost:9999",
        render_mode: str | None = None,
        *,
        mask_in_observation: bool = False,
        **opening: Any,
    ) -> None:
        super().__init__()
        self.transport = as_transport(source, **opening)
        transport = self.transport
        self.render_mode = check_render_mode(transport, render_mode)
        self.metadata = {
            "name": transport.name,
            "render_modes": render_modes(transport),
            "render_fps": 1,
            "is_parallelizable": not transport.sequential,
        }
        self._masks = Masks(transport, mask_in_observation)
        self._options = DeclaredOptions(transport)
        self.possible_agents = list(transport.possible_agents)
        self.observation_spaces = {
            agent: self._masks.space(agent, transport.observation_space(agent))
            for agent in self.possible_agents
        }
        self.action_spaces = {a: transport.action_space(a) for a in self.possible_agents}
        self.agents: list[str] = []
        self.agent_selection: Any = None  # nobody acts before the first reset
        self.rewards: AgentValues[float] = AgentValues()
        self.terminations: AgentValues[bool] = AgentValues()
        self.truncations: AgentValues[bool] = AgentValues()
        self.infos: AgentValues[dict[str, Any]] = AgentValues()
        self._cumulative_rewards: dict[str, float] = {}
        self._skip_agent_selection: str | None = None
        self._turn_mask: Any = None
        self._turn_agent: str | None = None
        self._seen: dict[str, Any] = {}

    def observation_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object."""
        self._known(agent)
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object."""
        self._known(agent)
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start an episode.

        Args:
            seed: 0 … 2^53-1; later resets without one draw on from it.
            options: the environment's episode options; others are ignored with one warning.
        """
        turn = self.transport.reset(seed, self._options.of(options))
        self.agents = list(turn.agents)
        self.rewards.begin(dict.fromkeys(self.agents, 0))
        self.terminations.begin(dict.fromkeys(self.agents, False))
        self.truncations.begin(dict.fromkeys(self.agents, False))
        self.infos.begin({agent: {} for agent in self.agents})
        self._cumulative_rewards = dict.fromkeys(self.agents, 0)
        self._skip_agent_selection = None
        self._show(turn)
        if self.render_mode == "human":
            self.render()

    def step(self, action: Any) -> None:
        """Play the selected agent's action; None, and nothing else, when it has ended.

        Raises:
            EpisodeOverError: all agents are gone, or the environment was never reset.
            HyperTokenError: the action was refused; nothing has changed.
        """
        if not self.agents:
            raise nobody_left("step")
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        turn = self.transport.step(action)
        self._cumulative_rewards[agent] = 0
        self._clear_rewards()
        self.rewards.update(turn.rewards)
        self.terminations.update(turn.terminations)
        self.truncations.update(turn.truncations)
        self.infos.update({agent: {} for agent in self.agents})
        self._accumulate_rewards()
        self._show(turn)
        if turn.final:
            values: tuple[AgentValues[Any], ...]
            values = self.rewards, self.terminations, self.truncations, self.infos
            for value in values:
                for ended in turn.final:
                    value.keep(ended)
            self._deads_step_first()
        if self.render_mode == "human":
            self.render()

    def _show(self, turn: Turn) -> None:
        selected, masks = turn.agent_selection, self._masks
        self._seen = {}
        infos = {}
        for agent, final in turn.final.items():
            self._seen[agent] = masks.observation(agent, final.observation, None)
            infos[agent] = masks.info(agent, final.info, None)
        if selected is not None:
            self.agent_selection = selected
            self._seen[selected] = masks.observation(selected, turn.observation, turn.mask)
            infos[selected] = masks.info(selected, turn.info, turn.mask)
        self.infos.update(infos)
        self._turn_agent, self._turn_mask = selected, turn.mask

    def observe(self, agent: str) -> Any:
        """Return what this agent sees now; its last observation once it has ended.

        Raises:
            UnknownAgentError: the environment has no agent of that name.
        """
        if agent not in self._seen:
            self._known(agent)
            transport = self.transport
            mask = self._mask_of(agent)
            self._seen[agent] = self._masks.observation(agent, transport.observe(agent), mask)
        return self._seen[agent]

    def last(self, observe: bool = True) -> Last:
        """Return observation, reward since it last acted, terminated, truncated and info.

        All of the selected agent; the observation is None unless `observe`.

        Raises:
            EpisodeOverError: all agents are gone, or the environment was never reset.
        """
        if not self.agents:
            raise nobody_left("last")
        told: Last = super().last(observe)
        return told

    def action_mask(self, agent: str | None = None) -> NDArray[np.bool_] | None:
        """Tell which actions are legal.

        Args:
            agent: the selected agent when left out.
        Returns:
            (n,) bool, all False for an agent that cannot act; None where there are no masks.
        Raises:
            UnknownAgentError: the environment has no agent of that name.
        """
        agent = self.agent_selection if agent is None else agent
        self._known(agent)
        if not self._masks.has(agent):
            return None
        return self._masks.flags(agent, self._mask_of(agent)).astype(np.bool_)

    def _mask_of(self, agent: str) -> Any:
        alive = agent in self.agents and not (self.terminations[agent] or self.truncations[agent])
        if not alive or not self._masks.has(agent):
            return None
        if agent == self._turn_agent:
            return self._turn_mask
        return None if self.transport.sequential else self.transport.action_mask(agent)

    def _known(self, agent: str) -> None:
        if agent not in self.action_spaces:
            raise unknown_agent(self.transport, agent)

    def render(self) -> Any:
        """Draw the environment: printed for "human", text for "ansi", pixels for "rgb_array"."""
        return draw(self.transport, self.render_mode)

    def close(self) -> None:
        """End the session; the environment cannot be used afterwards."""
        self.transport.close()


HyperTokenEnv = HyperTokenAECEnv
"""The name older code uses."""
