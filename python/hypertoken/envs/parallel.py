"""PettingZoo's Parallel API: all agents at once; one call or message a step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pettingzoo.utils.env import ParallelEnv

from hypertoken.envs.common import (
    DeclaredOptions,
    Reopened,
    draw,
    nobody_left,
    render_modes,
    unknown_agent,
)
from hypertoken.envs.turn_sources import interrupted
from hypertoken.options import Illegal, RenderMode
from hypertoken.spaces import Space
from hypertoken.transports.turns import ParallelStep, Transport

if TYPE_CHECKING:
    from hypertoken.engine.session import Opening

Values = dict[str, Any]


class HyperTokenParallelEnv(Reopened, ParallelEnv[str, Any, Any]):
    """An environment, in this process or behind a server, as a PettingZoo ParallelEnv.

    A game of turns behaves as under PettingZoo's `turn_based_aec_to_parallel`: every agent is
    asked, the acting one's action counts, and `info["active_agent"]` names who acts next.

    Args:
        source: the server's URL, or a transport.
        render_mode: "human" prints after every step, "ansi" returns text, "rgb_array" pixels.
        mask_in_observation: show agents `{"observation", "action_mask"}`.
        env, illegal, timeout, token: see `WebSocketTransport`; only with a URL.
        options: the environment's own, as a mapping.
        named: the environment's own by name, such as `agents=3`.
    """

    def __init__(
        self,
        source: str | Transport | Opening = "ws://localhost:9999",
        render_mode: RenderMode | None = None,
        *,
        mask_in_observation: bool = False,
        env: str | None = None,
        options: Mapping[str, Any] | None = None,
        illegal: Illegal | None = None,
        timeout: float | None = None,
        token: str | None = None,
        **named: Any,
    ) -> None:
        words = {"env": env, "options": options, "illegal": illegal, "timeout": timeout}
        self._open(source, render_mode, mask_in_observation, token=token, **words, **named)

    def _prepare(self) -> None:
        transport = self.transport
        self.metadata = {
            "name": transport.name,
            "render_modes": render_modes(transport),
            "render_fps": 1,
        }
        self._options = DeclaredOptions(transport)
        self.possible_agents = list(transport.possible_agents)
        self.observation_spaces = {
            agent: self._masks.space(agent, transport.observation_space(agent))
            for agent in self.possible_agents
        }
        self.action_spaces = {a: transport.action_space(a) for a in self.possible_agents}
        self.agents: list[str] = []
        self._begun = False
        self._interrupted: str | None = None
        self.active_agent: str | None = None
        """Who acts next in a game of turns; None when all act or none is left."""

    def _episode(self) -> Any:
        return self.agents, self.active_agent

    def _resume(self, episode: Any) -> None:
        self.agents, self.active_agent = episode
        self._begun = True

    def observation_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object."""
        if agent not in self.observation_spaces:
            raise unknown_agent(self.transport, agent)
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object."""
        if agent not in self.action_spaces:
            raise unknown_agent(self.transport, agent)
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Values, dict[str, Values]]:
        """Start an episode; returns observations and infos of all agents.

        Args:
            seed: 0 … 2^53-1; later resets without one draw on from it.
            options: the environment's episode options; others are ignored with one warning.
        """
        given = self._options.of(options)
        try:
            step = self.transport.reset_parallel(seed, given)
        except BaseException as failure:
            self._note(failure, "reset")
            raise
        shown = self._shown(step)
        self.agents, self.active_agent, self._begun = list(step.agents), step.active, True
        self._interrupted = None
        if self.render_mode == "human":
            self.render()
        return shown

    def step(
        self, actions: Values
    ) -> tuple[Values, dict[str, float], dict[str, bool], dict[str, bool], dict[str, Values]]:
        """Step all agents.

        Args:
            actions: an action for each agent of `agents`.
        Returns:
            observations, rewards, terminations, truncations, infos of the agents that were there
            before the step; all empty when none was.
        Raises:
            EpisodeOverError: the environment was never reset.
            HyperTokenError: an action was refused or is missing; nothing has changed.
        """
        if self._interrupted:
            raise interrupted("step", self._interrupted)
        if not self.agents:
            if not self._begun:
                raise nobody_left("step")
            return {}, {}, {}, {}, {}
        given = {agent: actions[agent] for agent in self.agents if agent in actions}
        try:
            step = self.transport.step_parallel(given)
        except BaseException as failure:
            self._note(failure, "step")
            raise
        observations, infos = self._shown(step)
        if step.active is not None:
            for agent in step.agents:
                infos[agent]["active_agent"] = step.active
        self.agents, self.active_agent = list(step.agents), step.active
        if self.render_mode == "human":
            self.render()
        return observations, step.rewards, step.terminations, step.truncations, infos

    def _note(self, failure: BaseException, call: str) -> None:
        # An Exception says that nothing has changed; Ctrl-C may come at any moment. A game in this
        # process knows at which, and refuses steps itself where it came too late.
        whole = getattr(self.transport, "keeps_calls_whole", False)
        if not (isinstance(failure, Exception) or whole):
            self._interrupted = call

    def _shown(self, step: ParallelStep) -> tuple[Values, dict[str, Values]]:
        masks, flags = self._masks, step.masks
        observations = {
            agent: masks.observation(agent, seen, flags.get(agent))
            for agent, seen in step.observations.items()
        }
        infos = {
            agent: masks.info(agent, step.infos.get(agent, {}), flags.get(agent))
            for agent in step.observations
        }
        return observations, infos

    def render(self) -> Any:
        """Draw the environment: printed for "human", text for "ansi", pixels for "rgb_array"."""
        return draw(self.transport, self.render_mode)

    def close(self) -> None:
        """End the session; the environment cannot be used afterwards."""
        self.transport.close()
