"""Gymnasium's Env: one seat is yours, the others are played by policies."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, Unpack

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.description import Described
from hypertoken.engine.session import Session
from hypertoken.envs.common import (
    DeclaredOptions,
    Masks,
    as_transport,
    check_render_mode,
    draw,
    render_modes,
    unknown_agent,
)
from hypertoken.envs.registered import Registered
from hypertoken.errors import (
    BadStepError,
    EnvironmentFailedError,
    EpisodeOverError,
    HyperTokenError,
)
from hypertoken.options import BuiltInPolicy, ServerOpening
from hypertoken.seeding import check_seed
from hypertoken.spaces import convert_mask, legal_actions
from hypertoken.transports.turns import Transport, Turn
from hypertoken.transports.turns_in_process import NativeTransport

Policy = Callable[[str, Any, NDArray[np.int8] | None], Any]
"""Chooses an action from the agent's name, its observation and its flat int8 mask (or None)."""

Others = BuiltInPolicy | str | Policy | Mapping[str, BuiltInPolicy | str | Policy]
"""Who plays the other seats: a policy or the name of one, for all or by agent."""

_FOLDER = "policy:"

_TRIES = 1000


class HyperTokenGymEnv(Registered, gymnasium.Env[Any, Any]):
    """One agent of a HyperToken environment as a gymnasium.Env.

    Step plays your action, then the other agents' until it is your turn again; the reward is what
    your agent gained in between. Where the environment has masks, `info["action_mask"]` is an
    int8 array and `action_masks()` what sb3-contrib's MaskablePPO asks for.

    Args:
        source: the server's URL, or a transport.
        render_mode: "human" prints after every step, "ansi" returns text, "rgb_array" pixels.
        agent: your agent; the first one when left out.
        others: who plays the other seats: "random" (uniform among the legal actions, drawn from
            this environment's own generator, so a seed fixes it), "first" (the first legal
            action), the name of a policy that the environment declares, "policy:DIR" for a trained
            one in a folder of this machine, a policy, or a dict of these by agent.
        mask_in_observation: show `{"observation", "action_mask"}`.
        env, options, illegal, timeout, token: see `WebSocketTransport`; only with a URL.
    """

    def __init__(
        self,
        source: str | Transport = "ws://localhost:9999",
        render_mode: str | None = None,
        *,
        agent: str | None = None,
        others: Others = "random",
        mask_in_observation: bool = False,
        **opening: Unpack[ServerOpening],
    ) -> None:
        self.transport = as_transport(source, **opening)
        try:
            self._begin(render_mode, agent, others, mask_in_observation)
        except BaseException:
            if isinstance(source, str):
                self.transport.close()
            raise

    def _begin(
        self, render_mode: str | None, agent: str | None, others: Others, mask_in_observation: bool
    ) -> None:
        transport = self.transport
        self.name = transport.name
        self.sequential = transport.sequential
        self.agent = transport.possible_agents[0] if agent is None else agent
        if self.agent not in transport.possible_agents:
            raise unknown_agent(transport, self.agent, "agent=")
        self.metadata = {"render_modes": render_modes(transport), "render_fps": 1}
        self.render_mode = check_render_mode(transport, render_mode)
        self._masks = Masks(transport, mask_in_observation)
        self._options = DeclaredOptions(transport)
        self.observation_space = self._masks.space(
            self.agent, transport.observation_space(self.agent)
        )
        self.action_space = transport.action_space(self.agent)
        self._policies = {
            other: self._policy(
                others.get(other, "random") if isinstance(others, Mapping) else others, other
            )
            for other in transport.possible_agents
            if other != self.agent
        }
        self._over = True
        self._half_played = False
        self._mask: Any = None

    def _described(self) -> Described | None:
        return self.transport if isinstance(self.transport, Described) else None

    def _opened(self) -> Session | None:
        return self.transport.session if isinstance(self.transport, NativeTransport) else None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Start an episode and play on to your first turn; returns observation and info.

        Args:
            seed: 0 … 2^53-1; later resets without one draw on from it.
            options: the environment's episode options; others are ignored with one warning.
        """
        super().reset(seed=None if seed is None else check_seed(seed))
        declared = self._options.of(options)
        turn, _ = self._play_others(self._begun(self.transport.reset, seed, declared))
        for _ in range(_TRIES):
            if turn.agent_selection == self.agent:
                break
            # The others ended the episode before our first turn: deal again.
            turn, _ = self._play_others(self.transport.reset(None, declared))
        else:
            raise EnvironmentFailedError(
                f"reset gave up; {self.agent} never got a turn in {_TRIES} episodes of "
                f"{self.transport.name}; play another agent or other policies",
                "environment_failed",
            )
        self._over = self._half_played = False
        if self.render_mode == "human":
            self.render()
        return self._shown(turn)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Play your action and the others' until your next turn.

        Returns:
            observation, reward, terminated, truncated, info of your agent.
        Raises:
            EpisodeOverError: your agent's episode has ended, or was never begun.
            BadStepError: the last step or reset was interrupted, or a policy raised, while the
                others played: reset first.
            HyperTokenError: the action was refused; nothing has changed.
        """
        if self._over:
            raise EpisodeOverError(
                f"step was refused; the episode of {self.agent} is over; call reset() first",
                "episode_over",
            )
        if self._half_played:
            raise BadStepError(
                f"step was refused; the last call ended while the others of {self.name} were "
                f"playing, so it may not be the turn of {self.agent}; call reset() first",
                "bad_step",
            )
        turn, reward = self._play_others(self._begun(self.transport.step, action))
        self._half_played = False
        terminated = truncated = False
        if self.agent in turn.final:
            self._over = True
            terminated = turn.terminations[self.agent]
            truncated = turn.truncations[self.agent]
        if self.render_mode == "human":
            self.render()
        observation, info = self._shown(turn)
        return observation, float(reward), terminated, truncated, info

    def _begun(self, call: Callable[..., Turn], *arguments: Any) -> Turn:
        """Make a call whose turn is not over before the others have played theirs."""
        before, self._half_played = self._half_played, bool(self._policies)
        try:
            return call(*arguments)
        except HyperTokenError:  # refused: nothing has moved
            self._half_played = before
            raise

    def _play_others(self, turn: Turn) -> tuple[Turn, float]:
        reward = turn.rewards.get(self.agent, 0)
        while self.agent not in turn.final:
            other = turn.agent_selection
            if other is None or other == self.agent:
                break
            mask = self._masks.flags(other, turn.mask) if self._masks.has(other) else None
            turn = self.transport.step(self._policies[other](other, turn.observation, mask))
            reward += turn.rewards.get(self.agent, 0)
        return turn, reward

    def _shown(self, turn: Turn) -> tuple[Any, dict[str, Any]]:
        final = turn.final.get(self.agent)
        observation, mask, info = (
            (turn.observation, turn.mask, turn.info)
            if final is None
            else (final.observation, None, final.info)
        )
        self._mask = mask
        masks = self._masks
        return (
            masks.observation(self.agent, observation, mask),
            masks.info(self.agent, info, mask),
        )

    def action_masks(self) -> NDArray[np.bool_]:
        """Tell which actions are legal, (n,) bool; all True where the environment has no masks."""
        if self._masks.has(self.agent):
            return self._masks.flags(self.agent, self._mask).astype(np.bool_)
        if isinstance(self.action_space, spaces.Discrete):
            return np.ones(int(self.action_space.n), dtype=np.bool_)
        raise TypeError(f"action_masks() was refused; {self.action_space} has no finite actions")

    def render(self) -> Any:
        """Draw what its seat sees: printed for "human", text for "ansi", pixels for "rgb_array"."""
        return draw(self.transport, self.render_mode, self.agent)

    def close(self) -> None:
        """End the session; the environment cannot be used afterwards."""
        self.transport.close()

    def _policy(self, policy: str | Policy, agent: str) -> Policy:
        if callable(policy):
            return policy
        if policy == "random":
            return self._random
        if policy == "first":
            return self._first
        if isinstance(policy, str) and policy.startswith(_FOLDER):
            return self._trained(policy.removeprefix(_FOLDER), agent)
        # A transport of somebody's own may know of none.
        declared = getattr(getattr(self.transport, "description", None), "policies", [])
        choose = getattr(self.transport, "choose", None)
        if policy in declared and choose is not None:
            return lambda agent, observation, mask: choose(agent, policy)
        known = ["random", "first", *(name for name in declared if name != "random")]
        raise ValueError(
            f"others={policy!r} was refused; the policies of {self.name} are {', '.join(known)}; "
            f'{_close(policy, known)}pass one of them, "policy:DIR" or a function of (agent, '
            "observation, action_mask)"
        )

    def _trained(self, path: str, agent: str) -> Policy:
        """It plays here, so that nothing of its path is told to a server."""
        from hypertoken.policy import Policy as Trained

        trained = Trained.load(path, env=_Seat(self.transport, agent))
        return lambda agent, observation, mask: trained(observation, mask)

    def _random(self, agent: str, observation: Any, mask: NDArray[np.int8] | None) -> Any:
        space = self.transport.action_space(agent)
        if isinstance(space, spaces.Discrete):
            legal = legal_actions(space, mask)
            return int(legal[self.np_random.integers(len(legal))])
        space.seed(int(self.np_random.integers(2**31)))
        return space.sample(None if mask is None else convert_mask(space, mask))

    def _first(self, agent: str, observation: Any, mask: NDArray[np.int8] | None) -> Any:
        space = self.transport.action_space(agent)
        if isinstance(space, spaces.Discrete):
            return int(legal_actions(space, mask)[0])
        raise TypeError(f"the policy 'first' was refused; {space} has no first action")


