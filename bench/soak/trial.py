"""What a phase is, and what it is given to run: time, servers with bystanders, and expectations."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from soak.bystander import Bystanders, summary
from soak.figures import quantile
from soak.server import Server
from soak.watch import Sample, Watch

CALM_MS = 250.0
"""What a bystander's p99 may be; on a busy machine, five times what it is in quiet.

It tells a server that stalls; how much one hostile client costs, `crowd` tells by comparing."""
ENOUGH_WAITS = 1_000
"""Of fewer a p99 says little, and may be twice as much."""
_BUSY_FACTOR = 5.0
_QUIET_SECONDS = 1.0
_PATIENCE = 20.0


class StoppedError(Exception):
    """The user wants to end."""


class NotRunError(Exception):
    """This machine cannot run the phase; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation: whether it was kept, and the figure beside its bound."""

    kept: bool
    figure: str


@dataclass(frozen=True)
class Phase:
    """One kind of misbehaviour.

    Attributes:
        name: as `--only` takes it.
        about: who misbehaves, and how.
        bound: what must hold.
        run: does it.
        weight: its share of the time.
        least_seconds: what it needs to show anything.
        beside: whether it mostly waits, and so may run beside the others.
        alone: whether nothing may run beside it.
    """

    name: str
    about: str
    bound: str
    run: Callable[[Trial], None]
    weight: float
    least_seconds: float
    beside: bool = False
    alone: bool = False


@dataclass
class Ground:
    """A running server with its watch, and bystanders unless the phase wants none."""

    server: Server
    watch: Watch
    bystanders: Bystanders | None
    base: Sample
    calm_ms: float
    judged: bool = False

    def grown(self) -> float:
        """MB of memory above what it had when all was quiet."""
        return self.server.resident() - self.base.megabytes


@dataclass
class Trial:
    """One run of one phase."""

    phase: Phase
    seconds: float
    random: Random
    jar: Path
    logs: Path
    stopping: threading.Event
    findings: list[Finding] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    not_run: str = ""
    began: float = 0.0
    ended: float = 0.0

    # --- Time ---

    def wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            StoppedError: the user wants to end.
        """
        if self.stopping.wait(max(0.0, seconds)):
            raise StoppedError

    def until(self, seconds: float) -> Iterator[float]:
        """Go round for so long; each round gets the seconds gone since the first."""
        began = time.monotonic()
        while (gone := time.monotonic() - began) < seconds:
            if self.stopping.is_set():
                raise StoppedError
            yield gone

    def rounds(self, seconds: float, least: int) -> Iterator[int]:
        """Go round for so long, and until so many rounds are done, or for twenty seconds more."""
        for number, gone in enumerate(self.until(seconds + _PATIENCE)):
            if gone >= seconds and number >= least:
                return
            yield number

    def await_that(self, what: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds; whether it did in time."""
        for _ in self.until(seconds):
            if what():
                return True
            self.wait(0.1)
        return what()

    # --- Servers ---

    @contextmanager
    def served(self, *arguments: str, bystanders: bool = True) -> Iterator[Ground]:
        """A server, watched and with bystanders, that is judged when the phase is done with it."""
        number = f"-{len(self.grounds) + 1}" if self.grounds else ""
        log = self.logs / f"{self.phase.name}{number}.log"
        server = Server(log, ["--env", "blackjack", "--jar", str(self.jar), *arguments])
        watch, beside = None, None
        try:
            watch = Watch(server)
            beside = Bystanders(server.port) if bystanders else None
            # What a first client makes the server load is not the phase's.
            self.wait(_QUIET_SECONDS / 2)
            quiet = time.monotonic()
            self.wait(_QUIET_SECONDS)
            usual = quantile(beside.waits(quiet), 0.99) if beside else 0.0
            calm_ms = max(CALM_MS, _BUSY_FACTOR * usual)
            ground = Ground(server, watch, beside, watch.look(), calm_ms)
            self.grounds.append(ground)
            yield ground
            self.judge(ground)
        finally:
            if beside is not None:
                beside.kill()
            if watch is not None:
                watch.stop()
            server.stop()

    def judge(self, ground: Ground) -> None:
        """Expect what every phase does of its server and the bystanders; once for each."""
        if ground.judged:
            return
        ground.judged = True
        if ground.bystanders is not None:
            self._judge_bystanders(ground.bystanders, ground.calm_ms)
        self.expect(ground.server.running, "the server ran to the end")
        problems = ground.server.problems()
        self.expect(
            not problems,
            f"{len(problems)} errors in its log" + "".join(f": {p}" for p in problems[:1]),
        )

    def _judge_bystanders(self, bystanders: Bystanders, calm_ms: float) -> None:
        bystanders.finish()
        for kind in ("ask", "connect", "newcomer", "health"):
            failures = [a for a in bystanders.failures() if a.kind == kind]
            count = sum(a.kind == kind for a in bystanders.answers)
            if failures or kind != "connect":
                self.expect(
                    not failures,
                    f"bystanders: {len(failures)} of {count} {_KINDS[kind]} failed"
                    + (f" ({failures[0].failure})" if failures else ""),
                )
        waits = bystanders.waits()
        p99 = quantile(waits, 0.99)
        if len(waits) < ENOUGH_WAITS:
            calm_ms *= 2
        self.expect(
            p99 <= calm_ms, f"bystanders' p50/p99/max {summary(waits)} ms (p99 ≤ {calm_ms:.0f})"
        )

    # --- Expectations ---

    def expect(self, kept: bool, figure: str) -> None:
        """Note an expectation, and whether it was kept; the phase goes on either way."""
        self.findings.append(Finding(kept, figure))

    def expect_at_most(self, name: str, figure: float, bound: float, unit: str = "") -> None:
        """Expect a figure to stay within a bound; NaN does not."""
        self.expect(figure <= bound, f"{name} {figure:.0f}{unit} (≤ {bound:g})")

    def expect_no_errors(self, what: str, errors: list[str]) -> None:
        """Expect that nothing went wrong, and show the first that did."""
        self.expect(
            not errors, f"{what}: {len(errors)} wrong" + "".join(f": {e}" for e in errors[:1])
        )

    @property
    def passed(self) -> bool:
        """Whether everything expected was kept."""
        return bool(self.findings) and all(f.kept for f in self.findings)


_KINDS = {
    "ask": "questions",
    "connect": "reconnections",
    "newcomer": "newcomers",
    "health": "health checks",
}


def in_threads(works: list[Callable[[], None]], errors: list[str]) -> list[threading.Thread]:
    """Start each in a thread of its own; what breaks one is noted."""

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except StoppedError:
            pass
        except Exception as broken:
            errors.append(f"{type(broken).__name__} {broken}")

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    return threads


def complaint(reply: dict[str, Any]) -> str:
    """What a reply complains about; empty when it does not."""
    return f"{reply['code']}: {reply['error']}"[:160] if "code" in reply else ""
