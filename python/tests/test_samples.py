"""The documented samples run as they are printed, but for the server's port and a shorter training.

Where a sample is a fragment, the names it takes for granted are given to it here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hypertoken import (
    BlackjackGymWrapper,
    HyperTokenAECEnv,
    HyperTokenClient,
    HyperTokenParallelEnv,
    ServerManager,
)

pytestmark = pytest.mark.server
SAMPLES = Path(__file__).parent / "samples"


def run(name: str, server: ServerManager, **given: Any) -> dict[str, Any]:
    """Run a sample; returns its names."""
    text = (SAMPLES / f"{name}.py").read_text()
    text = text.replace("ws://localhost:9999", server.url).replace("50_000", "2_048")
    names = {"__name__": "__main__", "url": server.url, "np": np, **given}
    exec(compile(text, f"{name}.py", "exec"), names)
    return names


@pytest.mark.parametrize("players", ["server", "table_of_three"])
def test_the_quick_start_plays_a_round_to_its_end(
    players: str, request: pytest.FixtureRequest
) -> None:
    names = run("bridge_quick_start", request.getfixturevalue(players))

    assert names["env"].agents == []


def test_the_packages_quick_start_prints_every_seats_reward(
    table_of_three: ServerManager, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run("package_aec", table_of_three)

    rewards = names["env"].rewards()
    assert list(rewards) == ["player_0", "player_1", "player_2"]
    assert capsys.readouterr().out.endswith(f"Final rewards: {rewards}\n")


def test_the_bridges_gym_wrapper_trains_with_ppo(server: ServerManager) -> None:
    names = run("bridge_sb3", server)

    assert names["model"].num_timesteps == 2_048
    names["env"].close()


def test_the_packages_wrapper_trains_and_saves_with_the_one_import_it_lacks(
    server: ServerManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    names = run("package_sb3", server, BlackjackGymWrapper=BlackjackGymWrapper)

    assert (tmp_path / "blackjack_ppo.zip").is_file()
    names["env"].close()


def test_supersuits_wrappers_clip_rewards_and_stack_frames(server: ServerManager) -> None:
    env = run("bridge_supersuit", server)["env"]

    env.reset(seed=3)
    for agent in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        assert observation.shape == (28,)
        assert -1 <= reward <= 1
        over = terminated or truncated
        env.step(None if over else env.action_space(agent).sample(info["action_mask"]))
    env.close()


@pytest.mark.parametrize("sample", ["bridge_latency", "package_latency"])
def test_latency_samples_print_milliseconds(
    sample: str, server: ServerManager, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(sample, server)

    printed = capsys.readouterr().out
    assert printed.startswith("Mean")
    assert printed.endswith("ms\n")
    assert 0 < min(names["latencies"]) < 30_000
    assert not names["client"].connected


def test_env_info_gives_all_spaces_upfront(table_of_three: ServerManager) -> None:
    with HyperTokenClient(table_of_three.url) as client:
        names = run("bridge_batch_operations", table_of_three, client=client)

    assert list(names["spaces"]) == ["player_0", "player_1", "player_2"]
    assert names["spaces"]["player_0"]["shape"] == [7]


def test_an_invalid_action_is_replaced_by_a_valid_one(server: ServerManager) -> None:
    env = HyperTokenAECEnv(server.url)
    env.reset(seed=1)
    agent = env.agent_selection
    mask = env.action_mask(agent)
    assert mask is not None
    illegal = int(np.flatnonzero(~mask)[0])

    names = run("bridge_invalid_action", server, env=env, agent=agent, action=illegal)

    assert mask[names["action"]]
    env.close()


def test_the_timeout_can_be_raised(server: ServerManager) -> None:
    assert run("bridge_timeout", server, HyperTokenClient=HyperTokenClient)["client"].timeout == 60


def test_the_reference_of_the_aec_class_holds_line_by_line(table_of_three: ServerManager) -> None:
    text = (SAMPLES / "package_aec_reference.py").read_text()
    # Its empty loop stands for the reader's own; nobody would step in it.
    text = text.replace("    ...", "    break")
    names: dict[str, Any] = {
        "HyperTokenAECEnv": HyperTokenAECEnv,
        "url": table_of_three.url,
        "agent": "player_0",
        "action": 1,
    }

    exec(compile(text, "package_aec_reference.py", "exec"), names)

    env = names["env"]
    assert env.possible_agents == ["player_0", "player_1", "player_2"]
    assert names["agent"] in env.possible_agents
    assert env.rewards().keys() == env.infos().keys() == set(env.possible_agents)


def test_the_parallel_sample_plays_to_the_end(table_of_three: ServerManager) -> None:
    names = run(
        "package_parallel",
        table_of_three,
        HyperTokenParallelEnv=HyperTokenParallelEnv,
        policy=lambda observation: 1,
    )

    assert names["env"].agents == []
    assert list(names["rewards"]) == ["player_0", "player_1", "player_2"]


def test_the_clients_sample_observes_steps_and_measures(server: ServerManager) -> None:
    names = run("package_client", server, HyperTokenClient=HyperTokenClient)

    assert len(names["obs"]) == 7
    assert names["result"].keys() >= {"observation", "reward", "terminated", "truncated", "info"}
    assert names["latency"] > 0
