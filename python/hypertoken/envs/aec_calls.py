"""The calls of `HyperTokenAECEnv`: PettingZoo's law, once, for every source of turns.

They are closures over local names: through `self` a turn in this process takes twice as long.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator
from itertools import repeat
from typing import Any

from hypertoken.engine import control
from hypertoken.engine.endpoint import plays
from hypertoken.envs.agent_values import AgentState
from hypertoken.envs.common import DeclaredOptions, Masks, nobody_left, unknown_agent
from hypertoken.envs.turn_sources import Infos, InterruptedTurns, TurnResult, TurnSource
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
    resume: Callable[[], None]
    """Go on with an episode that was put into the state."""

    def __init__(
        self, transport: Transport, source: TurnSource, state: AgentState, masks: Masks
    ) -> None:
        names, inside = list(transport.possible_agents), masks.in_observation
        known, declared = frozenset(names), DeclaredOptions(transport)
        told_last, agents = state.last, state.agents
        rewards, cumulative, infos = state.rewards, state.cumulative, state.infos
        terminations, truncations = state.terminations, state.truncations
        turns: Any = source  # or what stands in their place after an interruption
        keeps_calls_whole = getattr(transport, "keeps_calls_whole", False)
        begun, calm, quiet, private = False, False, False, True
        acting = 0
        selected: Any = None
        paid = False  # in the last step
        unread: set[str] = set()  # who was paid since it last acted
        seats = len(names)
        alone = seats == 1  # the outcome of its step does not say whether there was a reward
        quick = source.quick
        seen_last: dict[str, Callable[[], Any]] = {}
        dying: list[str] = []  # who has ended, where that needs no looking up
        just_ended: Container[str] = ()  # if what they saw last can be read without more ado
        if quick is not None:
            endpoint = quick.endpoint
            playing = called = control.PLAYING
            choice, turn, read, live = quick.choice, quick.turn, quick.read, quick.live
            masked, copied, mask_of = quick.masked, quick.copied, quick.masks
            result, forget, seen_last = quick.result, quick.forget, quick.last
            rewind, from_outcome = quick.rewind, quick.begun
            unfit_error, over_codes, final_rewards = quick.unfit, quick.over, quick.rewards
            terminated, truncated, no_masks = quick.terminated, quick.truncated, quick.no_masks
            numbered = list(enumerate(names))
            call: Callable[[], int]

            def exchange(function: Callable[[], int]) -> None:
                nonlocal call, called
                call, called = function, endpoint.called

            quick.bind(exchange)

        def changed() -> None:
            nonlocal quiet, private, dying
            nonlocal agents, rewards, cumulative, infos, terminations, truncations
            quiet, private, dying = False, False, []
            agents, rewards, cumulative = state.agents, state.rewards, state.cumulative
            infos, terminations, truncations = state.infos, state.terminations, state.truncations

        def resume() -> None:
            nonlocal begun, private, paid, acting
            changed()
            begun = private = True
            paid = any(rewards.values())
            unread.update(name for name in agents if cumulative[name])
            if quick is not None:
                acting = turn[0]

        def interrupted(name: str, failure: BaseException) -> None:
            # An Exception says that nothing has changed; Ctrl-C may come at any moment. A game in
            # this process knows at which, and refuses steps itself where it came too late.
            nonlocal turns
            if not (isinstance(failure, Exception) or keeps_calls_whole):
                turns = InterruptedTurns(source, name)

        @plays
        def quick_reset(seed: int | None = None, options: dict[str, Any] | None = None) -> None:
            given = declared.of(options) if options else None
            if endpoint.busy:
                endpoint.enter()
            endpoint.busy = playing
            try:
                if not begun or seed is not None or given:
                    begin(*source.reset(seed, given))
                    return
                rewind()
                code = call()
                if code:
                    begin(*from_outcome(code))
                else:
                    forget()
                    first = names[turn[0]]
                    mask = mask_of[turn[0]]
                    told = {"action_mask": mask() if copied else mask} if masked else {}
                    begin(names, first, {first: told})
            except BaseException as failure:
                rewind(0)  # where it was not asked for, no step must do it
                if not isinstance(failure, Exception):
                    endpoint.rest |= control.OWED
                raise
            finally:
                endpoint.busy = endpoint.rest

        def plain_reset(seed: int | None = None, options: dict[str, Any] | None = None) -> None:
            given = declared.of(options) if options else None
            try:
                there, first, told = source.reset(seed, given)
            except BaseException as failure:
                interrupted("reset", failure)
                raise
            begin(there, first, told)

        def begin(there: list[str], first: str | None, told: Infos) -> None:
            """Write what a reset has done."""
            nonlocal agents, turns, begun, calm, quiet, private, paid, dying, just_ended
            nonlocal acting, selected
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
            infos.update(told)
            state.skipped = None
            state.agent_selection = selected = first
            if quick is not None:
                acting = turn[0]
                calm = not (alone or source.held)
                quiet = calm and private

        @plays
        def quick_step(action: Any) -> None:
            nonlocal quiet, acting, selected
            if endpoint.busy:
                endpoint.enter(passes_over=False)
            endpoint.busy = called if quiet else playing
            try:
                if not quiet:
                    if not agents:
                        raise nobody_left("step")
                    agent = state.agent_selection
                    if terminations[agent] or truncations[agent]:
                        dead_step(action)
                        return
                    check_turn(agent)
                    if not calm:
                        play(agent, action)
                        return
                    quiet = private
                    endpoint.busy = called
                try:
                    choice[acting] = action
                except (TypeError, ValueError) as unfit:
                    raise unfit_error(action) from unfit
                code = call()
                if code:
                    if quiet and code in over_codes and turn[0] < 0 and len(agents) == seats:
                        end_for_all()
                    else:
                        book(selected, result(acting, code))
                    return
                infos[selected] = {}
                acting = turn[0]
                state.agent_selection = selected = names[acting]
                if masked:
                    infos[selected] = {
                        "action_mask": mask_of[acting]() if copied else mask_of[acting]
                    }
            except BaseException as stopped:
                if endpoint.busy & control.CALLED:
                    endpoint.rest |= control.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

        def play(agent: str, action: Any) -> None:
            if acting < 0:
                raise nobody_left("step")
            endpoint.busy = called
            try:
                choice[acting] = action
            except (TypeError, ValueError) as unfit:
                raise unfit_error(action) from unfit
            code = call()
            book(agent, result(acting, code))

        def plain_step(action: Any) -> None:
            if not agents:
                raise nobody_left("step")
            agent = state.agent_selection
            if terminations[agent] or truncations[agent]:
                dead_step(action)
                return
            check_turn(agent)
            try:
                done = turns.step(action)
            except BaseException as failure:
                interrupted("step", failure)
                raise
            book(agent, done)

        def check_turn(agent: str) -> None:
            if agent != turns.acting and turns.acting is not None:
                raise not_its_turn(agent)

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
                calm = quiet = False
                if quick is not None:
                    acting, just_ended = following, ()
                    calm = not (alone or paid or unread or source.held)
                    quiet = calm and private
                return
            calm = quiet = False
            acting = following
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
            nonlocal calm, quiet, dying, just_ended, acting
            calm = quiet = False
            earned = final_rewards()
            for k, name in numbered:
                gained, standing = earned[k], rewards[name]
                rewards[name] = cumulative[name] = standing + gained if standing else gained
                terminations[name], truncations[name] = terminated[k], truncated[k]
                infos[name] = {"action_mask": no_masks[k]()} if masked else {}
            state.agent_selection = names[(acting + 1) % seats]
            acting, just_ended, dying = -1, known, names[:]

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
            if quick is not None:
                endpoint.busy |= control.CALLED  # from here on it counts
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

        @plays
        def quick_dead_step(action: Any) -> None:
            if endpoint.busy:
                endpoint.enter(passes_over=False)
            endpoint.busy = playing
            try:
                dead_step(action)
            except BaseException as stopped:
                if endpoint.busy & control.CALLED:
                    endpoint.rest |= control.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

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
                if not observe:
                    return None, 0, False, False, infos[selected]
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
        self.reset = plain_reset if quick is None else quick_reset
        self.step = plain_step if quick is None else quick_step
        self.last, self.observe = last, observe
        self.agent_iter, self.mask = agent_iter, mask
        self.dead_step = dead_step if quick is None else quick_dead_step
        self.deads_step_first, self.resume = deads_step_first, resume
