"""`hypertoken.puffer`: PufferLib's samples run with only the import line changed."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gymnasium import spaces
from gymnasium.utils.env_checker import check_env
from stable_baselines3 import PPO

import hypertoken
from hypertoken.errors import BadActionError, UnknownEnvironmentError
from hypertoken.puffer import PyPufferEnv, PyVecEnv

SAMPLES = Path(__file__).parent / "samples"


def run(name: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile((SAMPLES / f"{name}.py").read_text(), f"{name}.py", "exec"), names)
    return names


def test_the_usage_sample_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names = run("puffer_usage")

    assert capsys.readouterr().out == (
        "Observation shape: (4,)\nReward: 1.0, Done: False\nBatched observations: (16, 4)\n"
    )
    assert np.array_equal(
        names["env"].reset(seed=42)[0], hypertoken.make("CartPole").reset(seed=42)[0]
    )


def test_sb3_trains_on_it_without_a_wrapper() -> None:
    env = PyPufferEnv.from_name("CartPole")

    torch.set_num_threads(1)  # others on the machine would hold up a network this small
    model = PPO("MlpPolicy", env, n_steps=64, device="cpu").learn(128)

    assert model.num_timesteps == 128


def test_gymnasiums_checker_passes() -> None:
    check_env(PyPufferEnv.from_name("CartPole"), skip_render_check=True)


@pytest.mark.parametrize("action", [1, 1.0, np.array([1.0], np.float32), np.int64(1), np.array(1)])
def test_an_action_may_be_a_float_array(action: Any) -> None:
    env, plain = PyPufferEnv.from_name("CartPole"), hypertoken.make("CartPole")
    env.reset(seed=1)
    plain.reset(seed=1)

    assert np.array_equal(env.step(action)[0], plain.step(1)[0])


@pytest.mark.parametrize("action", [np.array([0.5], np.float32), np.array([0.0, 1.0]), 2.0])
def test_an_action_outside_the_space_is_refused_and_changes_nothing(action: Any) -> None:
    env, plain = PyPufferEnv.from_name("CartPole"), hypertoken.make("CartPole")
    env.reset(seed=1)
    plain.reset(seed=1)

    with pytest.raises(BadActionError):
        env.step(action)

    assert np.array_equal(env.step(0)[0], plain.step(0)[0])


def test_spaces_are_gymnasiums_and_answer_as_puffers_do() -> None:
    env: Any = PyPufferEnv.from_name("CartPole")
    plain: Any = hypertoken.make("CartPole")

    assert spaces.Box in type(env.observation_space).__mro__
    assert env.observation_space["shape"] == [4]
    assert env.observation_space["dtype"] == "float32"
    assert spaces.Discrete in type(env.action_space).__mro__
    assert env.action_space["shape"] == [1]
    assert env.observation_space.low.tolist() == plain.observation_space.low.tolist()
    for copied in (copy.deepcopy(env.action_space), pickle.loads(pickle.dumps(env.action_space))):
        assert copied == env.action_space
        assert copied["shape"] == [1]
    with pytest.raises(KeyError):
        env.action_space["n"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("Cartpool", "did you mean CartPole"), ("Ocean", "no jar on the class path declares it; the")],
)
def test_an_unknown_name_is_a_value_error_that_lists_the_known_ones(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"there is no environment {name};") as refused:
        PyPufferEnv.from_name(name)

    assert isinstance(refused.value, UnknownEnvironmentError)
    assert why in refused.value.message
    assert refused.value.message.count("CartPole, CartPole-v1") == 1
    assert "connect-four" in refused.value.message


def test_a_vector_takes_float_actions_and_begins_anew_by_itself() -> None:
    vec_env = PyVecEnv(num_envs=3)
    first = vec_env.reset(seed=5)

    lengths = 0
    dones = np.zeros(3, dtype=np.bool_)
    while not dones.any():
        observations, rewards, dones, infos = vec_env.step(np.ones((3, 1), np.float32))
        lengths += 1

    assert first.shape == observations.shape == (3, 4)
    assert rewards.dtype == np.float32
    assert 5 < lengths < 15  # a cart only pushed to the right loses its pole
    assert np.array_equal(infos["terminated"], dones)
    assert (abs(observations[dones]) <= 0.05).all()
