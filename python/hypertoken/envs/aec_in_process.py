"""PettingZoo's AEC API in this process: one C call a turn."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.engine import runtime as native
from hypertoken.engine.session import Opening
from hypertoken.envs import copies
from hypertoken.envs.aec import HyperTokenAECEnv, Last
from hypertoken.envs.common import nobody_left, stand_in
from hypertoken.envs.env import bad_action
from hypertoken.transports.turns_in_process import NativeTransport

_ARRAYS = (spaces.Box, spaces.MultiBinary, spaces.MultiDiscrete)


class NativeAECEnv(HyperTokenAECEnv):
    """A HyperTokenAECEnv over the in-process transport; a game of turns takes a shorter way.

    Args:
        opening: what to open; one row.
        render_mode: see `HyperTokenAECEnv`.
        mask_in_observation: show agents `{"observation", "action_mask"}`.
        copy: False shows live views of observations and masks, which the next step overwrites.
    """

    transport: NativeTransport

    def __init__(
        self,
        opening: Opening,
        render_mode: str | None = None,
        *,
        mask_in_observation: bool = False,
        copy: bool = True,
    ) -> None:
        self._again = opening, render_mode, mask_in_observation, copy
        super().__init__(
            NativeTransport(opening, copy=copy),
            render_mode,
            mask_in_observation=mask_in_observation,
        )
        discrete = all(isinstance(s, spaces.Discrete) for s in self.action_spaces.values())
        plain = type(self) is NativeAECEnv and self.render_mode != "human"
        if plain and discrete and self.transport.sequential and not self.transport.info_numbers:
            # Closures over local names: through `self` a turn takes twice as long.
            table = _Table(self, self.transport, mask_in_observation, copy)
            for name in ("reset", "step", "last", "observe", "agent_iter", "action_mask"):
                setattr(self, name, stand_in(getattr(table, name), getattr(NativeAECEnv, name)))

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another environment, not yet reset.
        made = _again, (type(self), *self._again)
        return copies.reduced_without_episode(made, self.transport.session)


def _again(
    kind: type[NativeAECEnv],
    opening: Opening,
    render_mode: str | None,
    mask_in_observation: bool,
    copy: bool,
) -> NativeAECEnv:
    return kind(opening, render_mode, mask_in_observation=mask_in_observation, copy=copy)


class _Table:
    """The calls of a game of turns; each does what HyperTokenAECEnv's does, to the letter.

    While it is quiet at the table (nobody has ended, was paid or told anything that still shows) a
    step whose outcome is 0 only passes the turn on; `settle` does everything else.
    """

    reset: Callable[..., None]
    step: Callable[[Any], None]
    last: Callable[..., Last]
    observe: Callable[[str], Any]
    agent_iter: Callable[..., Iterator[str]]
    action_mask: Callable[..., NDArray[np.bool_] | None]

    def __init__(
        self, env: NativeAECEnv, transport: NativeTransport, mask_in_observation: bool, copy: bool
    ) -> None:
        names, session = transport.possible_agents, transport.session
        endpoint, replies = session.endpoint, session.replies
        words, seeds = endpoint.words, session.requests["seeds"]
        choice: Any = session.actions["action"].reshape(-1).data
        turn: Any = replies["turn"].data
        # Reading a memoryview takes a third of what reading an array does.
        reward, earned = replies["reward"][0].data, transport.earned
        terminated = replies["terminated"][0].view(np.bool_).data
        truncated = replies["truncated"][0].view(np.bool_).data
        read = dict(zip(names, transport.readers, strict=True))
        masked, no_mask = transport.masked, transport.no_masks
        # With copies, functions that make one; without, the live arrays themselves.
        mask_of: Any = transport.masks if copy else [read_mask() for read_mask in transport.masks]
        inside = mask_in_observation and masked
        arrays = all(isinstance(s, _ARRAYS) for s in map(transport.observation_space, names))
        live: dict[str, Any] | None = None
        if arrays and not (copy or inside):
            live = {name: show() for name, show in read.items()}
        rewards, infos = env.rewards, env.infos
        terminations, truncations = env.terminations, env.truncations
        kept = rewards.gone, terminations.gone, truncations.gone, infos.gone
        cumulative = env._cumulative_rewards
        indices = {name: k for k, name in enumerate(names)}
        nothing, nobody = dict.fromkeys(names, 0), dict.fromkeys(names, False)
        alone = len(names) == 1  # its outcome does not say whether there was a reward
        agents: list[str] = []
        dead: list[str] = []
        left: set[str] = set()  # who is gone since the last step of someone living
        held: dict[int, dict[str, Any]] = {}
        acting, quiet, begun = 0, False, False
        playing = called = native.PLAYING
        call: Callable[[], int] = native.refuse_after_fork
        env.agents = agents

        def exchange(function: Callable[[], int]) -> None:
            nonlocal call, called
            call, called = function, endpoint.called

        session.caller.bind(exchange)

        @native.plays
        def reset(seed: int | None = None, options: dict[str, Any] | None = None) -> None:
            if endpoint.busy:
                endpoint.enter()
            endpoint.busy = playing
            try:
                begin(seed, options)
            except BaseException:
                words[native.OPERATION] = 0  # where it was not asked for, no step must do it
                raise
            finally:
                endpoint.busy = endpoint.rest

        def begin(seed: int | None, options: dict[str, Any] | None) -> None:
            nonlocal acting, quiet, begun
            if begun and seed is None and not options:
                words[native.OPERATION] = native.RESET
                words[native.TEXT_BYTES] = 0
                code = call()
                if code < 0:
                    raise endpoint.error(code)
            else:
                declared = env._options.of(options) if options else None
                try:
                    code = transport.restart(seed, declared)
                finally:
                    seeds.fill(-1)
                begun = True
            if agents:
                for values in (rewards, terminations, truncations, infos, cumulative):
                    values.clear()
                dead.clear()
                env._skip_agent_selection = None
            agents[:] = names
            left.clear()
            held.clear()
            for gone in kept:
                gone.clear()
            rewards.update(nothing)
            terminations.update(nobody)
            truncations.update(nobody)
            cumulative.update(nothing)
            for name in names:
                infos[name] = {}
            if code & native.TOLD:
                held.update(transport.told(code))
            quiet = not (alone or held)
            acting = turn[0]
            env.agent_selection = names[acting]
            inform(acting)

        def inform(index: int) -> None:
            info = dict(held[index]) if index in held else {}
            if masked:
                info["action_mask"] = mask_of[index]() if copy else mask_of[index]
            infos[names[index]] = info

        @native.plays
        def step(action: Any) -> None:
            nonlocal acting
            if endpoint.busy:
                endpoint.enter(passes_over=False)
            dying = not quiet and (dead or not agents)
            endpoint.busy = playing if dying else called
            try:
                if dying:
                    dead_step(action)
                    return
                try:
                    choice[acting] = action
                except (TypeError, ValueError) as unfit:
                    raise bad_action(transport.name, action) from unfit
                code = call()
                if code or not quiet:
                    settle(code)
                    return
                infos[names[acting]] = {}
                acting = turn[0]
                agent = env.agent_selection = names[acting]
                if masked:
                    infos[agent] = {"action_mask": mask_of[acting]() if copy else mask_of[acting]}
            except BaseException as stopped:
                if endpoint.busy & native.CALLED:
                    endpoint.rest |= native.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

        def settle(code: int) -> None:
            nonlocal acting, quiet
            if code < 0:
                raise endpoint.error(code)
            if code & native.SLOW:
                session.caller.slow()
            left.clear()
            held.pop(acting, None)
            if code & native.TOLD:
                for index, info in transport.told(code).items():
                    held.setdefault(index, {}).update(info)
            agent = names[acting]
            cumulative[agent] = 0
            infos[agent] = {}
            values = reward.tolist()
            for name in agents:
                gained = earned(values[indices[name]])
                rewards[name] = gained
                cumulative[name] += gained
            acting = turn[0]
            if code & native.ENDED:
                end()
            if acting >= 0:
                inform(acting)
                env.agent_selection = names[acting]
            if dead:
                env._skip_agent_selection = env.agent_selection
                env.agent_selection = dead[0]
            paid = alone or code & native.REWARDED or any(cumulative.values())
            quiet = not (paid or dead or held)

        def end() -> None:
            over, cut = terminated.tolist(), truncated.tolist()
            for name in agents:
                k = indices[name]
                if over[k] or cut[k]:
                    dead.append(name)
                    info = dict(held[k]) if k in held else {}
                    if masked:
                        info["action_mask"] = no_mask[k].copy() if copy else no_mask[k]
                    rewards.keep(name)
                    terminations.gone[name] = terminations[name] = over[k]
                    truncations.gone[name] = truncations[name] = cut[k]
                    infos.gone[name] = infos[name] = info

        def dead_step(action: Any) -> None:
            if not agents:
                raise nobody_left("step")
            if action is not None:
                raise ValueError("when an agent is dead, the only valid action is None")
            endpoint.busy = native.CALLED
            agent = dead.pop(0)
            left.add(agent)
            del rewards[agent], terminations[agent], truncations[agent], infos[agent]
            del cumulative[agent]
            agents.remove(agent)
            if dead:
                env.agent_selection = dead[0]
            else:
                env.agent_selection = env._skip_agent_selection
                env._skip_agent_selection = None
            for name in rewards:
                rewards[name] = 0

        def observe(agent: str) -> Any:
            if agent not in indices or not begun:
                env._known(agent)
                transport.acting()  # before the first reset: says so
            k = indices[agent]
            if k != acting and agent not in dead and agent not in left:
                session.observe(0, k)
            if inside:
                allowed = k == acting and agent not in dead
                mask = (mask_of[k]() if copy else mask_of[k]) if allowed else no_mask[k].copy()
                return {"observation": read[agent](), "action_mask": mask}
            return read[agent]()

        def action_mask(agent: str | None = None) -> NDArray[np.bool_] | None:
            agent = env.agent_selection if agent is None else agent
            env._known(agent)
            if not masked:
                return None
            k = indices[agent]
            acts = begun and agents and k == acting and agent not in dead
            flags: Any = transport.masks[k]() if acts else no_mask[k]
            return flags.astype(np.bool_)  # type: ignore[no-any-return]

        def last(observe: bool = True) -> Last:
            agent = env.agent_selection
            seen = None
            try:
                if observe:
                    seen = look[agent]() if live is None else live[agent]
                if quiet:
                    return seen, 0, False, False, infos[agent]
                gained = cumulative[agent]
                return seen, gained, terminations[agent], truncations[agent], infos[agent]
            except KeyError as nobody:
                raise nobody_left("last") from nobody

        def agent_iter(max_iter: int = 2**63) -> Iterator[str]:
            for _ in repeat(None, min(max_iter, sys.maxsize)):
                if not agents:
                    return
                yield env.agent_selection

        look = {name: partial(observe, name) for name in names} if inside else read
        self.reset, self.step, self.last = reset, step, last
        self.observe, self.agent_iter = observe, agent_iter
        self.action_mask = action_mask
