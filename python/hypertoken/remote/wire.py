r"""The bridge protocol's bookkeeping without any socket: ids, `at` numbers, frames, column layouts.

A binary frame is a 32-byte header and the columns, all little-endian:

    offset  0      4        6   8           16  24     28
            magic  version  op  request id  at  flags  payload bytes
            "HTB1" u16      u16 u64         u64 u32    u32

Columns start at the offsets their `layout` gives, counted from the end of the header.
With flag bit 0, JSON follows the columns: infos in a reply, episode options in a reset.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import (
    BadFieldError,
    HyperTokenError,
    InternalError,
    TooLargeError,
    error_for,
)

HEADER = struct.Struct("<4sHHQQII")
MAGIC = b"HTB1"
VERSION = 1
RESET = 1
STEP = 2
JSON_FOLLOWS = 1
TOO_BIG = 1009
NUMBERED = frozenset({"reset", "step", "step_all"})
"""The commands that carry `at`: playing one twice would change the trajectory."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame: numpy dtype name, shape, byte offset in the payload, size in bytes."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    offset: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of the reset request, the step request and the reply, by name."""

    reset: dict[str, Column]
    step: dict[str, Column]
    reply: dict[str, Column]

    @staticmethod
    def parse(layout: dict[str, list[dict[str, Any]]]) -> Layout:
        """Read the `layout` of an `open` reply."""
        return Layout(*(_columns(layout[part]) for part in ("reset", "step", "reply")))


def _columns(described: Iterable[dict[str, Any]]) -> dict[str, Column]:
    return {
        c["name"]: Column(
            c["name"],
            np.dtype(c["dtype"]).newbyteorder("<"),
            tuple(c["shape"]),
            int(c["offset"]),
            int(c["bytes"]),
        )
        for c in described
    }


def payload_bytes(columns: dict[str, Column]) -> int:
    """Size of a payload of these columns: 8-byte aligned, as every column starts aligned."""
    end = max((c.offset + c.bytes for c in columns.values()), default=0)
    return (end + 7) & ~7


class FrameWriter:
    """A reusable request frame: fill `columns`, then `pack` the header in front of them."""

    def __init__(self, op: int, columns: dict[str, Column]) -> None:
        self._op = op
        self._payload = payload_bytes(columns)
        self._buffer = bytearray(HEADER.size + self._payload)
        self.columns: dict[str, NDArray[Any]] = view_columns(self._buffer, columns)
        self.options: dict[str, Any] = {}
        """Episode options that follow the columns of a reset."""

    def pack(self, request_id: int, at: int) -> bytes:
        """Return the whole frame with this request id and number."""
        told = _json(self.options).encode() if self.options else b""
        flags = JSON_FOLLOWS if told else 0
        HEADER.pack_into(
            self._buffer, 0, MAGIC, VERSION, self._op, request_id, at, flags, self._payload
        )
        return bytes(self._buffer) + told


def view_columns(frame: bytes | bytearray, columns: dict[str, Column]) -> dict[str, NDArray[Any]]:
    """View each column of a frame in place: no copy; writable when the frame is a bytearray."""
    return {
        name: np.frombuffer(
            frame, c.dtype, count=c.bytes // c.dtype.itemsize, offset=HEADER.size + c.offset
        ).reshape(c.shape)
        for name, c in columns.items()
    }


@dataclass(frozen=True, slots=True)
class Frame:
    """A reply's header fields and bytes; `infos` maps a row to what the environment said."""

    op: int
    request_id: int
    at: int
    data: bytearray
    infos: dict[int, dict[str, Any]]


def read_frame(data: bytes) -> Frame:
    """Read a binary reply's header and infos; the columns stay in `data`.

    Raises:
        InternalError: the bytes are no frame of this protocol version.
    """
    if len(data) < HEADER.size:
        raise InternalError(f"a binary reply of {len(data)} bytes is shorter than its header")
    magic, version, op, request_id, at, flags, payload = HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION:
        raise InternalError(
            f"a binary reply starts with {magic!r} version {version}; this client reads "
            f"{MAGIC!r} version {VERSION}; use the client that came with the server"
        )
    infos: dict[int, dict[str, Any]] = {}
    if flags & JSON_FOLLOWS:
        told = json.loads(data[HEADER.size + payload :])
        infos = {int(row): info for row, info in told.items()}
    return Frame(op, request_id, at, bytearray(data), infos)


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
        return _json(self.fields)


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: Any) -> Any:
    """Numpy's numbers and arrays as Python's: seeds and options are often drawn by numpy."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not what JSON knows")


_AFTER_DEADLINE = 5.0
"""Seconds for the reply that says a step was ended to arrive."""


@dataclass(slots=True)
class Conversation:
    """What both clients remember about their session.

    `at` is the number of the last reset or step sent (or known to be answered); the next one
    carries `at + 1`. A request that timed out stays in `late`; its reply is dropped when it comes.
    `deadline_s` is how long the server lets a step take, where it ends one.
    """

    session: str | None = None
    at: int = 0
    last_id: int = 0
    deadline_s: float | None = None
    late: dict[int, bool] = field(default_factory=dict)

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
        self.late[request.id] = request.at is not None

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
            if self.late.pop(reply_id, False) and "error" in reply:
                # The late request was refused, so the session has counted one less than we did.
                self.at -= 1
                if request.at is not None:
                    request.at -= 1
            return None
        if "error" in reply:
            raise self._refused(request, reply)
        return reply

    def _refused(self, request: Request, reply: dict[str, Any]) -> HyperTokenError:
        message, code = reply.pop("error"), reply.pop("code", "internal")
        if request.at is not None:
            expected = reply.get("expected") if code == "bad_step" else None
            self.at = (expected if isinstance(expected, int) else request.at) - 1
        return error_for(code, message, reply)


def closed_error(code: int, reason: str) -> Exception:
    """What a close by the server means: too large a message is final, all else may be resumed."""
    if code == TOO_BIG:
        return TooLargeError(
            f"the server closed the connection; the message exceeds its limit ({reason or code}); "
            "send less at once, or raise the server's --max-message",
            "too_large",
        )
    return ConnectionResetError(f"closed by the server with code {code} {reason}".rstrip())
