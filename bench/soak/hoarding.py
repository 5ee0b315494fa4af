"""One address that opens session after session, asks for the longest lease, and leaves."""

from __future__ import annotations

from functools import partial

from soak.trial import Phase, Trial, complaint, in_threads
from soak.wire import Peer

_FROM = "127.0.0.9"
_PLACES, _MOST = 512, 600
_AT_ONCE = 4


class _Hoard:
    """What was opened so far, and what was refused."""

    def __init__(self) -> None:
        self.opened = self.refused = 0
        self.why = ""

    @property
    def tried(self) -> int:
        """How often it asked for a session."""
        return self.opened + self.refused

    def open_one(self, port: int) -> None:
        """Open a session with the longest lease and leave it."""
        with Peer(port, source=_FROM) as peer:
            told = peer.ask("open", env="CartPole-v1", lease_s=3600)
        if wrong := complaint(told):
            self.refused, self.why = self.refused + 1, wrong
        else:
            self.opened += 1

    def fill(self, trial: Trial, port: int) -> None:
        """Open one after the other for half of the time, and until there were enough."""
        for _ in trial.rounds(trial.seconds / 2, _MOST // _AT_ONCE):
            self.open_one(port)


def run(trial: Trial) -> None:
    """Take every place there is, then see who still gets one."""
    with trial.served("--max-sessions", str(_PLACES)) as ground:
        hoard, errors = _Hoard(), list[str]()
        works = [partial(hoard.fill, trial, ground.server.port)] * _AT_ONCE
        for thread in in_threads(list(works), errors):
            while thread.is_alive():
                trial.wait(0.05)
        trial.wait(max(1.0, trial.seconds / 4))
        trial.expect_no_errors("the hoarder's connections", errors)
        sessions = ground.watch.look().sessions
        trial.expect(
            hoard.tried >= _MOST,
            f"{hoard.tried:,} opens by one address at --max-sessions {_PLACES}: "
            f"{hoard.refused:,} refused, {sessions:.0f} held"
            + (f" ({hoard.why})" if hoard.why else ""),
        )


PHASE = Phase(
    name="hoarding",
    about="one address opens more sessions than there are places, each leased for an hour",
    bound="newcomers from other addresses still get a session",
    run=run,
    weight=6,
    least_seconds=4,
)
