"""Bystanders: well-behaved clients in a process of their own, who tell how long they waited.

Four stay connected and take turns of blackjack and pings, so that each event loop of the server has
one of them; a newcomer connects, plays a reset and goes; a health check asks `/health`. The process
tells each answer in a line on its standard output: what, milliseconds, and why if there was none.

    python -m soak.bystander PORT
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from soak.figures import quantile
from soak.wire import ClosedError, Peer, http_status

PATIENCE = 5.0
"""Seconds after which a question counts as not answered."""
_STANDING, _ASK_PAUSE, _VISIT_PAUSE = 4, 0.02, 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's: when it came, what it was, how long it took in ms, and why it failed."""

    at: float
    kind: str
    millis: float
    failure: str


class Bystanders:
    """The process of the bystanders of one server, and what it told so far."""

    def __init__(self, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "soak.bystander", str(port)],
            stdin=subprocess.PIPE,  # its end is theirs
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.answers: list[Answer] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(2 * PATIENCE):
            self.kill()
            raise OSError("the bystanders could not connect")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            kind, millis, failure = line.rstrip("\n").split("\t")
            if kind == "ready":
                self._ready.set()
            else:
                self.answers.append(Answer(time.monotonic(), kind, float(millis), failure))

    def waits(self, begin: float = 0.0, end: float = float("inf")) -> list[float]:
        """Milliseconds that the standing clients waited, those without an answer too."""
        return [a.millis for a in list(self.answers) if a.kind == "ask" and begin <= a.at < end]

    def failures(self, begin: float = 0.0) -> list[Answer]:
        """The questions that were refused, or not answered in time."""
        return [a for a in list(self.answers) if a.failure and a.at >= begin]

    def finish(self) -> None:
        """Let the questions under way be answered, and end."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE + 3)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join(1)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """End at once."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


def summary(waits: list[float]) -> str:
    """p50/p99/max of milliseconds."""
    shares = (quantile(waits, share) for share in (0.5, 0.99, 1.0))
    return "/".join(f"{one:.1f}" for one in shares)


# --- The process ---


class _Teller:
    """Asks, and writes how that went."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._lock = threading.Lock()

    def tell(self, kind: str, millis: float = 0.0, failure: str = "") -> None:
        with self._lock, contextlib.suppress(OSError):
            print(kind, f"{millis:.3f}", " ".join(failure.split())[:200], sep="\t", flush=True)

    def time(self, kind: str, question: Callable[[], str]) -> bool:
        """Ask once; the question returns what is wrong with its answer."""
        began = time.perf_counter()
        try:
            failure = question()
        except TimeoutError:
            failure = f"no answer within {PATIENCE:g} s"
        except (OSError, ValueError) as broken:
            failure = f"{type(broken).__name__} {broken}"
        self.tell(kind, (time.perf_counter() - began) * 1e3, failure)
        return not failure


def _stand(teller: _Teller, port: int, connected: threading.Semaphore) -> None:
    peer: Peer | None = None
    number = 0

    def ask() -> str:
        nonlocal peer
        if peer is None:
            peer = Peer(port, "/?env=blackjack", timeout=PATIENCE)
            connected.release()
        reply = peer.ask("reset", reply="turn") if number % 2 else peer.ask("ping")
        return str(reply.get("error", ""))

    while not teller.over.is_set():
        number += 1
        if not teller.time("ask" if peer else "connect", ask) and peer is not None:
            peer.drop()
            peer = None
        teller.over.wait(_ASK_PAUSE)
    if peer is not None:
        peer.drop()


def _visit(port: int) -> str:
    with Peer(port, "/?env=blackjack", timeout=PATIENCE) as newcomer:
        told = newcomer.ask("reset", seed=1)
        newcomer.ask("close")
    return str(told.get("error", ""))


def _check_health(port: int) -> str:
    status, _ = http_status(port, "/health", PATIENCE)
    return "" if status == 200 else f"HTTP {status}"


def _repeat(teller: _Teller, kind: str, question: Callable[[], str]) -> None:
    while not teller.over.wait(_VISIT_PAUSE):
        teller.time(kind, question)


def main(port: int) -> None:
    """Ask until standard input ends."""
    sys.setswitchinterval(0.0005)  # a thread with an answer shall not wait for another's turn
    teller, connected = _Teller(), threading.Semaphore(0)
    threads = [
        threading.Thread(target=_stand, args=(teller, port, connected)) for _ in range(_STANDING)
    ] + [
        threading.Thread(target=_repeat, args=(teller, "newcomer", lambda: _visit(port))),
        threading.Thread(target=_repeat, args=(teller, "health", lambda: _check_health(port))),
    ]
    for thread in threads:
        thread.start()
    if all(connected.acquire(timeout=PATIENCE) for _ in range(_STANDING)):
        teller.tell("ready")
    sys.stdin.read()
    teller.over.set()
    for thread in threads:
        thread.join()


__all__ = ["PATIENCE", "Answer", "Bystanders", "ClosedError", "summary"]

if __name__ == "__main__":
    main(int(sys.argv[1]))
