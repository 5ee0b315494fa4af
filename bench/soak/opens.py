"""Opens that fail, by an exception or an error; and opens of the largest layout."""

from __future__ import annotations

from typing import Any

from soak.trial import Ground, Phase, Trial, complaint
from soak.wire import ClosedError, Peer

MOST_MB = 100.0
_LEAST, _ROUND = 200, 20_000
_WIDTH, _ROWS = 1_000, (10, 100, 1_000)
"""40 kB, 400 kB and 4 MB of observations: rows of many numbers are quick to describe."""
_DEATHS = ("exception", "overflow", "assertion", "class")
_LARGEST: dict[str, Any] = {"num_envs": 20_000, "options": {"size": 10_000}}
"""800 MB of observations, where a session may take a gibibyte."""
_AFTER_LARGEST_MB = 200.0


def _fail(trial: Trial, ground: Ground, seconds: float) -> None:
    """Fail to open until the time, 20,000 opens, or the memory that they may take, is over."""
    port, count, lost = ground.server.port, 0, list[str]()
    peer, most = Peer(port), 0.0
    for _ in trial.rounds(seconds, _LEAST):
        if count >= _ROUND or not most <= MOST_MB:
            break
        death = _DEATHS[count % len(_DEATHS)]
        count += 1
        try:
            told = peer.ask(
                "open",
                env="soak-stillborn",
                num_envs=trial.random.choice(_ROWS),
                options={"dies": death, "size": _WIDTH},
            )
            if told.get("code") != "environment_failed":
                lost.append(f"{death} was told as {told.get('code', 'opened')}")
        except (ClosedError, OSError) as gone:
            lost.append(f"{death}: {gone}")
            peer = Peer(port)
        if count % 10 == 0:
            most = max(most, ground.grown())
    peer.drop()
    trial.expect_no_errors(f"{count:,} failed opens", lost)
    trial.expect_at_most("  memory rose by", most, MOST_MB, " MB")


def _open_the_largest(trial: Trial, ground: Ground, seconds: float) -> None:
    """Open the largest again and again, failing and not, one at a time."""
    port, before, most, held = ground.server.port, ground.server.resident(), 0.0, 0.0
    failed, opened, wrong = 0, 0, list[str]()
    for _ in trial.until(seconds):
        with Peer(port, timeout=60.0) as peer:
            failed += "code" in peer.ask("open", env="soak-stillborn", **_LARGEST)
            most = max(most, ground.server.resident() - before)
            if complained := complaint(peer.ask("open", env="soak-wide", **_LARGEST)):
                wrong.append(complained)
            opened += 1
            most = max(most, ground.server.resident() - before)
            peer.ask("close")
        trial.wait(0.1)
        held = ground.server.resident() - before
        if not held <= _AFTER_LARGEST_MB:
            break
    trial.expect_no_errors(f"{opened} opens of 800 MB and {failed} that fail, one by one", wrong)
    trial.expect(
        most <= 1_100 and held <= _AFTER_LARGEST_MB,
        f"  memory +{most:.0f} MB, +{held:.0f} MB when closed (≤ +1100, +{_AFTER_LARGEST_MB:g} MB)",
    )


def run(trial: Trial) -> None:
    """First those that fail, then the largest; no session place may be lost."""
    with trial.served() as ground:
        _fail(trial, ground, trial.seconds * 0.7)
        _open_the_largest(trial, ground, max(1.0, trial.seconds * 0.3))
        trial.wait(0.5)
        sessions = ground.watch.look().sessions
        trial.expect_at_most("sessions left, bystanders' among them:", sessions, 5)


PHASE = Phase(
    name="opens",
    about="20,000 opens whose constructor throws; opens of 800 MB, failing and not",
    bound=f"memory ≤ +{MOST_MB:g} MB by failed ones, ≤ +{_AFTER_LARGEST_MB:g} MB after the largest",
    run=run,
    weight=16,
    least_seconds=4,
)
