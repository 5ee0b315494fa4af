"""Who of the event loops may use a connection: one at a time, a later one when it has ended."""

from __future__ import annotations

import asyncio

from hypertoken.errors import error_for
from hypertoken.remote.asyncio_line import AsyncioLine


class LoopLock:
    """Orders the calls of one event loop over its line."""

    def __init__(self, line: AsyncioLine) -> None:
        self._line = line
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()

    def here(self) -> asyncio.Lock:
        """What orders the calls of the running event loop, which the line is now of.

        Raises:
            BadStepError: another loop, which still runs in another thread, uses it.
        """
        loop, former = asyncio.get_running_loop(), self._loop
        if loop is not former:
            used = self._line.up or self._lock.locked()
            if former is not None and former.is_running() and used:
                raise error_for(
                    "bad_step",
                    "a call of this client was refused; it is connected in another event loop that "
                    "still runs, and is of one at a time; make a client for each loop, or "
                    "disconnect() it there first",
                )
            self._line.forsake()
            self._loop, self._lock = loop, asyncio.Lock()
        return self._lock
