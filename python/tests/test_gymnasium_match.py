"""Gymnasium's own environments under our ids: the same trajectories, to the Python types.

The toy-text ones pass Gymnasium's own `check_environments_match`. The classic-control ones start
from identical states and show equal float32 observations; what a single step makes of a state
agrees to 1e-12, since numpy's sine and power differ from Java's in the last bit here and there.
Pendulum's reward holds a float32 power of the torque, so there the last bit is one of float32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.toy_text.frozen_lake import generate_random_map
from gymnasium.utils.env_match import check_environments_match
from numpy.typing import NDArray

import hypertoken
from tests.thoroughness import FULL

Options = dict[str, Any]
STEPS = 100_000 if FULL else 10_000
LAKE = ["SFFS", "FHFF", "GFFS"]


@contextmanager
def pair(id: str, **options: Any) -> Iterator[tuple[Any, Any]]:
    """Gymnasium's environment and ours."""
    theirs = gymnasium.make(id, disable_env_checker=True, **options)
    ours = gymnasium.make(f"hypertoken/{id}", **options)
    yield theirs, ours
    theirs.close()
    ours.close()


@pytest.mark.parametrize("seed", [0, 123])
@pytest.mark.parametrize(
    "id",
    [
        "Blackjack-v1",
        "FrozenLake-v1",
        "FrozenLake8x8-v1",
        "CliffWalking-v1",
        "CliffWalkingSlippery-v1",
        "Taxi-v4",
    ],
)
def test_gymnasium_finds_no_difference(id: str, seed: int) -> None:
    with pair(id) as (theirs, ours):
        check_environments_match(theirs, ours, num_steps=STEPS, seed=seed)


@pytest.mark.parametrize(
    ("id", "options"),
    [
        ("Blackjack-v1", {"sab": False}),
        ("Blackjack-v1", {"sab": False, "natural": True}),
        ("FrozenLake-v1", {"is_slippery": False}),
        ("FrozenLake-v1", {"map_name": "8x8", "success_rate": 0.8}),
        ("FrozenLake-v1", {"desc": LAKE, "reward_schedule": (10, -5, -1)}),
        ("FrozenLake-v1", {"desc": None, "map_name": "4x4", "is_slippery": True}),
        ("FrozenLake-v1", {"desc": generate_random_map(12, seed=3)}),
        ("CliffWalking-v1", {"is_slippery": True}),
        ("Taxi-v4", {"is_rainy": True, "rainy_probability": 0.55}),
        ("Taxi-v4", {"fickle_passenger": True, "fickle_probability": 0.9}),
        ("Taxi-v4", {"is_rainy": True, "fickle_passenger": True}),
    ],
)
def test_gymnasium_finds_no_difference_under_its_options(id: str, options: Options) -> None:
    with pair(id, **options) as (theirs, ours):
        check_environments_match(theirs, ours, num_steps=5_000, seed=7)


@pytest.mark.parametrize(
    "id", ["FrozenLake-v1", "CliffWalking-v1", "CliffWalkingSlippery-v1", "Taxi-v4"]
)
def test_gymnasium_finds_no_difference_in_the_drawn_text(id: str) -> None:
    with pair(id, render_mode="ansi") as (theirs, ours):
        check_environments_match(theirs, ours, num_steps=1_000, seed=5)


@pytest.mark.parametrize("id", ["FrozenLake-v1", "Taxi-v4", "Blackjack-v1"])
def test_going_on_without_a_seed_draws_on_from_the_same_generator(id: str) -> None:
    with pair(id) as (theirs, ours):
        assert theirs.reset(seed=3)[0] == ours.reset(seed=3)[0]
        actions = np.random.default_rng(3)
        for _ in range(2_000):
            action = int(actions.integers(theirs.action_space.n))
            one, other = theirs.step(action), ours.step(action)
            assert one[:4] == other[:4]
            if one[2] or one[3]:
                assert theirs.reset()[0] == ours.reset()[0]


