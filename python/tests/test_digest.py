"""The trajectory digest: its records byte by byte, and equal through every local adapter."""

from __future__ import annotations

import hashlib
import struct

import numpy as np
import pytest
from gymnasium import spaces

from hypertoken import HyperTokenAECEnv, HyperTokenGymEnv, HyperTokenParallelEnv
from hypertoken.testing.digest import RowDigest, Script, batch_digest, canonical_bytes, view_bytes
from hypertoken.testing.play_agents import aec_digest, gym_digest, parallel_digest
from hypertoken.transports.turns import Transport, Turn
from tests.local_games import Countdown, Matching


def test_a_reset_and_a_step_are_these_bytes() -> None:
    row = RowDigest()
    row.reset(7, 0, view_bytes(spaces.Discrete(8), np.int64(4), [1, 0]))
    row.step(struct.pack("<q", 1), [-1.0], [True], [False], -1, struct.pack("<q", 7))

    records = (
        b"R"
        + struct.pack("<qi", 7, 0)  # seed, turn
        + struct.pack("<q", 4)  # the observation leaf of whoever acts
        + bytes([1, 0])  # its mask
        + b"S"
        + struct.pack("<q", 1)  # the action played
        + struct.pack("<d", -1.0)  # every agent's reward
        + bytes([1, 0])  # terminated, truncated
        + struct.pack("<i", -1)  # the episode is over
        + struct.pack("<q", 7)  # the last observation
    )
    assert row.digest() == hashlib.sha256(records).digest()
    assert batch_digest([row]) == hashlib.sha256(hashlib.sha256(records).digest()).hexdigest()


def test_a_reset_without_a_seed_records_minus_one() -> None:
    seedless, explicit = RowDigest(), RowDigest()
    seedless.reset(None, -1, b"")
    explicit.reset(-1, -1, b"")

    assert seedless.digest() == explicit.digest()


def test_every_nan_is_the_canonical_one() -> None:
    odd32 = np.array([0xFFC00001], dtype=np.uint32).view(np.float32)
    odd64 = np.array([0xFFF8000000000001], dtype=np.uint64).view(np.float64)

    assert canonical_bytes(odd32) == struct.pack("<I", 0x7FC00000)
    assert canonical_bytes(odd64) == struct.pack("<Q", 0x7FF8000000000000)


def test_scripted_actions_are_numpys_draws_from_seed_plus_row_and_one() -> None:
    g = np.random.default_rng([10 + 2, 1])
    expected_legal = [[2, 4][g.integers(2)] for _ in range(5)]
    expected_free = [int(g.integers(4)) for _ in range(3)]
    expected_flips = [int(g.integers(2)) for _ in range(3)]
    expected_box = [g.uniform(-1.0, 0.5), g.uniform(0.0, 1.0), g.uniform(3.0, 3.0)]

    script = Script(10, row=2)

    masked = spaces.Discrete(3, start=2)
    assert [script.action(masked, [1, 0, 1]) for _ in range(5)] == expected_legal
    assert [script.action(spaces.Discrete(4), None) for _ in range(3)] == expected_free
    assert script.action(spaces.MultiBinary(3), None).tolist() == expected_flips
    low, high = np.array([-np.inf, 0.0, 3.0]), np.array([0.5, np.inf, np.inf])
    box = spaces.Box(low, high, dtype=np.float64)
    assert script.action(box, None).tolist() == expected_box


def test_scripted_multi_discrete_actions_draw_a_dimension_at_a_time() -> None:
    g = np.random.default_rng([3, 1])
    expected = [[0, 2][g.integers(2)], [1][g.integers(1)]]

    assert Script(3).action(spaces.MultiDiscrete([3, 2]), [1, 0, 1, 0, 1]).tolist() == expected


@pytest.mark.parametrize("game", [Countdown, Matching])
def test_turns_and_parallel_steps_give_one_digest(game: type[Transport]) -> None:
    by_turns = aec_digest(HyperTokenAECEnv(game()), seed=11, steps=60)
    at_once = parallel_digest(HyperTokenParallelEnv(game()), seed=11, steps=60)

    assert by_turns == at_once
    assert by_turns != aec_digest(HyperTokenAECEnv(game()), seed=12, steps=60)
    assert by_turns != aec_digest(HyperTokenAECEnv(game()), seed=11, steps=59)


def test_a_single_agent_gives_one_digest_through_gymnasium_and_pettingzoo() -> None:
    class Alone(Countdown):
        possible_agents = ["player_0"]  # noqa: RUF012

    by_gymnasium = gym_digest(HyperTokenGymEnv(Alone()), seed=5, steps=40)

    assert by_gymnasium == aec_digest(HyperTokenAECEnv(Alone()), seed=5, steps=40)


def test_one_bit_of_a_rule_changes_the_digest() -> None:
    class Generous(Countdown):
        def step(self, action: object) -> Turn:
            turn = super().step(action)
            if turn.final:
                last = next(iter(turn.final.values()))
                last.observation[0] ^= 1
            return turn

    ours = aec_digest(HyperTokenAECEnv(Countdown()), seed=1, steps=30)

    assert aec_digest(HyperTokenAECEnv(Generous()), seed=1, steps=30) != ours
