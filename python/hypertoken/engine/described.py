"""What is known of an environment once it was opened: a second `make` asks Java for nothing twice.

What a request describes is fixed by the request itself and by the jars, whose sizes and times are
part of what it is remembered under. Rules that run elsewhere are asked each time.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hypertoken.description import Description, refused_name
from hypertoken.engine import control
from hypertoken.engine.fields import encode_fields, jar_field, option_fields
from hypertoken.engine.runtime import runtime
from hypertoken.errors import BadOptionError

if TYPE_CHECKING:
    from hypertoken.engine.session import Opening

_MOST = 256
"""Openings remembered; a program that draws a new map for each episode must not grow for ever."""


class Column(NamedTuple):
    """Where a column lies in a session's memory."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset: int


class Known(NamedTuple):
    """What an opening leads to.

    Attributes:
        request: the fields that open it, but for the memory.
        description: what it is; shared, so hand out `unshared()` ones.
        bytes: how much memory it needs.
        groups: the columns that a reset reads, that a step reads, and that both write.
    """

    request: bytes
    description: Description
    bytes: int
    groups: tuple[tuple[Column, ...], ...]


_known: OrderedDict[tuple[Any, ...], Known] = OrderedDict()


def described(opening: Opening) -> Known:
    """What this opening leads to, asked of Java unless it is known already.

    Raises:
        BadOptionError, UnknownEnvironmentError, BadFieldError: it leads nowhere.
    """
    key = _key(opening)
    found = _known.get(key)
    if found is None:
        found = _asked(opening)
        if ":" not in opening.env:  # the rules of an id with a prefix run elsewhere
            _known[key] = found
            while len(_known) > _MOST:
                _known.popitem(last=False)
    return found


def _key(opening: Opening) -> tuple[Any, ...]:
    return opening.env, opening.how(), _options_of(opening), _stamps(opening)


def _options_of(opening: Opening) -> tuple[tuple[str, str], ...]:
    if not opening.options:
        return ()
    try:
        return tuple(option_fields(opening.env, opening.options).items())
    except BadOptionError as refused:
        raise _named(opening, refused) from None


def _stamps(opening: Opening) -> tuple[tuple[Any, ...], ...]:
    if not opening.jars and not os.environ.get("HYPERTOKEN_JARS"):
        return ()
    paths = jar_field(opening.jars).splitlines()
    return tuple((path, *_stamp(path)) for path in paths)


def _stamp(path: str) -> tuple[int, ...]:
    try:
        told = os.stat(path)
    except OSError:  # Java says what is wrong with it
        return ()
    return told.st_size, told.st_mtime_ns


def _asked(opening: Opening) -> Known:
    fields = opening.fields()
    try:
        info = _ask(fields)
    except BadOptionError as refused:
        raise _named(opening, refused) from None
    layout = info["layout"]
    start, groups = control.BLOCK_BYTES, []
    for name in ("reset", "step", "reply"):
        groups.append(tuple(_column(column, start) for column in layout[name]["columns"]))
        start += layout[name]["bytes"]
    return Known(
        encode_fields(fields),
        Description(info),
        control.BLOCK_BYTES + layout["bytes"],
        tuple(groups),
    )


def _ask(fields: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(runtime().request(control.DESCRIBE, fields)[0])
    return told


def _column(told: dict[str, Any], start: int) -> Column:
    return Column(
        told["name"], tuple(told["shape"]), np.dtype(told["dtype"]), start + told["offset"]
    )


def _named(opening: Opening, refused: BadOptionError) -> BadOptionError:
    """The refusal of a name that the environment does not declare, else the one there was."""
    plain = opening.fields(options={})

    def give(name: str) -> None:
        _ask({**plain, **option_fields(opening.env, {name: ""})})

    return refused_name(refused, opening.options, _ask(plain)["env_options"], give)
