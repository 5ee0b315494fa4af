"""`hypertoken.sb3`: the engine's vectors as Stable-Baselines3's VecEnv."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from gymnasium.utils.env_checker import data_equivalence
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.utils import get_action_masks, is_masking_supported
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv, VecCheckNan, VecMonitor, VecNormalize

import hypertoken
from hypertoken.sb3 import HyperTokenVecEnv, make_vec_env

ROWS = 5


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Networks this small learn many times slower when other processes hold torch's threads up."""
    torch.set_num_threads(1)


def without_masks(info: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in info.items() if key not in ("action_mask", "episode")}


@pytest.mark.parametrize(
    ("id", "options"),
    [("CartPole-v1", {}), ("casino-blackjack", {}), ("bandit", {"pulls": 20})],
)
def test_it_is_what_dummy_vec_env_makes_of_single_environments(
    id: str, options: dict[str, Any]
) -> None:
    ours = make_vec_env(id, ROWS, seed=7, **options)
    theirs: Any = DummyVecEnv([lambda: hypertoken.make(id, **options)] * ROWS)
    theirs.seed(7)
    random = np.random.default_rng(1)

    assert np.array_equal(ours.reset(), theirs.reset())
    ended = 0
    for _ in range(120):
        masks = np.stack(ours.env_method("action_masks"))
        assert np.array_equal(masks, np.stack(theirs.env_method("action_masks")))
        actions = np.array([random.choice(np.flatnonzero(mask)) for mask in masks])
        stepped: Any = ours.step(actions)
        observations, rewards, dones, infos = stepped
        expected: Any = theirs.step(actions)

        assert np.array_equal(observations, expected[0])
        assert np.array_equal(rewards, expected[1])
        assert rewards.dtype == np.float32
        assert np.array_equal(dones, expected[2])
        for mine, same, done in zip(infos, expected[3], dones, strict=True):
            assert data_equivalence(without_masks(mine), without_masks(same)), (mine, same)
            assert ("episode" in mine) == done
        ended += int(dones.sum())
    assert ended > ROWS


def test_a_time_limit_is_told_from_an_end() -> None:
    vec_env = make_vec_env("CartPole-v1", 1, seed=3)
    observation = vec_env.reset()[0]
    for _ in range(500):
        action = int(observation @ np.array([0.1, 0.3, 3, 1]) > 0)
        (observation,), _, (done,), (info,) = vec_env.step(np.array([action]))

    assert done
    assert info["TimeLimit.truncated"] is True
    assert info["episode"] == {"r": 500.0, "l": 500}
    assert vec_env.observation_space.contains(info["terminal_observation"])
    assert not np.array_equal(info["terminal_observation"], observation)


def test_seeds_and_options_hold_for_one_reset_and_row_by_row() -> None:
    vec_env = make_vec_env("CartPole-v1", 3)
    vec_env.seed(5)
    wide = {"low": 0.1, "high": 0.2}
    vec_env.set_options([{}, wide, {}])

    first = vec_env.reset()
    again = vec_env.reset()

    alone = [hypertoken.make("CartPole-v1") for _ in range(3)]
    expected = [
        env.reset(seed=5 + row, options=wide if row == 1 else None)[0]
        for row, env in enumerate(alone)
    ]
    assert np.array_equal(first, expected)
    assert (first[1] >= 0.1).all()
    assert (abs(again) <= 0.05).all()
    assert not np.array_equal(again, first)


def test_attributes_are_each_rows_own() -> None:
    vec_env = make_vec_env("CartPole-v1", 3)

    vec_env.set_attr("level", 4, indices=[0, 2])
    vec_env.set_attr("level", 1, indices=1)

    assert vec_env.get_attr("level") == [4, 1, 4]
    assert vec_env.get_attr("render_mode", 0) == [None]
    assert vec_env.get_attr("action_space")[1] == vec_env.action_space
    assert vec_env.has_attr("level")
    assert not vec_env.has_attr("gravity")
    with pytest.raises(AttributeError) as refused:
        vec_env.get_attr("gravity")
    assert str(refused.value) == (
        "the attribute 'gravity' was refused; rows of a vector have action_space, "
        "observation_space, render_mode, metadata, spec, action_masks and render; set others with "
        "set_attr"
    )
    assert vec_env.env_is_wrapped(Monitor) == [True] * 3  # its "episode" is in the infos
    assert vec_env.env_is_wrapped(VecMonitor, [0]) == [False]


def test_masks_are_asked_of_all_rows_at_once() -> None:
    vec_env = make_vec_env("blackjack", 4, seed=3)
    vec_env.reset()

    assert is_masking_supported(vec_env)
    masks = get_action_masks(vec_env)
    assert masks.shape == (4, 5)
    assert masks.dtype == np.bool_
    assert np.array_equal(vec_env.env_method("action_masks", indices=2), masks[2:3])
    assert np.array_equal(vec_env.get_attr("action_masks", 1)[0](), masks[1])


