r"""The bridge protocol's binary frames: headers, column layouts, views.

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
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import InternalError

HEADER = struct.Struct("<4sHHQQII")
MAGIC = b"HTB1"
VERSION = 1
RESET = 1
STEP = 2
JSON_FOLLOWS = 1


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
        told = compact_json(self.options).encode() if self.options else b""
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


def compact_json(fields: dict[str, Any]) -> str:
    """A message's text; raises TypeError or ValueError for what JSON does not know."""
    return json.dumps(fields, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: Any) -> Any:
    """Numpy's numbers and arrays as Python's: seeds and options are often drawn by numpy."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not what JSON knows")
