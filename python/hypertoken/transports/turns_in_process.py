"""The in-process transport: one row of the engine for the AEC, Parallel and Gymnasium adapters."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.description import Described
from hypertoken.engine import control
from hypertoken.engine.endpoint import plays
from hypertoken.engine.session import Opening, Session
from hypertoken.envs import copies
from hypertoken.envs.env import (
    action_writer,
    bad_action,
    illegal_reader,
    observation_reader,
)
from hypertoken.errors import BadActionError, EpisodeOverError, HyperTokenError, NotResetError
from hypertoken.spaces import Reader, Space, assemble_value, mask_size
from hypertoken.transports.turns import Final, ParallelStep, Turn


class NativeTransport(Described):
    """An environment in this process; a `hypertoken.transports.turns.Transport`.

    Args:
        opening: what to open; one row.
        copy: False hands out live views of observations and masks, which the next step overwrites.
        session: an open session of `opening` to use instead of a new one.
    """

    keeps_calls_whole = True
    """A step that was interrupted after it was played is refused until a reset."""

    def __init__(
        self, opening: Opening, *, copy: bool = True, session: Session | None = None
    ) -> None:
        self._again = opening, copy
        self.copy = copy
        self.session = session or Session(opening)
        description, replies = self.session.description, self.session.replies
        self.describe(description)
        self.info_numbers = bool(description.info_numbers)
        self.earned: Callable[[float], float] = int if description.integer_rewards else float
        agents = self.possible_agents
        self._index = {agent: k for k, agent in enumerate(agents)}
        self.readers: list[Reader] = [
            observation_reader(
                description.shared_observation_spaces[name], replies, copy, 0, agent, plain=False
            )
            for agent, name in enumerate(agents)
        ]
        self._writers = [
            _writer(self.name, description.shared_action_spaces[name], self.session, agent)
            for agent, name in enumerate(agents)
        ]
        masks = replies.get("action_mask")
        self.masks: list[Reader] = [
            _no_mask
            if masks is None
            else _mask_reader(description.shared_action_spaces[name], masks, agent, copy)
            for agent, name in enumerate(agents)
        ]
        self.no_masks: list[Reader] = [
            _constant(np.zeros(mask_size(space), np.int8), copy)
            for space in description.shared_action_spaces.values()
        ]
        self._replaced = [illegal_reader(replies, agent) for agent in range(len(agents))]
        self._reward = replies["reward"][0]
        self._terminated = replies["terminated"][0].view(np.bool_)
        self._truncated = replies["truncated"][0].view(np.bool_)
        self._alive = replies["alive"][0].view(np.bool_)
        self._turn = replies["turn"]
        self._agents: list[str] = []
        self._begun = False
        # What each agent was told since it last acted, by index.
        self._held: dict[int, dict[str, Any]] = {}
        self._chosen: list[str] = []
        self.session.requests["mask"].fill(1)

    @property
    def has_quick_turns(self) -> bool:
        """Whether a turn is one number in and a few columns out."""
        acts = self.session.description.action_spaces.values()
        numbers = all(isinstance(space, spaces.Discrete) for space in acts)
        plain = type(self) is NativeTransport and not self.info_numbers
        return plain and numbers and self.sequential

    def __reduce__(self) -> tuple[Any, ...]:
        return copies.reduced(*self._copied())

    def __deepcopy__(self, memo: dict[int, Any]) -> NativeTransport:
        twin: NativeTransport = copies.deep_copy(self, *self._copied(), memo)
        return twin

    def __setstate__(self, state: copies.State) -> None:
        copies.take_over(self, self.session, state)

    def _copied(self) -> tuple[copies.Made, Session, dict[str, Any]]:
        made = _again, (type(self), *self._again)
        turn = ("_agents", "_begun", "_held", "_chosen")
        return made, self.session, {name: getattr(self, name) for name in turn}

    # --- Turns ---

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> Turn:
        """Start an episode."""

        def begin() -> Turn:
            self._held = self._reset(seed, options)
            return self._turn_of(dict.fromkeys(self.possible_agents, 0), {})

        return self.session.endpoint.play(begin)

    @plays
    def step(self, action: Any) -> Turn:
        """Play the acting agent's action; at once, or when the last agent of a round has chosen.

        Raises:
            BadStepError: the last step was interrupted: reset first, for its turn cannot be shown.
        """
        endpoint = self.session.endpoint
        if endpoint.busy:
            endpoint.enter(passes_over=False)
        endpoint.busy = control.PLAYING
        try:
            return self._played(action)
        except BaseException as stopped:
            if endpoint.busy & control.CALLED:
                endpoint.rest |= control.OWED
            endpoint.stopped(stopped)
            raise
        finally:
            endpoint.busy = endpoint.rest

    def _played(self, action: Any) -> Turn:
        agent = self.acting()
        self._writers[self._index[agent]](action)
        if not self.sequential:
            self.session.endpoint.busy = control.CALLED  # from here on its choice counts
            self._chosen.append(agent)
            if len(self._chosen) < len(self._agents):
                self._held.pop(self._index[agent], None)
                return self._turn_of(dict.fromkeys(self._agents, 0), {})
            self._chosen = []
        before = self._agents
        try:
            ended, infos = self._step()
        except HyperTokenError:
            self._chosen = before[:-1] if not self.sequential else []
            raise
        self._held.pop(self._index[agent], None)
        self.hold(infos)
        return self._turn_of(self._rewards(before), ended)

    def hold(self, infos: dict[int, dict[str, Any]]) -> None:
        """Keep what agents were told until they have acted; a later fact replaces an earlier."""
        for index, info in infos.items():
            self._held.setdefault(index, {}).update(info)

    def acting(self) -> str:
        """The agent whose action comes next; refused before the first reset and at the end."""
        self.check_begun()
        if not self._agents:
            raise EpisodeOverError(
                f"cannot step {self.name}; its episode is over; reset it first", "episode_over"
            )
        if self.sequential:
            return self.possible_agents[int(self._turn[0])]
        return self._agents[len(self._chosen)]

    @property
    def begun(self) -> bool:
        """Whether it was reset."""
        return self._begun

    def check_begun(self) -> None:
        """Refuse what is asked before the first reset."""
        if not self._begun:
            raise NotResetError(
                f"{self.name} has not been reset; an episode begins with a reset; reset it first",
                "not_reset",
            )

    def _turn_of(
        self,
        rewards: dict[str, float],
        ended: dict[str, tuple[bool, bool]],
    ) -> Turn:
        selected = self.acting() if self._agents else None
        index = -1 if selected is None else self._index[selected]
        return Turn(
            agents=list(self._agents),
            agent_selection=selected,
            observation=None if selected is None else self.readers[index](),
            mask=None if selected is None else self.masks[index](),
            info=self._told(index),
            rewards=rewards,
            terminations={a: ended[a][0] if a in ended else False for a in rewards},
            truncations={a: ended[a][1] if a in ended else False for a in rewards},
            final={
                agent: Final(self.readers[self._index[agent]](), self._told(self._index[agent]))
                for agent in ended
            },
        )

    def _told(self, index: int) -> dict[str, Any]:
        # It is told again until the agent acts, whatever becomes of what was handed out.
        return deepcopy(self._held[index]) if index in self._held else {}

    def choose(self, agent: str, policy: str) -> Any:
        """Return what a policy that the environment declares would play for the acting agent."""
        index, session = self._index[agent], self.session

        def chosen() -> Any:
            session.choose(0, index, policy)
            columns = {name: column[0, index].copy() for name, column in session.actions.items()}
            return assemble_value(self.action_space(agent), columns, "action")

        return session.endpoint.play(chosen)

    # --- All agents at once ---

    def reset_parallel(self, seed: int | None, options: dict[str, Any] | None) -> ParallelStep:
        """Start an episode, seen by all agents."""

        def begin() -> ParallelStep:
            infos = self._reset(seed, options)
            return self._parallel(self.possible_agents, {}, infos)

        return self.session.endpoint.play(begin)

    @plays
    def step_parallel(self, actions: dict[str, Any]) -> ParallelStep:
        """Step all agents at once; in a sequential game only the acting agent's action counts.

        Raises:
            BadStepError: the last step was interrupted: reset first, for its ends were not shown.
        """
        endpoint = self.session.endpoint
        if endpoint.busy:
            endpoint.enter(passes_over=False)
        endpoint.busy = control.PLAYING
        try:
            return self._played_parallel(actions)
        except BaseException as stopped:
            if endpoint.busy & control.CALLED:
                endpoint.rest |= control.OWED
            endpoint.stopped(stopped)
            raise
        finally:
            endpoint.busy = endpoint.rest

    def _played_parallel(self, actions: dict[str, Any]) -> ParallelStep:
        acting = [self.acting()] if self.sequential else self._agents
        for agent in acting:
            if agent not in actions:
                raise BadActionError(
                    f"{self.name} refused a step without an action of {agent}; it is to act; pass "
                    "an action for each living agent",
                    "bad_action",
                )
        for agent in acting:
            self._writers[self._index[agent]](actions[agent])
        before = self._agents
        ended, infos = self._step()
        return self._parallel(before, ended, infos)

    def _parallel(
        self,
        before: list[str],
        ended: dict[str, tuple[bool, bool]],
        infos: dict[int, dict[str, Any]],
    ) -> ParallelStep:
        if not self.session.opening.observes_all and self.sequential:
            for agent in self._agents:
                self.session.endpoint.ask(control.OBSERVE, row=0, agent=self._index[agent])
        indices = {agent: self._index[agent] for agent in before}
        return ParallelStep(
            agents=list(self._agents),
            active=self.acting() if self.sequential and self._agents else None,
            observations={agent: self.readers[k]() for agent, k in indices.items()},
            masks={agent: self.masks[k]() for agent, k in indices.items()} if self.masked else {},
            rewards=self._rewards(before),
            terminations={a: ended[a][0] if a in ended else False for a in before},
            truncations={a: ended[a][1] if a in ended else False for a in before},
            infos={agent: infos.get(k, {}) for agent, k in indices.items()},
        )

    # --- What both share ---

    def _reset(self, seed: int | None, options: dict[str, Any] | None) -> dict[int, dict[str, Any]]:
        return self.told(self.restart(seed, options))

    def restart(self, seed: int | None, options: dict[str, Any] | None) -> int:
        """Reset the row; returns the outcome. From inside: see `Endpoint.play`."""
        self.session.write_seeds(seed)
        code = self.session.reset(options)
        self._begun, self._chosen, self._agents = True, [], list(self.possible_agents)
        return code

    def _step(self) -> tuple[dict[str, tuple[bool, bool]], dict[int, dict[str, Any]]]:
        """Step the row; returns who ended (terminated, truncated), and what was told."""
        code = self.call()
        told = self.told(code)
        ended: dict[str, tuple[bool, bool]] = {}
        if code & control.ENDED:
            for agent in self._agents:
                k = self._index[agent]
                if self._terminated[k] or self._truncated[k]:
                    ended[agent] = bool(self._terminated[k]), bool(self._truncated[k])
            self._agents = [agent for agent in self._agents if agent not in ended]
        return ended, told

    def call(self) -> int:
        """Step the row by what stands in its columns; returns the outcome, or raises."""
        caller = self.session.caller
        caller.endpoint.busy |= caller.endpoint.called
        return self.checked(caller.call())

    def checked(self, code: int) -> int:
        """The outcome of a call; raises if it failed."""
        caller = self.session.caller
        if code < 0:
            raise caller.endpoint.error(code)
        if code & control.SLOW:
            caller.slow()
        return code

    def told(self, code: int) -> dict[int, dict[str, Any]]:
        """What the call with this outcome told, by agent's index."""
        # Numbers that travel in columns come with the rest, so that a step has one way to tell.
        if code & control.INFOS or self.info_numbers:
            return self.session.infos()[0].get(0, {})
        if code & control.ILLEGAL:
            read = {k: replaced() for k, replaced in enumerate(self._replaced)}
            return {k: info for k, info in read.items() if info}
        return {}

    def _rewards(self, agents: list[str]) -> dict[str, float]:
        rewards, earned = self._reward.tolist(), self.earned
        return {agent: earned(rewards[self._index[agent]]) for agent in agents}

    def observe(self, agent: str) -> Any:
        """Return what a living agent sees now."""
        k = self._index[agent]
        if self.sequential and int(self._turn[0]) != k:
            self.session.observe(0, k)
        return self.readers[k]()

    def action_mask(self, agent: str) -> Any:
        """Return a living agent's flat mask: all 0 when it cannot act, None without masks."""
        return self.masks[self._index[agent]]()

    def render(self, mode: str, agent: str | None = None) -> Any:
        """Draw the environment as text ("ansi", "human") or as an RGB frame ("rgb_array")."""
        return self.session.render(mode, agent)

    def close(self) -> None:
        """Free the environment; it cannot be used afterwards."""
        self.session.close()


