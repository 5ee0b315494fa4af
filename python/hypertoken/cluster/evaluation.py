"""Episodes played in actors, each from a seed of its own: the same whoever plays which."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import ray
from numpy.typing import NDArray
from ray import cloudpickle

from hypertoken.cluster import java
from hypertoken.cluster.line import MOST_DEATHS, Line
from hypertoken.cluster.policies import policy_named
from hypertoken.cluster.seats import Policy, Seats
from hypertoken.cluster.starting import DEFAULT_MEMORY, counted, kind_of
from hypertoken.description import Described, Description
from hypertoken.engine.session import Opening
from hypertoken.errors import BadFieldError, HyperTokenError
from hypertoken.options import Illegal
from hypertoken.seeding import check_seed
from hypertoken.transports.batches import Columns
from hypertoken.transports.batches_in_process import NativeBatch

Policies = Policy | str | Mapping[str, Policy | str]
_IN_FLIGHT = 2
_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Evaluation:
    """What episodes came to.

    Attributes:
        agents: their names, in the order of the columns.
        returns: (episodes, agents) float64; episode e began with seed + e.
        lengths: (episodes,) int64, in steps.
    """

    agents: list[str]
    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean return, by agent."""
        return np.asarray(self.returns.mean(axis=0))

    @property
    def interval(self) -> NDArray[np.float64]:
        """Half the width of the mean's 95 % interval, by agent; NaN of a single episode."""
        count = len(self.returns)
        if count < 2:
            return np.full(self.returns.shape[1], np.nan)
        return np.asarray(_NORMAL_95 * self.returns.std(axis=0, ddof=1) / np.sqrt(count))

    def __str__(self) -> str:
        each = zip(self.agents, self.mean, self.interval, strict=True)
        told = ", ".join(f"{agent} {mean:.3f} ± {half:.3f}" for agent, mean, half in each)
        return f"{told} ({len(self.returns)} episodes, 95 % interval)"


def evaluate(
    env: str,
    policy: Policies,
    episodes: int = 100,
    *,
    actors: int = 1,
    rows: int = 64,
    seed: int = 0,
    cpus: float = 1,
    memory: int | None = DEFAULT_MEMORY,
    illegal: Illegal = "fallback",
    max_episode_steps: int | None = None,
    jars: tuple[str, ...] = (),
    timeout: float = 600.0,
    **options: Any,
) -> Evaluation:
    """Play episodes on a Ray cluster.

    Each group of `rows` episodes is played by a fresh copy of the policy, so the result does not
    hang on the number of actors, nor on one that died and was started anew.

    Args:
        env: the environment's id or alias.
        policy: as of `VectorPool.rollout`; or by agent who plays its seat.
        episodes: how many; episode e begins with seed + e.
        actors: how many processes.
        rows: episodes that an actor plays at once.
        seed: of the first episode.
        cpus: as of `VectorPool`, as are memory and timeout.
        memory: likewise.
        timeout: likewise.
        illegal: as of `hypertoken.make_vec`, as are max_episode_steps and jars.
        max_episode_steps: likewise.
        jars: likewise.
        options: the environment's own.
    """
    counted(episodes=episodes, actors=actors, rows=rows)
    check_seed(seed + episodes - 1)
    opening = Opening(  # refuses what no actor need be started for
        env,
        options,
        num_envs=min(rows, episodes),
        autoreset="next_step",
        illegal=illegal,
        threads=max(1, int(cpus)),
        max_episode_steps=max_episode_steps,
        jars=jars,
    )
    with Evaluator(opening, actors, cpus, memory, timeout) as evaluator:
        return evaluator.play(policy, episodes, seed)


