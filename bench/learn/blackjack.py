"""Casino blackjack: how far the trained policy is from basic strategy's exact value."""

from __future__ import annotations

from results import table
from trainings import trained

BET = 10
# Six decks, a fresh shoe every round: KnownValue.java says where it comes from.
BASIC_STRATEGY = -0.004599356


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    seeds = 1 if quick else 3
    order = {"total_steps": 40_000} if quick else {}
    runs = trained(
        env="casino-blackjack", seeds=seeds, episodes=20_000 if quick else 2_000_000, **order
    )
    rows = [
        (
            f"seed {seed}",
            f"{run['steps']:,}",
            f"{run['seconds']:.1f}",
            f"{run['mean'] / BET:+.4f}",
            f"± {run['interval'] / BET:.4f}",
            f"{run['mean'] / BET - BASIC_STRATEGY:+.4f}",
        )
        for seed, run in enumerate(runs, start=1)
    ]
    header = (
        "casino-blackjack",
        "decisions",
        "s",
        "value of a round",
        "95 %",
        "beside basic strategy",
    )
    return (
        "Trained by what is tuned for it, then played without exploring; chips a "
        f"round divided by the bet. Basic strategy's exact value is {BASIC_STRATEGY:+.4f}.\n\n"
        + table(header, rows)
    )
