"""What is kept for actors that die, and random play that knows its rows: without a cluster."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

import hypertoken
from hypertoken.cluster.policies import Random
from hypertoken.cluster.replay import Deed, Journal, Played, Reset
from hypertoken.cluster.seats import Seats
from hypertoken.testing.play_rows import BatchRows


def step(number: int) -> Played:
    return Played({"action": np.full((1, 2, 1), number, np.uint8)})


def test_a_journal_plays_again_to_the_same_place() -> None:
    journal = Journal()
    batch = hypertoken.make_multi_vec("CartPole-v1", 2).batch
    everybody = np.ones(2, np.bool_)
    deeds: list[Deed] = [
        Reset(np.array([8, 9]), everybody, None),
        Reset(np.array([3, 4]), everybody, None),
        *(step(k % 3 % 2) for k in range(300)),
    ]
    for deed in deeds:
        journal.begin()
        journal.add(deed)
        journal.end()
    journal.begin()
    journal.add(step(1))
    journal.take_back()

    expected = batch.reset([3, 4])
    for k in range(300):
        batch.actions["action"][:] = k % 3 % 2
        expected = batch.step()
    again = hypertoken.make_multi_vec("CartPole-v1", 2, copy=False).batch
    journal.past.play(again)  # type: ignore[arg-type]

    assert all(np.array_equal(again.columns[name], c) for name, c in expected.items())
    kept = journal.past.deeds
    # Of the resets only the last counts, and 256 of the steps became one deed.
    assert [type(deed) for deed in kept[:2]] == [Reset, Played]
    assert len(kept) == 1 + 1 + 44
    assert journal.bytes < 300 * 2 + 50 * 600


def test_random_play_is_allowed_and_hangs_on_seed_row_and_step_alone() -> None:
    tables = hypertoken.make_multi_vec("tic-tac-toe", 6).batch
    whole, part = Random(4), Random(4)
    whole.place(range(10, 16), tables)
    part.place(range(13, 15), tables)
    seats, rows = Seats(tables), BatchRows(tables)
    rows.columns = tables.reset(1)
    played = set()
    for _ in range(40):
        observations, masks = seats.shown(rows.columns)
        actions = whole(observations, masks)
        assert all(masks[row, a] for row, a in enumerate(actions) if masks[row].any())
        assert np.array_equal(part(observations[3:5], masks[3:5]), actions[3:5])
        played |= set(actions.tolist())
        seats.write(actions, tables.actions)
        rows.columns = tables.step()
    assert played == set(range(9))


def test_without_ray_the_import_says_what_to_install() -> None:
    code = "import sys; sys.modules['ray'] = None; import hypertoken.ray"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stderr.endswith(
        "ImportError: hypertoken.ray needs Ray, which is not installed; "
        'pip install "hypertoken[ray]"\n'
    )
