"""Checks what a client wants to hear before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypertoken.errors import BadFieldError
from hypertoken.events.event import Position
from hypertoken.events.talk import Wishes

NOTHING = ("nothing",)
"""Types to name where no event is wanted: an empty list means all of them to the hub."""


def wishes_of(
    before: Wishes | None = None,
    *,
    types: Sequence[str] | None,
    agents: Sequence[str] | None,
    items: Sequence[str | int] | None,
    since: Position | tuple[str, int] | None,
    last: int | None,
    **more: Any,
) -> Wishes:
    """What a client registers as, or subscribes to instead of what it did `before`.

    Raises:
        BadFieldError: an argument is not what it must be.
    """
    if since is not None and last is not None:
        raise _refused("since and last", (since, last), "one of them")
    if last is not None and (isinstance(last, bool) or not isinstance(last, int) or last < 0):
        raise _refused("last", last, "a count of events")
    wanted: dict[str, Any] = {
        "types": _names("types", types, str),
        "agents": _names("agents", agents, str),
        "items": _names("items", items, (str, int)),
        "since": _position(since),
        "last": last,
    }
    if types is not None and not wanted["types"]:
        wanted["types"] = NOTHING
    if before is not None:
        return replace(before, **wanted)
    return Wishes(**wanted, **more)


def _names(name: str, value: Any, kinds: Any) -> tuple[Any, ...] | None:
    if value is None:
        return None
    if isinstance(value, (str, bytes, Mapping)):
        raise _refused(name, value, "a list")
    try:
        names = tuple(value)
    except TypeError as odd:
        raise _refused(name, value, "a list") from odd
    for each in names:
        if not isinstance(each, kinds) or isinstance(each, bool):
            raise _refused(name, value, "a list of names")
    return names


def _position(value: Any) -> Position | None:
    if value is None:
        return None
    if isinstance(value, tuple) and len(value) == 2:
        epoch, seq = value
        if isinstance(epoch, str) and isinstance(seq, int) and not isinstance(seq, bool):
            return Position(epoch, seq)
    raise _refused("since", value, "a place in the log: (epoch, seq), as client.position")


def _refused(name: str, value: Any, expected: str) -> BadFieldError:
    return BadFieldError(
        f"{name}={value!r} was refused; it must be {expected}; pass that, or leave it out",
        "bad_field",
    )
