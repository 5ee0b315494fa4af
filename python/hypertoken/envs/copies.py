"""Copies of environments in this process, by `copy.deepcopy` and by pickle: the state goes along.

A copy is opened as the original was, and its rows are restored from snapshots: so it plays on as
the original does, by a generator of its own. Where the rules cannot be saved, a deep copy is
refused, and a pickle, which mostly is about to start somewhere else anew, warns.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from hypertoken.engine.session import Session
from hypertoken.errors import BadFieldError

Made = tuple[Callable[..., Any], tuple[Any, ...]]
State = tuple[dict[int, bytes], dict[str, Any]]


def reduced(made: Made, session: Session, kept: dict[str, Any]) -> tuple[Any, ...]:
    """What `__reduce__` returns.

    Args:
        made: the function that makes an environment like it, and its arguments.
        session: where its rows are.
        kept: attributes that the copy takes over.
    """
    try:
        rows = session.saved()
    except BadFieldError as lost:
        _leave_out(session, lost)
        return made
    return *made, (rows, kept)


def reduced_without_episode(made: Made, session: Session) -> Made:
    """What `__reduce__` returns where a face's own place in the episode is not kept."""
    if session.begun():
        _leave_out(session, "a vector of several agents does not keep it")
    return made


def _leave_out(session: Session, why: object) -> None:
    warnings.warn(
        f"the copy of {session.name} leaves out the running episode; {why}; reset the copy first",
        stacklevel=4,
    )


def deep_copy(
    original: Any, made: Made, session: Session, kept: dict[str, Any], memo: dict[int, Any]
) -> Any:
    """What `__deepcopy__` returns; arguments as in `reduced`.

    Raises:
        BadFieldError: the running episode cannot be saved.
    """
    rows = session.saved()
    make, arguments = made
    memo[id(original)] = twin = make(*arguments)
    twin.__setstate__((rows, copy.deepcopy(kept, memo)))
    return twin


def take_over(twin: Any, session: Session, state: State) -> None:
    """What `__setstate__` does."""
    rows, kept = state
    twin.__dict__.update(kept)
    session.load(rows)


def attributes(original: Any, but: Iterable[str]) -> dict[str, Any]:
    """The attributes of an environment but for those that are bound to its session."""
    left_out = frozenset(but)
    return {name: value for name, value in vars(original).items() if name not in left_out}
