"""Live events: clients of a hub, and hooks that tell it what agents and environments do."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypertoken.events.async_client import AsyncEventClient
    from hypertoken.events.client import EventClient
    from hypertoken.events.event import Event, Position
    from hypertoken.events.integration import PPOWebSocketIntegration
    from hypertoken.events.types import EventTypes

_HOMES = {
    "AsyncEventClient": "async_client",
    "Event": "event",
    "EventClient": "client",
    "EventTypes": "types",
    "PPOWebSocketIntegration": "integration",
    "Position": "event",
}

__all__ = [
    "AsyncEventClient",
    "Event",
    "EventClient",
    "EventTypes",
    "PPOWebSocketIntegration",
    "Position",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'hypertoken.events' has no attribute {name!r}")
    value = getattr(import_module(f"hypertoken.events.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
