"""The calls of `HyperTokenAECEnv`: PettingZoo's law, once, for every source of turns.

They are closures over local names: through `self` a turn in this process takes twice as long.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator
from itertools import repeat
from typing import Any

from hypertoken.envs.agent_values import AgentState
from hypertoken.envs.common import DeclaredOptions, Masks, nobody_left, unknown_agent
from hypertoken.envs.turn_sources import InterruptedTurns, TurnResult, TurnSource
from hypertoken.errors import NotYourTurnError
from hypertoken.transports.turns import Transport

Last = tuple[Any, float, bool, bool, dict[str, Any]]


class Calls:
    """An environment's calls.

    A turn is calm while nobody has ended, was paid or told anything that still shows: then a step
    in this process whose outcome is 0 does nothing but pass the turn on. A calm turn is quiet while
    nobody else can have written into the state: then it is not even looked at.

    Whatever others wrote stays until there is news of it. Rewards are written when somebody is
    paid, on top of what stands there, and taken back in the next step; PettingZoo's own games of
    turns do the same.

    Args:
        transport: what is played.
        source: where its turns come from.
        state: what is read and written; a call that raises leaves it as it was.
        masks: what is shown of masks.
    """

    reset: Callable[..., None]
    step: Callable[[Any], None]
    last: Callable[..., Last]
    observe: Callable[[str], Any]
    agent_iter: Callable[..., Iterator[str]]
    mask: Callable[[str], Any]
    dead_step: Callable[[Any], None]
    deads_step_first: Callable[[], str]

    def __init__(
        self, transport: Transport, source: TurnSource, state: AgentState, masks: Masks
    ) -> None:
        names, inside = list(transport.possible_agents), masks.in_observation
        known, declared = frozenset(names), DeclaredOptions(transport)
        told_last, agents = state.last, state.agents
        rewards, cumulative, infos = state.rewards, state.cumulative, state.infos
        terminations, truncations = state.terminations, state.truncations
        turns: TurnSource | InterruptedTurns = source
        begun, calm, quiet, private = False, False, False, True
        acting = 0
        selected: Any = None
        paid = False  # in the last step
        unread: set[str] = set()  # who was paid since it last acted
        # The outcome of a step of one agent does not say whether there was a reward.
        quick = source.quick if len(names) > 1 else None
        seen_last: dict[str, Callable[[], Any]] = {}
        dying: list[str] = []  # who has ended, where that needs no looking up
        just_ended: Container[str] = ()  # if what they saw last can be read without more ado
        if quick is not None:
            choice, turn, read, live = quick.choice, quick.turn, quick.read, quick.live
            masked, copied, mask_of = quick.masked, quick.copied, quick.masks
            result, forget, seen_last = quick.result, quick.forget, quick.last
            unfit_error, over_codes, final_rewards = quick.unfit, quick.over, quick.rewards
            terminated, truncated, no_masks = quick.terminated, quick.truncated, quick.no_masks
            numbered = list(enumerate(names))
            call: Callable[[], int]

            def exchange(function: Callable[[], int]) -> None:
                nonlocal call
                call = function

            quick.bind(exchange)

        def changed() -> None:
            nonlocal quiet, private, dying
            nonlocal agents, rewards, cumulative, infos, terminations, truncations
            quiet, private, dying = False, False, []
            agents, rewards, cumulative = state.agents, state.rewards, state.cumulative
            infos, terminations, truncations = state.infos, state.terminations, state.truncations

        def interrupted(name: str, failure: BaseException) -> None:
            # An Exception says that nothing has changed; Ctrl-C may come at any moment.
            nonlocal turns, calm, quiet
            if not isinstance(failure, Exception):
                turns, calm, quiet = InterruptedTurns(source, name), False, False

        def reset(seed: int | None = None, options: dict[str, Any] | None = None) -> None:
            nonlocal agents, turns, begun, calm, quiet, private, paid, dying, just_ended
            nonlocal acting, selected
            given = declared.of(options) if options else None
            code = 1
            try:
                if begun and quick is not None and seed is None and not given:
                    quick.rewind()
                    code = call()
                    if code:
                        there, first, told = quick.begun(code)
                    else:
                        forget()
                        there, first = names, names[turn[0]]
                else:
                    there, first, told = source.reset(seed, given)
            except BaseException as failure:
                interrupted("reset", failure)
                raise
            if not private:
                state.renew()
                changed()
                private = True
            if agents:
                for values in (rewards, cumulative, terminations, truncations, infos):
                    values.clear()
            begun, turns, paid, dying, just_ended = True, source, False, [], ()
            state.agents = agents = list(there)
            told_last.clear()
            unread.clear()
            for name in there:
                rewards[name] = cumulative[name] = 0
                terminations[name] = truncations[name] = False
                infos[name] = {}
            state.skipped = None
            state.agent_selection = selected = first
            if quick is not None:
                acting = turn[0]
                calm = not source.held
                quiet = calm and private
            if code:
                infos.update(told)
            elif masked:
                infos[first] = {"action_mask": mask_of[acting]() if copied else mask_of[acting]}

        def step(action: Any) -> None:
            nonlocal quiet, acting, selected
            if not quiet:
                if not agents:
                    raise nobody_left("step")
                agent = state.agent_selection
                if terminations[agent] or truncations[agent]:
                    dead_step(action)
                    return
                if agent != turns.acting and turns.acting is not None:
                    raise not_its_turn(agent)
                if not calm:
                    try:
                        done = turns.step(action)
                    except BaseException as failure:
                        interrupted("step", failure)
                        raise
                    book(agent, done)
                    return
                quiet = private
            try:
                choice[acting] = action
            except (TypeError, ValueError) as unfit:
                raise unfit_error(action) from unfit
            try:
                code = call()
            except BaseException as failure:
                interrupted("step", failure)
                raise
            if code:
                if private and code in over_codes and turn[0] < 0 and len(agents) == len(names):
                    end_for_all()
                else:
                    book(selected, result(acting, code))
                return
            infos[selected] = {}
            acting = turn[0]
            state.agent_selection = selected = names[acting]
            if masked:
                infos[selected] = {"action_mask": mask_of[acting]() if copied else mask_of[acting]}

        def not_its_turn(agent: str) -> NotYourTurnError:
            return NotYourTurnError(
                f"step was refused; agent_selection was set to {agent!r}, but it is "
                f"{turns.acting}'s turn in {transport.name}, whose rules say who acts; set it back",
                "not_your_turn",
            )

        def book(agent: str, done: TurnResult) -> None:
            """Write what a step of this agent has done."""
            nonlocal calm, quiet, paid, dying, just_ended, acting, selected
            earned, following, over, cut, told = done
            if paid:
                paid = False
                for name in rewards:
                    rewards[name] = 0
            if agent in unread:
                unread.discard(agent)
                cumulative[agent] = 0
            # `strict` would cost as much as the loops.
            for name, gained in zip(names, earned):  # noqa: B905
                if name in rewards:
                    standing = rewards[name]
                    rewards[name] = standing + gained if standing else gained
                    if gained:
                        paid = True
                        unread.add(name)
            if paid or over:
                for name in agents:
                    cumulative[name] += rewards[name]
            infos[agent] = {}
            infos.update(told)
            if following >= 0:
                state.agent_selection = selected = names[following]
            if over is None or cut is None:
                if quick is not None:
                    acting, just_ended = following, ()
                    calm = not (paid or unread or source.held)
                    quiet = calm and private
                return
            calm = quiet = False
            just_ended = told if seen_last else ()
            for name, dead, late in zip(names, over, cut):  # noqa: B905
                if (dead or late) and name in terminations:
                    terminations[name], truncations[name] = dead, late
            if following < 0:
                # As in PettingZoo's games of turns: whose turn it would be hears first of the end.
                state.agent_selection = agents[(agents.index(agent) + 1) % len(agents)]
                dying = list(agents) if private else []
            else:
                deads_step_first()

        def end_for_all() -> None:
            """Do what `book` does, after a quiet turn with which the game is over for everybody."""
            nonlocal calm, quiet, dying, just_ended
            calm = quiet = False
            earned = final_rewards()
            for k, name in numbered:
                gained, standing = earned[k], rewards[name]
                rewards[name] = cumulative[name] = standing + gained if standing else gained
                terminations[name], truncations[name] = terminated[k], truncated[k]
                infos[name] = {"action_mask": no_masks[k]()} if masked else {}
            state.agent_selection = names[(acting + 1) % len(names)]
            just_ended, dying = known, names[:]

        def the_dead() -> list[str]:
            dead = [name for name in agents if terminations[name] or truncations[name]]
            for name in dead:
                # Whoever was ended by somebody else has a mask like everybody who has ended.
                if masks.has(name) and "action_mask" not in infos[name]:
                    infos[name] = masks.info(name, infos[name], None)
            return dead

        def deads_step_first() -> str:
            dead = the_dead()
            if dead:
                state.skipped = state.agent_selection
                state.agent_selection = dead[0]
            first: str = state.agent_selection
            return first

        def dead_step(action: Any) -> None:
            # PettingZoo's _was_dead_step in a third of its time. It sets rewards to 0 and deletes
            # all there is of an agent, so what each was told last is noted before the first.
            if action is not None:
                raise ValueError("when an agent is dead, the only valid action is None")
            agent = state.agent_selection
            dead = dying or the_dead()
            assert agent in dead, "an agent that was not dead as attempted to be removed"
            if not told_last and len(dead) == len(agents):
                told_last[:] = rewards.copy(), terminations.copy(), truncations.copy(), infos.copy()
            elif not told_last or agent not in told_last[0]:
                remember(dead)
            del rewards[agent], cumulative[agent]
            del terminations[agent], truncations[agent], infos[agent]
            agents.remove(agent)
            dead.remove(agent)
            if dead:
                state.skipped = state.skipped or agent
                state.agent_selection = dead[0]
            elif state.skipped:
                state.agent_selection = state.skipped
                state.skipped = None
            for name in rewards:
                rewards[name] = 0

        def remember(dead: list[str]) -> None:
            if not told_last:
                told_last.extend(({}, {}, {}, {}))
            values = rewards, terminations, truncations, infos
            for kept, now in zip(told_last, values, strict=True):
                kept.update({name: now[name] for name in dead})

        def observe(agent: str) -> Any:
            if quiet and agent == selected:
                return read[acting]()
            if agent in just_ended:
                return seen_last[agent]()
            if agent not in known:
                raise unknown_agent(transport, agent)
            seen = turns.observe(agent)
            return masks.observation(agent, seen, mask(agent)) if inside else seen

        def mask(agent: str) -> Any:
            alive = agent in agents and not (terminations[agent] or truncations[agent])
            return turns.mask(agent) if alive and masks.has(agent) else None

        def last(observe: bool = True) -> Last:
            if quiet:
                seen = None
                if observe:
                    seen = read[acting]() if live is None else live[acting]
                return seen, 0, False, False, infos[selected]
            if not agents:
                raise nobody_left("last")
            agent = state.agent_selection
            return (
                see(agent) if observe else None,
                cumulative[agent],
                terminations[agent],
                truncations[agent],
                infos[agent],
            )

        def agent_iter(max_iter: int = 2**63) -> Iterator[str]:
            for _ in repeat(None, min(max_iter, sys.maxsize)):
                if not agents:
                    return
                yield state.agent_selection

        see = observe
        state.changed = changed
        self.reset, self.step, self.last, self.observe = reset, step, last, observe
        self.agent_iter, self.mask = agent_iter, mask
        self.dead_step, self.deads_step_first = dead_step, deads_step_first
