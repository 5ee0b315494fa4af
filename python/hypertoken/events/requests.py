"""What clients ask of a hub, and what of it may be asked a second time."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

from hypertoken.events.talk import Fields


def new_id(prefix: str) -> str:
    """A name that no other process or client gives."""
    return f"{prefix}-{os.urandom(6).hex()}"


class EventIds:
    """Names for a client's publications: what is sent twice counts once."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._prefix = os.urandom(8).hex()
        self._pid = os.getpid()
        self._count = itertools.count(1)

    def next(self) -> str:
        """The next name; a forked child's are others than its parent's."""
        if os.getpid() != self._pid:
            self._begin()
        return f"{self._prefix}-{next(self._count)}"


def event(
    kind: str,
    data: Mapping[str, Any],
    event_id: str,
    timestamp: float | None = None,
    source: str | None = None,
) -> Fields:
    """An event as a producer sends it."""
    fields: Fields = {
        "type": kind,
        "data": dict(data),
        "timestamp": time.time() if timestamp is None else timestamp,
        "event_id": event_id,
    }
    if source is not None:
        fields["source"] = source
    return fields


def publication(events: Iterable[Fields]) -> Fields:
    """The request that publishes events, all or none."""
    return {"action": "publish", "events": list(events)}


def command(name: str, params: Mapping[str, Any]) -> Fields:
    """The request for a command."""
    return {"action": "command", "command": name, "params": dict(params)}


def is_question(name: str) -> bool:
    """Whether a command only tells, so that it may be sent again."""
    return name.startswith(("get_", "list_"))
