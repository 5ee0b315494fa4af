"""A session is handed over while a command of its former owner is under way."""

from __future__ import annotations

import json
from contextlib import suppress

from soak.trial import Phase, Trial, complaint
from soak.wire import ClosedError, Peer, command

_LATE = {
    "close": command("close"),
    "open": command("open", env="Taxi-v4"),
    "step": command("step", action=1),
    "reset": command("reset", seed=2),
}


def _hand_over(trial: Trial, port: int, late: str) -> str:
    """One crossing; what the new owner complains of, if anything."""
    with Peer(port) as former, Peer(port) as owner:
        session = former.ask("open", env="CartPole-v1", lease_s=1)["session"]
        former.ask("reset", seed=1)
        owner.ask("ping")
        owner.socket.sendall(command("open", session=session))
        pause = trial.random.random()
        if pause < 0.7:
            trial.wait(pause * 3e-4)
        with suppress(OSError):
            former.socket.sendall(_LATE[late])
        told = json.loads(owner.receive())
        if told.get("session") != session:
            return ""  # the former owner's close came first, as it may
        trial.wait(0.001)
        # The count of the hand-over holds: a step of the former owner that was not in it is none.
        step = owner.ask("step", action=0, at=told["at"] + 1)
        owner.ask("close")
        return complaint(step)


def run(trial: Trial) -> None:
    """Cross each command with a resume for its part of the time."""
    with trial.served() as ground:
        for late in _LATE:
            count, wrong = 0, list[str]()
            for _ in trial.until(trial.seconds / len(_LATE)):
                count += 1
                try:
                    if complained := _hand_over(trial, ground.server.port, late):
                        wrong.append(complained)
                except (ClosedError, TimeoutError, ConnectionError) as gone:
                    wrong.append(f"the new owner lost its connection: {gone}")
            trial.expect_no_errors(f"{late} of a former owner, {count:,} times", wrong)


PHASE = Phase(
    name="owners",
    about="a former owner's close, open, step or reset crosses the resume of the new one",
    bound="the new owner's session and its numbering stay its own",
    run=run,
    weight=8,
    least_seconds=3,
)
