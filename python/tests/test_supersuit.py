"""SuperSuit over the AEC and Parallel environments, in this process and behind a server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pytest
import supersuit

import hypertoken
from hypertoken import HyperTokenAECEnv, HyperTokenParallelEnv, ServerManager

Maker = Callable[[str, str], Any]


@pytest.fixture(params=["in process", "over the wire"])
def make(request: pytest.FixtureRequest) -> Maker:
    """Makes an environment: "aec" or "parallel", and its id."""
    if request.param == "in process":
        return lambda kind, id: getattr(hypertoken, f"{kind}_env")(id)
    server: ServerManager = request.getfixturevalue("server")
    kinds = {"aec": HyperTokenAECEnv, "parallel": HyperTokenParallelEnv}
    return lambda kind, id: kinds[kind](server.url, env=id)


def test_rewards_are_clipped_and_frames_stacked(make: Maker) -> None:
    plain = make("aec", "blackjack")
    env = supersuit.clip_reward_v0(make("aec", "blackjack"), lower_bound=-1, upper_bound=1)
    env = supersuit.frame_stack_v1(env, 4)
    ended = 0

    for seed in range(10):
        env.reset(seed=seed)
        plain.reset(seed=seed)
        for _ in env.agent_iter():
            observation, reward, terminated, truncated, info = env.last()
            seen, earned, *_ = plain.last()
            assert np.array_equal(observation[-7:], seen)
            assert reward == max(-1, min(1, earned))
            over = terminated or truncated
            ended += over and abs(earned) > 1
            action = None if over else int(np.flatnonzero(info["action_mask"])[0])
            env.step(action)
            plain.step(action)
    assert ended > 0
    env.close()
    plain.close()


def test_a_parallel_environment_becomes_a_vector_of_copies(make: Maker) -> None:
    game = "iterated-prisoners-dilemma"
    single = make("parallel", game)
    agents = single.possible_agents
    rows = supersuit.pettingzoo_env_to_vec_env_v1(make("parallel", game))
    envs = supersuit.concat_vec_envs_v1(rows, 3, num_cpus=0, base_class="gymnasium")
    random = np.random.default_rng(0)

    shown, _ = envs.reset(seed=5)
    expected, _ = single.reset(seed=5)
    rounds = 0
    while single.agents:
        assert shown.shape == (3 * len(agents), *single.observation_space(agents[0]).shape)
        assert np.array_equal(shown[: len(agents)], [expected[agent] for agent in agents])
        actions = random.integers(0, 2, 3 * len(agents))
        shown, rewards, ended, cut, infos = envs.step(actions)
        chosen = dict(zip(agents, actions.tolist(), strict=False))
        expected, earned, *_ = single.step(chosen)
        assert rewards[: len(agents)].tolist() == [earned[agent] for agent in agents]
        assert (ended | cut)[: len(agents)].all() == (not single.agents)
        rounds += 1

    assert rounds > 5
    for index, agent in enumerate(agents):
        assert np.array_equal(infos[index]["terminal_observation"], expected[agent])
    for opened in (envs, rows, single):
        opened.close()


IN_PROCESSES = """
import multiprocessing
import numpy as np
import supersuit
import hypertoken

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    rows = supersuit.pettingzoo_env_to_vec_env_v1(
        hypertoken.parallel_env("iterated-prisoners-dilemma"))
    envs = supersuit.concat_vec_envs_v1(rows, 2, num_cpus=2, base_class="gymnasium")
    print(envs.reset(seed=1)[0].shape, envs.step(np.zeros(4, int))[1].tolist())
    envs.close()
"""


def test_copies_step_in_spawned_processes(tmp_path: Path) -> None:
    script = tmp_path / "copies.py"
    script.write_text(IN_PROCESSES)

    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.stdout == "(4, 2) [3.0, 3.0, 3.0, 3.0]\n", done.stderr


def test_a_copy_by_cloudpickle_is_another_environment_of_the_same_kind(make: Maker) -> None:
    env = make("parallel", "blackjack")
    env.reset(seed=1)

    copy = cloudpickle.loads(cloudpickle.dumps(env))

    assert copy.possible_agents == env.possible_agents
    assert copy.transport.name == env.transport.name
    mine, same = env.reset(seed=8)[0], copy.reset(seed=8)[0]
    assert all(np.array_equal(mine[agent], same[agent]) for agent in env.possible_agents)
    env.close()
    copy.reset(seed=9)
    copy.close()