class Evaluator:
    """Actors that play episodes of one environment, as often as they are asked to.

    Args:
        opening: what each actor opens; an evaluation's episodes go to them in groups of its rows.
        actors: how many processes.
        cpus: as of `VectorPool`, as are memory and timeout.
        memory: likewise.
        timeout: likewise.

    Attributes:
        played: the environment, as the actors know it.
    """

    def __init__(
        self, opening: Opening, actors: int, cpus: float, memory: int | None, timeout: float
    ) -> None:
        self._rows = opening.num_envs
        kind = kind_of(Episodes, actors, cpus, memory, timeout, MOST_DEATHS)
        self._handles = [kind.remote(opening, cpus, memory) for _ in range(actors)]
        try:
            self._lines = [
                Line(f"actor {k} of {opening.env}", each, timeout)
                for k, each in enumerate(self._handles)
            ]
            self.played = Described()
            self.played.describe(self._lines[0].persistently(self._handles[0].description.remote))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Evaluator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the actors."""
        for handle in self._handles:
            ray.kill(handle)

    def play(
        self,
        policy: Policies,
        episodes: int,
        seed: int,
        ended: Callable[[int], None] = lambda count: None,
    ) -> Evaluation:
        """Play episodes, as `evaluate` does; `ended` hears how many more are over."""
        agents = self.played.possible_agents
        sent = ray.put(cloudpickle.dumps(_seats(policy, agents, seed)))
        groups = [
            (seed + first, min(self._rows, episodes - first))
            for first in range(0, episodes, self._rows)
        ]
        played = _shared(self._lines, [sent], groups, ended)
        returns, lengths = (np.concatenate(each)[:episodes] for each in zip(*played, strict=True))
        return Evaluation(agents, returns, lengths)


def _shared(
    lines: list[Line],
    place: list[Any],
    groups: list[tuple[int, int]],
    ended: Callable[[int], None],
) -> list[Any]:
    """Every group's result, in order; two at a time with each actor, whichever is free."""
    left = deque(enumerate(groups))
    out: dict[Any, tuple[int, Line]] = {}
    results: dict[int, Any] = {}
    free = deque(line for _ in range(_IN_FLIGHT) for line in lines)
    while left or out:
        while left and free:
            group, (first, _) = left.popleft()
            line = free.popleft()
            out[line.actor.play.remote(place, first)] = group, line
        ready, _ = ray.wait(list(out), timeout=1.0)
        reference = ready[0] if ready else next(iter(out))
        group, line = out.pop(reference)
        results[group] = line.answer(reference)
        ended(groups[group][1])
        free.append(line)
    return [results[group] for group in range(len(groups))]


def _seats(policy: Policies, agents: list[str], seed: int) -> dict[str, Any]:
    by_agent = dict(policy) if isinstance(policy, Mapping) else dict.fromkeys(agents, policy)
    if by_agent.keys() != set(agents):
        raise BadFieldError(
            f"policies of {sorted(by_agent)} were refused; the agents are {agents}; pass one for "
            "each, or one for all",
            "bad_field",
        )
    named: dict[str, Any] = {}
    for agent, given in by_agent.items():
        if isinstance(given, str):
            given = named.setdefault(given, policy_named(given, seed))
        by_agent[agent] = given
    return by_agent


class Episodes:
    """The actor that plays groups of episodes; it keeps nothing between two."""

    def __init__(self, opening: Opening, cpus: float, memory: int | None) -> None:
        java.prepare(cpus, memory)
        self._refused: HyperTokenError | None = None
        try:
            self._batch = NativeBatch(opening, copy=False)
        except HyperTokenError as refused:
            self._refused = refused

    def description(self) -> Description:
        """What the environment is."""
        if self._refused is not None:
            raise self._refused
        return self._batch.description

    def play(self, place: list[Any], seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Play an episode in each row, row i from seed + i: returns and lengths."""
        return played(self._batch, cloudpickle.loads(ray.get(place[0])), seed)


def played(
    batch: NativeBatch, policies: Mapping[str, Any], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Play an episode in each row of a batch that resets in the next step."""
    for policy in {id(each): each for each in policies.values()}.values():
        place = getattr(policy, "place", None)
        if callable(place):
            place(range(seed, seed + batch.num_envs), batch)
    decide = _decider(batch, policies)
    returns = np.zeros((batch.num_envs, len(batch.possible_agents)))
    lengths = np.zeros(batch.num_envs, np.int64)
    running = np.ones(batch.num_envs, np.bool_)
    batch.reset(seed)
    columns = batch.columns
    while running.any():
        decide(columns)
        batch.play()
        over = running & ~columns["alive"].any(axis=1)
        if over.any():
            returns[over] = columns["episode_return"][over]
            lengths[over] = columns["episode_length"].reshape(batch.num_envs)[over]
            running &= ~over
    return returns, lengths


def _decider(batch: NativeBatch, policies: Mapping[str, Any]) -> Any:
    seats = Seats(batch)
    agents = batch.possible_agents
    if len({id(each) for each in policies.values()}) == 1:
        everyone = policies[agents[0]]

        def together(columns: Columns) -> None:
            seats.write(everyone(*seats.shown(_copied(columns))), batch.actions)

        return together

    def apart(columns: Columns) -> None:
        shown = _copied(columns)
        for number, agent in enumerate(agents):
            acts = shown["alive"][:, number] != 0
            if batch.description.sequential:
                acts &= shown["turn"] == number
            if acts.any():
                rows = np.flatnonzero(acts)
                answer = policies[agent](*seats.of(shown, rows, number))
                seats.write_of(answer, batch.actions, rows, number)

    return apart


def _copied(columns: Columns) -> Columns:
    """What is seen, so that no policy holds what the next step overwrites."""
    seen = ("observation", "action_mask", "turn", "alive")
    return {name: c.copy() for name, c in columns.items() if name.split(".")[0] in seen}
