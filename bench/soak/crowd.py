"""A thousand sessions under load, with and without one hostile client beside.

Quiet and hostile windows alternate, so that what else the machine does falls on both.

    python -m soak.crowd PORT SESSIONS RATE

is the thousand: it says "ready", then asks RATE questions a second until its input ends.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from soak.bystander import summary
from soak.figures import quantile
from soak.slow_readers import KINDS, MOST_MB, Flood
from soak.trial import Ground, Phase, Trial, in_threads
from soak.wire import Peer, command

SESSIONS = 1_000
RATE = 1_000
MOST_RATIO = 2.0
FLOOR_MS = 2.0
"""A p99 below this counts as this: less is the kernel's own choice of who runs first."""
_WINDOW_SECONDS, _WARM_SECONDS = 3.0, 1.0
_ENOUGH_ROUNDS = 3
"""Fewer say little of a p99: only what is judged in every phase counts then."""
_SETTLE = 0.3


@contextlib.contextmanager
def _crowd(port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "soak.crowd", str(port), str(SESSIONS), str(RATE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != "ready":
            raise OSError(f"{SESSIONS} sessions could not be opened")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def _window(
    trial: Trial, ground: Ground, kind: str | None, seconds: float, errors: list[str]
) -> list[float]:
    """The bystanders' waits over so long, beside one hostile client of a kind."""
    assert ground.bystanders is not None
    over = threading.Event()
    threads = []
    if kind is not None:
        flood = Flood(kind, ground.server.port)
        threads = in_threads([partial(flood.run, lambda: not over.is_set())], errors)
    try:
        trial.wait(_SETTLE)
        begin = time.monotonic()
        trial.wait(seconds - _SETTLE)
        return ground.bystanders.waits(begin, time.monotonic())
    finally:
        over.set()
        for thread in threads:
            thread.join(6)


@dataclass
class _Compared:
    """Windows without and with one hostile client, in pairs that follow each other."""

    pairs: list[tuple[list[float], list[float]]] = field(default_factory=list)

    def waits(self, hostile: bool) -> list[float]:
        """All waits of the one kind of windows."""
        return [wait for pair in self.pairs for wait in pair[hostile]]

    def ratio(self, floor_ms: float) -> float:
        """The median pair's p99 with by that without: a burst of something else falls in one."""
        return median(
            quantile(beside, 0.99) / max(floor_ms, quantile(quiet, 0.99))
            if quiet and beside
            else float("inf")
            for quiet, beside in self.pairs
        )


def run(trial: Trial) -> None:
    """Windows of quiet and of each kind of hostility, in turn."""
    errors: list[str] = []
    compared = {kind: _Compared() for kind in KINDS}
    with trial.served("--max-connections", "2048", "--max-sessions", "2048") as ground:
        with _crowd(ground.server.port) as crowd:
            crowded = ground.server.resident()
            for kind in KINDS:  # Java compiles what a kind makes it do when it first does it
                _window(trial, ground, kind, _WARM_SECONDS, errors)
            measured = trial.seconds - len(KINDS) * _WARM_SECONDS
            rounds = max(1, round(measured / (2 * len(KINDS) * _WINDOW_SECONDS)))
            length = measured / rounds / (2 * len(KINDS))
            for _ in range(rounds):
                for kind, windows in compared.items():
                    quiet = _window(trial, ground, None, length, errors)
                    windows.pairs.append((quiet, _window(trial, ground, kind, length, errors)))
            assert crowd.stdin is not None
            assert crowd.stdout is not None
            crowd.stdin.close()
            told = json.loads(crowd.stdout.readline() or "{}")
        trial.expect_no_errors("hostile clients", errors)
        answered = told.get("answered", 0.0)
        trial.expect(
            answered >= 0.5 * RATE,
            f"{SESSIONS:,} sessions: {answered:,.0f} of {RATE:,} questions/s answered (≥ 50 %)",
        )
        trial.expect_at_most("memory rose by", ground.watch.peak() - crowded, MOST_MB, " MB")
        floor = FLOOR_MS if rounds >= _ENOUGH_ROUNDS else ground.calm_ms
        for kind, windows in compared.items():
            ratio = windows.ratio(floor)
            trial.expect(
                ratio <= MOST_RATIO,
                f"beside unread {kind}: {summary(windows.waits(True))} ms, without: "
                f"{summary(windows.waits(False))} ms; median of {rounds} p99: {ratio:.1f}× of what "
                f"it is without (≤ {MOST_RATIO:g}×, from {floor:.0f} ms)",
            )


PHASE = Phase(
    name="crowd",
    about="1,000 sessions under load, with and without one hostile client beside",
    bound=f"bystanders' p99 with it ≤ {MOST_RATIO:g}× of that without (at least {FLOOR_MS:g} ms)",
    run=run,
    weight=20,
    least_seconds=11,
    alone=True,
)


# --- The process ---


def _ask_steadily(port: int, sessions: int, rate: float) -> dict[str, float]:
    """Ask each session in turn, none twice at a time, until standard input ends."""
    peers = [
        Peer(port, "/?env=blackjack", source=f"127.0.1.{1 + k % 100}", timeout=30.0)
        for k in range(sessions)
    ]
    for peer in peers:
        peer.ask("reset", seed=1, reply="turn")
    print("ready", flush=True)
    selector, over = selectors.DefaultSelector(), threading.Event()

    def end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=end, daemon=True).start()
    for peer in peers:
        selector.register(peer.socket, selectors.EVENT_READ, peer)
    question, waiting = command("reset", reply="turn"), set[Peer]()
    asked = answered = 0
    began = time.monotonic()
    while not over.is_set():
        due = int((time.monotonic() - began) * rate)
        while asked < due:
            peer = peers[asked % sessions]
            asked += 1
            if peer not in waiting:
                waiting.add(peer)
                peer.socket.sendall(question)
        for key, _ in selector.select(0.002):
            key.data.receive()
            waiting.discard(key.data)
            answered += 1
    return {"answered": answered / (time.monotonic() - began)}


if __name__ == "__main__":
    print(json.dumps(_ask_steadily(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
