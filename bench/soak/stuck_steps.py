"""Steps that never end, sleep, or take long; and an owner who comes back for one of them."""

from __future__ import annotations

import base64
import struct
import threading
import time
from contextlib import suppress
from functools import partial

from soak.trial import Ground, Phase, Trial, complaint, in_threads
from soak.wire import Peer, command

ENDS_WITHIN = 5.5
"""Seconds from SIGTERM; the server says five."""
_SLEEP, _WORK, _LOOP = 1, 2, 3
_LONG = 600_000
_STATE_BYTES = 33


def _before_a_step(port: int, millis: int) -> tuple[Peer, str]:
    """A client of the environment that gets stuck; returns it and its session."""
    peer = Peer(port)
    session = peer.ask("open", env="soak-slow", options={"millis": millis})["session"]
    peer.ask("reset", seed=1)
    return peer, str(session)


def _frozen_stock_game(port: int) -> tuple[Peer, str]:
    """Restores an Acrobot whose first angle is 1e300: wrapping it by subtraction would not end.

    Returns it, and how the server refused it, if it did.
    """
    peer = Peer(port)
    peer.ask("open", env="Acrobot-v1")
    peer.ask("reset", seed=1)
    snapshot = bytearray(base64.b64decode(peer.ask("state")["snapshot"]))
    struct.pack_into(">d", snapshot, len(snapshot) - _STATE_BYTES, 1e300)
    # The row's part begins with its checksum and the length of its name, see RowSnapshot.
    row = snapshot.index(b"Acrobot-v1") - 6
    struct.pack_into(">I", snapshot, row, crc32c(bytes(snapshot[row + 4 :])))
    told = peer.ask("restore", snapshot=base64.b64encode(snapshot).decode())
    if "checksum" in complaint(told):
        raise ValueError("the layout of snapshots is another now: nothing was forged")
    return peer, complaint(told)


def crc32c(data: bytes) -> int:
    """The checksum of snapshots, as in RFC 3720, appendix B.4."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def _work_slowly(port: int, over: threading.Event) -> None:
    """A client whose every step works for a tenth of a second."""
    with Peer(port, timeout=60.0) as peer:
        peer.ask("open", env="soak-slow", options={"millis": 100})
        peer.ask("reset", seed=1)
        while not over.is_set():
            peer.ask("step", action=_WORK)


def _impatient(port: int, session: str) -> None:
    """An owner who comes back while the step goes on, twice, and does not wait."""
    for _ in range(2):
        with suppress(OSError), Peer(port, timeout=1.0) as peer:
            peer.ask("open", session=session)


def _sweep_is_late(ground: Ground, trial: Trial) -> bool:
    def swept() -> bool:
        with suppress(OSError):
            return ground.server.metrics(1.0).get("hypertoken_leases_expired_total", 0) > 0
        return False

    return not trial.await_that(swept, 8)


def run(trial: Trial) -> None:
    """Stick steps, see that others do not wait for them, and end the server in their midst."""
    with trial.served("--lease", "2") as ground:
        port, over, errors = ground.server.port, threading.Event(), list[str]()
        began = time.monotonic()
        leaver = Peer(port, "/?env=CartPole-v1")
        leaver.ask("reset")
        # One that loops takes a core; those that sleep take what else a step may hold.
        frozen, refused = _frozen_stock_game(port)
        trial.expect(True, f"a forged state: {refused or 'restored'}")
        stuck = [(frozen, 1)]
        looping, sleeping = _before_a_step(port, 0), [_before_a_step(port, _LONG) for _ in range(3)]
        stuck += [(looping[0], _LOOP), *((peer, _SLEEP) for peer, _ in sleeping)]
        in_threads([partial(_work_slowly, port, over) for _ in range(2)], errors)
        leaver.drop()
        trial.wait(0.5)
        for peer, action in stuck:
            peer.socket.sendall(command("step", action=action))
        trial.wait(0.5)
        _impatient(port, sleeping[0][1])
        trial.expect(not _sweep_is_late(ground, trial), "a lease of 2 s was swept meanwhile")
        trial.wait(trial.seconds - (time.monotonic() - began))
        over.set()
        trial.judge(ground)
        took, code = ground.server.terminate(ENDS_WITHIN + 4)
        told = "still running" if code is None else f"exit code {code}"
        trial.expect(
            took <= ENDS_WITHIN and code == 0,
            f"SIGTERM amid stuck steps: {told} after {took:.1f} s (0 within {ENDS_WITHIN:g} s)",
        )
        for peer, _ in stuck:
            peer.drop()


PHASE = Phase(
    name="stuck-steps",
    about="steps that loop for ever, sleep, or work long; a state that freezes a stock game",
    bound=f"others and /health are answered; SIGTERM ends it within {ENDS_WITHIN:g} s",
    run=run,
    weight=12,
    least_seconds=6,
)
