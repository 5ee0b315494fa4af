"""The asyncio client: the same commands as `HyperTokenClient`, awaited."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from hypertoken.errors import error_for
from hypertoken.remote import addresses, forks
from hypertoken.remote.client import repr_of
from hypertoken.remote.commands import Awaited, Command, Commands
from hypertoken.remote.conversation import closed_error
from hypertoken.remote.delivery import Delivery, finish
from hypertoken.remote.line import not_upgraded, unauthorized, unreachable


class AsyncioLine:
    """A WebSocket of websockets; see `hypertoken.remote.line.Line`.

    It belongs to the event loop that dialled it, and is dropped when that loop ends.
    """

    interruptible = True  # a message is out once it is buffered, and is read whole

    def __init__(self, url: str, token: str | None) -> None:
        self.connection: ClientConnection | None = None
        self._url = url
        self._token = token
        self._anchor: AsyncGenerator[None, None] | None = None

    @property
    def up(self) -> bool:
        """Whether it holds a connection, broken or not."""
        return self.connection is not None

    def forsake(self) -> None:
        """Drop the connection of a loop that ended without closing it, as asyncio.run does."""
        connection, self.connection, self._anchor = self.connection, None, None
        if connection is None or connection.transport.is_closing():
            return
        wire = connection.transport.get_extra_info("socket")
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the server has ended it

    async def dial(self, timeout: float) -> None:
        """Connect."""
        proxy = addresses.proxy_for(self._url)
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            self.connection = await connect(
                addresses.without_session(self._url),
                additional_headers=headers,
                open_timeout=timeout,
                close_timeout=1,
                compression=None,
                max_size=None,
                ping_interval=None,
                proxy=proxy,
            )
        except InvalidStatus as refused:
            status = refused.response.status_code
            if status == 401:
                raise unauthorized(self._url) from refused
            raise not_upgraded(self._url, status, refused.response.body) from refused
        except (WebSocketException, OSError, ImportError) as why:  # no python-socks
            raise unreachable(self._url, why, proxy) from why
        self._anchor = _held_by_the_loop(self.connection)
        await anext(self._anchor)

    async def send(self, message: str | bytes, patience: float) -> None:
        """Send a message."""
        try:
            async with asyncio.timeout(patience):
                await self._opened().send(message)
        except ConnectionClosed as closed:
            raise _closed(closed) from closed
        except TimeoutError as unsent:
            raise ConnectionResetError("a message could not be sent in time") from unsent

    async def receive(self, deadline: float) -> str | bytes:
        """Wait for the next message."""
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await self._opened().recv()
        except ConnectionClosed as closed:
            raise _closed(closed) from closed

    def _opened(self) -> ClientConnection:
        if self.connection is None:
            raise ConnectionResetError("the connection is gone")
        return self.connection

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        """Say goodbye and drop the connection; when that is cancelled, without a word."""
        if self.connection is None:
            return
        try:
            await self.connection.close()
        finally:
            self.abort()

    def abort(self) -> None:
        """Drop the connection at once."""
        anchor, self._anchor, self.connection = self._anchor, None, None
        if anchor is not None:
            finish(anchor.aclose())

    def give_back(self) -> None:
        """Let go of the parent's connection; its loop, which is the parent's too, is left alone."""
        if self.connection is not None:
            forks.give_back(self.connection.transport.get_extra_info("socket").fileno())


async def _held_by_the_loop(connection: ClientConnection) -> AsyncGenerator[None, None]:
    """Drop the connection at the latest with its loop: asyncio.run closes generators in the end."""
    try:
        yield
    finally:
        connection.transport.abort()


def _closed(closed: ConnectionClosed) -> Exception:
    code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
    return closed_error(code, reason)


def _awaited(command: Command[..., Any]) -> Callable[..., Any]:
    """The method that sends a command and is awaited for its reply."""
    ask = command.ask

    async def call(self: HyperTokenAsyncClient, *arguments: Any, **named: Any) -> Any:
        asked = ask(self, *arguments, **named)
        async with self._turn():
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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        forks.register(self)

    def __repr__(self) -> str:
        return repr_of(self, self._delivery)

    def _turn(self) -> asyncio.Lock:
        """What orders the calls of the running event loop, which the client is now of.

        Raises:
            BadStepError: another loop, which still runs in another thread, uses it.
        """
        self._delivery.check_fork()
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

    async def connect(self) -> Self:
        """Connect, or resume this client's session; connected already: nothing."""
        async with self._turn():
            await self._delivery.connect()
        return self

    async def disconnect(self) -> None:
        """Drop the connection; the server keeps the session for its lease, `connect` resumes it."""
        if not self._delivery.forked:
            async with self._turn():
                await self._delivery.disconnect()

    async def close(self) -> None:
        """End the session and the connection; a client not connected stays so."""
        if not self._delivery.forked:
            async with self._turn():
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
