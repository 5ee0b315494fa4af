"""`hypertoken.Policy`: what Java trained plays here without Java, and as Java plays it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from stable_baselines3.common.evaluation import evaluate_policy

import hypertoken
from hypertoken import Policy
from hypertoken.errors import BadFieldError, UnavailableError
from hypertoken.policies.mlp import Mlp
from tests.trained_policies import as_graph, javas_choices, train

TOLERANCE = 1e-5
ENVIRONMENTS = {
    "CartPole-v1": ("--normalize-observations", "true"),
    "tic-tac-toe": ("--shared-trunk", "true", "--activation", "relu"),
    "Pendulum-v1": ("--squash", "true"),
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The policy of an environment, trained once; its path has what shells would trip over."""
    folders: dict[str, Path] = {}

    def folder(env: str) -> Path:
        if env not in folders:
            out = tmp_path_factory.mktemp("runs") / f'it\'s "{env}" $HOME'
            folders[env] = train(env, out, *ENVIRONMENTS[env])
        return folders[env]

    return folder


@pytest.fixture
def copied(trained: Callable[[str], Path], tmp_path: Path) -> Path:
    """CartPole's policy, to be spoilt."""
    return Path(shutil.copytree(trained("CartPole-v1"), tmp_path / "policy"))


def samples(policy: Policy, count: int) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    policy.observation_space.seed(3)
    seen = np.stack([policy.observation_space.sample() for _ in range(count)])
    if seen.dtype == np.float32:
        seen = np.clip(seen, -8, 8)
    random = np.random.default_rng(4)
    masks = random.random((count, 9)) < random.random((count, 1))
    return seen, masks if policy.description["network"]["masked"] else None


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_the_graph_is_valid_and_computes_what_the_network_does(
    env: str, trained: Callable[[str], Path]
) -> None:
    policy = Policy.load(trained(env))
    onnx.checker.check_model(onnx.load(trained(env) / "policy.onnx"), full_check=True)
    graph = as_graph(policy)
    seen, masks = samples(policy, 500)
    columns, flags = {"observation": seen}, masks

    ours, theirs = (each._network.run(columns, flags) for each in (policy, graph))

    assert isinstance(policy._network, Mlp)
    assert ours.keys() == theirs.keys()
    for name, numbers in ours.items():
        assert numbers.shape == theirs[name].shape
        np.testing.assert_allclose(numbers, theirs[name], rtol=TOLERANCE, atol=TOLERANCE)
    np.testing.assert_allclose(
        policy.value(seen, masks), graph.value(seen, masks), rtol=TOLERANCE, atol=TOLERANCE
    )


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_it_plays_what_java_plays_in_ten_thousand_situations(
    env: str, trained: Callable[[str], Path]
) -> None:
    policy = Policy.load(trained(env))

    seen, masks, played = javas_choices(env, trained(env), rows=500, steps=20)

    assert len(played) == 10_000
    mine = policy(seen, masks)
    if played.dtype == np.float32:
        np.testing.assert_allclose(mine, played, atol=TOLERANCE)
    else:
        assert np.array_equal(mine, played)
        assert len(np.unique(played)) > 1


def test_what_stands_before_the_spaces_axes_stands_before_the_actions(
    trained: Callable[[str], Path],
) -> None:
    policy = Policy.load(trained("tic-tac-toe"))
    seen, masks = samples(policy, 6)
    assert masks is not None

    actions = policy(seen, masks)

    assert np.array_equal(
        policy(seen.reshape(3, 2, *seen.shape[1:]), masks.reshape(3, 2, 9)), actions.reshape(3, 2)
    )
    assert policy(seen[2], masks[2]) == actions[2]
    assert policy.action_space.contains(policy(seen[2], masks[2]))
    assert policy({"observation": seen[2], "action_mask": masks[2]}) == actions[2]
    assert policy.value(seen).shape == (6,)
    state = object()
    assert policy.predict(seen, state, action_masks=masks)[1] is state


def test_what_is_drawn_is_legal_as_likely_as_it_says_and_the_seeds_own(
    trained: Callable[[str], Path],
) -> None:
    first, second = (Policy.load(trained("tic-tac-toe"), seed=7) for _ in range(2))
    (seen,), masks = samples(first, 1)
    mask = np.array([1, 0, 1, 0, 0, 1, 0, 0, 0], np.int8)
    many, masks = np.repeat(seen[None], 20_000, 0), np.repeat(mask[None], 20_000, 0)

    drawn = first(many, masks, deterministic=False)

    assert np.array_equal(drawn, second(many, masks, deterministic=False))
    logits = first._network.run({"observation": many[:1]}, masks[:1] != 0)["logits"][0]
    expected = np.exp(logits - logits.max())
    expected /= expected.sum()
    shares = np.bincount(drawn, minlength=9) / len(drawn)
    assert np.array_equal(shares > 0, mask != 0)
    np.testing.assert_allclose(shares, expected, atol=0.02)


