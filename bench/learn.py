"""Measures training: how fast, and how good, beside other trainers in processes of their own.

    ./hypertoken bench learn [--quick] [--only cartpole|pendulum|others|kernels|blackjack|boards]

Each part is a file of bench/learn and a part of RESULTS.md. Everybody computes on one thread,
pinned to one core, and the clock stands still while policies are evaluated. A rival that cannot be
installed is named with the reason. Let nothing else run meanwhile.
"""

from __future__ import annotations

import argparse
import runpy
from collections.abc import Callable
from pathlib import Path

from measure import cores, pin
from results import report

FOLDER = Path(__file__).resolve().parent / "learn"
PARTS = ("cartpole", "pendulum", "others", "kernels", "blackjack", "boards")
PACKAGES = ("hypertoken", "stable-baselines3", "torch", "numpy")


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench learn", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument(
        "--only", choices=PARTS, help="measure one part, and leave the others' as they are"
    )
    args = parser.parse_args()
    for part in [args.only] if args.only else PARTS:
        if part != "cartpole":  # which also times a whole command, on all cores
            pin(cores()[-1])
        measure: Callable[[bool], str] = runpy.run_path(str(FOLDER / f"{part}.py"))["main"]
        report(f"learn.{part}", measure(args.quick), PACKAGES, write=not args.quick)


if __name__ == "__main__":
    main()
