"""Opens that fail, by an exception or an error; and opens of the largest layout."""

from __future__ import annotations

from soak.trial import Ground, Phase, Trial
from soak.wire import ClosedError, Peer

MOST_MB = 100.0
_LEAST, _ROUND = 200, 20_000
_WIDTHS = (10_000, 100_000, 1_000_000)
"""Numbers of an observation, 4 bytes each."""
_DEATHS = ("exception", "overflow", "assertion", "class")
_LARGEST = {"num_envs": 200, "options": {"size": 1_000_000}}
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
        width = trial.random.choice(_WIDTHS)
        count += 1
        try:
            told = peer.ask("open", env="soak-stillborn", options={"dies": death, "size": width})
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
    port, most, held, count = ground.server.port, 0.0, 0.0, 0
    for _ in trial.until(seconds):
        with Peer(port, timeout=60.0) as peer:
            for env in ("soak-stillborn", "soak-wide"):
                peer.ask("open", env=env, **_LARGEST)
                most = max(most, ground.grown())
                peer.ask("close")
        count += 2
        trial.wait(0.1)
        held = ground.grown()
        if not held <= _AFTER_LARGEST_MB:
            break
    trial.expect(
        most <= 1_100 and held <= _AFTER_LARGEST_MB,
        f"{count} opens of 800 MB, one at a time: memory +{most:.0f} MB, +{held:.0f} MB when "
        f"closed (≤ +1100, +{_AFTER_LARGEST_MB:g} MB)",
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
