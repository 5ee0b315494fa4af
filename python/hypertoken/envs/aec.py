"""PettingZoo's AEC API: agents act one after another; in this process, behind a server, or over
any other transport.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pettingzoo.utils.env import AECEnv

from hypertoken.envs.aec_calls import Calls, Last
from hypertoken.envs.agent_values import AgentState, AgentValues, assignable, changeable
from hypertoken.envs.common import (
    Reopened,
    as_method,
    draw,
    render_modes,
    unknown_agent,
)
from hypertoken.envs.turn_sources import TurnsByMessage, TurnSource
from hypertoken.options import Illegal, RenderMode
from hypertoken.spaces import Space
from hypertoken.transports.turns import Transport

if TYPE_CHECKING:
    from hypertoken.engine.session import Opening


class HyperTokenAECEnv(Reopened, AECEnv[str, Any, Any]):
    """An environment, in this process or behind a server, as a PettingZoo AECEnv.

    Observations are plain; where the environment has masks, `info["action_mask"]` is an int8 array
    as `Discrete.sample(mask)` wants it. An action outside the mask is replaced by the
    environment's fallback, and the info says so; `illegal=` changes that.

    Whoever changes or assigns `agents`, `rewards`, `terminations`, `truncations` or `infos`, as
    wrappers do, changes what `last()`, `agent_iter()` and the next step go on with. A step then
    writes what it has news of: everybody's rewards, the ends of who has ended, the infos of who has
    acted, has ended and acts next. A reset writes everything.

    Args:
        source: the server's URL, or a transport.
        render_mode: "human" prints after every step, "ansi" returns text, "rgb_array" pixels.
        mask_in_observation: show agents `{"observation", "action_mask"}`, as PettingZoo's classic
            games do.
        env, illegal, timeout, token: see `WebSocketTransport`; only with a URL.
        options: the environment's own, as a mapping.
        named: the environment's own by name, such as `agents=3`.
    """

    agents: list[str] = assignable("agents")
    agent_selection: Any = assignable("agent_selection")
    rewards: AgentValues[float] = assignable("rewards")
    terminations: AgentValues[bool] = changeable("terminations")
    truncations: AgentValues[bool] = changeable("truncations")
    infos: AgentValues[dict[str, Any]] = assignable("infos")
    _cumulative_rewards: dict[str, float] = changeable("cumulative")
    _skip_agent_selection: str | None = assignable("skipped")

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
        super().__init__()
        words = {"env": env, "options": options, "illegal": illegal, "timeout": timeout}
        self._open(source, render_mode, mask_in_observation, token=token, **words, **named)

    def _prepare(self) -> None:
        transport, masks = self.transport, self._masks
        self.metadata = {
            "name": transport.name,
            "render_modes": render_modes(transport),
            "render_fps": 1,
            "is_parallelizable": not transport.sequential,
        }
        self.possible_agents = list(transport.possible_agents)
        self.observation_spaces = {
            agent: masks.space(agent, transport.observation_space(agent))
            for agent in self.possible_agents
        }
        self.action_spaces = {a: transport.action_space(a) for a in self.possible_agents}
        source: TurnSource
        native: Any = transport
        if getattr(transport, "has_quick_turns", False):
            # Whoever plays on a server needs nothing of it.
            from hypertoken.envs.aec_in_process import TurnsInProcess

            source = TurnsInProcess(native, masks.in_observation)
        else:
            source = TurnsByMessage(transport, masks)
        self._source = source
        self._state = AgentState()
        self._calls = Calls(transport, source, self._state, masks)
        kind = type(self)
        if all(getattr(kind, name) is getattr(HyperTokenAECEnv, name) for name in _CALLS):
            self._call_directly()

    def _episode(self) -> Any:
        return self._state.saved(), self._source.saved()

    def _resume(self, episode: Any) -> None:
        state, turns = episode
        self._state.load(state)
        self._source.load(turns)
        self._calls.resume()

    def _call_directly(self) -> None:
        for name in _CALLS:
            if self.render_mode != "human" or name not in ("reset", "step"):
                call = as_method(getattr(self._calls, name), getattr(HyperTokenAECEnv, name))
                setattr(self, name, call)

    # --- Spaces ---

    def observation_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object."""
        self._known(agent)
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object."""
        self._known(agent)
        return self.action_spaces[agent]

    def _known(self, agent: str) -> None:
        if agent not in self.action_spaces:
            raise unknown_agent(self.transport, agent)

    # --- Turns ---

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start an episode.

        Args:
            seed: 0 … 2^53-1; later resets without one draw on from it.
            options: the environment's episode options; others are ignored with one warning.
        """
        self._calls.reset(seed, options)
        if self.render_mode == "human":
            self.render()

    def step(self, action: Any) -> None:
        """Play the selected agent's action; None, and nothing else, when it has ended.

        Raises:
            EpisodeOverError: all agents are gone, or the environment was never reset.
            NotYourTurnError: somebody has selected an agent that does not act next in the game.
            HyperTokenError: the action was refused; nothing has changed.
        """
        self._calls.step(action)
        if self.render_mode == "human":
            self.render()

    def last(self, observe: bool = True) -> Last:
        """Return observation, reward since it last acted, terminated, truncated and info.

        All of the selected agent; the observation is None unless `observe`.

        Raises:
            EpisodeOverError: all agents are gone, or the environment was never reset.
        """
        _, *told = self._calls.last(observe=False)
        return (self.observe(self.agent_selection) if observe else None, *told)  # type: ignore

    def agent_iter(self, max_iter: int = 2**63) -> Iterator[str]:
        """Yield the selected agent until none is left; step once for each."""
        return self._calls.agent_iter(max_iter)

    def _was_dead_step(self, action: Any) -> None:
        self._calls.dead_step(action)

    def _deads_step_first(self) -> str:
        return self._calls.deads_step_first()

    # --- What agents see ---

    def observe(self, agent: str) -> Any:
        """Return what this agent sees now, yours; its last observation once it has ended.

        Raises:
            UnknownAgentError: the environment has no agent of that name.
        """
        return self._calls.observe(agent)

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
        return self._masks.flags(agent, self._calls.mask(agent)).astype(np.bool_)

    def render(self) -> Any:
        """Draw the environment: printed for "human", text for "ansi", pixels for "rgb_array"."""
        return draw(self.transport, self.render_mode)

    def close(self) -> None:
        """End the session; the environment cannot be used afterwards."""
        self.transport.close()


_CALLS = ("reset", "step", "last", "observe", "agent_iter")

HyperTokenEnv = HyperTokenAECEnv
"""The name older code uses."""

NativeAECEnv = HyperTokenAECEnv
"""The name of version 0.1 for one in this process, which its pickles hold."""


def _again(
    kind: type[HyperTokenAECEnv],
    opening: Opening,
    render_mode: RenderMode | None,
    mask_in_observation: bool,
    copy: bool,
) -> HyperTokenAECEnv:
    # What the pickles of version 0.1 call.
    return kind(opening, render_mode, mask_in_observation=mask_in_observation, copy=copy)
