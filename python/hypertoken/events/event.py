"""An event as a client sees it, and where in the hub's log it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Position(NamedTuple):
    """A place in a hub's log: everything up to `seq`, of the log named `epoch`."""

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        type: such as "trade_executed"; see `EventTypes`, but the types are an open set.
        data: what it says; its fields are the type's.
        timestamp: Unix seconds.
        position: its place in the log; None for what is told to this client alone, such as a
            `system_status` about events that were dropped for it.
        source: who sent it, where that is known.
        fields: the whole message as it came.
    """

    type: str
    data: Mapping[str, Any]
    timestamp: float
    position: Position | None = None
    source: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def seq(self) -> int | None:
        """Its number in the log, or None."""
        return None if self.position is None else self.position.seq


def read_event(message: Mapping[str, Any]) -> Event:
    """The event that a message of the hub holds."""
    seq, epoch = message.get("seq"), message.get("epoch")
    stands = isinstance(seq, int) and isinstance(epoch, str)
    data = message.get("data")
    return Event(
        str(message.get("type")),
        data if isinstance(data, dict) else {},
        float(message.get("timestamp") or 0.0),
        Position(epoch, seq) if stands else None,  # type: ignore[arg-type]
        message.get("source"),
        message,
    )
