"""Measures environments in Python beside their peers, everything on one core, taking turns.

    ./hypertoken bench peers [--quick] [--only PART] [--core N]

Parts: single, vectors, turns, tables, training, functions, start.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import warnings
from collections.abc import Callable

from measure import Budget, cores, pin

# Before numpy and torch start their threads.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

PARTS = ("single", "vectors", "turns", "tables", "training", "functions", "start")


def part(name: str) -> Callable[[Budget, bool], None]:
    """The function that measures this part; its peers are imported only now."""
    if name in ("single", "functions", "start"):
        import peers_single

        return {
            "single": peers_single.single,
            "functions": peers_single.functions,
            "start": peers_single.start,
        }[name]
    if name == "vectors":
        import peers_vectors

        return peers_vectors.vectors
    if name == "training":
        import peers_training

        return peers_training.training
    import peers_turns

    return {"turns": peers_turns.turns, "tables": peers_turns.tables}[name]


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench peers", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be repeated")
    parser.add_argument("--core", type=int, default=cores()[-1], help="default the last")
    args = parser.parse_args()
    pin(args.core)
    names = args.only or PARTS
    if len(names) > 1:
        # Each in a process of its own: the first environment of one decides how Java starts in it.
        # They inherit the core.
        flags = ["--quick"] if args.quick else []
        for name in names:
            subprocess.run([sys.executable, __file__, "--only", name, *flags], check=True)
        return
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=UserWarning)
    part(names[0])(Budget.of(args.quick), not args.quick)


if __name__ == "__main__":
    main()
