"""The types of keywords with few values, and of those that are handed on."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Illegal = Literal["fallback", "strict", "terminate"]
"""What happens to an action that the mask forbids: its fallback is played, it is refused and
nothing changes, or it ends the episode as PettingZoo's classic games do."""

RenderMode = Literal["ansi", "human", "rgb_array"]
"""Text, text that is printed, pixels."""

AutoresetName = Literal["NextStep", "SameStep", "Disabled"]
"""The values of Gymnasium's AutoresetMode."""


class OpeningOptions(TypedDict, total=False):
    """How a server's environment is opened; see `hypertoken.WebSocketTransport`."""

    env: str | None
    options: dict[str, Any] | None
    illegal: Illegal | None
    timeout: float
    token: str | None


__all__ = ["AutoresetName", "Illegal", "OpeningOptions", "RenderMode"]
