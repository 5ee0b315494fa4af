"""The asyncio client: the same commands as `HyperTokenClient`, awaited."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from hypertoken.remote import addresses, forks
from hypertoken.remote.asyncio_line import AsyncioLine
from hypertoken.remote.client import repr_of
from hypertoken.remote.commands import Awaited, Command, Commands
from hypertoken.remote.delivery import Delivery
from hypertoken.remote.loops import LoopLock


def _awaited(command: Command[..., Any]) -> Callable[..., Any]:
    """The method that sends a command and is awaited for its reply."""
    ask = command.ask

    async def call(self: HyperTokenAsyncClient, *arguments: Any, **named: Any) -> Any:
        asked = ask(self, *arguments, **named)
        self._delivery.check_fork()
        async with self._lock.here():
            reply = await self._delivery.deliver(asked.fields, asked.writer)
        return asked.read(reply)

    return call


class HyperTokenAsyncClient(Commands, Awaited, method=_awaited):
    """A connection to a HyperToken server for asyncio; calls wait for each other.

    It resumes a dropped connection and never steps twice, as `HyperTokenClient` does; a cancelled
    call's late reply is dropped. Its connection ends with its event loop; another loop's call (a
    second `asyncio.run`) resumes the session there.

    Args:
        url: `ws://host:port`, with `?env=blackjack&agents=3` to choose the environment.
        timeout: seconds to wait for a reply, and for a lost connection to come back.
        token: the server's access token, sent as `Authorization: Bearer`.
    """

    def __init__(
        self,
        url: str = "ws://localhost:9999",
        timeout: float = 30.0,
        *,
        token: str | None = None,
    ) -> None:
        addresses.check_address(url, timeout)
        self.url = url
        self._line = AsyncioLine(url, token)
        self._delivery = Delivery(self._line, url, timeout)
        self._lock = LoopLock(self._line)
        forks.register(self)

    def __repr__(self) -> str:
        return repr_of(self, self._delivery)

    async def connect(self) -> Self:
        """Connect, or resume this client's session; connected already: nothing."""
        self._delivery.check_fork()
        async with self._lock.here():
            await self._delivery.connect()
        return self

    async def disconnect(self) -> None:
        """Drop the connection; the server keeps the session for its lease, `connect` resumes it."""
        if not self._delivery.forked:
            async with self._lock.here():
                await self._delivery.disconnect()

    async def close(self) -> None:
        """End the session and the connection; a client not connected stays so."""
        if not self._delivery.forked:
            async with self._lock.here():
                await self._delivery.close()

    @property
    def timeout(self) -> float:
        """Seconds to wait for a reply, and for a lost connection to come back."""
        return self._delivery.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        addresses.check_address(self.url, seconds)
        self._delivery.timeout = seconds

    @property
    def connected(self) -> bool:
        """Whether `connect` was called, and neither `disconnect` nor `close` since."""
        return self._delivery.wanted

    @property
    def session(self) -> str | None:
        """This connection's session id."""
        return self._delivery.conversation.session

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _after_fork(self) -> None:
        """Leave connection and session to the process that was forked; called in the child."""
        self._delivery.after_fork()
