"""Steady load of all that clients do: turns, batches, resets, drops, resumes, and mistakes.

Nothing here is hostile, so nothing may grow: memory, descriptors and the heap that a collection
leaves are compared between the first and the last third of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import numpy as np
from hypertoken.remote.wire import RESET, STEP, FrameWriter, Layout, read_frame

from soak.figures import rise
from soak.trial import Phase, Trial, complaint, in_threads
from soak.wire import BINARY, TEXT, ClosedError, Peer, command, frame

NOISE_MB = 24.0
"""What compiled code and allocators may still take after the first third."""
_SETTLED_SECONDS = 60
"""In less the server is still compiling itself: the noise is then twice as much."""
HEAP_NOISE_MB = 6.0
DESCRIPTOR_NOISE = 12.0
_GAMES = ("casino-blackjack", "FrozenLake-v1", "CartPole-v1", "Taxi-v4")
_TURN_GAMES = ("tic-tac-toe", "connect-four", "casino-blackjack")
_WARM = 0.15


class _MismatchError(Exception):
    """The server answered, but not what it must."""


class _Player:
    """A client with one session; it drops its connection at random, resumes, and keeps count."""

    def __init__(self, port: int, random: Random, **opening: Any) -> None:
        self.port, self.random = port, random
        self.peer = Peer(port)
        self.opened = self._checked(self.peer.ask("open", **opening))
        self.at = 0

    def _checked(self, reply: dict[str, Any]) -> dict[str, Any]:
        if wrong := complaint(reply):
            raise _MismatchError(wrong)
        return reply

    def numbered(self, cmd: str, **fields: Any) -> dict[str, Any]:
        """A reset or a step; now and then its connection ends, or it is asked twice."""
        self.at += 1
        mishap = self.random.random()
        if mishap < 0.01:
            self.peer.socket.sendall(command(cmd, at=self.at, **fields))
            self.resume(answered=(self.at - 1, self.at))
        reply = self._checked(self.peer.ask(cmd, at=self.at, **fields))
        if reply.get("at") != self.at:
            raise _MismatchError(f"asked for number {self.at}, answered {reply.get('at')}")
        if 0.01 <= mishap < 0.02 and self.peer.ask(cmd, at=self.at, **fields) != reply:
            raise _MismatchError(f"{cmd} at={self.at} was told in two ways")
        if 0.02 <= mishap < 0.03:
            self.resume(answered=(self.at,))
        return reply

    def resume(self, answered: tuple[int, ...]) -> None:
        """Lose the connection and come back to where it was."""
        self.peer.drop()
        self.peer = Peer(self.port)
        told = self._checked(self.peer.ask("open", session=self.opened["session"]))
        if told["at"] not in answered:
            raise _MismatchError(f"resumed at {told['at']} where {answered} was possible")

    def ask(self, cmd: str, **fields: Any) -> dict[str, Any]:
        """A question that moves nothing."""
        return self._checked(self.peer.ask(cmd, **fields))

    def leave(self) -> None:
        """Close the session, or drop it and let its lease run out."""
        if self.random.random() < 0.7:
            self.ask("close")
        self.peer.drop()


def _choice(random: Random, mask: list[int] | None, count: int) -> int:
    return (
        random.choice([k for k, legal in enumerate(mask) if legal])
        if mask
        else random.randrange(count)
    )


def _classic(port: int, random: Random) -> None:
    """A seat's game by the classic commands."""
    player = _Player(port, random, env=random.choice(_GAMES), lease_s=1)
    agent = player.opened["spec"]["possible_agents"][0]
    count = player.opened["spec"]["action_spaces"][agent]["n"]
    over = True
    for _ in range(random.randrange(20, 200)):
        if over:
            player.numbered("reset", seed=random.randrange(1 << 31))
        last = player.ask("last")
        over = last["terminated"] or last["truncated"]
        if not over:
            player.numbered("step", action=_choice(random, last["info"].get("action_mask"), count))
    player.leave()


def _turns(port: int, random: Random) -> None:
    """A table's game, a whole turn in a message."""
    player = _Player(port, random, env=random.choice(_TURN_GAMES), lease_s=1)
    turn = player.numbered("reset", reply="turn")
    for _ in range(random.randrange(20, 200)):
        if turn["agent_selection"] is None:
            turn = player.numbered("reset", reply="turn")
        else:
            mask = turn["info"].get("action_mask")
            turn = player.numbered("step", reply="turn", action=_choice(random, mask, 2))
    player.leave()


