"""Copies of running environments, by `copy.deepcopy` and pickle, beside Gymnasium's own."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import cloudpickle
import gymnasium
import numpy as np
import pytest

import hypertoken
from hypertoken.errors import BadFieldError
from hypertoken.options import AutoresetName

Copier = Callable[[Any], Any]
COPIERS: list[Copier] = [
    copy.deepcopy,
    lambda env: pickle.loads(pickle.dumps(env)),
    lambda env: cloudpickle.loads(cloudpickle.dumps(env)),
]


def legal(env: Any, random: np.random.Generator) -> Any:
    """An action, where it is one number among the legal ones."""
    if isinstance(env.action_space, gymnasium.spaces.Discrete):
        return int(random.choice(np.flatnonzero(env.unwrapped.action_masks())))
    if isinstance(env.action_space, gymnasium.spaces.MultiDiscrete):
        return random.integers(env.action_space.nvec)
    return random.uniform(-1, 1, env.action_space.shape).astype(np.float32)


def plain(told: Any) -> Any:
    """Something that was told, so that == compares it."""
    if isinstance(told, np.ndarray):
        return told.tolist()
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items()}
    return [plain(part) for part in told] if isinstance(told, (tuple, list)) else told


def play(env: Any, seed: int, count: int) -> list[Any]:
    """Seeded legal steps over ends of episodes; returns all that was told."""
    random, told = np.random.default_rng(seed), []
    for _ in range(count):
        step = env.step(legal(env, random))
        told.append(plain(step))
        if step[2] or step[3]:
            told.append(plain(env.reset()))
    return told


@pytest.mark.parametrize("copier", COPIERS)
@pytest.mark.parametrize("id", hypertoken.list_envs())
def test_a_copy_of_a_running_environment_plays_on_alike_and_on_its_own(
    id: str, copier: Copier
) -> None:
    env: Any = hypertoken.make(id)
    env.reset(seed=5)
    play(env, 1, 3)
    env.action_space.seed(8)
    [env.action_space.sample() for _ in range(3)]

    twin = copier(env)
    drawn = [env.action_space.sample() for _ in range(4)]
    first = play(env, 2, 40)

    assert plain([twin.action_space.sample() for _ in range(4)]) == plain(drawn)
    assert play(twin, 2, 40) == first, "and what the first has played meanwhile moved nothing here"
    env.close()
    twin.reset(seed=1)


def test_a_copy_means_what_it_means_to_gymnasium() -> None:
    told = []
    for id in ("CartPole-v1", "hypertoken/CartPole-v1"):
        env: Any = gymnasium.make(id, max_episode_steps=6)
        env.reset(seed=3)
        env.step(1)
        twin = copy.deepcopy(env)
        env.step(0)
        env.step(0)
        told.append([plain(twin.step(1)) for _ in range(5)])  # TimeLimit's own count comes along

    assert told[0] == told[1]
    assert told[0][-1][3] is True


def test_a_copy_keeps_what_a_subclass_and_a_user_added() -> None:
    env: Any = hypertoken.make("Pendulum-v1")
    env.reset(seed=3)
    env.notes = ["mine"]
    drawn = env.np_random.random()

    twin = copy.deepcopy(env)

    assert twin.notes == ["mine"]
    assert twin.notes is not env.notes
    assert twin.np_random.random() == env.np_random.random() != drawn
    assert twin.np_random_seed == env.np_random_seed == 3
    assert twin.spec == env.spec


def test_a_copy_of_what_was_not_reset_is_not_reset() -> None:
    for copier in COPIERS:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            twin = copier(hypertoken.make("CartPole"))
        with pytest.raises(hypertoken.errors.NotResetError):
            twin.step(0)


@pytest.mark.parametrize("copier", COPIERS)
@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_a_copy_of_a_running_vector_plays_on_alike(mode: AutoresetName, copier: Copier) -> None:
    envs = hypertoken.make_vec("CartPole", 12, autoreset_mode=mode, max_episode_steps=20)
    envs.reset(seed=4)
    envs.action_space.seed(2)
    for _ in range(25):
        envs.step(envs.action_space.sample())

    twin = copier(envs)

    for _ in range(60):
        action = envs.action_space.sample()
        assert (twin.action_space.sample() == action).all()
        for one, same in zip(envs.step(action)[:4], twin.step(action)[:4], strict=True):
            np.testing.assert_array_equal(one, same)


def test_rules_that_cannot_be_saved_say_so(own_jar: str) -> None:
    env: Any = hypertoken.make("snail", jars=own_jar, millis=0)
    twin = copy.deepcopy(env)  # nothing has begun yet
    env.reset(seed=1)

    with pytest.raises(BadFieldError, match="snail cannot be saved or restored"):
        copy.deepcopy(env)
    with pytest.warns(UserWarning, match="the copy of snail leaves out the running episode; "):
        unpickled = pickle.loads(pickle.dumps(env))

    for other in (twin, unpickled):
        with pytest.raises(hypertoken.errors.NotResetError):
            other.step(0)


def test_rows_of_several_agents_say_that_a_copy_leaves_the_episode_out() -> None:
    rows = hypertoken.make_multi_vec("tic-tac-toe", 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pickle.dumps(rows)
    rows.reset(seed=1)
    with pytest.warns(UserWarning, match="the copy of tic-tac-toe leaves out the running"):
        pickle.dumps(rows)
    with pytest.warns(UserWarning, match="reset the copy first"):
        copy.deepcopy(rows)
