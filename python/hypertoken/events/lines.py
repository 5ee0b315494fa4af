"""Connections to a hub: lines that can also be waited on for what nobody has asked for."""

from __future__ import annotations

import asyncio
import select
import time
from typing import Protocol

from websocket import ABNF
from websockets.exceptions import ConnectionClosed

from hypertoken.remote.asyncio_line import AsyncioLine, connection_closed
from hypertoken.remote.blocking_line import BlockingLine
from hypertoken.remote.line import Line

START_A_HUB = "start a hub with `./hypertoken events serve`"
"""What to do where none answers."""


class EventLine(Line, Protocol):
    """A WebSocket to a hub."""

    async def arrival(self, deadline: float) -> str | bytes | None:
        """Return the next message; None when none begins before `deadline`, a `time.monotonic`.

        It may return None earlier, as it does where others want the line.

        Raises:
            OSError: the connection broke.
        """
        ...


class BlockingEventLine(BlockingLine):
    """A line for threads: one uses it at a time, others may `watch` it meanwhile."""

    advice = START_A_HUB

    async def arrival(self, deadline: float) -> str | bytes | None:
        """Return the next message, if one begins before the deadline."""
        if not _readable(self._opened().sock, deadline - time.monotonic()):
            return None
        try:
            # A ping is all that may have come: the message behind it may take its time.
            opcode, data = self._received(whatever=True)
        except TimeoutError as half:
            raise ConnectionResetError("half a message came, and no more in time") from half
        if opcode == ABNF.OPCODE_BINARY:
            return bytes(data)
        return str(data, "utf-8") if opcode == ABNF.OPCODE_TEXT else None

    async def receive(self, deadline: float) -> str | bytes:
        """Wait for the next message."""
        while True:
            message = await self.arrival(deadline)
            if message is not None:
                return message
            if time.monotonic() > deadline:
                raise TimeoutError

    def watch(self, seconds: float) -> None:
        """Wait until something comes, or so long; harmless whoever uses, closes or reopens it."""
        opened = self.socket
        wire = None if opened is None else opened.sock
        try:
            if wire is not None:
                _readable(wire, seconds)
                return
        except (OSError, ValueError):
            pass  # it was closed meanwhile
        time.sleep(min(seconds, 0.01))


def _readable(wire: object, seconds: float) -> bool:
    """Whether a socket has something to read, waited for so long."""
    if wire is None:
        raise ConnectionResetError("the connection is gone")
    pending = getattr(wire, "pending", None)  # what TLS has read already
    if pending is not None and pending():
        return True
    waiting = select.poll()
    waiting.register(wire.fileno(), select.POLLIN)  # type: ignore[attr-defined]
    return bool(waiting.poll(max(0.0, seconds) * 1000))


class AsyncioEventLine(AsyncioLine):
    """A line for tasks of one loop: who waits for what nobody asked for lets others in.

    Attributes:
        wanted: how many others want it; see `nudge`.
    """

    advice = START_A_HUB

    def __init__(self, url: str, token: str | None) -> None:
        super().__init__(url, token)
        self.wanted = 0
        self._waiting: asyncio.Timeout | None = None

    async def arrival(self, deadline: float) -> str | bytes | None:
        """Return the next message, if one comes before the deadline and before a nudge."""
        opened = self._opened()
        left = 0.0 if self.wanted else deadline - time.monotonic()
        try:
            async with asyncio.timeout(left) as self._waiting:
                return await opened.recv()
        except TimeoutError:
            return None
        except ConnectionClosed as closed:
            raise connection_closed(closed) from closed
        finally:
            self._waiting = None

    def nudge(self) -> None:
        """Have a waiting `arrival` return."""
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())
