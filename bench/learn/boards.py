"""Board games by self-play, and the small worlds FrozenLake and Taxi, by what is tuned for them."""

from __future__ import annotations

import json
from typing import Any

from results import table, verdicts
from trainings import Told, middle, ours, trained

# Optimal within the step limit, by value iteration; a mean of 500 episodes strays from the lake's
# by ± 0.04.
WORLDS = (("FrozenLake-v1", 0.74, 0.70), ("Taxi-v4", 7.93, 7.5))


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    seeds = 1 if quick else 3
    rows = []
    lost: list[float] = []
    for seed, run in enumerate(_games("tic-tac-toe", seeds, quick), start=1):
        replies = run["replies"]
        lost.append(replies["lost"])
        rows.append(
            (
                *_row(f"tic-tac-toe, seed {seed}", run),
                f"{replies['won']} won, {replies['drawn']} drawn, {replies['lost']} lost",
            )
        )
    won: list[float] = []
    for seed, run in enumerate(_games("connect-four", 1, quick), start=1):
        ahead = run["alpha_beta"]
        won.append(100 * run["random"]["won"])
        rows.append(
            (
                *_row(f"connect-four, seed {seed}", run),
                f"won {ahead['won']:.1%}, lost {ahead['lost']:.1%}, "
                f"{1e6 * run['alpha_beta_seconds_a_move']:.0f} µs a move",
            )
        )
    header = ("self-play", "steps", "s", "won from random", "lost", "every reply, or alpha-beta")
    worlds, targets = _worlds(quick)
    return (
        "Of games against random players half are played in "
        "each seat. In tic-tac-toe every reply of the other side is walked, in both seats. In "
        "connect-four the other looks four tokens ahead by alpha-beta, by open lines.\n\n"
        + table(header, rows)
        + "\n\n"
        + worlds
        + verdicts(
            [
                ("games that tic-tac-toe loses to any reply, at most", max(lost), -0.5),
                ("% won from random in connect-four", min(won), 98),
                *targets,
            ],
            digits=2,
        )
    )


def _games(env: str, seeds: int, quick: bool) -> list[Told]:
    order: dict[str, Any] = {"env": env, "seeds": seeds, "episodes": 100 if quick else 1000}
    if quick:
        order["total_steps"] = 40_000
    return ours("Boards", json.dumps(order))


def _row(name: str, run: Told) -> tuple[str, ...]:
    random = run["random"]
    return (
        name,
        f"{run['steps']:,}",
        f"{run['seconds']:.1f}",
        f"{random['won']:.1%}",
        f"{random['lost']:.1%}",
    )


def _worlds(quick: bool) -> tuple[str, list[tuple[str, float, float]]]:
    rows, targets = [], []
    order = {"seeds": 1, "total_steps": 10_000} if quick else {"seeds": 3}
    for env, best, enough in WORLDS:
        runs = trained(env=env, episodes=500, **order)
        means = ", ".join(f"{run['mean']:.2f}" for run in runs)
        rows.append(
            (env, f"{runs[0]['steps']:,}", f"{middle(runs, 'seconds'):.1f}", means, f"{best}")
        )
        targets.append((f"{env}, the worst seed", min(run["mean"] for run in runs), enough))
    header = ("tuned", "steps", "s", "mean return of 500 episodes, by seed", "optimal")
    return table(header, rows), targets
