"""What a client remembers of a hub: its wishes, its place in the log, what has come. No socket."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from hypertoken.errors import BadFieldError, error_for
from hypertoken.events.event import Event, Position, read_event
from hypertoken.log import LOGGER
from hypertoken.remote.wire import compact_json

Slow = Literal["drop", "conflate", "disconnect"]
"""What the hub does when a client reads too slowly, and too much waits for it: it leaves out the
oldest events and tells how many; of price and margin updates it keeps the newest of each item, and
leaves out what is still too much; or it closes the connection, and the client goes on at its place,
so that it misses nothing that the log has.
"""
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a client registers as; see `EventClient`."""

    client_id: str
    client_type: str
    types: tuple[str, ...] | None = None
    agents: tuple[str, ...] | None = None
    items: tuple[str | int, ...] | None = None
    since: Position | None = None
    last: int | None = None
    slow: Slow | None = None
    queue: int | None = None
    controls: Mapping[str, Sequence[str]] = field(default_factory=dict)
    handles: tuple[str, ...] = ()

    def subscription(self) -> Fields:
        """What it wants to hear, and from where on."""
        told: Fields = {}
        for name in ("types", "agents", "items"):
            value = getattr(self, name)
            if value is not None:
                told[name] = list(value)
        fields: Fields = {"subscriptions": told}
        if self.since is not None:
            fields["since"] = {"epoch": self.since.epoch, "seq": self.since.seq}
        elif self.last is not None:
            fields["last"] = self.last
        return fields

    def register(self) -> Fields:
        """The whole registration."""
        fields: Fields = {
            "action": "register",
            "client_id": self.client_id,
            "client_type": self.client_type,
            **self.subscription(),
        }
        if self.slow is not None:
            fields["slow"] = self.slow
        if self.queue is not None:
            fields["queue"] = self.queue
        if self.controls:
            fields["agents"] = [
                {"id": agent, "controls": list(words)} for agent, words in self.controls.items()
            ]
        if self.handles:
            fields["handles"] = list(self.handles)
        return fields

    def admit(self, event: Event) -> bool:
        """Whether an event is one of those it wants to hear; what is told to it alone always is."""
        if event.position is None:
            return True
        if self.types and event.type not in self.types:
            return False
        data = event.data
        if self.agents and data.get("agent_id") not in self.agents:
            return False
        return not self.items or bool({data.get("item"), data.get("item_id")} & {*self.items})

    def at(self, position: Position | None) -> Wishes:
        """The same from a place in the log on; None: from where they began."""
        return self if position is None else replace(self, since=position, last=None)


@dataclass(frozen=True, slots=True)
class Demand:
    """What the hub wants of this client: control of an agent, or a command that it handles."""

    fields: Mapping[str, Any]


