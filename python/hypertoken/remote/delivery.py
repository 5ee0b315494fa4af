"""Delivers requests over a connection that may break: the one recovery of both clients.

It is written once, as coroutines over a `Line`. The asyncio client awaits them; the blocking
client's line never suspends, so `finish` runs each to its end in one go (psycopg's two connections
share their protocol in this way).

Never twice: a reset or step carries the number `at`. When a connection breaks, the session is
resumed on a new one and tells its own count; the waiting request keeps its number if that was
already answered (the server then repeats its recorded reply) and takes the next one if not.

The waiting between attempts is ours: one attempt is to dial, to resume, to renumber and to send
again, and what ends it for good are the protocol's codes. Of that a retry library (tenacity) or
websockets' reconnecting iterator would take over two lines, the doubling pause and its deadline.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from hypertoken.errors import (
    BadStepError,
    ConnectionFailedError,
    HyperTokenError,
    InternalError,
    NotConnectedError,
    RequestTimeoutError,
    SessionLostError,
    UnauthorizedError,
    UnknownSessionError,
)
from hypertoken.log import LOGGER
from hypertoken.remote.addresses import session_in, without_token
from hypertoken.remote.commands import command
from hypertoken.remote.conversation import Conversation, Request
from hypertoken.remote.forks import forked_error
from hypertoken.remote.line import Line
from hypertoken.remote.wire import Frame, FrameWriter

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


class Delivery:
    """One request and one reply at a time, each answered once; its client orders the calls.

    Attributes:
        wanted: whether the client is connected, as its user means it.
        forked: whether this is a copy in a forked process, of a connection or a session.
    """

    def __init__(self, line: Line, url: str, timeout: float) -> None:
        self.line = line
        self.url = url
        self.timeout = timeout
        self.conversation = Conversation()
        self.wanted = False
        self.forked = False
        # A call was interrupted at any point of it, or the line was lost between two.
        self._unsure = False

    def check_fork(self) -> None:
        """Refuse a connection of the parent's process.

        Raises:
            ForkedError: this is a copy.
        """
        if self.forked:
            where = without_token(self.url)
            raise forked_error(
                f"this client of {where}", "its connection and its session are those"
            )

    def after_fork(self) -> None:
        """Forget in a forked child what is the parent's; who has never connected is not forked."""
        if self.wanted or self.line.up or self.conversation.session is not None:
            self.forked = True
            self.line.give_back()

    # --- Connecting ---

    async def connect(self) -> None:
        """Connect, or resume the session; connected already: nothing."""
        self.check_fork()
        if self.wanted:
            return
        session = self.conversation.session or session_in(self.url)
        try:
            await self.line.dial(self.timeout)
            if session is not None:
                await self._resume(session, None)
            else:
                # The server has opened one for this connection; its reply says which.
                self.conversation = Conversation()
                await self._once(self.conversation.request(command("env_info")))
        except BaseException:
            self.line.abort()
            raise
        self.wanted, self._unsure = True, False

    async def disconnect(self) -> None:
        """Drop the connection; the session is kept for the next `connect`."""
        self.wanted = self._unsure = False
        if not self.forked:
            await self.line.close()

    async def close(self) -> None:
        """End the session and the connection; in a forked child neither."""
        if self.forked:
            return
        try:
            if self.wanted:
                await self._end_session()
            await self.line.close()
        finally:
            self.line.abort()
            self.wanted = self._unsure = False
            self.conversation = Conversation()

    async def _end_session(self) -> None:
        try:
            if self._unsure or not self.line.up:
                await self._come_back(None, patience=0)
            await self._once(self.conversation.request(command("close")))
        except (HyperTokenError, OSError) as gone:
            LOGGER.debug("the session was gone before it was closed: %s", gone)

    # --- One request ---

    async def deliver(
        self, fields: dict[str, Any], writer: FrameWriter | None
    ) -> dict[str, Any] | Frame:
        """Send a request; returns its reply, also over a connection that breaks meanwhile."""
        self.check_fork()
        if not self.wanted:
            raise NotConnectedError
        line = self.line
        if self._unsure or not line.up:
            await self._recover()
        self._unsure = not line.interruptible
        request = self.conversation.request(fields, writer)
        try:
            reply = await self._once(request)
        except HyperTokenError:
            self._unsure = False
            raise
        except OSError as broken:
            LOGGER.info("the connection broke (%s); resuming the session", broken)
            reply = await self._deliver_again(request, broken)
        self._unsure = False
        return reply

    async def _recover(self) -> None:
        """Go on after a call that was interrupted, by Ctrl-C or any error not ours.

        A frame may be half sent or half read, and the session may have counted the call or not:
        a new connection knows neither, and the session tells its count.
        """
        if self.conversation.session is None:
            self._give_up()
            raise NotConnectedError
        self._unsure = True
        await self._come_back(None, self.timeout)

    async def _deliver_again(self, request: Request, broken: OSError) -> dict[str, Any] | Frame:
        if self.conversation.session is None:
            self._give_up()
            raise ConnectionFailedError(
                f"the connection to {without_token(self.url)} broke ({broken}); it had no session "
                "to resume; call connect() again"
            ) from broken
        self._unsure = True
        reply = await self._come_back(request, self.timeout)
        assert reply is not None
        return reply

    async def _come_back(
        self, request: Request | None, patience: float
    ) -> dict[str, Any] | Frame | None:
        """Resume the session on a new connection and deliver the waiting request, if there is one.

        Raises:
            ConnectionFailedError: the server cannot be reached for `patience` seconds.
        """
        session = self.conversation.session
        assert session is not None
        deadline, pause = time.monotonic() + patience, _FIRST_PAUSE
        while True:
            self.line.abort()
            try:
                await self.line.dial(self.timeout)
                await self._resume(session, request)
                reply = None if request is None else await self._once(request)
            except OSError as failure:
                if isinstance(failure, HyperTokenError) and failure.code != "connection_failed":
                    self._refused(failure)
                    raise
                if time.monotonic() + pause > deadline:
                    self._give_up()
                    raise ConnectionFailedError(
                        f"the connection to {without_token(self.url)} broke and did not come back "
                        f"within {self.timeout:g} s ({failure}); the session {session} lives on "
                        "for its lease; call connect() to try again"
                    ) from failure
            except HyperTokenError as refused:
                self._refused(refused)
                raise
            else:
                self._unsure = False
                return reply
            await self.line.pause(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _refused(self, failure: HyperTokenError) -> None:
        """The server has answered: the connection is in order, unless it let nobody in."""
        self._unsure = False
        if isinstance(failure, UnauthorizedError):
            self._give_up()

    def _give_up(self) -> None:
        self.line.abort()
        self.wanted = self._unsure = False

    async def _resume(self, session: str, waiting: Request | None) -> None:
        try:
            reply = await self._once(Request(0, command("open", session=session, id=0)))
        except (UnknownSessionError, SessionLostError):
            self._give_up()
            self.conversation = Conversation()
            raise
        if isinstance(reply, Frame):
            raise InternalError("`open` was answered with a frame; the server is not ours")
        self.conversation.resumed(reply, waiting)

    async def _once(self, request: Request) -> dict[str, Any] | Frame:
        """Send a request on this connection and wait for its reply."""
        conversation = self.conversation
        sent_at = request.at
        message = conversation.encode(request)
        patience = conversation.patience(request, self.timeout)
        try:
            if LOGGER.isEnabledFor(logging.DEBUG):
                LOGGER.debug("-> %s", _shown(message))
            await self.line.send(message, patience)
            deadline = time.monotonic() + patience
            while True:
                received = await self.line.receive(deadline)
                if LOGGER.isEnabledFor(logging.DEBUG):
                    LOGGER.debug("<- %s", _shown(received))
                reply = conversation.accept(request, received)
                if reply is not None:
                    return reply
        except BadStepError:
            if request.at == sent_at:
                raise
        except HyperTokenError:
            raise
        except TimeoutError as late:
            conversation.give_up(request)
            raise RequestTimeoutError(
                f"no reply to {request.fields.get('cmd', 'a binary batch')} within "
                f"{patience:g} s; the server is busy or the network slow; wait longer with "
                f"timeout={2 * patience:g}"
            ) from late
        except BaseException:
            conversation.give_up(request)
            raise
        # A late refusal arrived in between and moved our number: send it once more.
        return await self._once(request)


def _shown(message: str | bytes) -> str:
    return f"{len(message)} bytes" if isinstance(message, bytes) else message
