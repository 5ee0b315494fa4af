"""What a fork must not share: connections, sessions and server processes stay the parent's.

A forked child has copies of the parent's sockets and pipes. What it wrote there would be read as
the parent's, and while it holds them open nobody sees the parent go.
"""

from __future__ import annotations

import os
import weakref
from typing import Protocol

from hypertoken.errors import SPAWN_WORKERS, ForkedError


class Owner(Protocol):
    """Something of one process."""

    def _after_fork(self) -> None:
        """Forget in a forked child what is the parent's, without a word to anybody."""
        ...


_owners: weakref.WeakSet[Owner] = weakref.WeakSet()


def register(owner: Owner) -> None:
    """Have `_after_fork` called in every child forked while `owner` lives."""
    _owners.add(owner)


def forked_error(what: str, why: str) -> ForkedError:
    """What a child's use of the parent's raises."""
    return ForkedError(
        f"{what} cannot be used in this forked process; {why} of the process that was forked; make "
        f"another one here, or {SPAWN_WORKERS}"
    )


def give_back(descriptor: int) -> None:
    """Let go of the child's copy of a socket or pipe, also of one that a library still holds.

    Its number leads to nowhere from now on: whatever a finalizer writes there is read by nobody,
    and it may still close it.
    """
    if descriptor < 0:
        return  # closed already
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        os.dup2(nowhere, descriptor, inheritable=False)
    finally:
        os.close(nowhere)


def _after_fork() -> None:
    for owner in list(_owners):
        owner._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