def _close(given: object, known: list[str]) -> str:
    close = difflib.get_close_matches(str(given), known, n=1)
    return f"did you mean {close[0]!r}? " if close else ""


class _Seat:
    """What a policy must fit that is to play one agent."""

    def __init__(self, transport: Transport, agent: str) -> None:
        self.name = transport.name
        self.observation_space = transport.observation_space(agent)
        self.action_space = transport.action_space(agent)


def mimic_dealer(agent: str, observation: Any, mask: NDArray[np.int8] | None) -> int:
    """Play casino blackjack as the dealer does: hit below 17, else stand; never insure."""
    hit, stand = 0, 1
    total = round(float(observation[0]) * 31)
    return hit if total < 17 and (mask is None or mask[hit]) else stand


class BlackjackGymWrapper(HyperTokenGymEnv):
    """Casino blackjack from the first seat; the other seats play like the dealer.

    Observation: 7 float32 in [0, 1]: hand value/31, dealer's up card/11, soft, can double, can
    split, can insure, share of the shoe left. Actions: 0 hit, 1 stand, 2 double, 3 split,
    4 insurance. Reward: chips won or lost, when the round is settled.

    Args:
        source: the URL of a server with `--env blackjack`, or a transport.
        render_mode, others, opening: see `HyperTokenGymEnv`.
    Raises:
        ValueError: something else is served there.
    """

    def __init__(
        self,
        source: str | Transport = "ws://localhost:9999",
        render_mode: str | None = None,
        *,
        others: Others = mimic_dealer,
        **opening: Unpack[ServerOpening],
    ) -> None:
        super().__init__(source, render_mode, others=others, **opening)
        if self.transport.name != "casino-blackjack":
            served = self.transport.name
            self.close()
            raise ValueError(
                f"{source} was refused; it serves {served}, not casino-blackjack; start the server "
                "with --env blackjack or use HyperTokenGymEnv"
            )
