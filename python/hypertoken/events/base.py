"""What the blocking and the asyncio client of an events hub have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypertoken.events import requests
from hypertoken.events.answering import Answers, OnCommand, OnControl
from hypertoken.events.event import Position
from hypertoken.events.feed import Feed
from hypertoken.events.lines import EventLine
from hypertoken.events.talk import Slow, Talk
from hypertoken.events.wishes import wishes_of
from hypertoken.remote import addresses, forks

URL = "ws://localhost:5178"
"""Where a hub listens unless it is told otherwise."""


class BaseEventClient:
    """A client of a hub: what it wants, and how it stands; see `EventClient`."""

    def __init__(
        self,
        url: str = URL,
        timeout: float = 30.0,
        *,
        token: str | None = None,
        client_id: str | None = None,
        client_type: str = "python",
        types: Sequence[str] | None = None,
        agents: Sequence[str] | None = None,
        items: Sequence[str | int] | None = None,
        since: Position | tuple[str, int] | None = None,
        last: int | None = None,
        slow: Slow | None = None,
        queue: int | None = None,
        controls: Mapping[str, Sequence[str]] | None = None,
        on_control: OnControl | None = None,
        commands: Mapping[str, OnCommand] | None = None,
        buffer: int = 10_000,
    ) -> None:
        addresses.check_address(url, timeout)
        self.url = url
        self.client_id = client_id or requests.new_id(client_type)
        self._answers = Answers(controls, on_control, commands)
        wishes = wishes_of(
            client_id=self.client_id,
            client_type=client_type,
            types=types,
            agents=agents,
            items=items,
            since=since,
            last=last,
            slow=slow,
            queue=queue,
            controls=self._answers.controls,
            handles=tuple(self._answers.commands),
        )
        self._talk = Talk(wishes, buffer)
        self._feed = Feed(self._dialling(token), url, timeout, self._talk)
        self._ids = requests.EventIds()
        self._closed = False
        forks.register(self)

    def _dialling(self, token: str | None) -> EventLine:
        """The line to the hub, not connected yet."""
        raise NotImplementedError

    def __repr__(self) -> str:
        state = "connected" if self.connected else "not connected"
        return f"<{type(self).__name__} {addresses.without_token(self.url)!r}, {state}>"

    @property
    def connected(self) -> bool:
        """Whether `connect` was called, and not `disconnect` since; the hub may be away."""
        return self._feed.wanted

    @property
    def timeout(self) -> float:
        """Seconds to wait for a reply, and for a lost connection to come back."""
        return self._feed.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        addresses.check_address(self.url, seconds)
        self._feed.timeout = seconds

    @property
    def position(self) -> Position | None:
        """The place in the log of the newest event handed out: what `since` takes."""
        return self._talk.place

    @property
    def recovered(self) -> bool:
        """False when events are missing before those that came since the last connection."""
        return self._talk.recovered

    def _after_fork(self) -> None:
        """Leave the connection to the process that was forked; called in the child."""
        self._feed.after_fork()
