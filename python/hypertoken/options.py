"""What the keywords that open an environment may be: editors complete them, checkers check them.

A function that also takes the environment's own options, such as `decks=6`, spells its keywords
out; one that takes only these unpacks a TypedDict.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

Autoreset = Literal["next_step", "same_step", "disabled"]
"""When a row whose episode has ended begins the next one, in the engine's words."""

AutoresetName = Literal["NextStep", "SameStep", "Disabled", "next_step", "same_step", "disabled"]
"""The same in either's words: the values of Gymnasium's `AutoresetMode`, or the engine's."""

Illegal = Literal["fallback", "strict", "terminate"]
"""What becomes of an action that a binding mask forbids: another is played for it, the call is
refused, or the episode ends."""

RenderMode = Literal["human", "ansi", "rgb_array"]
"""How an environment is drawn: printed, as text, as pixels (height, width, 3) uint8."""

BuiltInPolicy = Literal["random", "first"]
"""Who plays a seat that no policy was given for: any legal action, or the first legal one."""


class ServerOpening(TypedDict, total=False):
    """What a session of one game on a server is opened with; see `WebSocketTransport`."""

    env: str | None
    options: Mapping[str, Any] | None
    illegal: Illegal | None
    max_episode_steps: int | None
    timeout: float
    token: str | None


class ServerRows(TypedDict, total=False):
    """What a vector on a server is opened with, beside its keywords; see `WebSocketBatch`."""

    illegal: Illegal | None
    max_episode_steps: int | None
    timeout: float
    token: str | None


class Rows(TypedDict, total=False):
    """How the rows of an environment in this process are run; see `Opening`."""

    num_envs: int
    autoreset: Autoreset
    illegal: Illegal
    threads: int
    observes_all: bool
    max_episode_steps: int | None
