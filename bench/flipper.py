"""Trains traders for the grand-exchange, and holds them against its baselines.

    ./hypertoken bench flipper [--quick]

In markets of 12 items and of 30, three seeds, far enough apart that no two see a market of the same
seed; then all play 224 markets that nobody was trained or tuned on. Takes some five minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from results import report, table, verdicts

ROOT = Path(__file__).resolve().parent.parent
SEEDS = (10_000, 20_000, 30_000)
BASELINES = ("spread-catcher", "spread-catcher-ema", "spread-catcher-tuned")
QUICK = ("--total-steps", "40000", "--imitation-steps", "20000")


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench flipper", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    quick = parser.parse_args().quick
    folder = ROOT / "target" / "flipper" / time.strftime("%Y%m%d-%H%M%S")
    lines: list[Sequence[str]] = []
    targets = []
    for items in (12,) if quick else (12, 30):
        names = [f"trained, seed {seed}" for seed in SEEDS]
        seconds = [_trained(items, seed, folder / f"{items}-s{seed}", quick) for seed in SEEDS]
        took = dict(zip(names, seconds, strict=True))
        for name, *figures in _played(items, folder, quick):
            lines.append((name, str(items), f"{took[name]:.0f}" if name in took else "", *figures))
            if name in {f"mean of the 3 - {each}" for each in BASELINES[:2]}:
                wanted = 5.0 if name.endswith("catcher") else 0.0
                surely = float(figures[0]) - float(figures[1])
                what = f"points a day, at least: {name}, {items} items"
                targets.append((what, float(figures[0]) if wanted else surely, wanted))
    header = ("who", "items", "s to train", "% a day", "± 95 %", "episodes")
    text = (
        "A day is 288 windows of five minutes. A difference has the interval of pairs: both played "
        "the same markets. Nothing was chosen among runs; training reads no market of these "
        "seeds.\n\n" + table(header, lines) + ("" if quick else verdicts(targets, digits=2))
    )
    report("flipper", text, ("hypertoken",), write=not quick)


def _trained(items: int, seed: int, folder: Path, quick: bool) -> float:
    """Train one; the seconds of the whole command."""
    began = time.perf_counter()
    command = ("train", "grand-exchange", "--items", str(items), "--seed", str(seed))
    _run(*command, "--out", str(folder), "--eval-episodes", "0", "--events", "none",
         *(QUICK if quick else ()))  # fmt: skip
    return time.perf_counter() - began


def _played(items: int, folder: Path, quick: bool) -> Iterator[list[str]]:
    """Name, % a day, its interval and the episodes of everybody, and of the differences."""
    runs = {str(folder / f"{items}-s{seed}"): f"trained, seed {seed}" for seed in SEEDS}
    policies = [argument for each in (*BASELINES, *runs) for argument in ("--policy", each)]
    markets = ("--seeds", "32") if quick else ()
    told = _run("bench", "exchange", "--items", str(items), "--noise", "1", *policies, *markets)
    for line in told.splitlines()[1:]:
        name, _items, _noise, *figures = line.rsplit(maxsplit=5)
        for run, short in runs.items():
            name = name.replace(run, short)
        yield [name, *figures]


def _run(*arguments: str) -> str:
    """Run a command of ours; what it prints."""
    command = [str(ROOT / "hypertoken"), *arguments]
    print("$ ./hypertoken", *arguments, flush=True)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
