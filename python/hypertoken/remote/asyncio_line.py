"""A WebSocket for one event loop, of websockets."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from hypertoken.remote import addresses, forks
from hypertoken.remote.line import (
    START_A_SERVER,
    closed_error,
    finish,
    not_upgraded,
    unauthorized,
    unreachable,
)


class AsyncioLine:
    """A WebSocket of websockets; see `hypertoken.remote.line.Line`.

    It belongs to the event loop that dialled it, and is dropped when that loop ends.
    """

    interruptible = True  # a message is out once it is buffered, and is read whole
    advice = START_A_SERVER

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
            raise unreachable(self._url, why, proxy, self.advice) from why
        self._anchor = _held_by_the_loop(self.connection)
        await anext(self._anchor)

    async def send(self, message: str | bytes, patience: float) -> None:
        """Send a message."""
        try:
            async with asyncio.timeout(patience):
                await self._opened().send(message)
        except ConnectionClosed as closed:
            raise connection_closed(closed) from closed
        except TimeoutError as unsent:
            raise ConnectionResetError("a message could not be sent in time") from unsent

    async def receive(self, deadline: float) -> str | bytes:
        """Wait for the next message."""
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                return await self._opened().recv()
        except ConnectionClosed as closed:
            raise connection_closed(closed) from closed

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


def connection_closed(closed: ConnectionClosed) -> Exception:
    """What a connection that was closed, by whomever, raises."""
    code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
    return closed_error(code, reason)
