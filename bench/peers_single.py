"""One environment: Gymnasium's CartPole and Blackjack beside ours; how soon the first is there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import cycle, islice
from statistics import median
from typing import Any

import gymnasium
import hypertoken
import numpy as np
from gymnasium.utils import performance
from measure import Budget, Contestant, race
from results import report, table, verdicts

Env = gymnasium.Env[Any, Any]
PACKAGES = ("hypertoken", "gymnasium", "numpy")


def stepper(env: Env) -> Callable[[int], float]:
    """Step an environment of two actions by ones drawn beforehand; resets count with their step."""
    actions = cycle(np.random.default_rng(1).integers(2, size=4096).tolist())
    env.reset(seed=1)

    def play(count: int) -> float:
        step, reset = env.step, env.reset
        for action in islice(actions, count):
            _, _, terminated, truncated, _ = step(action)
            if terminated or truncated:
                reset()
        return count

    return play


def environments() -> dict[str, list[tuple[str, Callable[[], Env]]]]:
    """Who steps what; the first of each is the peer to beat."""
    ours, make = hypertoken.make, gymnasium.make
    compared = {}
    for name in ("CartPole-v1", "Blackjack-v1"):
        compared[name] = [
            ("gymnasium.make", lambda name=name: make(name)),
            ("gymnasium.make(…).unwrapped", lambda name=name: make(name).unwrapped),
            ("hypertoken.make", lambda name=name: ours(name)),
            ("hypertoken.make(copy=False)", lambda name=name: ours(name, copy=False)),
            ('gymnasium.make("hypertoken/…")', lambda name=name: make(f"hypertoken/{name}")),
        ]
    return compared  # type: ignore[return-value]


def single(budget: Budget, write: bool) -> None:
    """Steps of one environment, each against Gymnasium's own."""
    texts, wanted = [], []
    for name, makers in environments().items():
        made = [(how, maker()) for how, maker in makers]
        contestants = [Contestant(how, stepper(env), env.close) for how, env in made]
        race(contestants, budget)
        base = contestants[0].rate
        texts.append(
            table(
                (name, "µs a step", "spread", "× gymnasium.make"),
                [
                    (c.name, f"{1e6 / c.rate:.2f}", f"± {c.spread:.0%}", f"{c.rate / base:.1f}")
                    for c in contestants
                ],
            )
        )
        ours, registered = contestants[2].rate / base, contestants[4].rate / base
        if name == "CartPole-v1":
            wanted += [
                ("CartPole, hypertoken.make, × gymnasium.make", ours, 10.0),
                ("CartPole through gymnasium.make, × Gymnasium's", registered, 8.0),
            ]
        else:
            wanted.append(("Blackjack, hypertoken.make, × gymnasium.make", ours, 30.0))
    intro = "Actions are drawn beforehand; a reset counts with the step that made it necessary."
    report("peers.single", "\n\n".join([intro, *texts]) + verdicts(wanted), PACKAGES, write=write)


def functions(budget: Budget, write: bool) -> None:
    """Gymnasium's own functions; they sample each action from its space within the time."""
    seconds = budget.slices * budget.slice_seconds
    rows = []
    for name in ("CartPole-v1", "Blackjack-v1"):
        for function in ("benchmark_step", "benchmark_init"):
            rates = []
            for id in (name, f"hypertoken/{name}"):
                _measure(function, id, budget.warm_seconds)
                measured = [
                    _measure(function, id, seconds / 3) for _ in range(3 if seconds > 1 else 1)
                ]
                rates.append(median(measured))
            rows.append(_row(f"{function}, {name}", *rates))
    for count in (8, 512, 4096):
        theirs = gymnasium.make_vec("CartPole-v1", count, vectorization_mode="vector_entry_point")
        ours = hypertoken.make_vec("CartPole-v1", count)
        for vector in (theirs, ours):
            performance.benchmark_vector_step(
                vector,
                target_duration=budget.warm_seconds,  # type: ignore[arg-type]
            )
        rates = [
            performance.benchmark_vector_step(v, target_duration=seconds, seed=1)  # type: ignore[arg-type]
            for v in (theirs, ours)
        ]
        theirs.close()
        ours.close()
        rows.append(_row(f"benchmark_vector_step, CartPole-v1, {count:,} rows", *rates))
    text = (
        "`gymnasium.utils.performance` as it stands, after a run of each to warm up. "
        "`benchmark_step` samples its actions within the time measured, on both sides.\n\n"
        + table(("function", "Gymnasium, a second", "HyperToken, a second", "×"), rows)
    )
    report("peers.functions", text, PACKAGES, write=write)


def _measure(function: str, id: str, seconds: float) -> float:
    if function == "benchmark_init":
        return performance.benchmark_init(
            lambda: gymnasium.make(id),
            target_duration=seconds,  # type: ignore[arg-type]
            seed=1,
        )
    env = gymnasium.make(id)
    try:
        return performance.benchmark_step(env, target_duration=seconds, seed=1)  # type: ignore[arg-type]
    finally:
        env.close()


def _row(name: str, theirs: float, ours: float) -> tuple[str, str, str, str]:
    return name, f"{theirs:,.0f}", f"{ours:,.0f}", f"{ours / theirs:.1f}"


FIRST = """
import time, gymnasium
began = time.perf_counter()
{code}
print(time.perf_counter() - began)
"""
FIRST_STEPS = {
    "import gymnasium, before the clock starts": "pass",
    "hypertoken.make and reset": (
        "import hypertoken; hypertoken.make('CartPole-v1').reset(seed=1)"
    ),
    "the same and 1,000 steps": (
        "import hypertoken; env = hypertoken.make('CartPole-v1'); env.reset(seed=1)\n"
        "for _ in range(1000):\n"
        "    if env.step(0)[2]: env.reset()"
    ),
    "gymnasium.make and reset of Gymnasium's own": ("gymnasium.make('CartPole-v1').reset(seed=1)"),
}


def start(budget: Budget, write: bool) -> None:
    """The first environment of a process, on top of `import gymnasium`."""
    times: dict[str, list[float]] = {name: [] for name in FIRST_STEPS}
    for _ in range(3 if budget.slices < 5 else 21):
        for name, code in FIRST_STEPS.items():
            program = FIRST.format(code=code)
            told = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=True
            )
            times[name].append(float(told.stdout.split()[-1]))
    rows = [
        (name, f"{median(taken) * 1e3:.0f}", f"{max(taken) * 1e3:.0f}")
        for name, taken in list(times.items())[1:]
    ]
    first = median(times["hypertoken.make and reset"])
    text = (
        "In a new process, after `import gymnasium`, on one core.\n\n"
        + table(("first of a process", "ms", "slowest, ms"), rows)
        + verdicts([("first make and reset, s", first, -0.2)], digits=3)
    )
    report("peers.start", text, PACKAGES, write=write)
