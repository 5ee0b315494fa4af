"""Transports: what the adapters need of an environment, wherever it runs.

`HyperTokenAECEnv`, `HyperTokenParallelEnv` and `HyperTokenGymEnv` know only `Transport`;
`WebSocketTransport` speaks it over the bridge. Another transport (in-process, recorded) is another
class with the same methods.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hypertoken.description import Described, Description
from hypertoken.options import Illegal
from hypertoken.spaces import Space, observation_decoder

if TYPE_CHECKING:
    from hypertoken.remote.client import HyperTokenClient


@dataclass(slots=True)
class Final:
    """What an agent sees last, when its episode has ended; it has no action left."""

    observation: Any
    info: dict[str, Any]


@dataclass(slots=True)
class Turn:
    """One AEC turn: everything about the agent that acts next, and what the step did to all.

    Attributes:
        agents: the agents alive after this step, in order.
        agent_selection: who acts next; None when the episode is over.
        observation: its observation, an element of its space.
        mask: its legal actions, flat 0/1, or None where the environment has no mask.
        info: its info, without the mask.
        rewards, terminations, truncations: of this step, for every agent alive before it.
        final: for each agent that ended in this step, what it sees last.
    """

    agents: list[str]
    agent_selection: str | None
    observation: Any
    mask: Any
    info: dict[str, Any]
    rewards: dict[str, float]
    terminations: dict[str, bool]
    truncations: dict[str, bool]
    final: dict[str, Final]


@dataclass(slots=True)
class ParallelStep:
    """One step of all agents: dicts keyed by every agent alive before it.

    Attributes:
        agents: the agents alive after this step, in order.
        active: who acts next in a sequential game; None when all act or none is left.
        masks: the legal actions, flat 0/1, of agents whose environment has a mask.
    """

    agents: list[str]
    active: str | None
    observations: dict[str, Any]
    masks: dict[str, Any]
    rewards: dict[str, float]
    terminations: dict[str, bool]
    truncations: dict[str, bool]
    infos: dict[str, dict[str, Any]]


class Transport(Protocol):
    """One environment, one row. Errors are HyperTokenErrors; a refused call changes nothing."""

    name: str
    """The environment's id."""
    possible_agents: list[str]
    sequential: bool
    """Whether agents act one after another; else all at once."""
    masked: bool
    """Whether agents are told which actions are legal."""
    options: frozenset[str]
    """The options that a reset may name."""
    render_modes: list[str]

    def observation_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object. KeyError for an unknown agent."""
        ...

    def action_space(self, agent: str) -> Space:
        """Return this agent's space, always the same object. KeyError for an unknown agent."""
        ...

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Turn:
        """Start an episode."""
        ...

    def step(self, action: Any) -> Turn:
        """Play the acting agent's action."""
        ...

    def observe(self, agent: str) -> Any:
        """Return what a living agent sees now."""
        ...

    def action_mask(self, agent: str) -> Any:
        """Return a living agent's flat mask: all 0 when it cannot act, None without masks."""
        ...

    def reset_parallel(self, seed: int | None, options: dict[str, Any] | None) -> ParallelStep:
        """Start an episode, seen by all agents."""
        ...

    def step_parallel(self, actions: dict[str, Any]) -> ParallelStep:
        """Step all agents at once; in a sequential game only the acting agent's action counts."""
        ...

    def render(self, mode: str, agent: str | None = None) -> str | NDArray[Any] | None:
        """Draw the environment as text ("ansi", "human") or as an RGB frame ("rgb_array").

        Args:
            mode: the render mode.
            agent: whose view a text is; a spectator's when left out.
        """
        ...

    def close(self) -> None:
        """Release what this transport holds."""
        ...


