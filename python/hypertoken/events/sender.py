"""Sends what producers put into an outbox, on a thread of its own, which waits in their stead."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import weakref
from concurrent.futures import Future
from itertools import pairwise
from typing import Any

from hypertoken.errors import HyperTokenError
from hypertoken.events.client import EventClient
from hypertoken.events.outbox import Entry, Outbox
from hypertoken.events.requests import EventIds
from hypertoken.events.types import EventTypes
from hypertoken.log import LOGGER

_GATHERED = 0.02
"""Seconds for which events are gathered: so a thread that steps is seldom interrupted."""
_MOST_AT_ONCE = 256
_ASKED = 5.0
"""Seconds after which an idle connection is looked at, for the hub's pings."""
_PAUSE = 0.5
AT_EXIT = 2.0
"""Seconds that what is still to be sent has at the end of the process."""


class Sender:
    """A thread that publishes an outbox's events in order, each once, however often the hub goes.

    Args:
        client: is this thread's from now on.
    """

    def __init__(self, client: EventClient, outbox: Outbox) -> None:
        self.sent = 0
        self.refused = 0
        self.lost = 0
        self._client = client
        self._outbox = outbox
        self._ids = EventIds()
        self._stop = threading.Event()
        self._end = float("inf")
        self._away = False
        self.connected: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="hypertoken-events", daemon=True)
        _SENDERS.add(self)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it goes on sending."""
        return self._thread.is_alive() and not self._stop.is_set()

    @property
    def began(self) -> bool:
        """Whether it has connected at all."""
        return self.connected.done() and self.connected.exception() is None

    def stop(self, seconds: float) -> None:
        """Send what is left, for at most so long, and end."""
        self._end = min(self._end, time.monotonic() + seconds)
        self._stop.set()
        self._outbox.wake()
        if self._thread is not threading.current_thread():
            self._thread.join(seconds + 0.5)
        _SENDERS.discard(self)

    def _run(self) -> None:
        try:
            self._client.connect()
        except BaseException as refused:
            self.connected.set_exception(refused)
            return
        self.connected.set_result(None)
        try:
            while not (self._stop.is_set() and not len(self._outbox)):
                self._turn()
            self._client.disconnect()
        except Exception as broken:  # nothing of it is the hooked code's
            LOGGER.exception("events are not sent any more: %s", broken)
            self._stop.set()

    def _turn(self) -> None:
        if not self._outbox.wait(_ASKED):
            self._look()
            return
        if not self._stop.wait(_GATHERED):
            self._look()
        dropped = self._outbox.take_dropped()
        if dropped:
            self._send(self._named([_told(dropped)]))
        batch = self._outbox.take(_MOST_AT_ONCE)
        if batch:
            self._send(self._named(batch))

    def _named(self, batch: list[Entry]) -> list[Entry]:
        return [{**entry, "event_id": self._ids.next()} for entry in batch]

    def _look(self) -> None:
        """Answer the hub's pings."""
        try:
            self._client.next(0)
        except HyperTokenError as away:
            LOGGER.debug("the hub is away: %s", away)

    def _send(self, named: list[Entry]) -> None:
        while True:
            try:
                if not self._client.connected:
                    self._client.connect()
                self._client.publish_all(named)
            except HyperTokenError as failure:
                if not isinstance(failure, OSError) and failure.code not in _PASSING:
                    self._refuse(named, failure)
                    return
                if not self._wait(failure, len(named)):
                    return
            else:
                if self._away:
                    LOGGER.warning("the hub takes events again")
                self._away = False
                self.sent += len(named)
                return

    def _wait(self, failure: HyperTokenError, count: int) -> bool:
        """Wait before it is tried again; False when there is no time for that."""
        if not self._away:
            self._away = True
            LOGGER.warning("events wait to be sent: %s", failure)
        left = self._end - time.monotonic()
        if left <= 0:
            self.lost += count + len(self._outbox.take(2**31))
            LOGGER.warning("%d events were lost; the hub did not take them in time", self.lost)
            return False
        if self._stop.wait(_PAUSE):
            time.sleep(min(left, _PAUSE))
        return True

    def _refuse(self, named: list[Entry], failure: HyperTokenError) -> None:
        """Find the event that is refused, and send the others."""
        if len(named) > 1:
            bad = failure.details.get("index")
            parts = (len(named) // 2,) if not isinstance(bad, int) else (bad, bad + 1)
            for first, end in pairwise((0, *parts, len(named))):
                if first < end:
                    self._send(named[first:end])
            return
        self.refused += 1
        level = logging.WARNING if self.refused == 1 else logging.DEBUG
        LOGGER.log(level, "an event was not taken by the hub: %s", failure)


_PASSING = ("rate_limited", "unavailable")
"""Refusals that are no fault of the event's."""
_SENDERS: weakref.WeakSet[Sender] = weakref.WeakSet()


def _told(dropped: int) -> dict[str, Any]:
    return {
        "type": EventTypes.SYSTEM_STATUS,
        "timestamp": time.time(),
        "data": {
            "status": "dropped",
            "message": f"{dropped} events were dropped here; more came than could be sent",
            "dropped": dropped,
        },
    }


@atexit.register
def _send_the_rest() -> None:
    for sender in list(_SENDERS):
        sender.stop(AT_EXIT)
