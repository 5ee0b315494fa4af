"""Clients that ask for more than they read: batches, descriptions, pings; a few sip."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from functools import partial

from soak.trial import Ground, Phase, Trial, in_threads
from soak.wire import PING, Peer, command, frame

MOST_MB = 300.0
_BLOCK = 1 << 16
_ROWS, _WIDTH = 256, 1_000


def _batches(peer: Peer) -> bytes:
    peer.ask("open", env="soak-wide", num_envs=_ROWS, options={"size": _WIDTH})
    return peer.reset_batch()


def _descriptions(peer: Peer) -> bytes:
    peer.ask("reset", seed=1)
    return command("env_info")


def _pings(peer: Peer) -> bytes:
    return frame(PING, b"x" * 125)


KINDS: dict[str, Callable[[Peer], bytes]] = {
    "batches": _batches,
    "descriptions": _descriptions,
    "pings": _pings,
}
"""What can be asked for in small messages that bring big answers, or any at all."""


class Flood:
    """Sends the same message as fast as it is taken, and comes back when thrown out.

    Attributes:
        sent: bytes that the kernel took.
        dropped: how often the server ended its connection.
    """

    def __init__(self, kind: str, port: int, sips: bool = False) -> None:
        self._prepare, self._port, self._sips = KINDS[kind], port, sips
        self.sent = self.dropped = 0

    def run(self, going: Callable[[], bool]) -> None:
        """Misbehave for as long as told to."""
        while going():
            try:
                with Peer(self._port, receive_buffer=4096) as peer:
                    self._pour(peer, self._prepare(peer), going)
            except OSError:
                self.dropped += 1
                time.sleep(0.2)

    def _pour(self, peer: Peer, message: bytes, going: Callable[[], bool]) -> None:
        block, taken = memoryview(message * max(1, _BLOCK // len(message))), 0
        peer.socket.settimeout(0.1)
        while going():
            try:
                now = peer.socket.send(block[taken:])
                taken, self.sent = taken + now, self.sent + now
            except TimeoutError:  # the server reads no further, as it should
                if self._sips:
                    self._sip(peer.socket)
            if taken == len(block):
                taken = 0

    @staticmethod
    def _sip(opened: socket.socket) -> None:
        try:
            if not opened.recv(64):
                raise ConnectionResetError
        except TimeoutError:
            pass


def _flood(trial: Trial, ground: Ground, kind: str, seconds: float) -> None:
    """Three clients of a kind until the time, or the memory that they may take, is over."""
    over = threading.Event()
    floods = [Flood(kind, ground.server.port, sips=k == 0) for k in range(3)]
    errors: list[str] = []
    threads = in_threads([partial(f.run, lambda: not over.is_set()) for f in floods], errors)
    most, before = 0.0, ground.server.resident()
    try:
        for _ in trial.until(seconds):
            most = max(most, ground.server.resident() - before)
            if not most <= MOST_MB:
                break
            trial.wait(0.1)
    finally:
        over.set()
        for thread in threads:
            thread.join(6)
    sent, dropped = sum(f.sent for f in floods), sum(f.dropped for f in floods)
    trial.expect_no_errors(f"clients of {kind}", errors)
    trial.expect(
        most <= MOST_MB,
        f"{kind}: memory +{most:.0f} MB after {sent / 1e6:.1f} MB asked, "
        f"{dropped} thrown out"
        f" (≤ +{MOST_MB:g} MB)",
    )


def run(trial: Trial) -> None:
    """Each kind in turn; when they hang up, their connections go."""
    with trial.served() as ground:
        for kind in KINDS:
            _flood(trial, ground, kind, trial.seconds / len(KINDS))
            gone = trial.await_that(
                lambda: ground.server.descriptors() <= ground.base.descriptors + 4, 10
            )
            trial.expect(gone, f"{kind}: connections freed within 10 s of their hanging up")


PHASE = Phase(
    name="slow-readers",
    about="clients that pipeline batches, env_info or pings and do not read the answers",
    bound=f"memory ≤ +{MOST_MB:g} MB; bystanders are answered",
    run=run,
    weight=14,
    least_seconds=4.5,
)
