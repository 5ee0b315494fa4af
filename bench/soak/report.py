"""What the soak prints: a line every few seconds while it runs, and a table at its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from soak.bystander import Answer
from soak.figures import quantile
from soak.trial import Trial

EVERY_SECONDS = 3.0
_COLUMNS = (
    f"{'time':>6}  {'phase':<13} {'MB':>6} {'fds':>6} {'threads':>7} {'sessions':>8}"
    f"  {'bystanders: p50':>15} {'p99':>7} {'max ms':>7} {'failed':>6}"
)
_AGAIN = 20


class Progress:
    """Tells how the phases under way go, until it is stopped."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        self._trials, self._began, self._lines = trials, time.monotonic(), 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            for trial in self._trials:
                if trial.grounds and not trial.ended:
                    self._tell(trial)

    def _tell(self, trial: Trial) -> None:
        ground = trial.grounds[-1]
        if not ground.watch.samples:
            return
        if self._lines % _AGAIN == 0:
            print(_COLUMNS, flush=True)
        self._lines += 1
        sample = ground.watch.samples[-1]
        begin = time.monotonic() - EVERY_SECONDS
        recent: list[Answer] = []
        if ground.bystanders is not None:
            recent = [a for a in list(ground.bystanders.answers)[-2_000:] if a.at >= begin]
        waits = [a.millis for a in recent if a.kind == "ask"]
        p50, p99, most = (_number(quantile(waits, share), 1) for share in (0.5, 0.99, 1.0))
        gone = int(time.monotonic() - self._began)
        print(
            f"{gone // 60:>3}:{gone % 60:02}  {trial.phase.name:<13} "
            f"{_number(sample.megabytes):>6} {_number(sample.descriptors):>6} "
            f"{_number(sample.threads):>7} {_number(sample.sessions):>8}  "
            f"{p50:>15} {p99:>7} {most:>7} "
            f"{sum(bool(a.failure) for a in recent):>6}",
            flush=True,
        )

    def stop(self) -> None:
        """Tell no more."""
        self._over.set()
        self._thread.join()


def _number(value: float, digits: int = 0) -> str:
    return f"{value:.{digits}f}" if value == value else "–"


def summary(trials: Sequence[Trial]) -> str:
    """A line for each phase, and under it what was not kept, or all figures of one that passed."""
    lines = [f"{'phase':<13} {'result':<8} {'seconds':>7} {'peak MB':>7}  figures"]
    for trial in trials:
        peak = max((g.watch.peak() for g in trial.grounds), default=float("nan"))
        took = f"{trial.ended - trial.began:.0f}" if trial.ended else "–"
        start = f"{trial.phase.name:<13} {verdict(trial):<8} {took:>7} {_number(peak):>7}  "
        told = [trial.not_run] if trial.not_run else []
        told += [f"{'  ' if f.kept else '✗ '}{f.figure}" for f in trial.findings]
        if verdict(trial) == "FAIL" and trial.grounds:
            told.append(f"  log: {trial.grounds[0].server.log}")
        lines += [start + told[0] if told else start.rstrip()]
        lines += [" " * len(start) + line for line in told[1:]]
    return "\n".join(lines)


def verdict(trial: Trial) -> str:
    """PASS, FAIL, or that the phase was not run to its end."""
    if trial.not_run:
        return "not run"
    return "PASS" if trial.passed else "FAIL"