def test_stable_baselines3_evaluates_it(trained: Callable[[str], Path]) -> None:
    from hypertoken.sb3 import make_vec_env

    policy: Any = Policy.load(trained("CartPole-v1"))
    envs = make_vec_env("CartPole-v1", 4, seed=1)

    returns, lengths = evaluate_policy(policy, envs, n_eval_episodes=8, return_episode_rewards=True)

    assert returns == lengths
    envs.close()


def test_pettingzoos_loop_plays_it(trained: Callable[[str], Path]) -> None:
    policy = Policy.load(trained("tic-tac-toe"))
    env = hypertoken.aec_env("tic-tac-toe", illegal="strict", mask_in_observation=True)
    env.reset(seed=1)
    turns = 0
    for _ in env.agent_iter():
        observation, _, terminated, truncated, _ = env.last()
        env.step(None if terminated or truncated else policy(observation))
        turns += 1
    env.close()
    assert turns >= 5


def test_it_needs_no_java(trained: Callable[[str], Path]) -> None:
    """In a process of its own, in which Java is nowhere to be found."""
    program = """
import sys, numpy, hypertoken
policy = hypertoken.Policy.load(sys.argv[1])
print(int(policy(numpy.array([0.1, 0.2, 0.1, 0.3], numpy.float32))))
assert "hypertoken.engine.jvm" not in sys.modules
assert "onnxruntime" not in sys.modules
"""
    nowhere = {"HYPERTOKEN_JAR": "/nowhere", "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", program, str(trained("CartPole-v1"))]
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("0", "1")


def test_an_environment_of_other_spaces_is_refused(trained: Callable[[str], Path]) -> None:
    path = trained("CartPole-v1")
    with hypertoken.make("CartPole-v1") as env, hypertoken.make("Acrobot-v1") as other:
        assert Policy.load(path, env=env)
        with pytest.raises(BadFieldError) as refused:
            Policy.load(path, env=other)
    assert str(refused.value) == (
        f"policy {path} cannot play Acrobot-v1; it was trained in CartPole-v1 with other spaces "
        "than it meets here; play it in CartPole-v1 with options {'sutton_barto_reward': False, "
        "'low': -0.05, 'high': 0.05}"
    )


def test_a_graph_alone_learns_its_spaces_from_the_environment(
    trained: Callable[[str], Path], tmp_path: Path
) -> None:
    path = shutil.copy(trained("CartPole-v1") / "policy.onnx", tmp_path / "own.onnx")
    with hypertoken.make("CartPole-v1") as env, hypertoken.make("Acrobot-v1") as other:
        seen, _ = env.reset(seed=1)
        policy = Policy.load(path, env=env)
        assert policy(seen) == Policy.load(trained("CartPole-v1"))(seen)
        with pytest.raises(BadFieldError, match=r"observation float32\[\?, 4\] must be float32"):
            Policy.load(path, env=other)
    with pytest.raises(BadFieldError, match="a graph alone does not tell its spaces: pass env="):
        Policy.load(path)


def spoil_json(policy: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    described = json.loads((policy / "policy.json").read_text())
    change(described)
    (policy / "policy.json").write_text(json.dumps(described))


def cut(file: str) -> Callable[[Path], Any]:
    return lambda policy: (policy / file).write_bytes((policy / file).read_bytes()[:-5])


def write(file: str, data: bytes) -> Callable[[Path], Any]:
    return lambda policy: (policy / file).write_bytes(data)


def a_weight_of_nan(policy: Path) -> None:
    tensors = policy / "policy.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:-8] + np.float64(np.nan).tobytes())


def a_variance_below_zero(policy: Path) -> None:
    tensors = policy / "policy.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:-8] + np.float64(-1).tobytes())


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (cut("policy.safetensors"), "was cut"),
        (write("policy.safetensors", b""), "it has no header"),
        (write("policy.safetensors", b"\xff" * 64), "it has no header"),
        (write("policy.safetensors", (9).to_bytes(8, "little") + b"[" * 9), "no safetensors file"),
        (a_weight_of_nan, "that is not finite"),
        (a_variance_below_zero, "a variance is below 0"),
        (write("policy.json", b"[" * 100_000), "no JSON"),
        (write("policy.json", b"[]"), "it holds no JSON object"),
        (cut("policy.json"), "no JSON"),
        (lambda policy: spoil_json(policy, lambda j: j.pop("network")), "its network"),
        (lambda policy: spoil_json(policy, lambda j: j.pop("action_space")), "its action_space"),
        (
            lambda policy: spoil_json(policy, lambda j: j["network"].update(activation="gelu")),
            "tanh and relu are known",
        ),
        (
            lambda policy: spoil_json(policy, lambda j: j["observation_space"].update(n=3)),
            None,
        ),
        (
            lambda policy: spoil_json(policy, lambda j: j["action_space"].update(n=3)),
            "where (3, 8) is needed",
        ),
    ],
)
def test_what_is_spoilt_gets_one_sentence(
    copied: Path, spoil: Callable[[Path], Any], why: str | None
) -> None:
    spoil(copied)
    if why is None:
        Policy.load(copied)
        return
    with pytest.raises(BadFieldError) as refused:
        Policy.load(copied)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_graph_that_is_spoilt_gets_one_sentence(copied: Path) -> None:
    (copied / "policy.safetensors").unlink()
    assert Policy.load(copied)
    for data in (b"", b"no graph", (copied / "policy.onnx").read_bytes()[:-7]):
        (copied / "policy.onnx").write_bytes(data)
        with pytest.raises(BadFieldError, match=r"ONNX Runtime says: .+; use an ONNX file that"):
            Policy.load(copied)


