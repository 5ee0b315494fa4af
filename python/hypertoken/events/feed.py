"""Events from a hub over connections that break: the one recovery of both clients.

Written once, as coroutines over a line, as `hypertoken.remote.delivery` is. A new connection goes
on at the place in the log of the newest event that came, so that nothing is missed or repeated; a
publication is sent again under its own `event_id`, which the hub counts once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from hypertoken.errors import (
    ConnectionFailedError,
    HyperTokenError,
    NotConnectedError,
    RequestTimeoutError,
)
from hypertoken.events.lines import EventLine
from hypertoken.events.talk import Fields, Talk, Wishes, encoded
from hypertoken.log import LOGGER
from hypertoken.remote.addresses import without_token
from hypertoken.remote.forks import forked_error

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


class Request(NamedTuple):
    """What is asked, in a word, and the text of it, to which each sending adds an id of its own."""

    name: str
    text: str


class Feed:
    """A hub's events and its replies, over one line; its client orders the calls.

    Attributes:
        wanted: whether the client is connected, as its user means it.
        forked: whether this is a copy in a forked process.
    """

    def __init__(self, line: EventLine, url: str, timeout: float, talk: Talk) -> None:
        self.line = line
        self.url = url
        self.timeout = timeout
        self.talk = talk
        self.wanted = False
        self.forked = False
        # A call was interrupted at any point of it: what has come is known, but not what is half
        # read or half sent.
        self._unsure = False
        # Since when the connection has been gone, when it is tried again, and how long after that.
        self._lost_at: float | None = None
        self._try_at = 0.0
        self._pause = _FIRST_PAUSE

    def check_fork(self) -> None:
        """Refuse a connection of the parent's process.

        Raises:
            ForkedError: this is a copy.
        """
        if self.forked:
            raise forked_error(
                f"this client of {without_token(self.url)}", "its connection is that"
            )

    def after_fork(self) -> None:
        """Forget in a forked child what is the parent's; who has never connected is not forked."""
        if self.wanted or self.line.up:
            self.forked = True
            self.line.give_back()

    # --- Connecting ---

    async def connect(self) -> None:
        """Connect and register; connected already: nothing."""
        self.check_fork()
        if self.wanted:
            return
        try:
            await self._open(self.timeout)
        except HyperTokenError:
            raise
        except OSError as broken:
            raise ConnectionFailedError(
                f"{without_token(self.url)} took nobody in; {broken}; try again later"
            ) from broken
        self.wanted = True

    async def disconnect(self) -> None:
        """Drop the connection; the place in the log is kept for the next `connect`."""
        if self.forked:
            return
        self.wanted = self._unsure = False
        try:
            await self.line.close()
        finally:
            self.line.abort()

    async def _open(self, patience: float) -> None:
        """Register on a new connection, from where the last one ended."""
        self.line.abort()
        try:
            await self.line.dial(patience)
            self._unsure = not self.line.interruptible
            self.talk.recovered = True
            registration = Request("register", encoded(self.talk.registration()))
            self.talk.registered(await self._once(registration))
            await self._recover()
        except BaseException:
            self.line.abort()
            raise
        self._unsure = False
        self._found()

    async def _recover(self) -> None:
        """Go on with what there is, where the place that was asked for is not in the log."""
        while self.talk.again is not None:
            fields = {"action": "subscribe", **self.talk.again.subscription()}
            self.talk.registered(await self._once(Request("subscribe", encoded(fields))))

    async def _back(self, deadline: float) -> bool:
        """Come back when the connection is gone; False when that takes longer than the deadline.

        Raises:
            ConnectionFailedError: the hub has been gone for longer than the client's timeout.
        """
        if self.line.up and not self._unsure:
            return True
        if self._lost_at is None:
            self._lost_at = time.monotonic()
        while True:
            wait = self._try_at - time.monotonic()
            if wait > 0:
                if self._try_at > deadline:
                    return False
                await self.line.pause(wait)
            try:
                await self._open(self.timeout)
                LOGGER.info("connected to %s again", without_token(self.url))
                return True
            except OSError as failure:
                if isinstance(failure, HyperTokenError) and failure.code not in _PASSING:
                    self._give_up()
                    raise
                self._still_gone(failure)
            except HyperTokenError:
                self._give_up()
                raise

    def _still_gone(self, failure: OSError) -> None:
        assert self._lost_at is not None
        self._try_at = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        if self._try_at > self._lost_at + self.timeout:
            self._give_up()
            raise ConnectionFailedError(
                f"the connection to {without_token(self.url)} broke and did not come back within "
                f"{self.timeout:g} s ({failure}); call connect() to go on where it broke"
            ) from failure

    def _give_up(self) -> None:
        self.line.abort()
        self.wanted = self._unsure = False
        self._found()

    def _found(self) -> None:
        self._lost_at, self._try_at, self._pause = None, 0.0, _FIRST_PAUSE

    def _check(self) -> None:
        self.check_fork()
        if not self.wanted:
            raise NotConnectedError

    # --- Events ---

    async def fill(self, deadline: float) -> None:
        """Wait until something is ready to be handed out, at the latest until the deadline."""
        self._check()
        talk, line = self.talk, self.line
        while not (talk.ready or talk.demands):
            if talk.behind:
                line.abort()
            try:
                if not await self._back(deadline):
                    return
                self._unsure = not line.interruptible
                message = await line.arrival(deadline)
                if message is not None:
                    talk.accept(message, None)
            except HyperTokenError:
                raise
            except OSError as broken:
                LOGGER.info("the connection broke (%s); coming back", broken)
                line.abort()
                continue
            self._unsure = False
            if message is None:
                return

    # --- Requests ---

    async def subscribe(self, wanted: Wishes) -> Fields:
        """Hear something else."""
        fields = {"action": "subscribe", **wanted.subscription()}

        async def then(reply: Fields) -> None:
            self.talk.subscribed(wanted, reply)
            await self._recover()

        return await self.ask(fields, again=True, then=then)

    async def ask(
        self,
        fields: Fields,
        *,
        again: bool,
        then: Callable[[Fields], Coroutine[Any, Any, None]] | None = None,
    ) -> Fields:
        """Send a request; returns its reply.

        Args:
            fields: without an id.
            again: whether it may be sent a second time when the connection broke meanwhile.
            then: takes in what the reply changes, before an interruption can come in between.

        Raises:
            ConnectionFailedError: the connection broke; the request may have been carried out.
            RequestTimeoutError: no reply came in time.
        """
        self._check()
        request = Request(_name(fields), encoded(fields))
        deadline = time.monotonic() + self.timeout
        while True:
            if time.monotonic() > deadline or not await self._back(deadline):
                raise self._late(request)
            self._unsure = not self.line.interruptible
            try:
                reply = await self._once(request)
                if then is not None:
                    await then(reply)
            except HyperTokenError as refused:
                self._unsure = False
                if refused.code == "too_large":
                    self.line.abort()  # it may have been closed for that
                raise
            except OSError as broken:
                self.line.abort()
                if not again:
                    raise ConnectionFailedError(
                        f"the connection to {without_token(self.url)} broke ({broken}) before "
                        f"{request.name} was answered; it may have been carried out or not; ask "
                        "for the state, and call again if it was not"
                    ) from broken
                LOGGER.info("the connection broke (%s); sending again", broken)
                continue
            self._unsure = False
            return reply

    async def tell(self, fields: Fields) -> None:
        """Send what has no reply, if the connection is there; it is not sent a second time."""
        self._check()
        if not self.line.up or self._unsure:
            return
        self._unsure = not self.line.interruptible
        try:
            await self._send(encoded(fields))
        except OSError as broken:
            LOGGER.info("an answer was not sent: %s", broken)
            self.line.abort()
        self._unsure = False

    async def _once(self, request: Request) -> Fields:
        """Send a request on this connection and wait for its reply."""
        number = self.talk.next_id()
        deadline = time.monotonic() + self.timeout
        await self._send(f'{request.text[:-1]},"id":{number}}}')
        while True:
            try:
                message = await self.line.receive(deadline)
            except HyperTokenError:
                raise
            except TimeoutError as late:
                raise self._late(request) from late
            reply = self.talk.accept(message, number)
            if reply is not None:
                return reply

    async def _send(self, text: str) -> None:
        if LOGGER.isEnabledFor(logging.DEBUG):
            LOGGER.debug("-> %s", text)
        await self.line.send(text, self.timeout)

    def _late(self, request: Request) -> RequestTimeoutError:
        return RequestTimeoutError(
            f"no reply to {request.name} within {self.timeout:g} s; the hub is busy or the "
            f"network slow; wait longer with timeout={2 * self.timeout:g}"
        )


_PASSING = ("connection_failed", "timeout")
"""Failures after which another attempt may succeed."""


def _name(request: dict[str, Any]) -> str:
    name = request.get("command", request.get("action"))
    return str(name)
