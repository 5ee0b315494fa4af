"""The asyncio client of an events hub."""

from __future__ import annotations

import inspect
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from hypertoken.errors import NotConnectedError
from hypertoken.events import requests
from hypertoken.events.answering import answer, refusal
from hypertoken.events.base import BaseEventClient
from hypertoken.events.event import Event, Position
from hypertoken.events.lines import AsyncioEventLine
from hypertoken.events.wishes import wishes_of
from hypertoken.remote.loops import LoopLock

_FAR = 3600.0
"""Seconds to wait for an event at a time."""


class AsyncEventClient(BaseEventClient):
    """`EventClient` for asyncio: the same arguments, its calls awaited, its events `async for`.

    Tasks may share it: each event is handed to one of them, and calls wait for each other. A
    cancelled call costs no event. Its connection ends with its event loop; another loop's call (a
    second `asyncio.run`) goes on in the log where the first ended. `on_control` and `commands` may
    be coroutine functions.
    """

    def _dialling(self, token: str | None) -> AsyncioEventLine:
        self._line = AsyncioEventLine(self.url, token)
        self._lock = LoopLock(self._line)
        return self._line

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for the line, and have whoever waits there for an event let it go."""
        self._feed.check_fork()
        lock, line = self._lock.here(), self._line
        line.wanted += 1
        line.nudge()
        try:
            await lock.acquire()
        finally:
            line.wanted -= 1
        try:
            yield
        finally:
            lock.release()

    async def connect(self) -> Self:
        """Connect and register; connected already: nothing. Returns this client."""
        async with self._turn():
            await self._feed.connect()
            self._closed = False
        return self

    async def disconnect(self) -> None:
        """Drop the connection; `connect` goes on where this one has read to."""
        self._closed = True
        if not self._feed.forked:
            async with self._turn():
                await self._feed.disconnect()

    close = disconnect

    async def next(self, timeout: float | None = None) -> Event | None:
        """Wait for the next event; None when there is none within `timeout` seconds.

        When it is cancelled, the event is the next one still.

        Raises:
            ConnectionFailedError: the hub has been away for longer than the client's timeout.
        """
        talk, ready = self._talk, self._talk.ready
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            now = time.monotonic()
            async with self._hearing():
                await self._feed.fill(now + _FAR if end is None else end)
            while talk.demands:
                await self._carry_out()
            if ready:  # nothing is awaited from here on
                event = ready.popleft()
                if event.position is not None:
                    talk.place = event.position
                return event
            if end is not None and time.monotonic() >= end:
                return None

    @asynccontextmanager
    async def _hearing(self) -> AsyncIterator[None]:
        """Wait for the line without urging others, who may be waiting for events too."""
        self._feed.check_fork()
        async with self._lock.here():
            yield

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        if self._closed:
            raise StopAsyncIteration
        try:
            event = await self.next()
        except NotConnectedError:
            if self._closed:  # by another task, meanwhile
                raise StopAsyncIteration from None
            raise
        assert event is not None
        return event

    async def subscribe(
        self,
        types: Sequence[str] | None = None,
        *,
        agents: Sequence[str] | None = None,
        items: Sequence[str | int] | None = None,
        since: Position | tuple[str, int] | None = None,
        last: int | None = None,
    ) -> dict[str, Any]:
        """Hear something else; see `EventClient.subscribe`."""
        wanted = wishes_of(
            self._talk.wishes, types=types, agents=agents, items=items, since=since, last=last
        )
        async with self._turn():
            return await self._feed.subscribe(wanted)

    async def command(self, name: str, /, **params: Any) -> Any:
        """Ask the hub; see `EventClient.command`."""
        asked = requests.command(name, params)
        async with self._turn():
            reply = await self._feed.ask(asked, again=requests.is_question(name))
        return reply.get("result")

    async def publish(
        self,
        type: str,
        data: Mapping[str, Any],
        *,
        timestamp: float | None = None,
        event_id: str | None = None,
    ) -> int:
        """Publish an event; see `EventClient.publish`."""
        named = event_id or self._ids.next()
        return await self.publish_all([requests.event(type, data, named, timestamp)])

    async def publish_all(self, events: Iterable[Mapping[str, Any]]) -> int:
        """Publish events in order, all or none; see `EventClient.publish_all`."""
        named = [{"event_id": self._ids.next(), **event} for event in events]
        async with self._turn():
            reply = await self._feed.ask(requests.publication(named), again=True)
        return int(reply["seq"])

    async def _carry_out(self) -> None:
        demand = self._talk.demands.popleft().fields
        try:
            result = self._answers.carry_out(demand)
            if inspect.isawaitable(result):
                result = await result
            told = answer(demand, result)
        except Exception as failure:
            told = refusal(demand, failure)
        async with self._turn():
            await self._feed.tell(told)

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.disconnect()
