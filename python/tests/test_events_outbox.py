"""Events that wait to be sent."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from hypertoken.events.outbox import Outbox
from hypertoken.events.plain import number, plain


def names(entries: list[dict[str, Any]]) -> list[Any]:
    return [entry["type"] for entry in entries]


def test_events_are_taken_in_order_the_higher_priorities_first() -> None:
    outbox = Outbox(10)
    for name, priority in (("a", 0), ("b", 0), ("urgent", 2), ("c", 0), ("soon", 1), ("idle", -1)):
        outbox.put({"type": name}, priority)

    assert names(outbox.take(4)) == ["urgent", "soon", "a", "b"]
    assert names(outbox.take(4)) == ["c", "idle"]
    assert outbox.take(4) == []
    assert not outbox.wait(0)


def test_a_full_outbox_drops_the_oldest_of_the_lowest_priority_and_counts() -> None:
    outbox = Outbox(3)
    for name, priority in (("a", 0), ("urgent", 1), ("b", 0), ("c", 0), ("d", 0), ("idle", -1)):
        outbox.put({"type": name}, priority)

    assert len(outbox) == 3
    assert outbox.dropped == 3
    assert outbox.take_dropped() == 3
    assert outbox.take_dropped() == 0
    assert names(outbox.take(5)) == ["urgent", "c", "d"]


def test_many_threads_lose_nothing_that_fits() -> None:
    outbox = Outbox(100_000)

    def put(first: int) -> None:
        for n in range(first, first + 5000):
            outbox.put({"type": n})

    threads = [threading.Thread(target=put, args=(first,)) for first in range(0, 20_000, 5000)]
    for thread in threads:
        thread.start()
    taken: list[int] = []
    while len(taken) < 20_000:
        outbox.wait(1)
        taken += names(outbox.take(256))
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(20_000))
    assert all(
        [n for n in taken if n // 5000 == k] == list(range(5000 * k, 5000 * (k + 1)))
        for k in range(4)
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.float32(1.5), 1.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1, 2]), [1, 2]),
        (np.array(4), 4),
        (np.zeros((5, 50), np.float32), "float32[5, 50]"),
        (float("nan"), None),
        (np.array([1.0, np.inf]), [1.0, None]),
        ({1: (2, {"a": {"b": {"c": {}}}})}, {"1": [2, {"a": {"b": "1 entries"}}]}),
        (list(range(65)), "65 values"),
        ("x" * 3000, "x" * 2000 + "…"),
        (object(), "object"),
        (None, None),
    ],
)
def test_anybodys_values_become_small_ones_of_json(value: Any, told: Any) -> None:
    assert plain(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, 3),
        (np.float64(2.5), 2.5),
        (np.int32(7), 7),
        (True, None),
        (np.bool_(True), None),
        ("3", None),
        (float("inf"), None),
        (np.zeros(3), None),
        (None, None),
    ],
)
def test_a_number_is_one_of_pythons_or_none(value: Any, told: Any) -> None:
    assert number(value) == told
    assert type(number(value)) is type(told)