@pytest.mark.parametrize(
    ("id", "options"),
    [
        ("MountainCar-v0", {"low": -1.0, "high": 0.3}),
        ("MountainCarContinuous-v0", {"low": -1.0}),
        ("Acrobot-v1", {"low": -2.0, "high": 2.0}),
        ("Pendulum-v1", {"x_init": 0.5, "y_init": 3.0}),
    ],
)
def test_resets_are_identical(id: str, options: Options) -> None:
    with pair(id) as (theirs, ours):
        for seed in range(200):
            given = options if seed % 2 else None
            expected, _ = theirs.reset(seed=seed, options=given)
            actual, info = ours.reset(seed=seed, options=given)
            assert actual.dtype == expected.dtype
            np.testing.assert_array_equal(actual, expected)
            assert info == {}


@pytest.mark.parametrize(
    ("id", "steps"),
    [
        ("MountainCar-v0", 200),
        ("MountainCarContinuous-v0", 999),
        ("Pendulum-v1", 200),
        # Chaotic: of 60 random episodes 10 differed in float32 later on, none before step 379.
        ("Acrobot-v1", 350),
    ],
)
def test_episodes_of_random_actions_show_equal_observations(id: str, steps: int) -> None:
    with pair(id) as (theirs, ours):
        assert ours.observation_space == theirs.observation_space
        assert ours.action_space == theirs.action_space
        for seed in range(10):
            theirs.action_space.seed(seed)
            theirs.reset(seed=seed)
            ours.reset(seed=seed)
            for step in range(steps):
                action = theirs.action_space.sample()
                expected, reward, terminated, truncated, _ = theirs.step(action)
                actual, earned, *ends, info = ours.step(action)
                np.testing.assert_array_equal(actual, expected, f"seed {seed}, step {step}")
                assert earned == pytest.approx(float(reward), abs=1e-6)
                assert [terminated, truncated] == ends
                assert info == {}
                if terminated or truncated:
                    break


def own_state(env: Any, count: int, flags: int) -> NDArray[np.float64]:
    """The numbers behind a float32 observation: a snapshot ends with the rules' own state.

    Args:
        env: one of ours.
        count: how many float64 numbers the state has.
        flags: how many bytes follow them.
    """
    snapshot = env.unwrapped.snapshot()
    end = len(snapshot) - flags
    return np.array(struct.unpack(f">{count}d", snapshot[end - 8 * count : end]))


@pytest.mark.parametrize(
    ("id", "count", "flags", "of_reward"),
    [
        ("MountainCar-v0", 2, 0, 1e-12),
        ("MountainCarContinuous-v0", 2, 1, 1e-12),
        ("Acrobot-v1", 4, 1, 1e-12),
        ("Pendulum-v1", 2, 0, 1e-9),
    ],
)
def test_a_step_from_the_same_state_agrees_to_12_digits(
    id: str, count: int, flags: int, of_reward: float
) -> None:
    with pair(id) as (theirs, ours):
        theirs.reset(seed=0)
        ours.action_space.seed(11)
        ours.reset(seed=11)
        begun = True
        for _ in range(3_000):
            action = ours.action_space.sample()
            # Gymnasium's continuous car keeps float32 numbers from its first step on.
            single = id == "MountainCarContinuous-v0" and not begun
            state = own_state(ours, count, flags)
            theirs.unwrapped.state = state.astype(np.float32) if single else state
            _, reward, terminated, _, _ = theirs.unwrapped.step(action)
            _, earned, ended, truncated, _ = ours.step(action)
            actual = own_state(ours, count, flags)
            expected = np.array(theirs.unwrapped.state, dtype=np.float64)
            np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12)
            assert earned == pytest.approx(float(reward), rel=1e-12, abs=of_reward)
            assert ended == terminated
            begun = ended or truncated
            if begun:
                ours.reset()


def test_vectors_tell_the_chance_of_what_happened() -> None:
    vector = hypertoken.make_vec("FrozenLake-v1", num_envs=3)
    _, infos = vector.reset(seed=0)
    assert infos["prob"].tolist() == [1, 1, 1]
    *_, infos = vector.step(np.zeros(3, dtype=np.int64))
    assert infos["prob"] == pytest.approx([1 / 3] * 3)
    assert infos["_prob"].all()
    vector.close()