class WebSocketTransport(Described):
    """An environment behind the bridge: one message a turn, spaces asked once.

    Args:
        url: the server; `?env=...` in it chooses the environment, else the server's default.
        env: the environment to open instead of the URL's.
        options: construction options, such as `{"agents": 3}`, of `env` or of the server's default.
        illegal: "fallback" (the server's default), "strict" or "terminate".
        max_episode_steps: after how many steps an episode is truncated, -1 for never.
        timeout: seconds to wait for a reply.
        token: the server's access token.
        client: a client to use instead of a new one.
    """

    def __init__(
        self,
        url: str = "ws://localhost:9999",
        *,
        env: str | None = None,
        options: dict[str, Any] | None = None,
        illegal: Illegal | None = None,
        max_episode_steps: int | None = None,
        timeout: float = 30.0,
        token: str | None = None,
        client: HyperTokenClient | None = None,
    ) -> None:
        self._again = partial(
            WebSocketTransport,
            url,
            env=env,
            options=options,
            illegal=illegal,
            max_episode_steps=max_episode_steps,
            timeout=timeout,
            token=token,
        )
        # Who stays in this process needs no WebSocket library.
        from hypertoken.remote.client import HyperTokenClient
        from hypertoken.remote.environment import RemoteEnvironment

        self.client = client or HyperTokenClient(url, timeout, token=token)
        self._remote = RemoteEnvironment(
            self.client,
            env,
            options,
            self._read_spec,
            illegal=illegal,
            max_episode_steps=max_episode_steps,
        )

    def __repr__(self) -> str:
        return repr(self._remote).replace("RemoteEnvironment", type(self).__name__)

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another session of the same environment.
        return self._again, ()

    def _read_spec(self, info: dict[str, Any], opened: dict[str, Any]) -> None:
        self.describe(Description(info))
        self.info = info
        self._decoders = {
            agent: observation_decoder(space)
            for agent, space in self.description.observation_spaces.items()
        }

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Turn:
        """Start an episode."""
        return self._turn(self._remote.begin(self.client.reset_turn, seed, options))

    def step(self, action: Any) -> Turn:
        """Play the acting agent's action: one message, one reply."""
        return self._turn(self._remote.ask(self.client.step_turn, action))

    def observe(self, agent: str) -> Any:
        """Return what a living agent sees now."""
        return self._decoders[agent](self._remote.ask(self.client.observe, agent))

    def action_mask(self, agent: str) -> Any:
        """Return a living agent's flat mask: all 0 when it cannot act, None without masks."""
        return self._remote.ask(self.client.action_mask, agent)

    def choose(self, agent: str, policy: str) -> Any:
        """Return what a policy that the environment declares would play for the acting agent."""
        return self._remote.ask(self.client.choose, policy)

    def reset_parallel(self, seed: int | None, options: dict[str, Any] | None) -> ParallelStep:
        """Start an episode, seen by all agents."""
        return self._parallel(self._remote.begin(self.client.reset_parallel, seed, options))

    def step_parallel(self, actions: dict[str, Any]) -> ParallelStep:
        """Step all agents at once: one message, one reply."""
        return self._parallel(self._remote.ask(self.client.step_all, actions))

    def render(self, mode: str, agent: str | None = None) -> str | NDArray[Any] | None:
        """Draw the environment; None where it cannot be drawn so."""
        if mode == "rgb_array":
            return _image(self._remote.ask(self.client.render, None, "frame")["frame"])
        text: str | None = self._remote.ask(self.client.render, agent).get("text")
        return text

    def close(self) -> None:
        """End the session and the connection."""
        self._remote.close()

    def _turn(self, reply: dict[str, Any]) -> Turn:
        selected: str | None = reply["agent_selection"]
        info = reply["info"] or {}
        return Turn(
            agents=reply["agents"],
            agent_selection=selected,
            observation=None
            if selected is None
            else self._decoders[selected](reply["observation"]),
            mask=info.pop("action_mask", None),
            info=info,
            rewards=reply["rewards"],
            terminations=reply["terminations"],
            truncations=reply["truncations"],
            final={
                agent: Final(
                    self._decoders[agent](seen["observation"]), _without_mask(seen["info"])
                )
                for agent, seen in (reply.get("final") or {}).items()
            },
        )

    def _parallel(self, reply: dict[str, Any]) -> ParallelStep:
        infos: dict[str, dict[str, Any]] = reply["infos"]
        masks = {a: info.pop("action_mask") for a, info in infos.items() if "action_mask" in info}
        return ParallelStep(
            agents=reply["agents"],
            active=reply.get("agent_selection") if self.sequential else None,
            observations={
                agent: self._decoders[agent](seen) for agent, seen in reply["observations"].items()
            },
            masks=masks,
            rewards=reply.get("rewards") or {},
            terminations=reply.get("terminations") or {},
            truncations=reply.get("truncations") or {},
            infos=infos,
        )


def _without_mask(info: dict[str, Any]) -> dict[str, Any]:
    info.pop("action_mask", None)
    return info


def _image(frame: dict[str, Any]) -> NDArray[np.uint8]:
    pixels = np.frombuffer(base64.b64decode(frame["data"]), np.uint8)
    return pixels.reshape(frame["shape"]).copy()
