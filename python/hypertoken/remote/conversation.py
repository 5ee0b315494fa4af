"""What a client remembers of its session: ids, `at` numbers, late replies. No socket, no clock."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypertoken.errors import BadFieldError, HyperTokenError, error_for
from hypertoken.remote.wire import Frame, FrameWriter, compact_json, read_frame

NUMBERED = frozenset({"reset", "step", "step_all"})
"""The commands that carry `at`: playing one twice would change the trajectory."""


@dataclass(slots=True)
class Request:
    """One request under way: its id, and its number when it is a reset or a step."""

    id: int
    fields: dict[str, Any]
    writer: FrameWriter | None = None
    at: int | None = None

    def encode(self) -> str | bytes:
        """Write the message as it goes over the wire, with its present number."""
        if self.writer is not None:
            return self.writer.pack(self.id, self.at or 0)
        if self.at is not None:
            self.fields["at"] = self.at
        return compact_json(self.fields)


_AFTER_DEADLINE = 5.0
"""Seconds for the reply that says a step was ended to arrive."""


@dataclass(slots=True)
class Conversation:
    """What both clients remember about their session.

    `at` is the number of the last reset or step sent (or known to be answered); the next one
    carries `at + 1`. A request that timed out stays in `late`; its reply is dropped when it comes.
    `deadline_s` is how long the server lets a step take, where it ends one. `environment` is what
    the session is known to have open.
    """

    session: str | None = None
    environment: str | None = None
    at: int = 0
    last_id: int = 0
    deadline_s: float | None = None
    late: dict[int, Request] = field(default_factory=dict)

    def request(self, fields: dict[str, Any], writer: FrameWriter | None = None) -> Request:
        """Number a command (or a frame); resets and steps get the next `at`."""
        self.last_id += 1
        request = Request(self.last_id, {**fields, "id": self.last_id}, writer)
        if writer is not None or fields.get("cmd") in NUMBERED:
            self.at += 1
            request.at = self.at
        return request

    def patience(self, request: Request, timeout: float) -> float:
        """Seconds to wait for a reply: to a reset or step longer than the server gives it."""
        if request.at is None or self.deadline_s is None:
            return timeout
        return max(timeout, self.deadline_s + _AFTER_DEADLINE)

    def encode(self, request: Request) -> str | bytes:
        """Write the message as it goes over the wire.

        Raises:
            BadFieldError: JSON cannot hold a field; the request then never was.
        """
        try:
            return request.encode()
        except (TypeError, ValueError) as unfit:
            if request.at is not None:
                self.at = request.at - 1
            raise BadFieldError(
                f"{request.fields.get('cmd')} cannot be sent; a field holds what JSON does not "
                "know, such as NaN or an object; pass finite numbers, strings, lists and dicts",
                "bad_field",
            ) from unfit

    def give_up(self, request: Request) -> None:
        """Note that nobody waits for this request any more."""
        self.late[request.id] = request

    def resumed(self, reply: dict[str, Any], request: Request | None) -> None:
        """Take over the session's own count after a reconnect, and renumber the waiting request.

        A request whose number the session has already answered keeps it: sent again, it gets the
        recorded reply and is not played twice.
        """
        self.session = reply.get("session", self.session)
        self.deadline_s = reply.get("deadline_s")
        self.late.clear()
        answered = int(reply.get("at", 0))
        if request is not None and request.at is not None:
            request.at = min(request.at, answered + 1)
            self.at = request.at
        else:
            self.at = answered

    def accept(self, request: Request, message: str | bytes) -> dict[str, Any] | Frame | None:
        """Read one message: this request's reply, or None when it is an earlier request's.

        Raises:
            HyperTokenError: the server refused this request.
        """
        if isinstance(message, bytes):
            frame = read_frame(message)
            if frame.request_id == request.id:
                return frame
            self.late.pop(frame.request_id, None)
            return None
        reply: dict[str, Any] = json.loads(message)
        reply_id = reply.pop("id", request.id)
        if reply_id != request.id:
            self._late(reply_id, reply, request)
            return None
        if "error" in reply:
            raise self._refused(request, reply)
        self._heard(request, reply, None)
        return reply

    def _late(self, reply_id: int, reply: dict[str, Any], waiting: Request) -> None:
        late = self.late.pop(reply_id, None)
        if late is None:
            return
        if "error" not in reply:
            self._heard(late, reply, waiting)
        elif late.at is not None:
            # It was refused, so the session has counted one less than we did.
            self.at -= 1
            if waiting.at is not None:
                waiting.at -= 1

    def _heard(self, request: Request, reply: dict[str, Any], waiting: Request | None) -> None:
        """Follow a change of session, whoever asked for it."""
        asked = request.fields.get("cmd")
        if asked == "open":
            self.environment = reply.get("spec", {}).get("env_type")
            self.resumed(reply, waiting)
        elif asked == "close":
            self.session = None
        elif asked == "env_info":
            self.environment = reply.get("env_type")
            self.session = self.session or reply.get("session")

    def _refused(self, request: Request, reply: dict[str, Any]) -> HyperTokenError:
        message, code = reply.pop("error"), reply.pop("code", "internal")
        if request.at is not None:
            expected = reply.get("expected") if code == "bad_step" else None
            self.at = (expected if isinstance(expected, int) else request.at) - 1
        return error_for(code, message, reply)
