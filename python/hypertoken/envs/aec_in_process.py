"""The turns of `HyperTokenAECEnv` in this process: one C call a turn, read from columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np

from hypertoken.engine import control
from hypertoken.envs.env import bad_action
from hypertoken.envs.turn_sources import ARRAYS, Infos, QuickTurns, TurnBegin, TurnResult
from hypertoken.transports.turns_in_process import NativeTransport

_OVER = frozenset({control.ENDED, control.ENDED | control.REWARDED})


class TurnsInProcess:
    """The turns of a row whose actions are numbers.

    Args:
        transport: whose `has_quick_turns` is True.
        mask_in_observation: whether agents are shown `{"observation", "action_mask"}`.
    """

    def __init__(self, transport: NativeTransport, mask_in_observation: bool) -> None:
        self._transport = transport
        session, replies = transport.session, transport.session.replies
        self._names = transport.possible_agents
        self._indices = {name: k for k, name in enumerate(self._names)}
        self._words, self._seeds = session.endpoint.words, session.requests["seeds"]
        # Reading a memoryview takes a third of what reading an array does.
        self._choice: Any = session.actions["action"].reshape(-1).data
        self._turn: Any = replies["turn"].data
        self._terminated: Any = replies["terminated"][0].view(np.bool_).data
        self._truncated: Any = replies["truncated"][0].view(np.bool_).data
        reward: Any = replies["reward"][0].data
        self._rewards: Callable[[], list[float]] = reward.tolist
        if session.description.integer_rewards:
            self._rewards = lambda: list(map(int, reward))
        self._ended: Sequence[int] = ()  # in the last step
        self.held: dict[int, dict[str, Any]] = {}
        self._info = self._info_reader()
        self._result = self._result_reader()
        self.quick = self._quick(mask_in_observation)

    @property
    def acting(self) -> str | None:
        """Who acts next."""
        return self._names[self._turn[0]] if self._turn[0] >= 0 else None

    def reset(self, seed: int | None, options: dict[str, Any] | None) -> TurnBegin:
        """Start an episode."""
        try:
            code = self._transport.restart(seed, options)
        finally:
            self._seeds.fill(-1)
        return self._begun(code)

    def _begun(self, code: int) -> TurnBegin:
        """What a reset with this outcome has done; raises if it failed."""
        self.held, self._ended = self._transport.told(self._transport.checked(code)), ()
        acting, names = self._turn[0], self._names
        return names, names[acting], {names[acting]: self._info(acting, True)}

    def _result_reader(self) -> Callable[[int, int], TurnResult]:
        """Make the function that tells what a step of the agent of this index has done."""
        transport, names, turn, info = self._transport, self._names, self._turn, self._info
        rewards, terminated, truncated = self._rewards, self._terminated, self._truncated

        def result(acted: int, code: int) -> TurnResult:
            if code < 0 or code & control.SLOW:
                transport.checked(code)
            held = self.held
            if held:
                held.pop(acted, None)
            if code & control.TOLD:
                for index, news in transport.told(code).items():
                    held.setdefault(index, {}).update(news)
            acting = turn[0]
            infos: Infos = {names[acting]: info(acting, True)} if acting >= 0 else {}
            gained = rewards()
            if not code & control.ENDED:
                self._ended = ()
                return gained, acting, None, None, infos
            over, cut = terminated.tolist(), truncated.tolist()
            self._ended = ended = [k for k in range(len(over)) if over[k] or cut[k]]
            for k in ended:
                infos[names[k]] = info(k, False)
            return gained, acting, over, cut, infos

        return result

    def _info_reader(self) -> Callable[[int, bool], dict[str, Any]]:
        """Make the function that tells an agent's info; with its mask, which allows nothing unless
        the agent acts.
        """
        transport = self._transport
        masked, masks, no_masks = transport.masked, transport.masks, transport.no_masks

        def info(index: int, acts: bool) -> dict[str, Any]:
            # It is told again until the agent acts, whatever becomes of what was handed out.
            held = self.held
            told = deepcopy(held[index]) if held and index in held else {}
            if masked:
                told["action_mask"] = masks[index]() if acts else no_masks[index]()
            return told

        return info

    def observe(self, agent: str) -> Any:
        """Return what an agent sees now, or saw last."""
        self._transport.check_begun()
        k = self._indices[agent]
        if k != self._turn[0] and k not in self._ended:
            self._transport.session.observe(0, k)
        return self._transport.readers[k]()

    def mask(self, agent: str) -> Any:
        """Return a living agent's flat mask; None when it cannot act."""
        k = self._indices[agent]
        return self._transport.masks[k]() if k == self._turn[0] else None

    def _quick(self, mask_in_observation: bool) -> QuickTurns:
        transport, names, words = self._transport, self._names, self._words
        read, masks, copied = transport.readers, transport.masks, transport.copy
        inside = mask_in_observation and transport.masked
        shown = (transport.observation_space(name) for name in names)
        viewed = all(isinstance(space, ARRAYS) for space in shown) and not (copied or inside)

        def rewind(operation: int = control.RESET) -> None:
            words[control.OPERATION] = operation
            words[control.TEXT_BYTES] = 0

        def forget() -> None:
            self.held, self._ended = {}, ()

        return QuickTurns(
            endpoint=transport.session.endpoint,
            bind=transport.session.caller.bind,
            choice=self._choice,
            turn=self._turn,
            rewind=rewind,
            over=frozenset() if inside else _OVER,
            rewards=self._rewards,
            terminated=self._terminated,
            truncated=self._truncated,
            no_masks=transport.no_masks,
            forget=forget,
            begun=self._begun,
            result=self._result,
            unfit=partial(bad_action, transport.name),
            read=[_with_mask(*both) for both in zip(read, masks, strict=True)] if inside else read,
            live=[show() for show in read] if viewed else None,
            last={} if inside else dict(zip(names, read, strict=True)),
            masked=transport.masked,
            copied=copied,
            masks=masks if copied else [read_mask() for read_mask in masks],
        )

    def saved(self) -> Any:
        """What a copy of the transport needs beside it."""
        return self.held, self._ended

    def load(self, saved: Any) -> None:
        """Go on with what another source has saved."""
        self.held, self._ended = saved


def _with_mask(read: Callable[[], Any], mask: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: {"observation": read(), "action_mask": mask()}
