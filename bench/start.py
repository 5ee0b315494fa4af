"""Measures the first seconds of a vector: steps in each slice of time from its making on.

    ./hypertoken bench start [--quick] [--runs N]

Every run is a process of its own on two cores; beside an idle core, and beside one that another
process keeps busy. Ours runs twice over: as the first process of a machine, which has no start
archive yet, and as a later one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from first_seconds import EDGES, ENVPOOL, NUMPY, OURS
from measure import cores
from results import report, table, verdicts

ROWS = (4096, 64)
PACKAGES = ("hypertoken", "gymnasium", "envpool", "numpy")
FIRST, LATER = f"{OURS}, first process", f"{OURS}, later ones"
CONTESTANTS = (FIRST, LATER, NUMPY, ENVPOOL)
PROGRAM = Path(__file__).with_name("first_seconds.py")


@contextmanager
def busy(core: int) -> Iterator[None]:
    """Keep a core busy meanwhile."""
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.sched_setaffinity(spinner.pid, {core})
    try:
        yield
    finally:
        spinner.kill()
        spinner.wait()


@contextmanager
def idle(core: int) -> Iterator[None]:
    """Leave a core alone."""
    yield


def run(name: str, rows: int, seconds: float, cache: Path) -> tuple[float, list[float]]:
    """One process of this contestant: seconds until its first step, and its rates by slice."""
    with tempfile.TemporaryDirectory() as nothing:
        where = nothing if name == FIRST else str(cache)
        contestant = OURS if name in (FIRST, LATER) else name
        told = subprocess.run(
            [sys.executable, PROGRAM, contestant, str(rows), str(seconds)],
            env={**os.environ, "HYPERTOKEN_CACHE": where},
            capture_output=True,
            text=True,
            check=True,
        )
        if name == FIRST:
            _await_archive(Path(nothing))
    ready, rates = json.loads(told.stdout.splitlines()[-1])
    return ready, rates


def _await_archive(folder: Path) -> None:
    """Wait until the archive that a process has begun to make is there: it must disturb nobody."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if any(folder.glob("start-*.aot")) and not any(folder.glob("*.making")):
            return
        time.sleep(0.2)
    raise TimeoutError(f"no start archive was made in {folder}")


def measure(
    rows: int, seconds: float, runs: int, cache: Path
) -> dict[tuple[str, str], tuple[float, list[float]]]:
    """By contestant and company: the medians of the time to the first step and of each slice."""
    taken = defaultdict(list)
    for _ in range(runs):
        for company in (idle, busy):
            for name in CONTESTANTS:
                with company(cores()[-1]):
                    taken[name, company.__name__].append(run(name, rows, seconds, cache))
    return {
        key: (
            median(ready for ready, _ in each),
            [median(slice) for slice in zip(*(rates for _, rates in each), strict=True)],
        )
        for key, each in taken.items()
    }


def first_second(rates: list[float]) -> float:
    """Row-steps until second 1."""
    return sum(
        rate * (after - before)
        for rate, before, after in zip(rates, EDGES, EDGES[1:], strict=False)
        if after <= 1
    )


def steadiness(rates: list[float]) -> float:
    """How much of the best slice before it the worst slice keeps."""
    return min(rates[k] / max(rates[: k + 1]) for k in range(len(rates)) if max(rates[: k + 1]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench start", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--runs", type=int, default=5, help="processes a contestant; default 5")
    args = parser.parse_args()
    if len(cores()) > 2:
        for core in cores()[:-2]:
            os.sched_setaffinity(0, {*os.sched_getaffinity(0)} - {core})
    seconds = 1.0 if args.quick else EDGES[-1]
    runs = 1 if args.quick else args.runs
    texts, targets = [], []
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        _make_archive(cache)
        for rows in ROWS[:1] if args.quick else ROWS:
            measured = measure(rows, seconds, runs, cache)
            texts.append(_table(rows, measured))
            print(f"\n{texts[-1]}", flush=True)
            targets += _targets(rows, measured)
    text = (
        f"CartPole-v1, random actions drawn beforehand, from making the vector on, medians of "
        f"{runs} processes each. A later process finds the start archive that the first one left. "
        "M steps/s:\n\n" + "\n\n".join(texts)
    )
    text += "" if args.quick else verdicts(targets, digits=2)
    report("start", text, PACKAGES, write=not args.quick)


def _make_archive(cache: Path) -> None:
    subprocess.run(
        [sys.executable, PROGRAM, OURS, "64", "0"],
        env={**os.environ, "HYPERTOKEN_CACHE": str(cache)},
        capture_output=True,
        check=True,
    )
    _await_archive(cache)


def _table(rows: int, measured: dict[tuple[str, str], tuple[float, list[float]]]) -> str:
    slices = len(next(iter(measured.values()))[1])
    header = (
        f"{rows:,} rows",
        "other core",
        "first step after, s",
        *(f"to {edge:g} s" for edge in EDGES[1 : slices + 1]),
        "first second, M",
    )
    lines = [
        (
            name,
            company,
            f"{ready:.3f}",
            *(f"{rate / 1e6:.1f}" for rate in rates),
            f"{first_second(rates) / 1e6:.1f}",
        )
        for (name, company), (ready, rates) in sorted(
            measured.items(), key=lambda each: (each[0][1] != "idle", CONTESTANTS.index(each[0][0]))
        )
    ]
    return table(header, lines)


def _targets(
    rows: int, measured: dict[tuple[str, str], tuple[float, list[float]]]
) -> list[tuple[str, float, float]]:
    targets = []
    for company in ("idle", "busy"):
        ours, theirs = measured[LATER, company][1], measured[NUMPY, company][1]
        beside = f"{rows:,} rows, other core {company}"
        targets += [
            (
                f"{beside}: steps in the first second, × numpy vector",
                first_second(ours) / first_second(theirs),
                1.0,
            ),
            (f"{beside}: the worst slice by the best before it", steadiness(ours), 0.9),
        ]
    return targets


if __name__ == "__main__":
    main()
