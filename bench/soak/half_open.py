"""Clients whose machine is gone: no FIN, no RST, only silence. TCP keepalive has to notice.

The server and its clients get a network namespace of their own, in which loopback is taken down.
A namespace belongs to a thread, and to what that thread starts.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys
from contextlib import suppress

from soak.trial import NotRunError, Phase, Trial
from soak.wire import Peer, command

WITHIN = 35.0
"""Seconds: keepalive after 15, three more probes 5 apart, and the clock's grain."""
LEASE = 2
_CLIENTS, _WAITING, _STEP_MS = 20, 5, 600
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


def _own_network() -> None:
    """Give this thread a network of its own.

    Raises:
        NotRunError: it may not have one.
    """
    if sys.platform != "linux":
        raise NotRunError("needs Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        raise NotRunError(f"needs root and unshare ({os.strerror(ctypes.get_errno())})")
    _set_loopback(up=True)


def _set_loopback(up: bool) -> None:
    with socket.socket() as any_socket:
        request = struct.pack("16sH14x", b"lo", _IFF_UP if up else 0)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


def run(trial: Trial) -> None:
    """Take the network away, let the clients die, and see what the server still holds for them."""
    _own_network()
    with trial.served("--lease", str(LEASE), bystanders=False) as ground:
        server = ground.server
        quiet = [Peer(server.port, "/?env=CartPole-v1") for _ in range(_CLIENTS)]
        for peer in quiet:
            peer.ask("reset", seed=1)
        quiet.append(Peer(server.port))
        waiting = [_asleep(server.port) for _ in range(_WAITING)]
        before = server.descriptors()
        for peer in waiting:
            peer.socket.sendall(command("step", action=1))
        trial.wait(_STEP_MS / 2000)
        _set_loopback(up=False)
        try:
            for peer in (*quiet, *waiting):
                peer.drop()
            freed = trial.await_that(lambda: server.descriptors() <= before - len(quiet), WITHIN)
            held = max(0.0, server.descriptors() - before + len(quiet))
            trial.expect(freed, f"{held:.0f} of {len(quiet)} quiet clients held after {WITHIN:g} s")
            trial.wait(LEASE + 2)
            gone = before - server.descriptors()
        finally:
            _set_loopback(up=True)
        sessions = float("nan")
        with suppress(OSError):
            sessions = server.metrics().get("hypertoken_sessions", float("nan"))
        trial.expect_at_most("sessions held", sessions, len(waiting))
        # While something is unacknowledged, keepalive asks nothing and the kernel sends it again:
        # for a quarter of an hour by default, and Java has no option against it.
        still = min(len(waiting), max(0.0, len(quiet) + len(waiting) - gone))
        trial.expect(True, f"told only: {still:.0f} of {len(waiting)} with a reply in flight held")
        with Peer(server.port) as newcomer:
            trial.expect("pong" in newcomer.ask("ping"), "a newcomer is answered afterwards")


def _asleep(port: int) -> Peer:
    """A client before a step whose reply will find nobody."""
    peer = Peer(port)
    peer.ask("open", env="soak-slow", options={"millis": _STEP_MS})
    peer.ask("reset", seed=1)
    return peer


PHASE = Phase(
    name="half-open",
    about="clients whose machine vanished: the network ends without a packet",
    bound=f"sockets freed within {WITHIN:g} s, sessions by their lease of {LEASE} s",
    run=run,
    weight=0,
    least_seconds=WITHIN + LEASE + 2,
    beside=True,
)
