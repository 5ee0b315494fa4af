"""One address that opens session after session, asks for the longest lease, and leaves."""

from __future__ import annotations

from soak.trial import Phase, Trial
from soak.wire import Peer

_FROM = "127.0.0.9"
_MOST = 1_200
"""More than --max-sessions, which is 1,024."""


def run(trial: Trial) -> None:
    """Take every place there is, then see who still gets one."""
    with trial.served() as ground:
        opened, refused, why = 0, 0, ""
        for _ in trial.until(trial.seconds / 2):
            if opened + refused >= _MOST:
                break
            with Peer(ground.server.port, source=_FROM) as peer:
                told = peer.ask("open", env="CartPole-v1", lease_s=3600)
            if "code" in told:
                refused, why = refused + 1, f"{told['code']}: {told['error']}"
            else:
                opened += 1
        trial.wait(max(1.0, trial.seconds / 4))
        sessions = ground.watch.look().sessions
        trial.expect(
            True,
            f"{opened:,} sessions left behind by one address, {refused:,} refused; "
            f"{sessions:.0f} held" + (f" ({why[:100]})" if why else ""),
        )
        trial.expect(opened + refused >= _MOST // 2, f"{opened + refused:,} opens tried")


PHASE = Phase(
    name="hoarding",
    about="one address opens 1,200 sessions with leases of an hour and leaves them behind",
    bound="newcomers from other addresses still get a session",
    run=run,
    weight=6,
    least_seconds=4,
)
