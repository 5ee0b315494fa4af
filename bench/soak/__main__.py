"""The command: runs the phases, tells how they go, and whether all that must hold has held.

./hypertoken soak [--minutes N] [--only NAME,…] [--list] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from random import Random
from types import FrameType

from hypertoken.errors import HyperTokenError

from soak import environments, plan
from soak.report import Progress, summary, verdict
from soak.trial import NotRunError, Phase, StoppedError, Trial

_LOGS = Path(__file__).resolve().parents[2] / "target/soak"
_DESCRIPTORS = 8_192
STOPPED = 130
_STOPPED_EARLY = "not run to its end: it was stopped"


def listing() -> str:
    """Every phase: who misbehaves, and what must hold."""
    return "\n".join(
        f"{phase.name:<13} {phase.about}\n{'':<13} must hold: {phase.bound}"
        for phase in plan.PHASES
    )


def run_phase(trial: Trial) -> None:
    """Run one phase to its end, whatever happens in it."""
    trial.began = time.monotonic()
    try:
        trial.phase.run(trial)
    except NotRunError as lacking:
        trial.not_run = f"not run: {lacking}"
    except StoppedError:
        trial.not_run = _STOPPED_EARLY
    except KeyboardInterrupt:
        trial.not_run = _STOPPED_EARLY
        raise
    except Exception as broken:
        if trial.grounds and trial.grounds[-1].watch.tripped:
            why = "the server took more than 3 GB and was ended"
        else:
            why = f"broke off: {type(broken).__name__} {broken}"
            if not isinstance(broken, OSError):
                traceback.print_exc()
        trial.expect(False, why)
    finally:
        trial.ended = time.monotonic()


def run(trials: list[Trial], stopping: threading.Event) -> None:
    """Run those that may stand beside others in threads of their own, the rest in turn."""
    beside = [
        threading.Thread(target=run_phase, args=(trial,)) for trial in trials if trial.phase.beside
    ]
    try:
        for thread in beside:
            thread.start()
        for trial in trials:
            if not trial.phase.beside:
                if trial.phase.alone:
                    for thread in beside:
                        thread.join()
                run_phase(trial)
        for thread in beside:
            thread.join()
    finally:
        stopping.set()
        for thread in beside:
            if thread.ident is not None:
                thread.join()


def stop_on_signals(stopping: threading.Event) -> None:
    """Let Ctrl-C and SIGTERM end the phases, once: the servers are then being ended."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        stopping.set()
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, interrupt)


def _trials(
    phases: list[Phase], minutes: float, seed: int, stopping: threading.Event
) -> list[Trial]:
    _LOGS.mkdir(parents=True, exist_ok=True)
    jar = environments.build(_LOGS)
    seconds = plan.share(phases, minutes)
    return [
        Trial(phase, seconds[phase.name], Random(f"{seed} {phase.name}"), jar, _LOGS, stopping)
        for phase in phases
    ]


def main() -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="hypertoken soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N")
    parser.add_argument("--only", metavar="NAME,…")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--seed", type=int, metavar="N")
    args = parser.parse_args()
    if args.list:
        print(listing())
        return 0
    try:
        phases = plan.chosen(args.only)
        if not 0 < args.minutes < 100_000:
            raise ValueError(f"--minutes {args.minutes:g} is no time; pass 1 or more")
    except ValueError as mistake:
        print(f"hypertoken soak: {mistake}", file=sys.stderr)
        return 2
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_DESCRIPTORS, hard), hard))
    seed = int.from_bytes(os.urandom(4)) if args.seed is None else args.seed
    stopping = threading.Event()
    try:
        trials = _trials(phases, args.minutes, seed, stopping)
    except HyperTokenError as missing:
        print(f"hypertoken soak: {missing}", file=sys.stderr)
        return 1
    about = sum(t.seconds + plan.OVERHEAD_SECONDS for t in trials if not t.phase.beside)
    about = max([about, *(t.seconds for t in trials)])
    print(f"{len(trials)} phases, about {about / 60:.1f} minutes, seed {seed}", flush=True)
    progress, stopped = Progress(trials), False
    stop_on_signals(stopping)
    try:
        run(trials, stopping)
    except KeyboardInterrupt:
        stopped = True
    progress.stop()
    failed = [trial.phase.name for trial in trials if verdict(trial) == "FAIL"]
    done = [trial for trial in trials if trial.ended]
    print(f"\n{summary(done)}\n")
    if stopped:
        print("Stopped; the servers are ended.")
        return STOPPED
    if failed:
        print(
            f"FAIL: {', '.join(failed)}; again: "
            f"./hypertoken soak --only {','.join(failed)} --seed {seed}"
        )
        return 1
    print("PASS: flat, and nobody else noticed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
