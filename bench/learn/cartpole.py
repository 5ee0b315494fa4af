"""CartPole: Stable-Baselines3's PPO beside ours with its hyper-parameters, then our tuned ones."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from measure import cores, pin
from results import table, verdicts
from trainings import MissingError, Told, left_out, middle, rate, rival, trained

HYPERTOKEN = Path(__file__).parents[2] / "hypertoken"
SOLVED = 475
WARM_UPS = 3
COMMON: dict[str, Any] = {"solved": SOLVED}
# RL Zoo's for CartPole-v1.
ZOO_SB3 = {
    "n_steps": 32, "batch_size": 256, "gae_lambda": 0.8, "gamma": 0.98, "n_epochs": 20,
    "ent_coef": 0.0, "learning_rate": "lin_0.001", "clip_range": "lin_0.2", "device": "cpu",
}  # fmt: skip
ZOO = {
    "envs": 8, "steps": 32, "minibatch_size": 256, "gae_lambda": 0.8, "gamma": 0.98, "epochs": 20,
    "learning_rate": 0.001, "anneal_learning_rate": True, "clip": 0.2, "anneal_clip": True,
}  # fmt: skip
WIDE_SB3 = {
    "n_steps": 128, "batch_size": 2048, "n_epochs": 4, "learning_rate": "lin_0.001",
    "device": "cpu",
}  # fmt: skip
WIDE = {
    "envs": 64, "steps": 128, "minibatch_size": 2048, "epochs": 4, "learning_rate": 0.001,
    "anneal_learning_rate": True,
}  # fmt: skip
SHAPES = (
    ("RL Zoo's (8 rows × 32 steps × 20 epochs)", ZOO_SB3, ZOO, 100_000, 4096),
    ("64 rows × 128 steps × 4 epochs", WIDE_SB3, WIDE, 491_520, 16_384),
)
HEADER = ("CartPole-v1", "steps/s", "solved", "s to solve", "steps to solve", "mean of 500")


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    seeds = 1 if quick else 5
    command = _command(1 if quick else 5)
    pin(cores()[-1])
    rows: list[tuple[str, ...]] = []
    targets: list[tuple[str, float, float]] = []
    missing: list[tuple[str, str]] = []
    for name, theirs, ours, total, every in SHAPES:
        order = {**COMMON, "seeds": seeds, "check_every": every}
        order["total_steps"] = every if quick else total
        mine = trained(
            env="CartPole-v1", tuned=False, hyperparameters=ours, warm_ups=WARM_UPS, **order
        )
        rows.append(_row(f"ours, {name}", mine))
        try:
            sb3 = rival(
                "run_sb3.py",
                {**order, "module": "stable_baselines3", "settings": theirs, "rows": ours["envs"]},
            )
        except MissingError as why:
            missing.append((f"Stable-Baselines3, {name}", str(why)))
            continue
        rows.append(_row(f"Stable-Baselines3, {name}", sb3))
        targets.append((f"steps/s of ours over SB3's, {name}", rate(mine) / rate(sb3), 12))
    tuned = trained(env="CartPole-v1", check_every=2048, seeds=seeds, warm_ups=WARM_UPS, **COMMON)
    cold = [
        trained(env="CartPole-v1", check_every=2048, seeds=1, **COMMON)[0] for _ in range(seeds)
    ]
    rows += [
        _row("ours, tuned, warm", tuned),
        _row("ours, tuned, the first training of a process on one core", cold),
    ]
    targets += [
        ("s to solve, tuned, warm", middle(tuned, "seconds"), -0.3),
        ("s of the whole command `./hypertoken train cartpole`", command, -1.5),
    ]
    return (
        "A training has solved it when 100 fresh deterministic episodes earn "
        f"{SOLVED}, and 500 others confirm it; seeds 1 to {seeds}, medians. The whole command, "
        "Java's start, 100 episodes at the end and all files included, runs on all cores.\n\n"
        + table(HEADER, rows)
        + left_out(missing)
        + verdicts(targets, digits=2)
    )


def _row(name: str, runs: list[Told]) -> tuple[str, ...]:
    solved = [run for run in runs if run["mean"] >= SOLVED]
    return (
        name,
        f"{rate(runs):,.0f}",
        f"{len(solved)} of {len(runs)}",
        f"{middle(solved, 'seconds'):.2f}" if solved else "-",
        f"{middle(solved, 'steps'):,.0f}" if solved else "-",
        f"{middle(runs, 'mean'):.1f}",
    )


def _command(times: int) -> float:
    """Seconds of the whole command, the launcher's included; the median."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for k in range(times + 1):  # the first one may build, and makes the start cache
            began = time.perf_counter()
            subprocess.run(
                [HYPERTOKEN, "train", "cartpole", "--out", f"{folder}/{k}", "--events", "none"],
                check=True,
                capture_output=True,
            )
            seconds.append(time.perf_counter() - began)
    return median(seconds[1:])
