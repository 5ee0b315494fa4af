"""Measures guests: environments whose rules run elsewhere.

    ./hypertoken bench guests [--quick] [--only python|wasm|browser]

Each kind is a file of bench/guests and a part of RESULTS.md. Rivals and we take turns on the same
cores, so let nothing else run meanwhile.
"""

from __future__ import annotations

import argparse
import runpy
from collections.abc import Callable
from pathlib import Path

from results import report

PARTS = Path(__file__).resolve().parent / "guests"
KINDS = ("python", "wasm", "browser")
PACKAGES = ("hypertoken", "gymnasium", "numpy")


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench guests", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument(
        "--only", choices=KINDS, help="measure one kind, and leave the others' parts"
    )
    args = parser.parse_args()
    for kind in [args.only] if args.only else KINDS:
        measure: Callable[[bool], str] = runpy.run_path(str(PARTS / f"{kind}.py"))["main"]
        report(f"guests.{kind}", measure(args.quick), PACKAGES, write=not args.quick)


if __name__ == "__main__":
    main()
