"""PettingZoo's AEC API in this process: one C call a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken import _native as native
from hypertoken._session import Opening
from hypertoken.aec import HyperTokenAECEnv
from hypertoken.errors import EpisodeOverError
from hypertoken.native_env import bad_action
from hypertoken.native_transport import NativeTransport

Last = tuple[Any, float, bool, bool, dict[str, Any]]


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
        if plain and discrete and self.transport.sequential and not self.transport.tells:
            # Closures over local names: through `self` a turn takes twice as long.
            table = _Table(self, self.transport, mask_in_observation)
            self.reset = table.reset  # type: ignore
            self.step = table.step  # type: ignore
            self.last = table.last
            self.observe = table.observe  # type: ignore
            self.agent_iter = table.agent_iter
            self.action_mask = table.action_mask  # type: ignore

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another environment, not yet reset.
        return _again, (type(self), *self._again)


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

    A step whose outcome is 0 has ended nobody, paid nobody and told nobody anything, so only the
    turn moves on; `settle` does everything else.
    """

    reset: Callable[..., None]
    step: Callable[[Any], None]
    last: Callable[..., Last]
    observe: Callable[[str], Any]
    agent_iter: Callable[..., Iterator[str]]
    action_mask: Callable[..., NDArray[np.bool_] | None]

    def __init__(
        self, env: NativeAECEnv, transport: NativeTransport, mask_in_observation: bool
    ) -> None:
        names, session = transport.possible_agents, transport.session
        endpoint, replies = session.endpoint, session.replies
        choice: Any = session.actions["action"].reshape(-1).data
        turn: Any = replies["turn"].data
        reward, earned = replies["reward"][0], transport.earned
        terminated = replies["terminated"][0].view(np.bool_)
        truncated = replies["truncated"][0].view(np.bool_)
        read = dict(zip(names, transport.readers, strict=True))
        mask_of, no_mask = transport.masks, transport.no_masks
        rewards, infos = env.rewards, env.infos
        terminations, truncations = env.terminations, env.truncations
        cumulative = env._cumulative_rewards
        indices = {name: k for k, name in enumerate(names)}
        masked = transport.masked
        alone = len(names) == 1  # its outcome does not say whether there was a reward
        agents: list[str] = []
        dead: list[str] = []
        seen: dict[str, Any] = {}
        held: dict[int, dict[str, Any]] = {}
        acting, paid, begun = 0, False, False
        call: Callable[[], int] = native.refuse_after_fork

        def exchange(function: Callable[[], int]) -> None:
            nonlocal call
            call = function

        session.caller.bind(exchange)

        def reset(seed: int | None = None, options: dict[str, Any] | None = None) -> None:
            nonlocal acting, paid, begun
            declared = env._options.of(options) if options else None
            code = transport.restart(None if seed is None else int(seed), declared)
            agents[:] = names
            env.agents = agents
            dead.clear()
            seen.clear()
            held.clear()
            paid, begun = False, True
            rewards.begin(dict.fromkeys(names, 0))
            terminations.begin(dict.fromkeys(names, False))
            truncations.begin(dict.fromkeys(names, False))
            infos.begin({name: {} for name in names})
            cumulative.clear()
            cumulative.update(dict.fromkeys(names, 0))
            env._skip_agent_selection = None
            if code & native.INFOS:
                held.update(session.infos()[0].get(0, {}))
            acting = turn[0]
            env.agent_selection = names[acting]
            inform(acting)

        def inform(index: int) -> None:
            info = dict(held[index]) if index in held else {}
            if masked:
                info["action_mask"] = mask_of[index]()
            infos[names[index]] = info

        def step(action: Any) -> None:
            nonlocal acting, paid
            if dead or not agents:
                dead_step(action)
                return
            try:
                choice[acting] = action
            except (TypeError, ValueError) as unfit:
                raise bad_action(transport.name, action) from unfit
            code = call()
            agent = names[acting]
            if code or held or paid or seen or alone:
                settle(code, agent)
                return
            cumulative[agent] = 0
            infos[agent] = {}
            acting = turn[0]
            agent = names[acting]
            env.agent_selection = agent
            infos[agent] = {"action_mask": mask_of[acting]()} if masked else {}

        def settle(code: int, agent: str) -> None:
            nonlocal acting, paid
            if code < 0:
                raise endpoint.error()
            if code & native.SLOW:
                session.caller.slow()
            seen.clear()
            held.pop(acting, None)
            if code & native.INFOS:
                for index, info in session.infos()[0].get(0, {}).items():
                    held.setdefault(index, {}).update(info)
            cumulative[agent] = 0
            infos[agent] = {}
            paid = alone or bool(code & native.REWARDED)
            values = reward.tolist()
            for name in agents:
                gained = earned(values[indices[name]])
                rewards[name] = gained
                cumulative[name] += gained
            acting = turn[0]
            if code & native.ENDED:
                over, cut = terminated.tolist(), truncated.tolist()
                for name in agents:
                    k = indices[name]
                    if over[k] or cut[k]:
                        dead.append(name)
                        rewards.keep(name)
                        terminations[name], truncations[name] = over[k], cut[k]
                        info = dict(held[k]) if k in held else {}
                        if masked:
                            info["action_mask"] = no_mask[k].copy()
                        infos[name] = info
            if acting >= 0:
                inform(acting)
                env.agent_selection = names[acting]
            if dead:
                env._skip_agent_selection = env.agent_selection
                env.agent_selection = dead[0]

        def dead_step(action: Any) -> None:
            if not agents:
                raise EpisodeOverError(
                    "step was refused; no agent is left in the episode; call reset() first",
                    "episode_over",
                )
            if action is not None:
                raise ValueError("when an agent is dead, the only valid action is None")
            agent = dead.pop(0)
            seen[agent] = observe(agent)
            for values in (rewards, terminations, truncations, infos):
                del values[agent]
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
            if agent in seen:
                return seen[agent]
            if agent not in indices or not begun:
                env._known(agent)
                transport.acting()  # before the first reset: says so
            k = indices[agent]
            if k != acting and agent not in dead:
                transport.session.observe(0, k)
            if mask_in_observation and masked:
                allowed = k == acting and agent not in dead
                mask = mask_of[k]() if allowed else no_mask[k].copy()
                return {"observation": read[agent](), "action_mask": mask}
            return read[agent]()

        def action_mask(agent: str | None = None) -> NDArray[np.bool_] | None:
            agent = env.agent_selection if agent is None else agent
            env._known(agent)
            if not masked:
                return None
            acts = begun and agents and agent == names[acting] and agent not in dead
            flags: Any = mask_of[acting]() if acts else no_mask[indices[agent]]
            return flags.astype(np.bool_)  # type: ignore[no-any-return]

        def last(observe: bool = True) -> Last:
            agent = env.agent_selection
            return (
                look(agent) if observe else None,
                cumulative[agent],
                terminations[agent],
                truncations[agent],
                infos[agent],
            )

        def agent_iter(max_iter: int = 2**63) -> Iterator[str]:
            while agents and max_iter > 0:
                max_iter -= 1
                yield env.agent_selection

        look = observe if mask_in_observation and masked else lambda agent: read[agent]()
        self.reset, self.step, self.last = reset, step, last
        self.observe, self.agent_iter = observe, agent_iter
        self.action_mask = action_mask
