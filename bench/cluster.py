"""Measures vectors on a Ray cluster of this machine: 1, 2 and 4 actors beside one local vector, and
beside what RLlib's own sample() makes of the same rows.

    ./hypertoken bench ray [--quick] [--rows N]

Everybody steps CartPole and pushes the way the pole leans, and once more as a network says; RLlib
draws its actions, which costs it less than a network would. Contestants take turns, so let nothing
else run meanwhile.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

# Ray reads these when it is imported: it listens on loopback only, and reports to nobody.
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
# numpy reads this one: Ray sets it in an actor of one core, so it holds for the local vector too.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import ray
from hypertoken import make_multi_vec, make_vec
from hypertoken.cluster.rollouts import Recorder
from hypertoken.cluster.seats import Policy
from hypertoken.ray import VectorPool
from hypertoken.rllib import config
from hypertoken.transports.batches_in_process import NativeBatch
from measure import Budget, Contestant, cores, race
from results import report, table, verdicts

ENV = "CartPole-v1"
ACTORS = (1, 2, 4)
STEPS = 512
PACKAGES = ("hypertoken", "ray", "numpy", "gymnasium")
SHARE, OVER_RLLIB = 0.8, 50.0
"""What an actor keeps of a local vector while cores last, and how far a pool is beyond RLlib."""
MEMORY = 512 * 2**20


def leaning(observations: Any, masks: Any) -> Any:
    """Push the way the pole leans."""
    return (observations[:, 2] > 0).astype(np.int64)


class Network:
    """What a trained policy computes: two layers of 64, and the larger of two outputs."""

    def __init__(self) -> None:
        random = np.random.default_rng(1)
        shapes = ((4, 64), (64, 64), (64, 2))
        self.layers = [random.normal(size=each).astype(np.float32) for each in shapes]

    def __call__(self, observations: Any, masks: Any) -> Any:
        """The actions."""
        first, second, head = self.layers
        return (np.tanh(np.tanh(observations @ first) @ second) @ head).argmax(axis=1)


def local(rows: int, policy: Policy = leaning) -> Contestant:
    """One vector in this process, on one core while it plays."""
    envs = make_vec(ENV, rows)
    told: list[Any] = [envs.reset(seed=1)[0]]
    mine = os.sched_getaffinity(0)

    def play(count: int) -> float:
        # Only this thread: the driver's others answer the actors.
        os.sched_setaffinity(0, {cores()[0]})
        for _ in range(count * STEPS):
            told[0] = envs.step(policy(told[0], None))[0]
        os.sched_setaffinity(0, mine)
        return count * STEPS * rows

    return Contestant(f"one local vector, one core{_by(policy)}", play, envs.close)


def kept(rows: int) -> Contestant:
    """The same vector, and its steps are kept, as a rollout's are."""
    batch = make_multi_vec(ENV, rows, copy=False).batch
    assert isinstance(batch, NativeBatch)
    batch.reset(1)
    recorder, mine = Recorder(batch, 0), os.sched_getaffinity(0)

    def play(count: int) -> float:
        os.sched_setaffinity(0, {cores()[0]})
        for _ in range(count):
            recorder.play(leaning, STEPS)
        os.sched_setaffinity(0, mine)
        return count * STEPS * rows

    return Contestant("the same, steps kept", play, batch.close)


def pooled(actors: int, rows: int, policy: Policy = leaning) -> Contestant:
    """A pool of so many actors; a rollout of STEPS at a time."""
    pool = VectorPool(ENV, actors=actors, rows=rows, seed=1, memory=MEMORY)

    def play(count: int) -> float:
        for _ in range(count):
            pool.rollout(policy, STEPS)
        return count * STEPS * pool.num_envs

    return Contestant(f"{actors} actor{'s' * (actors > 1)}{_by(policy)}", play, pool.close)


def _by(policy: Policy) -> str:
    return ", by a network" if isinstance(policy, Network) else ""


