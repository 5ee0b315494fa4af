"""Binary frames: header, columns, infos."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest

from hypertoken.errors import BadActionError, BadFieldError, InternalError
from hypertoken.remote.wire import (
    HEADER,
    RESET,
    STEP,
    FrameWriter,
    Layout,
    read_frame,
    view_columns,
)
from hypertoken.transports.batches import seed_column, write_actions

LAYOUT = Layout.parse(
    {
        "reset": [
            {"name": "seeds", "dtype": "int64", "shape": [3], "offset": 0, "bytes": 24},
            {"name": "mask", "dtype": "uint8", "shape": [3], "offset": 24, "bytes": 3},
        ],
        "step": [{"name": "action", "dtype": "int64", "shape": [3, 1], "offset": 0, "bytes": 24}],
        "reply": [
            {
                "name": "observation",
                "dtype": "float32",
                "shape": [3, 1, 2],
                "offset": 0,
                "bytes": 24,
            },
            {"name": "terminated", "dtype": "uint8", "shape": [3, 1], "offset": 24, "bytes": 3},
        ],
    }
)


def test_a_request_is_a_32_byte_header_and_aligned_columns() -> None:
    writer = FrameWriter(RESET, LAYOUT.reset)
    writer.columns["seeds"][...] = [5, 6, -1]
    writer.columns["mask"][...] = [1, 0, 1]

    frame = writer.pack(request_id=7, at=9)

    assert HEADER.size == 32
    assert frame == struct.pack("<4sHHQQII3q3B5x", b"HTB1", 1, 1, 7, 9, 0, 32, 5, 6, -1, 1, 0, 1)


def test_a_writer_keeps_its_values_for_the_next_frame() -> None:
    writer = FrameWriter(STEP, LAYOUT.step)
    writer.columns["action"][:, 0] = [1, 2, 3]
    first = writer.pack(1, 1)
    writer.columns["action"][1, 0] = 0

    assert first[32:] == struct.pack("<3q", 1, 2, 3)
    assert writer.pack(2, 2)[32:] == struct.pack("<3q", 1, 0, 3)


def test_a_reply_is_viewed_in_place_and_its_infos_follow() -> None:
    columns = np.arange(6, dtype="<f4").tobytes() + bytes([0, 1, 0]) + bytes(5)
    infos = json.dumps({"1": {"illegal_action": 4, "played": 1}}).encode()
    header = HEADER.pack(b"HTB1", 1, STEP, 7, 9, 1, len(columns))

    frame = read_frame(header + columns + infos)
    views = view_columns(frame.data, LAYOUT.reply)

    assert (frame.op, frame.request_id, frame.at) == (STEP, 7, 9)
    assert frame.infos == {1: {"illegal_action": 4, "played": 1}}
    assert views["observation"].tolist() == [[[0, 1]], [[2, 3]], [[4, 5]]]
    assert views["terminated"].view(np.bool_).ravel().tolist() == [False, True, False]
    assert views["observation"].flags.writeable
    assert not views["observation"].flags.owndata


@pytest.mark.parametrize(
    "data",
    [b"HTB1", HEADER.pack(b"HTB2", 1, 1, 0, 0, 0, 0), HEADER.pack(b"HTB1", 2, 1, 0, 0, 0, 0)],
)
def test_bytes_that_are_no_frame_of_ours_are_refused(data: bytes) -> None:
    with pytest.raises(InternalError):
        read_frame(data)


def test_one_seed_is_spread_over_the_rows() -> None:
    assert seed_column(7, 3).tolist() == [7, 8, 9]
    assert seed_column([1, None, 3], 3).tolist() == [1, -1, 3]
    assert seed_column(None, 2).tolist() == [-1, -1]


@pytest.mark.parametrize(
    "seeds", [-1, 2**53 - 2, 2**70, [1, 2], [0, 0, -5], 1.5, "7", [0, 1.5, 2], [0, True, 2]]
)
def test_seeds_no_server_would_take_are_refused(seeds: Any) -> None:
    with pytest.raises(BadFieldError, match="reset refused"):
        seed_column(seeds, 3)


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        (np.zeros(2, dtype=np.int64), "actions of shape (2,) were refused; the batch takes (3,)"),
        (np.zeros(3), "actions of dtype float64 were refused; the batch takes int64"),
    ],
)
def test_actions_that_do_not_fit_leave_the_column_untouched(
    actions: np.ndarray[tuple[int], np.dtype[np.float64]], why: str
) -> None:
    from gymnasium.spaces import MultiDiscrete

    writer = FrameWriter(STEP, LAYOUT.step)
    writer.columns["action"][...] = 5

    with pytest.raises(BadActionError) as refused:
        write_actions(writer.columns, MultiDiscrete([9, 9, 9]), actions)

    assert str(refused.value).startswith(why)
    assert writer.columns["action"].ravel().tolist() == [5, 5, 5]
