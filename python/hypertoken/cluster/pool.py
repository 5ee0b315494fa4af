"""A vector on a Ray cluster: `VectorPool`."""

from __future__ import annotations

import secrets
from typing import Any

import ray
from ray import cloudpickle

from hypertoken.cluster.actor import Rows
from hypertoken.cluster.batch import ActorBatch, Keeping
from hypertoken.cluster.line import Line, Request
from hypertoken.cluster.policies import Version, policy_named
from hypertoken.cluster.replay import Played, narrowed
from hypertoken.cluster.rollouts import Joined, Piece, Rollout
from hypertoken.cluster.seats import Policy
from hypertoken.cluster.starting import DEFAULT_MEMORY, counted, kind_of
from hypertoken.engine.session import Opening
from hypertoken.envs.multi_agent_vector import MultiAgentVectorEnv, MultiStep
from hypertoken.envs.vector import HyperTokenVectorEnv, VectorStep, wire_mode
from hypertoken.errors import BadFieldError
from hypertoken.log import LOGGER
from hypertoken.options import AutoresetName, Illegal
from hypertoken.seeding import Seeds, check_seed

IN_FLIGHT = 2
"""Requests an actor has at a time: while the driver takes one's answer, it works at the next."""
_PIECE_BYTES = 16 * 2**20
"""About how large an answer of an actor may be: large enough for a call, which takes milliseconds
and half a one more for a MB, to be cheap beside it, and small enough for the driver to copy one
while the next is played.
"""


