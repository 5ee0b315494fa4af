"""Clients that are killed in the middle of everything: half a frame sent, half a reply read.

    python -m soak.killed PORT

is such a client: it says "ready" when it stands in the middle, and then waits to be killed.
"""

from __future__ import annotations

import subprocess
import sys
import time

from soak.trial import Phase, Trial
from soak.wire import TEXT, Peer, command, dial, frame, handshake

_AT_ONCE, _EACH = 4, 5


def _stand_in_the_middle(port: int) -> list[object]:
    """Connections at all the places where a client can die."""
    held: list[object] = []
    for _ in range(_EACH):
        text = Peer(port, "/?env=CartPole-v1")
        text.ask("reset", seed=1)
        text.socket.sendall(frame(TEXT, b'{"cmd":"step","action":1}' + b" " * 500)[:200])
        batch = Peer(port, receive_buffer=4096)
        batch.ask("open", env="soak-wide", num_envs=64, options={"size": 1000})
        step = batch.reset_batch()
        batch.socket.sendall(step * 3 + step[: len(step) // 2])
        batch.socket.recv(100)
        asked = Peer(port)
        asked.socket.sendall(command("reset") + command("env_info"))
        shaking = dial(port)
        shaking.sendall(handshake(port)[:40])
        held += [text, batch, asked, shaking]
    return held


def _kill_some(trial: Trial, port: int) -> None:
    victims = [
        subprocess.Popen(
            [sys.executable, "-m", "soak.killed", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        for _ in range(_AT_ONCE)
    ]
    try:
        for victim in victims:
            assert victim.stdout is not None
            victim.stdout.readline()
        trial.wait(trial.random.random() * 0.05)
    finally:
        for victim in victims:
            victim.kill()
            victim.communicate()


def run(trial: Trial) -> None:
    """Kill client after client; nothing of them may stay beyond the lease."""
    with trial.served("--lease", "1") as ground:
        count = 0
        for _ in trial.until(trial.seconds):
            _kill_some(trial, ground.server.port)
            count += _AT_ONCE

        def gone() -> bool:
            sample = ground.watch.look()
            return sample.descriptors <= ground.base.descriptors + 6 and sample.sessions <= 5

        began = time.monotonic()
        freed = trial.await_that(gone, 12)
        trial.expect(
            freed,
            f"{count} clients killed with {4 * _EACH} connections each: connections and sessions "
            f"freed after {time.monotonic() - began:.1f} s (≤ 12 s at a lease of 1 s)",
        )
        trial.expect_at_most("memory rose by", ground.grown(), 100, " MB")


PHASE = Phase(
    name="killed",
    about="clients killed in the middle of a frame, a reply, a handshake",
    bound="connections and sessions freed within 12 s; nothing in the log",
    run=run,
    weight=6,
    least_seconds=2.5,
)

if __name__ == "__main__":
    connections = _stand_in_the_middle(int(sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.read()