def sampled(rows: int) -> Contestant:
    """RLlib's env runner in this process: its episodes are lists that Python fills row by row."""
    from ray.rllib.env.single_agent_env_runner import SingleAgentEnvRunner

    runner = SingleAgentEnvRunner(config=config(ENV, rows=rows, seed=1), worker_index=0)

    def play(count: int) -> float:
        runner.sample(num_timesteps=count * rows, random_actions=True)
        return count * rows

    return Contestant("RLlib's sample()", play, runner.stop)


class Bare:
    """An actor that does nothing."""

    def nothing(self) -> None:
        """Return at once."""


def calls(budget: Budget) -> list[tuple[str, float]]:
    """Milliseconds of a bare actor call, and of a step of one row in one and in two actors."""
    bare = ray.remote(Bare).options(num_cpus=0).remote()
    nothing = _milliseconds(lambda: ray.get(bare.nothing.remote()), budget)
    measured = [("a bare actor call", nothing)]
    for actors in (1, 2):
        with VectorPool(ENV, actors=actors, rows=1, seed=1, memory=MEMORY) as pool:
            pool.reset()
            step = partial(pool.step, np.zeros(actors, np.int64))
            name = f"pool.step of {actors} actor{'s' * (actors > 1)} with one row"
            measured.append((name, _milliseconds(step, budget)))
    ray.kill(bare)
    return measured


def _milliseconds(call: Callable[[], object], budget: Budget) -> float:
    taken: list[float] = []
    end = time.perf_counter() + budget.warm_seconds + budget.slice_seconds
    while time.perf_counter() < end or len(taken) < 20:
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return 1e3 * median(taken[len(taken) // 2 :])


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench ray", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--rows", type=int, default=1024, help="of each actor; default 1,024")
    args = parser.parse_args()
    budget = Budget.of(args.quick)
    ray.init(
        num_cpus=sum(ACTORS) + 2,
        object_store_memory=512 * 2**20,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="error",
        _node_ip_address="127.0.0.1",
    )
    rows = args.rows
    spread = [pooled(actors, rows) for actors in ACTORS]
    contestants = [local(rows), kept(rows), *spread, sampled(rows)]
    race(contestants, budget)
    first, rllib = contestants[0], contestants[-1]
    network = Network()
    # Cores are not enough for more: a network keeps one busy.
    computing = [local(rows, network), *(pooled(n, rows, network) for n in ACTORS[:2])]
    race(computing, budget)
    lines = [
        (
            each.name,
            f"{each.rate / 1e6:.2f}",
            f"{100 * each.spread:.0f} %",
            f"{each.rate / alone.rate:.2f}",
            f"{each.rate / rllib.rate:,.0f}",
        )
        for alone, all_beside in ((first, contestants), (computing[0], computing))
        for each in all_beside
    ]
    header = (f"{rows:,} rows each", "M steps/s", "spread", "× local", "× RLlib's sample()")
    text = (
        f"CartPole-v1, {rows:,} rows in each actor, rollouts of {STEPS} steps, a policy of "
        f"one comparison, or a network of 4-64-64-2; {len(cores())} cores for the actors, this "
        f"driver and Ray itself.\n\n" + table(header, lines)
    )
    asked = table(("a call", "ms"), [(name, f"{ms:.2f}") for name, ms in calls(budget)])
    targets = [
        (f"{n} × one local vector: {pool.name}", pool.rate / alone.rate / n, SHARE)
        for alone, pools in ((first, spread), (computing[0], computing[1:]))
        for n, pool in zip(ACTORS, pools, strict=False)
        if n <= len(cores())
    ]
    targets.append(("1 actor over RLlib's sample()", spread[0].rate / rllib.rate, OVER_RLLIB))
    text += "\n\n" + asked + ("" if args.quick else verdicts(targets, digits=2))
    ray.shutdown()
    report("ray", text, PACKAGES, write=not args.quick)


if __name__ == "__main__":
    main()
