"""Which phases there are, and how the time is shared out among them."""

from __future__ import annotations

from collections.abc import Sequence

from soak import (
    crowd,
    half_open,
    handshakes,
    hoarding,
    killed,
    opens,
    owners,
    slow_readers,
    steady,
    stuck_steps,
)
from soak.trial import Phase

PHASES: tuple[Phase, ...] = tuple(
    module.PHASE
    for module in (
        steady,
        slow_readers,
        half_open,
        stuck_steps,
        handshakes,
        hoarding,
        opens,
        owners,
        killed,
        crowd,
    )
)
OVERHEAD_SECONDS = 3.0
"""What a phase takes beside its own time: a server's start, and the bystanders' last answers."""


def share(phases: Sequence[Phase], minutes: float) -> dict[str, float]:
    """Seconds for each phase: what it needs, and of what is left a part by its weight.

    Those that run beside others get what they need and no more.
    """
    in_turn = [phase for phase in phases if not phase.beside]
    seconds = {phase.name: phase.least_seconds for phase in phases}
    needed = sum(phase.least_seconds + OVERHEAD_SECONDS for phase in in_turn)
    left = minutes * 60 - needed
    weights = sum(phase.weight for phase in in_turn)
    if left > 0:
        for phase in in_turn:
            seconds[phase.name] += left * phase.weight / weights
    return seconds


def chosen(names: str | None) -> list[Phase]:
    """The phases of a list such as "steady,crowd"; all without one.

    Raises:
        ValueError: there is none of that name.
    """
    known = {phase.name: phase for phase in PHASES}
    if names is None:
        return list(PHASES)
    for name in names.split(","):
        if name not in known:
            raise ValueError(f"no phase {name or repr(name)}; there are: {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names.split(","))]