def _batches(port: int, random: Random) -> None:
    """A vector by binary frames, with resets of some of its rows."""
    rows = random.choice((1, 16, 256, 1024))
    player = _Player(
        port, random, env="CartPole-v1", num_envs=rows, autoreset="next_step", lease_s=1
    )
    numbers = np.random.default_rng(random.randrange(1 << 31))
    layout = Layout.parse(player.peer.layout)
    reset, step = FrameWriter(RESET, layout.reset), FrameWriter(STEP, layout.step)
    reset.columns["seeds"][...] = -1
    for k in range(random.randrange(20, 100)):
        some = k == 0 or random.random() < 0.05
        if some:
            reset.columns["mask"][...] = 1 if k == 0 else numbers.integers(2, size=rows)
        else:
            step.columns["action"][...] = numbers.integers(2, size=(rows, 1))
        player.at += 1
        message = (reset if some else step).pack(1, player.at)
        player.peer.socket.sendall(frame(BINARY, message))
        told = player.peer.receive()
        if isinstance(told, str) or read_frame(told).at != player.at:
            raise _MismatchError(f"a batch of {rows} at={player.at}: {told[:120]!r}")
        if random.random() < 0.03:
            player.resume(answered=(player.at,))
    player.leave()


def _mistakes(port: int, random: Random) -> None:
    """Messages that are refused, each by a sentence, on a connection that stays open."""
    with Peer(port, "/?env=CartPole-v1") as peer:
        for _ in range(50):
            wrong = random.choice(
                (
                    b'{"cmd":"reset"',
                    b'{"cmd":"fly"}',
                    b'{"cmd":"step","action":1,"at":99}',
                    b'{"cmd":"open","env":"no-such-game"}',
                    b'{"cmd":"open","session":"nobody"}',
                    b'{"cmd":"open","env":"casino-blackjack","options":{"decks":'
                    + b"7" * 4000
                    + b"}}",
                )
            )
            peer.socket.sendall(frame(TEXT, wrong))
            if '"code"' not in str(peer.receive()):
                raise _MismatchError(f"{wrong[:60]!r} was not refused")


def _leavers(port: int, random: Random) -> None:
    """Clients that come, play a reset, and are not seen again."""
    peer = Peer(port)
    peer.ask("open", env=random.choice(_GAMES), lease_s=1)
    peer.ask("reset")
    peer.drop()
    time.sleep(0.02)


_KINDS: tuple[Callable[[int, Random], None], ...] = (
    _classic,
    _classic,
    _turns,
    _batches,
    _mistakes,
    _leavers,
)


def _again_and_again(
    kind: Callable[[int, Random], None], port: int, random: Random, trial: Trial, errors: list[str]
) -> None:
    for _ in trial.until(trial.seconds):
        try:
            kind(port, random)
        except (_MismatchError, ClosedError, OSError) as wrong:
            errors.append(f"{kind.__name__.strip('_')}: {wrong}")
            time.sleep(0.1)


def run(trial: Trial) -> None:
    """Play for the whole time and compare its last third with its first."""
    errors: list[str] = []
    with trial.served("--lease", "1") as ground:
        port = ground.server.port
        threads = in_threads(
            [
                partial(_again_and_again, kind, port, Random(trial.random.random()), trial, errors)
                for kind in _KINDS
            ],
            errors,
        )
        trial.wait(trial.seconds * _WARM)
        begin = time.monotonic()
        heaps = [ground.server.live_heap()]
        for thread in threads:
            while thread.is_alive():
                trial.wait(0.1)
        samples = ground.watch.since(begin)
        heaps.append(ground.server.live_heap())
        steps = ground.server.metrics().get("hypertoken_steps_total", 0.0)
        trial.expect(steps > 0, f"{steps:,.0f} rows stepped")
        trial.expect_no_errors("answers", errors)
        noise_mb = NOISE_MB if trial.seconds >= _SETTLED_SECONDS else 2 * NOISE_MB
        for name, values, noise, unit in (
            ("memory rose by", [s.megabytes for s in samples], noise_mb, " MB"),
            ("descriptors rose by", [s.descriptors for s in samples], DESCRIPTOR_NOISE, ""),
        ):
            trial.expect_at_most(name, rise(values), noise, unit)
        if heaps[0] == heaps[0]:
            trial.expect_at_most("live heap rose by", heaps[1] - heaps[0], HEAP_NOISE_MB, " MB")
        swept = trial.await_that(lambda: _sessions(ground.watch.look().sessions), 10)
        trial.expect(swept, "the leases of those who left ran out within 10 s")


def _sessions(count: float) -> bool:
    # The bystanders have one each: four that stand, and perhaps a newcomer.
    return count <= 5


PHASE = Phase(
    name="steady",
    about="turns, batches, resets, drops, resumes and mistakes; nobody is hostile",
    bound=f"memory ≤ +{NOISE_MB:g} MB, descriptors ≤ +{DESCRIPTOR_NOISE:g} from third to third",
    run=run,
    weight=26,
    least_seconds=8,
)