def test_a_rollout_of_views_is_a_rollout_of_copies() -> None:
    def rollout(**how: Any) -> Any:
        model = PPO(
            "MlpPolicy", make_vec_env("CartPole-v1", 4, **how), n_steps=48, n_epochs=1, seed=1
        )
        model.learn(4 * 48)
        return model.rollout_buffer

    # SB3 writes an observation into its buffer after the step that would overwrite a view of it.
    copies, views = rollout(), rollout(copy=False)
    for name in ("observations", "actions", "rewards", "episode_starts", "values", "advantages"):
        assert np.array_equal(getattr(copies, name), getattr(views, name)), name


def test_masks_and_observations_of_views_stay_as_they_were() -> None:
    vec_env = make_vec_env("casino-blackjack", 4, seed=3, copy=False)
    shown: Any = vec_env.reset()
    masks = vec_env.action_masks()
    before = shown.copy(), masks.copy()
    vec_env.step(np.ones(4, dtype=np.int64))

    assert np.array_equal(shown, before[0])
    assert np.array_equal(masks, before[1])
    assert repr(vec_env) == "HyperTokenVecEnv(casino-blackjack, num_envs=4)"


def test_ppo_learns_cart_pole() -> None:
    vec_env = make_vec_env("CartPole-v1", 8, seed=1)
    model = PPO(
        "MlpPolicy",
        vec_env,
        n_steps=32,
        batch_size=256,
        n_epochs=20,
        gae_lambda=0.8,
        gamma=0.98,
        learning_rate=1e-3,
        seed=1,
        device="cpu",
    )

    model.learn(12_000)

    mean: Any
    mean, _ = evaluate_policy(model, make_vec_env("CartPole-v1", 8, seed=99), 16)
    assert mean > 100  # random play lasts 22 steps
    assert model.ep_info_buffer


def test_maskable_ppo_never_plays_what_is_masked() -> None:
    vec_env = make_vec_env("blackjack", 16, seed=1, illegal="strict")
    model = MaskablePPO("MlpPolicy", vec_env, n_steps=64, batch_size=256, seed=1, device="cpu")

    model.learn(4_096)

    assert model.num_timesteps == 4_096


def test_sb3s_own_wrappers_take_it() -> None:
    vec_env: Any = VecNormalize(
        VecCheckNan(make_vec_env("CartPole-v1", 4, seed=1), raise_exception=True)
    )
    vec_env.reset()

    observations, _, _, _ = vec_env.step(np.zeros(4, dtype=np.int64))

    assert observations.shape == (4, 4)


def test_rows_are_drawn_as_one_picture() -> None:
    vec_env = make_vec_env("CartPole-v1", 2, render_mode="rgb_array")
    vec_env.reset()

    picture = vec_env.render()

    assert picture is not None
    assert picture.shape == (800, 600, 3)
    assert vec_env.env_method("render", indices=[1])[0].shape == (400, 600, 3)


def test_a_copy_in_another_process_is_another_vector() -> None:
    vec_env = make_vec_env("CartPole-v1", 2)
    vec_env.seed(4)
    copy = pickle.loads(pickle.dumps(vec_env))

    assert np.array_equal(copy.reset(), vec_env.reset())


def test_a_vector_that_resets_in_the_next_step_is_refused() -> None:
    envs = hypertoken.make_vec("CartPole-v1", 2)

    with pytest.raises(ValueError, match="autoreset") as refused:
        HyperTokenVecEnv(envs)
    assert str(refused.value) == (
        "a vector with autoreset NextStep was refused; SB3 wants the next episode's observation in "
        'the step that ends one; make it with autoreset_mode="SameStep"'
    )


def test_a_vector_with_legacy_keys_is_refused() -> None:
    envs = hypertoken.make_vec("CartPole-v1", 2, autoreset_mode="SameStep", legacy_final_info=True)

    with pytest.raises(ValueError, match="legacy_final_info") as refused:
        HyperTokenVecEnv(envs)
    assert str(refused.value) == (
        "a vector with legacy_final_info was refused; SB3 gets what those keys tell in its own "
        "way; make it without"
    )


def test_without_sb3_the_import_says_what_to_install() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.modules['stable_baselines3'] = None; import hypertoken.sb3",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.stderr.splitlines()[-1] == (
        "ImportError: hypertoken.sb3 needs Stable-Baselines3, which is not installed; "
        'pip install "hypertoken[sb3]"'
    )


@pytest.mark.server
def test_a_vector_behind_a_server_trains_the_same(server: hypertoken.ServerManager) -> None:
    wire = hypertoken.HyperTokenVectorEnv(
        server.url, 4, env="CartPole-v1", autoreset_mode="SameStep"
    )
    theirs, ours = HyperTokenVecEnv(wire), make_vec_env("CartPole-v1", 4)
    for vec_env in (theirs, ours):
        vec_env.seed(2)

    assert np.array_equal(theirs.reset(), ours.reset())
    for k in range(60):
        actions = np.full(4, k % 2)
        assert data_equivalence(theirs.step(actions), ours.step(actions))
    theirs.close()
