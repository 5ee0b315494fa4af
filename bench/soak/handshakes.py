"""Connections that never become a WebSocket: silent, slow, half a request; then too many."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from soak.trial import Ground, Phase, Trial
from soak.wire import dial, handshake

DEADLINE = 14.0
"""Seconds; the server says ten, from the first packet to the last."""
_CONNECTIONS = 1_024
_SLACK = 96
"""A few more, who hear that there is no room."""
_FLOOD = 1_500
_FROM = "127.0.0.9"


def _trickle(opened: list[socket.socket], request: bytes, position: int) -> None:
    """One more byte of the request on each connection."""
    for connection in opened:
        with suppress(OSError):
            connection.send(request[position % len(request) :][:1])


def _slow(trial: Trial, ground: Ground) -> None:
    """A hundred of each kind have to be gone by the deadline."""
    port = ground.server.port
    request = handshake(port).replace(b"\r\n\r\n", b"\r\nX-More: " + b"a" * 4000)
    silent, trickling, halfway = ([dial(port, _FROM) for _ in range(100)] for _ in range(3))
    for connection in halfway:
        connection.sendall(request[: len(request) // 2])
    before, position, next_byte = ground.base.descriptors, 0, 0.0

    def gone() -> bool:
        return ground.server.descriptors() <= before + 6

    began = time.monotonic()
    for seconds in trial.until(DEADLINE):
        if seconds >= next_byte:
            _trickle(trickling, request, position)
            position, next_byte = position + 1, next_byte + 2
        if gone():
            break
        trial.wait(0.1)
    took, left = time.monotonic() - began, max(0.0, ground.server.descriptors() - before)
    trial.expect(
        gone(),
        f"slow handshakes: {left:.0f} of 300 open after {took:.1f} s (0 after {DEADLINE:g} s)",
    )
    for connection in (*silent, *trickling, *halfway):
        connection.close()


def _too_many(trial: Trial, ground: Ground, seconds: float) -> None:
    """More raw connections than the server takes of real ones."""
    port, opened, refused, most = ground.server.port, list[socket.socket](), 0, 0.0
    for _ in trial.until(seconds):
        while len(opened) < _FLOOD and not trial.stopping.is_set():
            try:
                opened.append(dial(port, _FROM, timeout=1.0))
                opened[-1].sendall(b"G")
            except OSError:
                refused += 1
                break
        most = max(most, ground.server.descriptors() - ground.base.descriptors)
        trial.wait(0.2)
    trial.expect(
        most <= _CONNECTIONS + _SLACK,
        f"{_FLOOD:,} raw connections: the server held {most:.0f} (≤ --max-connections "
        f"{_CONNECTIONS} + {_SLACK})",
    )
    for connection in opened:
        connection.close()
    freed = trial.await_that(
        lambda: ground.server.descriptors() <= ground.base.descriptors + 6, DEADLINE
    )
    trial.expect(freed, "all were freed when they had hung up")


def run(trial: Trial) -> None:
    """The slow ones until the deadline, then the many."""
    with trial.served() as ground:
        _slow(trial, ground)
        _too_many(trial, ground, max(4.0, trial.seconds - DEADLINE))


PHASE = Phase(
    name="handshakes",
    about="raw connections: silent, a byte every 2 s, half a request; then 1,500 at once",
    bound=f"closed within {DEADLINE:g} s, never more than --max-connections; others come in",
    run=run,
    weight=0,
    least_seconds=DEADLINE + 4,
    beside=True,
)
