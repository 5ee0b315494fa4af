"""Python guests: what a step costs beyond the environment's own, and how soon a loss is noticed.

CartPole by `gym:CartPole-v1`, beside the same environments stepped in a loop and in Gymnasium's
Sync and Async vectors. All of it is called from Python through the Java in this process, so our
figures hold what that way costs too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import gymnasium
import hypertoken
import numpy as np
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from measure import Budget, Contestant, race
from results import table, verdicts

ID = "CartPole-v1"
TROUBLED = Path(__file__).parents[2] / "guests" / "src" / "test" / "python" / "troubled.py"
KILLED, HANGS = 1, 2
DEADLINE = 0.25
BARE = "its own step(), in a loop"
# rows, workers: one worker of 1, 8 and 64 rows, and two of 32.
SHAPES = ((1, 1), (8, 1), (64, 1), (64, 2))


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    steps, targets = _steps(quick)
    losses, more = _losses(3 if quick else 15)
    return f"{steps}\n\n{losses}{verdicts([*targets, *more], digits=2)}"


# --- Steps ---


def _cartpole() -> gymnasium.Env[Any, Any]:
    return gymnasium.make(ID)


def _drawn(rows: int) -> list[Any]:
    return list(np.random.default_rng(1).integers(2, size=(64, rows)))


def _loop(rows: int) -> Contestant:
    """What a worker calls, and nothing else."""
    made = [gymnasium.make(ID, disable_env_checker=True, max_episode_steps=-1) for _ in range(rows)]
    for k, env in enumerate(made):
        env.reset(seed=k)
    drawn = cycle(_drawn(rows))

    def play(count: int) -> float:
        for actions in islice(drawn, count):
            for env, action in zip(made, actions, strict=True):
                _, _, terminated, truncated, _ = env.step(action)
                if terminated or truncated:
                    env.reset()
        return count * rows

    return Contestant(BARE, play)


def _vector(name: str, vector: Any, rows: int) -> Contestant:
    vector.reset(seed=1)
    drawn = cycle(_drawn(rows))

    def play(count: int) -> float:
        step = vector.step
        for actions in islice(drawn, count):
            step(actions)
        return count * rows

    return Contestant(name, play, vector.close)


def _guest(rows: int, workers: int, spin: bool) -> Contestant:
    vector = hypertoken.make_vec(f"gym:{ID}", rows, copy=False, workers=workers, spin=spin)
    return _vector(_name(rows, workers, spin), vector, rows)


def _name(rows: int, workers: int, spin: bool) -> str:
    shape = f"{workers} × {rows // workers}"
    return f"gym: {shape}{', spin' if spin else ''}"


def _rivals(rows: int, quick: bool) -> list[Contestant]:
    made = [_vector(f"SyncVectorEnv({rows})", SyncVectorEnv([_cartpole] * rows), rows)]
    if not (quick and rows > 8):
        asynchronous = AsyncVectorEnv([_cartpole] * rows, context="forkserver")
        made.append(_vector(f"AsyncVectorEnv({rows})", asynchronous, rows))
    return made


def _steps(quick: bool) -> tuple[str, list[tuple[str, float, float]]]:
    budget = Budget.of(quick)
    micros: dict[str, float] = {}
    lines: list[Sequence[str]] = []
    overheads: dict[str, float] = {}
    for rows in (1, 8, 64):
        shapes = [(count, workers) for count, workers in SHAPES if count == rows]
        contestants = [
            _loop(rows),
            *(_guest(*shape, spin) for shape in shapes for spin in (False, True)),
            *(_rivals(rows, quick) if rows > 1 else ()),
        ]
        race(contestants, budget)
        bare = 1e6 * median(contestants[0].seconds)
        for contestant in contestants:
            each = 1e6 * median(contestant.seconds)
            micros[contestant.name] = each
            overheads[contestant.name] = each - bare
            over = "" if contestant.name == BARE else f"{each - bare:,.2f}"
            spread = f"± {100 * contestant.spread:.0f} %"
            lines.append((f"{rows} rows: {contestant.name}", f"{each:,.2f}", over, spread))
    head = ("CartPole, µs a row-step", "all", "beyond step()", "spread")
    shared = micros[_name(64, 2, False)]
    targets = [
        ("µs beyond step(), 1 × 64", overheads[_name(64, 1, False)], -1.5),
        ("µs beyond step(), 1 × 64, spin", overheads[_name(64, 1, True)], -0.5),
        ("SyncVectorEnv(64) / 2 × 32", micros["SyncVectorEnv(64)"] / shared, 1.5),
    ]
    if "AsyncVectorEnv(64)" in micros:
        targets.append(("AsyncVectorEnv(64) / 2 × 32", micros["AsyncVectorEnv(64)"] / shared, 12.0))
    return table(head, lines), targets


# --- Losses and starts ---


def _timed(times: int, once: Callable[[], float]) -> list[float]:
    return [1e3 * once() for _ in range(times)]


def _losses(times: int) -> tuple[str, list[tuple[str, float, float]]]:
    troubled = f"gym:{TROUBLED}:Troubled-v3"

    def start() -> float:
        began = time.perf_counter()
        vector = hypertoken.make_vec(f"gym:{ID}", 1, workers=1)
        took = time.perf_counter() - began
        vector.close()
        return took

    def lose(action: int, deadline: float) -> float:
        vector = hypertoken.make_vec(troubled, 1, step_deadline=deadline)
        try:
            vector.reset(seed=1)
            began = time.perf_counter()
            _, _, _, truncated, info = vector.step(np.array([action]))
            took = time.perf_counter() - began
            assert truncated[0], info
            assert "guest_lost" in info, info
        finally:
            vector.close()
        return took

    hypertoken.make(f"gym:{ID}").close()  # described once, as a program's first open does
    started = _timed(times, start)
    dead = _timed(times, lambda: lose(KILLED, 60))
    hung = _timed(times, lambda: lose(HANGS, DEADLINE) - DEADLINE)
    lines = [
        (what, f"{median(measured):,.1f}", f"{max(measured):,.1f}")
        for what, measured in (
            ("one worker started", started),
            ("a dead worker noticed", dead),
            ("a hung one, after its deadline", hung),
        )
    ]
    targets = [
        ("ms to start one worker", median(started), -250.0),
        ("ms to notice a dead worker", median(dead), -20.0),
        ("ms to notice a hung one", median(hung), -50.0),
    ]
    return table(("ms", "median", "slowest"), lines), targets
