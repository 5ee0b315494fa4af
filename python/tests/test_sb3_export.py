"""`hypertoken.sb3.export`: a model of Stable-Baselines3's plays the same everywhere."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from sb3_contrib import MaskablePPO
from stable_baselines3 import A2C, DQN, PPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

import hypertoken
from hypertoken import Policy
from hypertoken.errors import BadFieldError, UnavailableError
from hypertoken.policies.mlp import Mlp
from hypertoken.sb3 import export, make_vec_env
from tests.trained_policies import as_graph, evaluate, javas_choices, onnx_runtime_jar

TOLERANCE = 1e-5


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def learnt(kind: Any, env: Any, **how: Any) -> Any:
    how = {"n_steps": 32, "seed": 1, "device": "cpu", **how}
    return kind("MlpPolicy", env, **how).learn(256)


@pytest.mark.parametrize(
    ("kind", "env", "how"),
    [
        (PPO, "CartPole-v1", {}),
        (PPO, "FrozenLake-v1", {"policy_kwargs": {"activation_fn": torch.nn.ReLU}}),
        (A2C, "Pendulum-v1", {}),
        (MaskablePPO, "casino-blackjack", {"batch_size": 64}),
    ],
)
def test_a_plain_model_plays_the_same_here_in_java_and_as_a_graph(
    kind: Any, env: str, how: dict[str, Any], tmp_path: Path
) -> None:
    envs = make_vec_env(env, 4, seed=1)
    model = learnt(kind, envs, **how)

    policy = Policy.load(export(model, tmp_path / "policy"), env=envs)

    envs.close()
    onnx.checker.check_model(onnx.load(policy.path / "policy.onnx"), full_check=True)
    assert isinstance(policy._network, Mlp)
    seen, masks, played = javas_choices(env, policy.path, rows=50, steps=10)
    given = {} if kind is not MaskablePPO else {"action_masks": masks}
    expected, _ = model.predict(seen, deterministic=True, **given)
    with torch.no_grad():
        values = model.policy.predict_values(model.policy.obs_to_tensor(seen)[0]).numpy().ravel()
    for mine in (played, policy(seen, masks), as_graph(policy)(seen, masks)):
        np.testing.assert_allclose(mine, expected, atol=TOLERANCE)
    for own in (policy.value(seen), as_graph(policy).value(seen)):
        np.testing.assert_allclose(own, values, rtol=TOLERANCE, atol=TOLERANCE)


def test_what_vec_normalize_counted_is_part_of_the_policy(tmp_path: Path) -> None:
    envs = VecNormalize(make_vec_env("CartPole-v1", 4, seed=1))
    model = learnt(PPO, envs)

    policy = Policy.load(export(model, tmp_path / "policy"))

    envs.training = False
    seen, _, played = javas_choices("CartPole-v1", policy.path, rows=50, steps=10)
    expected, _ = model.predict(np.asarray(envs.normalize_obs(seen)), deterministic=True)
    for mine in (played, policy(seen), as_graph(policy)(seen)):
        assert np.array_equal(mine, expected)
    assert not np.array_equal(model.predict(seen, deterministic=True)[0], expected)


@pytest.mark.parametrize(
    ("env", "how"),
    [
        (
            "CartPole-v1",
            {"policy_kwargs": {"net_arch": {"pi": [8], "vf": [16, 4]}}},
        ),
        ("CartPole-v1", {"policy_kwargs": {"activation_fn": torch.nn.ELU}}),
        ("Pendulum-v1", {"use_sde": True}),
    ],
)
def test_another_network_is_a_graph_that_plays_the_same(
    env: str, how: dict[str, Any], tmp_path: Path
) -> None:
    envs = make_vec_env(env, 4, seed=1)
    model = learnt(PPO, envs, **how)
    policy = Policy.load(export(model, tmp_path / "policy"))

    assert sorted(os.listdir(policy.path)) == ["policy.json", "policy.onnx"]
    seen: Any = envs.reset()
    expected, _ = model.predict(seen, deterministic=True)
    np.testing.assert_allclose(policy(seen), expected, atol=TOLERANCE)
    envs.close()


def test_java_plays_another_network_by_onnx_runtime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPERTOKEN_ONNXRUNTIME", str(onnx_runtime_jar()))
    envs = make_vec_env("CartPole-v1", 4, seed=1)
    model = learnt(PPO, envs, policy_kwargs={"net_arch": {"pi": [8], "vf": [16, 4]}})
    policy = Policy.load(export(model, tmp_path / "policy"))

    total = 0.0
    with hypertoken.make("CartPole-v1") as env:
        for seed in range(1_000_000_007, 1_000_000_010):
            seen, _ = env.reset(seed=seed)
            over = False
            while not over:
                seen, reward, ended, cut, _ = env.step(policy(seen))
                over = ended or cut
                total += float(reward)

    assert f"mean return {total / 3:.4f}" in evaluate("CartPole-v1", policy.path, 3)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    with hypertoken.make("CartPole-v1", sutton_barto_reward=True) as env:
        model = learnt(PPO, DummyVecEnv([lambda: env]))
        described = json.loads((export(model, tmp_path) / "policy.json").read_text())

    assert described["environment"] == {
        "id": "CartPole-v1",
        "version": 1,
        "options": {"sutton_barto_reward": True, "low": -0.05, "high": 0.05},
    }
    assert described["trained"] == {"algorithm": "PPO", "steps": 256, "seed": 1}
    assert described["digest"] == {
        "seed": 0,
        "steps": 200,
        "envs": 1,
        "sha256": hypertoken.testing.paths.digest_here(
            "gym", "CartPole-v1", seed=0, steps=200, options={"sutton_barto_reward": True}
        ),
    }


def test_what_cannot_be_exported_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    envs = make_vec_env("CartPole-v1", 1)
    with pytest.raises(TypeError, match="actor-critics without memory are exported"):
        export(DQN("MlpPolicy", envs, device="cpu"), tmp_path / "policy")  # type: ignore[arg-type]
    with pytest.raises(BadFieldError, match="it was trained with other spaces"):
        export(PPO("MlpPolicy", envs), tmp_path / "policy", make_vec_env("Acrobot-v1", 1))
    with pytest.raises(BadFieldError, match="it is no environment of HyperToken's"):
        export(PPO("MlpPolicy", "CartPole-v1"), tmp_path / "policy")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(UnavailableError, match=r'pip install "hypertoken\[onnx\]"'):
        export(PPO("MlpPolicy", envs), tmp_path / "policy")
    assert not (tmp_path / "policy").exists()
    envs.close()
