"""What old programs import by this name."""

from hypertoken.events import EventTypes, PPOWebSocketIntegration

__all__ = ["EventTypes", "PPOWebSocketIntegration"]