class Talk:
    """Sorts what comes into replies, demands and events, and knows where to go on.

    Attributes:
        wishes: what was asked for.
        place: that of the newest event handed out, or of the registration when none was; None
            before both.
        ready: events to hand out. What does not fit is asked for again.
        demands: what to answer.
        behind: whether events are not kept, for want of room or because earlier ones are asked
            for first: the place to go on from is `received`.
        recovered: False when the place last gone on from was not in the hub's log any more.
        again: what to subscribe to because of that; else None.
    """

    def __init__(self, wishes: Wishes, most: int, most_characters: int = 64 << 20) -> None:
        self.wishes = wishes
        self.place: Position | None = wishes.since
        self.ready: deque[Event] = deque()
        self.demands: deque[Demand] = deque()
        self.behind = False
        self.recovered = True
        self.again: Wishes | None = None
        self._most = most
        self._most_characters = most_characters
        self._characters = 0
        self._last_id = 0

    def next_id(self) -> int:
        """An id for a request, by which its reply is known."""
        self._last_id += 1
        return self._last_id

    def accept(self, message: str | bytes, waiting: int | None) -> Fields | None:
        """Sort one message; returns it when it is the reply to the request `waiting`.

        Raises:
            HyperTokenError: the hub refused that request.
        """
        told = json.loads(message)
        if not isinstance(told, dict):
            return None
        kind = told.get("type")
        if kind == "reply":
            return self._reply(told, waiting)
        if kind == "control":
            self.demands.append(Demand(told))
        elif not _is_greeting(told):
            self._event(told, len(message))
        return None

    def _reply(self, told: Fields, waiting: int | None) -> Fields | None:
        if waiting is None or told.get("id") != waiting:
            return None  # the request was given up
        if told.get("status") == "error":
            told.pop("type")
            raise error_for(told.pop("code", "internal"), told.pop("message", "refused"), told)
        return told

    def _event(self, told: Fields, characters: int) -> None:
        event = read_event(told)
        if self.behind:
            return
        place, known = event.position, self.received
        old = place is not None and known is not None and place.epoch == known.epoch
        if old and place.seq <= known.seq:  # type: ignore[union-attr]
            return
        if not self.ready:
            self._characters = 0
        self._characters += characters
        if len(self.ready) >= self._most or self._characters > self._most_characters:
            self.behind = True
            return
        self.ready.append(event)

    @property
    def received(self) -> Position | None:
        """The place of the newest event that came.

        It is of the events themselves: so nothing comes between one and its place, as Ctrl-C might.
        """
        for event in reversed(self.ready):
            if event.position is not None:
                return event.position
        return self.place

    # --- Beginning, and beginning again ---

    def registration(self) -> Fields:
        """What to register with on a new connection: from where the last one ended."""
        return self.wishes.at(self.received).register()

    def registered(self, reply: Fields) -> None:
        """Learn of a registration or a subscription where the log stands and what is lost of it.

        Where something is, `again` says what to ask for next.
        """
        self.behind = False
        self.again = None
        epoch, seq = reply.get("epoch"), reply.get("seq")
        stands = isinstance(epoch, str) and isinstance(seq, int)
        now = Position(epoch, seq) if stands else None  # type: ignore[arg-type]
        if reply.get("recovered") is False:
            self.recovered = False
            self._lost(reply, now)
        elif self.received is None and self.wishes.last is None:
            self.place = now

    def subscribed(self, wanted: Wishes, reply: Fields) -> None:
        """Learn that from now on something else is heard."""
        self.wishes = wanted
        if wanted.since is not None or wanted.last is not None:
            self.ready.clear()
            self.place = wanted.since
        else:
            unwanted = [event for event in self.ready if not wanted.admit(event)]
            for event in unwanted:
                self.ready.remove(event)
        self.recovered = True
        self.registered(reply)

    def _lost(self, reply: Fields, now: Position | None) -> None:
        """Note that events are missing, and ask for those that there are."""
        first = reply.get("first_seq")
        missed = self.received
        LOGGER.warning("the hub's log has no place %s any more; it begins at %s", missed, first)
        data = {
            "status": "not_recovered",
            "message": "events are missing here; the hub's log no longer has them",
            "since": None if missed is None else missed._asdict(),
            "first_seq": first,
        }
        goes_on = None
        if now is not None and isinstance(first, int):
            goes_on = Position(now.epoch, first - 1)
            self.behind, self.again = True, self.wishes.at(goes_on)
        self.ready.append(Event("system_status", data, time.time(), goes_on))


def _is_greeting(told: Fields) -> bool:
    data = told.get("data")
    return (
        told.get("type") == "system_status"
        and "seq" not in told
        and isinstance(data, dict)
        and data.get("status") == "connected"
    )


def encoded(fields: Fields) -> str:
    """A request's text.

    Raises:
        BadFieldError: JSON cannot hold a field.
    """
    try:
        return compact_json(fields)
    except (TypeError, ValueError) as unfit:
        raise BadFieldError(
            f"{fields.get('action')} cannot be sent; a field holds what JSON does not know, such "
            "as NaN or an object; pass finite numbers, strings, lists and dicts",
            "bad_field",
        ) from unfit
