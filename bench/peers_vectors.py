"""Vectors of CartPole: ours, Gymnasium's numpy, SyncVectorEnv and AsyncVectorEnv, and EnvPool."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import gymnasium
import hypertoken
import numpy as np
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from measure import Budget, Contestant, race
from results import FOLDER, report, table, verdicts

ROWS = (1, 8, 64, 512, 4096, 65536)
PACKAGES = ("hypertoken", "gymnasium", "envpool", "numpy")
PLOT = FOLDER / "peers-vectors.png"
VIEWS, COPIED = "hypertoken.make_vec(copy=False)", "hypertoken.make_vec"
NUMPY, ENVPOOL = "Gymnasium, numpy vector", "EnvPool, 1 thread"


def _cartpole() -> gymnasium.Env[Any, Any]:
    return gymnasium.make("CartPole-v1")


def _envpool(rows: int) -> Any:
    import envpool

    return envpool.make("CartPole-v1", env_type="gymnasium", num_envs=rows, num_threads=1)


# Who steps a vector, and the most rows it is asked for: the last two would take all day.
MAKERS: dict[str, tuple[Callable[[int], Any], int]] = {
    VIEWS: (lambda rows: hypertoken.make_vec("CartPole-v1", rows, copy=False), 65536),
    COPIED: (lambda rows: hypertoken.make_vec("CartPole-v1", rows), 65536),
    NUMPY: (
        lambda rows: gymnasium.make_vec(
            "CartPole-v1", rows, vectorization_mode="vector_entry_point"
        ),
        65536,
    ),
    ENVPOOL: (_envpool, 65536),
    "Gymnasium, SyncVectorEnv": (lambda rows: SyncVectorEnv([_cartpole] * rows), 512),
    "Gymnasium, AsyncVectorEnv": (
        lambda rows: AsyncVectorEnv([_cartpole] * rows, context="spawn"),
        8,
    ),
}


def stepper(vector: Any, rows: int, dtype: Any = np.int64) -> Callable[[int], float]:
    """Step a vector by actions drawn beforehand; counts row-steps, autoreset's fillers too."""
    drawn = np.random.default_rng(1).integers(2, size=(64, rows)).astype(dtype)
    actions = cycle(list(drawn))
    vector.reset(seed=1) if dtype is np.int64 else vector.reset()

    def play(count: int) -> float:
        step = vector.step
        for action in islice(actions, count):
            step(action)
        return count * rows

    return play


def measure(rows: int, budget: Budget) -> dict[str, float]:
    """Row-steps a second of everyone who can do so many rows."""
    contestants = []
    for name, (maker, most) in MAKERS.items():
        if rows <= most:
            vector = maker(rows)
            dtype = np.int32 if name == ENVPOOL else np.int64
            contestants.append(Contestant(name, stepper(vector, rows, dtype), vector.close))
    race(contestants, budget)
    rates = {c.name: c.rate for c in contestants}
    shown = ", ".join(f"{name} {rate / 1e6:.2f}" for name, rate in rates.items())
    print(f"{rows:,} rows, M steps/s: {shown}", flush=True)
    return rates


def vectors(budget: Budget, write: bool) -> None:
    """M steps/s by rows, with a plot."""
    quick = budget.slices < 5
    _warm_up(budget.warm_seconds * 5)
    measured = {rows: measure(rows, budget) for rows in (ROWS[:3] if quick else ROWS)}
    header = ("M steps/s", *(f"{rows:,}" for rows in measured))
    lines = [
        (name, *(f"{r[name] / 1e6:.2f}" if name in r else "–" for r in measured.values()))
        for name in MAKERS
    ]
    ratios = [
        (
            f"{ours} by {peer}",
            *(f"{r[ours] / r[peer]:.1f}" for r in measured.values()),
        )
        for ours in (VIEWS, COPIED)
        for peer in (NUMPY, ENVPOOL)
    ]
    text = (
        "CartPole-v1, random actions drawn beforehand, next-step autoreset everywhere (its fillers "
        "count as steps on all sides). AsyncVectorEnv's processes share the one core too. By "
        "number of rows:\n\n"
        + table(header, lines)
        + "\n\n"
        + table(("times", *header[1:]), ratios)
    )
    if not quick:
        text += f"\n\n![steps a second by rows]({PLOT.name}){verdicts(_targets(measured))}"
        plot(measured)
    report("peers.vectors", text, PACKAGES, write=write)


def _warm_up(seconds: float) -> None:
    """Step ours until Java's compiler has nothing left to do: it would take time from everyone."""
    vector = hypertoken.make_vec("CartPole-v1", 64)
    play, end = stepper(vector, 64), time.perf_counter() + seconds
    while time.perf_counter() < end:
        play(1000)
    vector.close()


def _targets(measured: dict[int, dict[str, float]]) -> list[tuple[str, float, float]]:
    many, few = measured[4096], measured[64]
    return [
        ("4,096 rows, views, × numpy vector", many[VIEWS] / many[NUMPY], 8.0),
        ("4,096 rows, copied, × numpy vector", many[COPIED] / many[NUMPY], 7.0),
        ("4,096 rows, views, × EnvPool", many[VIEWS] / many[ENVPOOL], 100.0),
        ("4,096 rows, copied, × EnvPool", many[COPIED] / many[ENVPOOL], 100.0),
        ("64 rows, copied, × numpy vector", few[COPIED] / few[NUMPY], 35.0),
    ]


def plot(measured: dict[int, dict[str, float]]) -> None:
    """Draw steps a second by rows, both logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), dpi=120)
    for name in MAKERS:
        rows = [count for count, rates in measured.items() if name in rates]
        style = "o-" if name.startswith("hypertoken") else "s--"
        axes.plot(rows, [measured[count][name] for count in rows], style, label=name)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="rows",
        ylabel="steps a second",
        title="CartPole-v1 from Python, one core",
    )
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(PLOT)
    pyplot.close(figure)