def test_without_onnxruntime_the_sentence_says_what_to_install(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied / "policy.safetensors").unlink()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(UnavailableError, match=r'; pip install "hypertoken\[onnx\]"'):
        Policy.load(copied)


def test_what_is_no_policy_is_said_to_be_none(copied: Path, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="missing; it is no folder; name the folder of a"):
        Policy.load(tmp_path / "missing")
    shutil.move(copied, tmp_path / "both" / "player_0")
    with pytest.raises(BadFieldError, match="a policy for each agent: load one of player_0 in it"):
        Policy.load(tmp_path / "both")


@pytest.mark.parametrize(
    ("observation", "why"),
    [
        (np.zeros(3, np.float32), "observation of shape (3,); its shape must end in (4,)"),
        (np.array([0, np.nan, 0, 0], np.float32), "refused observation; it holds NaN"),
        ("left", "could not convert string to float"),
        ({"position": 1}, "float() argument must be"),
    ],
)
def test_an_observation_that_does_not_fit_is_refused(
    trained: Callable[[str], Path], observation: Any, why: str
) -> None:
    with pytest.raises(BadFieldError) as refused:
        Policy.load(trained("CartPole-v1"))(observation)
    assert why in str(refused.value)


def test_a_mask_that_does_not_fit_is_refused(trained: Callable[[str], Path]) -> None:
    policy = Policy.load(trained("tic-tac-toe"))
    with pytest.raises(BadFieldError, match=r"a mask of shape \(8,\); it must be \(9,\)"):
        policy(np.zeros((3, 3, 2), np.int8), np.ones(8))


# --- In the other seats ---


def plays(env: Any) -> list[float]:
    """The rewards of three games, your actions scripted."""
    env.action_space.seed(1)
    rewards = []
    with env:
        for seed in range(3):
            _, info = env.reset(seed=seed)
            over = False
            while not over:
                _, reward, ended, cut_off, info = env.step(
                    env.action_space.sample(info["action_mask"])
                )
                over = ended or cut_off
            rewards.append(reward)
    return rewards


def test_a_trained_policy_sits_in_the_other_seat_here_and_behind_a_server(
    trained: Callable[[str], Path], server: hypertoken.ServerManager
) -> None:
    name = f"policy:{trained('tic-tac-toe')}"
    policy = Policy.load(trained("tic-tac-toe"))

    def by_hand(agent: str, observation: Any, mask: Any) -> Any:
        return policy(observation, mask)

    played = plays(hypertoken.make("tic-tac-toe", agent="player_1", others=name))

    assert played == plays(hypertoken.make("tic-tac-toe", agent="player_1", others=by_hand))
    assert played == plays(
        hypertoken.make("tic-tac-toe", url=server.url, agent="player_1", others=name)
    )


def test_a_declared_policy_sits_in_the_other_seats_here_and_behind_a_server(
    table_of_three: hypertoken.ServerManager,
) -> None:
    here = hypertoken.make("casino-blackjack", agents=3, decks=6, others="basic-strategy")
    there = hypertoken.make(
        "casino-blackjack", url=table_of_three.url, agents=3, decks=6, others="basic-strategy"
    )
    mimicking = hypertoken.make("casino-blackjack", agents=3, decks=6, others="mimic-dealer")

    assert plays(here) == plays(there)
    assert plays(mimicking)


def test_a_policy_that_nobody_knows_is_refused_with_the_nearest_name(
    trained: Callable[[str], Path],
) -> None:
    with pytest.raises(ValueError, match="did you mean 'basic-strategy'"):
        hypertoken.make("casino-blackjack", agents=3, others="basic-stratgey")
    with pytest.raises(BadFieldError, match="cannot play connect-four; it was trained in tic-tac"):
        hypertoken.make("connect-four", others=f"policy:{trained('tic-tac-toe')}")


@pytest.mark.parametrize("name", ["policy:/etc", "policy:."])
def test_a_server_reads_no_path_that_a_client_names(
    server: hypertoken.ServerManager, name: str
) -> None:
    with hypertoken.HyperTokenClient(server.url) as client:
        client.open("tic-tac-toe")
        client.reset(seed=1)
        with pytest.raises(
            BadFieldError, match=r"refused policy policy:.*; it does not declare it"
        ):
            client.choose(name)
