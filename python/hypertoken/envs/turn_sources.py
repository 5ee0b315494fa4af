"""Where `HyperTokenAECEnv` has its turns from: any transport's messages, one a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn, Protocol

import numpy as np
from gymnasium import spaces

from hypertoken.engine.endpoint import Endpoint
from hypertoken.envs.common import Masks
from hypertoken.errors import EpisodeOverError
from hypertoken.spaces import Space
from hypertoken.transports.turns import Transport, Turn

Infos = dict[str, dict[str, Any]]
TurnBegin = tuple[list[str], str | None, Infos]
"""What a reset has done: the agents there are, who acts first, infos of who has something to be
told."""
TurnResult = tuple[list[float], int, list[bool] | None, list[bool] | None, Infos]
"""What a step has done: the rewards of all possible agents in their order; who acts next by index,
-1 when nobody is left; who was terminated and who truncated, None when nobody has ended; infos of
who has ended and of who acts next."""

ARRAYS = (spaces.Box, spaces.MultiBinary, spaces.MultiDiscrete)


@dataclass(slots=True)
class QuickTurns:
    """What a turn in this process needs, where it is one number in and a few columns out.

    Attributes:
        endpoint: whose calls must be whole; see `hypertoken.engine.endpoint`.
        bind: hands over the function that plays what is written, now and whenever it changes;
            the function returns 0 when there is nothing to tell but whose turn it is.
        choice: by agent's index, where its action is written.
        turn: where the index of who acts next stands; negative when nobody does.
        rewind: makes the next call a reset without a seed; or, with 0, a step again.
        over: the outcomes of a step that has paid or ended agents and done nothing else.
        rewards: reads all agents' rewards of the last step.
        terminated, truncated: by index, who was in the last step.
        no_masks: by index, how to read the mask of an agent that cannot act.
        forget: what is to be done after a reset whose outcome is 0.
        begun: what a reset with another outcome has done; raises if it failed.
        result: what a step of the agent of this index, with this outcome, has done; raises if it
            failed.
        unfit: the error for an action that is no number.
        read: by index, how to read what whoever acts is shown.
        live: by index, what it is shown, where that is a view of memory that steps overwrite.
        last: by name, how to read what an agent that has just ended saw last; empty where its mask
            belongs to that, and then `over` is empty too.
        masked: whether there are masks.
        copied: whether a mask is read by a function; else it is a view like `live`.
        masks: by index, that function or view.
    """

    endpoint: Endpoint
    bind: Callable[[Callable[[Callable[[], int]], None]], None]
    choice: Any
    turn: Any
    rewind: Callable[..., None]
    over: frozenset[int]
    rewards: Callable[[], list[float]]
    terminated: Any
    truncated: Any
    no_masks: list[Callable[[], Any]]
    forget: Callable[[], None]
    begun: Callable[[int], TurnBegin]
    result: Callable[[int, int], TurnResult]
    unfit: Callable[[Any], Exception]
    read: list[Callable[[], Any]]
    live: list[Any] | None
    last: dict[str, Callable[[], Any]]
    masked: bool
    copied: bool
    masks: list[Any]


class TurnSource(Protocol):
    """The turns of one environment. A call that raises has changed nothing."""

    @property
    def quick(self) -> QuickTurns | None:
        """How to play in this process; else by `step`, as `TurnsByMessage` has it."""
        ...

    @property
    def acting(self) -> str | None:
        """Who acts next."""
        ...

    @property
    def held(self) -> Mapping[int, Any]:
        """What agents were told since they last acted, by index."""
        ...

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> TurnBegin:
        """Start an episode."""
        ...

    def observe(self, agent: str) -> Any:
        """Return what an agent sees now, or saw last; the caller's own."""
        ...

    def mask(self, agent: str) -> Any:
        """Return a living agent's flat mask; None when it cannot act or has none."""
        ...

    def saved(self) -> Any:
        """What a copy of the transport needs beside it."""
        ...

    def load(self, saved: Any) -> None:
        """Go on with what another source has saved."""
        ...


class TurnsByMessage:
    """The turns that a transport tells; what they show is kept until the next."""

    quick = None
    held: Mapping[int, Any] = MappingProxyType({})

    def __init__(self, transport: Transport, masks: Masks) -> None:
        self._transport = transport
        self._masks = masks
        self._copies = {
            agent: _copier(transport.observation_space(agent))
            for agent in transport.possible_agents
        }
        self._names = list(transport.possible_agents)
        self.acting: str | None = None
        self._mask: Any = None
        self._seen: dict[str, Any] = {}

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> TurnBegin:
        """Start an episode."""
        turn = self._transport.reset(seed, options)
        infos = self._result(turn)[-1]
        return list(turn.agents), turn.agent_selection, infos

    def step(self, action: Any) -> TurnResult:
        """Play the acting agent's action."""
        return self._result(self._transport.step(action))

    def _result(self, turn: Turn) -> TurnResult:
        acting, masks = turn.agent_selection, self._masks
        seen = {agent: final.observation for agent, final in turn.final.items()}
        infos = {agent: masks.info(agent, final.info, None) for agent, final in turn.final.items()}
        if acting is not None:
            seen[acting] = turn.observation
            infos[acting] = masks.info(acting, turn.info, turn.mask)
        names, over, cut = self._names, turn.terminations, turn.truncations
        earned = [turn.rewards.get(name, 0) for name in names]
        following = -1 if acting is None else names.index(acting)
        terminated = [bool(over.get(name)) for name in names]
        truncated = [bool(cut.get(name)) for name in names]
        self.acting, self._mask, self._seen = acting, turn.mask, seen
        if any(terminated) or any(truncated):
            return earned, following, terminated, truncated, infos
        return earned, following, None, None, infos

    def observe(self, agent: str) -> Any:
        """Return what an agent sees now, or saw last; a copy, as it may be asked for again."""
        if agent not in self._seen:
            self._seen[agent] = self._transport.observe(agent)
        return self._copies[agent](self._seen[agent])

    def mask(self, agent: str) -> Any:
        """Return a living agent's flat mask; None when it cannot act or has none."""
        if agent == self.acting:
            return self._mask
        return None if self._transport.sequential else self._transport.action_mask(agent)

    def saved(self) -> Any:
        """What a copy of the transport needs beside it."""
        return self.acting, self._mask, self._seen

    def load(self, saved: Any) -> None:
        """Go on with what another source has saved."""
        self.acting, self._mask, self._seen = saved


def _copier(space: Space) -> Callable[[Any], Any]:
    if isinstance(space, spaces.Discrete):
        return _itself
    return np.array if isinstance(space, ARRAYS) else deepcopy


def _itself(value: Any) -> Any:
    return value


class InterruptedTurns:
    """The turns after a call that was interrupted: what it did is not known, so only a reset goes.

    Args:
        source: the turns that a reset goes on with.
        call: what was interrupted.
    """

    acting = None

    def __init__(self, source: TurnSource, call: str) -> None:
        self.reset = source.reset
        self._call = call

    def step(self, action: Any) -> NoReturn:
        """Refuse."""
        raise interrupted("step", self._call)

    def observe(self, agent: str) -> NoReturn:
        """Refuse."""
        raise interrupted("observe", self._call)

    def mask(self, agent: str) -> NoReturn:
        """Refuse."""
        raise interrupted("action_mask", self._call)


def interrupted(called: str, before: str) -> EpisodeOverError:
    """What a call raises after one of which nobody knows whether it was played."""
    return EpisodeOverError(
        f"{called} was refused; the {before} before it was interrupted and may or may not have "
        "been played; call reset()",
        "episode_over",
    )
