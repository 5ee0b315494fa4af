"""The blocking client of an events hub."""

from __future__ import annotations

import threading
import time
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from hypertoken.errors import NotConnectedError, error_for
from hypertoken.events import requests
from hypertoken.events.answering import answer, refusal
from hypertoken.events.base import BaseEventClient
from hypertoken.events.event import Event, Position
from hypertoken.events.lines import BlockingEventLine
from hypertoken.events.wishes import wishes_of
from hypertoken.remote.line import finish

T = TypeVar("T")
_LOOKS = 0.1
"""Seconds after which who waits for events looks for what another thread has received."""


class EventClient(BaseEventClient):
    """Hears the events of a hub, in order, each once; publishes, asks, and answers.

    `for event in client` goes on over broken connections and restarts of the hub at its place in
    the log. Where the log does not reach back so far, a `system_status` event with the status
    `not_recovered` stands in the place of what is missing; where the hub has left events out for a
    slow reader, one with the status `dropped`.

    A client may be shared between threads: each event is handed to one of them, and calls wait for
    each other. It reads only while it is called: one that is left alone for half a minute is
    disconnected by the hub, and goes on at its place with the next call. It stays with its process:
    a forked child's calls raise ForkedError.

    Args:
        url: the hub's address.
        timeout: seconds to wait for a reply, and for a lost connection to come back.
        token: the hub's access token.
        client_id: how the hub lists this client; one that nobody else has, when left out.
        client_type: what it says it is.
        types, agents, items: what to hear; items by name or number. Left out: everything; an empty
            list of types: nothing.
        since: hear what came after this place first, such as another client's `position`.
        last: hear so many events that were there before first.
        slow: what the hub does when this client reads too slowly: "drop" events and tell how many,
            "conflate" them, or "disconnect" it, which then goes on at its place and misses nothing.
        queue: how many events may wait at the hub before it does that.
        controls: for each agent of this program what it can be told: `{"agent_0": ["pause"]}`.
        on_control: carries that out; called in the thread that reads events.
        commands: commands to add to the hub's, by name; called likewise.
        buffer: how many events may wait here while a reply is waited for; what is beyond is read
            again from the hub's log.

    Raises:
        BadFieldError: an argument can be none.
        ConnectionFailedError: from `connect`, when nobody listens there.
        UnauthorizedError: from `connect`, when the token is wrong or missing.
    """

    def _dialling(self, token: str | None) -> BlockingEventLine:
        self._line = BlockingEventLine(self.url, token)
        self._lock = threading.RLock()
        self._inside = False
        return self._line

    def _run(self, steps: Coroutine[Any, Any, T]) -> T:
        """Run a call to its end, one at a time."""
        with self._lock:
            if self._inside:
                steps.close()
                raise error_for(
                    "bad_step",
                    "a call of this client was refused; it came from inside one of its own calls, "
                    "as a signal's handler can; note there what is to be done, and call later",
                )
            self._inside = True
            try:
                return finish(steps)
            finally:
                self._inside = False

    # --- Connecting ---

    def connect(self) -> Self:
        """Connect and register; connected already: nothing. Returns this client."""
        self._feed.check_fork()
        self._run(self._feed.connect())
        self._closed = False
        return self

    def disconnect(self) -> None:
        """Drop the connection; `connect` goes on where this one has read to."""
        self._closed = True
        if not self._feed.forked:
            self._run(self._feed.disconnect())

    close = disconnect

    # --- Hearing ---

    def next(self, timeout: float | None = None) -> Event | None:
        """Wait for the next event; None when there is none within `timeout` seconds.

        Whatever ends it, such as Ctrl-C: the event is returned, or it is the next one still.

        Raises:
            ConnectionFailedError: the hub has been away for longer than the client's timeout.
        """
        feed, talk, ready = self._feed, self._talk, self._talk.ready
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            self._run(feed.fill(0.0))
            while talk.demands:
                self._carry_out()
            # Nothing is called from the look at the events to the return of one: in between
            # neither Ctrl-C nor another thread can come.
            if ready:
                event = ready[0]
                del ready[0]
                if event.position is not None:
                    talk.place = event.position
                return event
            left = _LOOKS if end is None else end - time.monotonic()
            if left <= 0:
                return None
            self._line.watch(min(left, _LOOKS))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        if self._closed:
            raise StopIteration
        try:
            event = self.next()
        except NotConnectedError:
            if self._closed:  # by another thread, meanwhile
                raise StopIteration from None
            raise
        assert event is not None
        return event

    def subscribe(
        self,
        types: Sequence[str] | None = None,
        *,
        agents: Sequence[str] | None = None,
        items: Sequence[str | int] | None = None,
        since: Position | tuple[str, int] | None = None,
        last: int | None = None,
    ) -> dict[str, Any]:
        """Hear something else from now on, or from a place in the log; returns the hub's reply.

        Events that wait and are not wanted any more are not handed out.
        """
        wanted = wishes_of(
            self._talk.wishes, types=types, agents=agents, items=items, since=since, last=last
        )
        return self._run(self._feed.subscribe(wanted))

    # --- Asking and telling ---

    def command(self, name: str, /, **params: Any) -> Any:
        """Ask the hub, or whoever handles the command there; returns its result.

        Raises:
            UnknownCommandError: nobody handles it.
            ConnectionFailedError: the connection broke; it may have been carried out, or not.
        """
        asked = requests.command(name, params)
        reply = self._run(self._feed.ask(asked, again=requests.is_question(name)))
        return reply.get("result")

    def publish(
        self,
        type: str,
        data: Mapping[str, Any],
        *,
        timestamp: float | None = None,
        event_id: str | None = None,
    ) -> int:
        """Publish an event; returns its number in the log, once it is there.

        Sent again over a new connection when the first broke; it counts once.

        Args:
            type: any; one of `EventTypes` must have that type's fields.
            data: its fields.
            timestamp: when it happened, Unix seconds; now, when left out.
            event_id: your own name for it: who calls again after an error gives the same.
        Raises:
            BadFieldError, MissingFieldError: a field of a known type is wrong or missing.
        """
        named = event_id or self._ids.next()
        return self.publish_all([requests.event(type, data, named, timestamp)])

    def publish_all(self, events: Iterable[Mapping[str, Any]]) -> int:
        """Publish events in order, all or none; returns the number of the last one in the log.

        Args:
            events: each with type and data, and timestamp and event_id if you like.
        """
        named = [{"event_id": self._ids.next(), **event} for event in events]
        reply = self._run(self._feed.ask(requests.publication(named), again=True))
        return int(reply["seq"])

    def _carry_out(self) -> None:
        try:
            demand = self._talk.demands.popleft().fields
        except IndexError:  # another thread has it
            return
        try:
            told = answer(demand, self._answers.carry_out(demand))
        except Exception as failure:
            told = refusal(demand, failure)
        self._run(self._feed.tell(told))

    # --- Housekeeping ---

    def __enter__(self) -> Self:
        return self.connect()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.disconnect()

    def _after_fork(self) -> None:
        self._lock = threading.RLock()  # another thread of the parent may have been in a call
        self._inside = False
        super()._after_fork()