def _again(kind: type[NativeTransport], opening: Opening, copy: bool) -> NativeTransport:
    return kind(opening, copy=copy)


def _no_mask() -> None:
    return None


def _mask_reader(space: Space, masks: Any, agent: int, copy: bool) -> Reader:
    flags = masks[0, agent, : mask_size(space)].view(np.int8)
    return flags.copy if copy else lambda: flags


def _constant(flags: NDArray[np.int8], copy: bool) -> Reader:
    flags.flags.writeable = False
    return flags.copy if copy else lambda: flags


def _writer(name: str, space: Space, session: Session, agent: int) -> Callable[[Any], None]:
    """The function that writes this agent's action; it refuses what is outside a Discrete space,
    so that an agent that chooses early in a round hears of it at once.
    """
    write = action_writer(name, space, session.actions, 0, agent)
    if write is not None or not isinstance(space, spaces.Discrete):
        assert write is not None
        return write
    cell: Any = session.actions["action"].reshape(-1).data
    first, last = int(space.start), int(space.start + space.n) - 1
    who = session.description.possible_agents[agent]

    def choose(action: Any) -> None:
        try:
            before = cell[agent]
            cell[agent] = action
        except (TypeError, ValueError) as unfit:
            raise bad_action(name, action) from unfit
        if not first <= cell[agent] <= last:
            chosen, cell[agent] = cell[agent], before
            raise BadActionError(
                f"{name} refused action {chosen} of {who}; it is not in the action space "
                f"Discrete[n={last - first + 1}, start={first}]; send an integer from {first} to "
                f"{last}",
                "bad_action",
            )

    return choose


__all__ = ["NativeTransport"]