class VectorPool:
    """Many copies of an environment in the processes of a Ray cluster, stepped together.

    Rows are numbered across all actors, and each plays what it would play in one vector of all of
    them: results hang neither on the number of actors nor on which of them died meanwhile. One
    thread at a time; a call that fails has happened in no actor.

    Args:
        env: the environment's id or alias; only it and the options travel, so the package, and
            `jars`, must be where the actors are.
        actors: how many processes.
        rows: copies of the environment in each.
        seed: of the first reset that is given none; drawn, and kept in `seed`, when left out.
        cpus: what each actor asks Ray for, and so many threads its Java uses.
        memory: bytes that each actor asks Ray for; Java's heap may take half of it.
        autoreset_mode, illegal, max_episode_steps, jars: as of `hypertoken.make_vec`.
        timeout: seconds without an answer after which an actor counts as stuck.
        snapshot_bytes, replay_bytes: how many bytes of actions are kept for each actor, should it
            die, until its rows are saved anew; and where rows cannot be saved, at all.
        options: the environment's own, such as `decks=6`.
    Raises:
        UnknownEnvironmentError, UnknownOptionError, BadOptionError: as of `make_vec`.
        UnavailableError: the actors did not start within `timeout`.
    """

    def __init__(
        self,
        env: str,
        *,
        actors: int = 1,
        rows: int = 64,
        seed: int | None = None,
        cpus: float = 1,
        memory: int | None = DEFAULT_MEMORY,
        autoreset_mode: AutoresetName = "NextStep",
        illegal: Illegal = "fallback",
        max_episode_steps: int | None = None,
        jars: tuple[str, ...] = (),
        timeout: float = 600.0,
        snapshot_bytes: int = Keeping.snapshot_bytes,
        replay_bytes: int = Keeping.replay_bytes,
        **options: Any,
    ) -> None:
        counted(actors=actors, rows=rows)
        self.seed = secrets.randbits(48) if seed is None else check_seed(seed)
        check_seed(self.seed + actors * rows - 1)
        opening = Opening(  # refuses what no actor need be started for
            env,
            options,
            num_envs=rows,
            autoreset=wire_mode(autoreset_mode),
            illegal=illegal,
            threads=max(1, int(cpus)),
            max_episode_steps=max_episode_steps,
            jars=jars,
        )
        self._begun = False
        self._version = Version(-1, [])
        self._pickled = b""
        lines = _started(opening, actors, cpus, memory, timeout)
        try:
            about = lines[0].about()
            keeping = Keeping(snapshot_bytes, replay_bytes)
            self.batch = ActorBatch(lines, about, opening.autoreset, keeping)
            self.envs: HyperTokenVectorEnv | MultiAgentVectorEnv = (
                HyperTokenVectorEnv(self.batch, autoreset_mode=autoreset_mode)
                if len(self.batch.possible_agents) == 1
                else MultiAgentVectorEnv(self.batch)
            )
        except BaseException:
            for line in lines:
                ray.kill(line.actor)
            raise
        self.num_envs = self.batch.num_envs
        self.num_actors = actors

    def __repr__(self) -> str:
        return f"VectorPool({self.batch.name}, actors={self.num_actors}, {self.num_envs} rows)"

    def __enter__(self) -> VectorPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- Step by step, as a vector ---

    def reset(
        self, *, seed: Seeds = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all rows, or those of `options["reset_mask"]`: see `HyperTokenVectorEnv.reset`, and
        with several agents `MultiAgentVectorEnv.reset`.

        Args:
            seed: one seed s (row i gets s+i), or one or None for each row; the first reset takes
                the pool's own when left out.
            options: `reset_mask` and the environment's episode options.
        """
        if seed is None and not self._begun:
            seed = self.seed
        shown = self.envs.reset(seed=seed, options=options)
        self._begun = True
        return shown

    def step(self, actions: Any) -> VectorStep | MultiStep:
        """Step every row: see `HyperTokenVectorEnv.step`, and with several agents
        `MultiAgentVectorEnv.step`.

        An actor is asked once a step, which costs far more than a step of a few rows does:
        `rollout` asks it once for many.
        """
        return self.envs.step(actions)

    # --- Many steps in the actors ---

    def rollout(self, policy: Policy | str, steps: int) -> list[Rollout]:
        """Let a policy play in the actors; it begins with a reset where there was none.

        Args:
            policy: (observations, masks) → actions of whoever acts in an actor's rows: arrays as
                of Gymnasium's vectors; of a simultaneous game all agents' row by row. Whatever
                pickles will do: a function, an object with weights, a `hypertoken.Policy`. It is
                sent when it is another than the last time, else it plays on where it was; a reset
                of all rows by a seed begins it anew. One that draws should have `get_state()` and
                `set_state(bytes)`, else an actor that dies draws others. "random" plays what is
                allowed, by the pool's seed.
            steps: how many of each row.
        Returns:
            what was played, by actor: consecutive rows of the pool, in arrays that are yours.
        Raises:
            ray.exceptions.RayTaskError, also whatever the policy raised: nothing has happened.
        """
        counted(steps=steps)
        if self.batch.autoreset == "disabled":
            raise BadFieldError(
                'a rollout was refused with autoreset_mode="Disabled"; its rows stop at the end of '
                'their episode; make the pool with "NextStep" or "SameStep"',
                "bad_field",
            )
        if not self._begun:
            self.reset()
        version = self._put(policy)
        row_bytes = sum(c.nbytes for c in self.batch.columns.values()) / self.batch.num_envs
        at_once = int(_PIECE_BYTES / (row_bytes * self.batch.rows_each)) or 1
        count = -(-steps // at_once)
        sizes = [steps // count + (k < steps % count) for k in range(count)]
        with self.batch.whole():
            return self._played(version, sizes)

    def _played(self, version: Version, sizes: list[int]) -> list[Rollout]:
        lines = self.batch.lines
        asked = dict.fromkeys(range(len(lines)), 0)
        steps = sum(sizes)
        blocks = [Joined(self.batch.part(k).start, steps) for k in asked]
        for k, line in enumerate(lines):
            line.version(version.number)
            for _ in range(min(IN_FLIGHT, len(sizes))):
                self._ask(line, version, sizes[asked[k]])
                asked[k] += 1
        space = self.batch.action_space(self.batch.possible_agents[0])
        while waiting := {line.waits_for: k for k, line in enumerate(lines) if line.in_flight}:
            ready, _ = ray.wait(list(waiting), timeout=1.0)
            # Where nobody is ready, the first tells how long it has not been.
            k = waiting[ready[0]] if ready else next(iter(waiting.values()))
            line = lines[k]
            piece: Piece = line.take()
            line.journal.add(Played(self._narrowed(space, piece.rollout)))
            line.state = piece.state
            line.prove(piece.proof)
            blocks[k].add(piece.rollout)
            del piece  # it lies in Ray's store
            if asked[k] < len(sizes):
                self._ask(line, version, sizes[asked[k]])
                asked[k] += 1
        return [block.whole() for block in blocks]

    @staticmethod
    def _ask(line: Line, version: Version, steps: int) -> None:
        line.send(Request("rollout", (version, steps)))

    def _narrowed(self, space: Any, rollout: Rollout) -> dict[str, Any]:
        alone = len(self.batch.possible_agents) == 1
        played = narrowed(space, rollout.columns)
        return {name: array[:, :, None] if alone else array for name, array in played.items()}

    def _put(self, policy: Policy | str) -> Version:
        """The policy in Ray's store, anew when it is another than the last one."""
        if isinstance(policy, str):
            policy = policy_named(policy, self.seed)
        pickled = cloudpickle.dumps(policy)
        if pickled != self._pickled:
            self._version = Version(self._version.number + 1, [ray.put(pickled)])
            self._pickled = pickled
        return self._version

    def close(self) -> None:
        """End the actors; the pool cannot be used afterwards."""
        self.batch.close()


def _started(
    opening: Opening, actors: int, cpus: float, memory: int | None, timeout: float
) -> list[Line]:
    # Ray must not ask again by itself: what was asked twice would be played twice.
    kind = kind_of(Rows, actors, cpus, memory, timeout, 0)
    firsts = range(0, actors * opening.num_envs, opening.num_envs)
    handles = [kind.remote(opening, first, cpus, memory) for first in firsts]
    LOGGER.info("%d actors of %s start", actors, opening.env)
    return [Line(f"actor {k} of {opening.env}", each, timeout) for k, each in enumerate(handles)]
