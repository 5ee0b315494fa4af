"""`hypertoken.rllib`: RLlib's PPO (new API stack) trains on our environments, also in workers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import gymnasium
import numpy as np
import pytest
from gymnasium.envs.classic_control import CartPoleEnv
from gymnasium.vector import AutoresetMode
from ray.rllib.algorithms.ppo import PPOConfig
from ray.rllib.core.rl_module.multi_rl_module import MultiRLModuleSpec
from ray.rllib.core.rl_module.rl_module import RLModuleSpec
from ray.rllib.env.multi_agent_episode import MultiAgentEpisode
from ray.rllib.examples.rl_modules.classes.action_masking_rlm import ActionMaskingTorchRLModule
from ray.rllib.utils.pre_checks.env import check_multiagent_environments
from ray.tune.registry import ENV_CREATOR, _global_registry

import hypertoken
from hypertoken import HyperTokenGymEnv, HyperTokenParallelEnv, ServerManager
from hypertoken.errors import BadActionError
from hypertoken.rllib import Creator, HyperTokenMultiAgentEnv, config, register
from tests.local_games import Countdown

SAMPLE = Path(__file__).parent / "samples" / "bridge_rllib.py"
SMALL = {"fcnet_hiddens": [8]}
MASKING = RLModuleSpec(module_class=ActionMaskingTorchRLModule, model_config=SMALL)

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*Overriding environment"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Else the logs of every training are written into the home."""
    with pytest.MonkeyPatch.context() as patch:
        folder = str(tmp_path_factory.mktemp("results"))
        patch.setattr("ray.tune.trainable.trainable.DEFAULT_STORAGE_PATH", folder)
        yield


def creator(name: str) -> Any:
    """What RLlib will call for a registered name."""
    return _global_registry.get(ENV_CREATOR, name)


def small(name: str, **env_runners: Any) -> Any:
    """PPO that samples 64 steps of two rows and learns from them once."""
    return (
        PPOConfig()
        # RLlib's check of a multi-agent environment plays actions that the masks forbid.
        .environment(name, disable_env_checking=True)
        .training(train_batch_size_per_learner=64, minibatch_size=64, num_epochs=1)
        .env_runners(
            **{
                "num_env_runners": 0,
                "num_envs_per_env_runner": 2,
                "rollout_fragment_length": 32,
                **env_runners,
            }
        )
        .rl_module(model_config=SMALL)
    )


def train(config: Any) -> Any:
    """One iteration; returns what the env runners told."""
    algorithm = config.build_algo()
    try:
        return algorithm.train()["env_runners"]
    finally:
        algorithm.stop()


def table(name: str, **env_runners: Any) -> Any:
    """PPO of one masked policy for all three seats."""
    return (
        small(name, **env_runners)
        .multi_agent(policies={"seat"}, policy_mapping_fn=lambda agent, *_, **__: "seat")
        .rl_module(rl_module_spec=MultiRLModuleSpec(rl_module_specs={"seat": MASKING}))
    )


@pytest.mark.parametrize("mode", ["sync", "vector_entry_point"])
def test_ppo_trains_on_a_single_agent(mode: str, cluster: str) -> None:
    register("hypertoken/CartPole-v1")

    told = train(small("hypertoken/CartPole-v1", gym_env_vectorize_mode=mode))

    assert told["num_env_steps_sampled"] >= 64
    assert told["episode_return_mean"] == told["episode_len_mean"] > 7


def test_ppo_trains_on_rows_with_masks_and_never_plays_what_they_forbid(cluster: str) -> None:
    register("cards-with-masks", "blackjack", mask_in_observation=True, illegal="strict")

    told = train(
        small("cards-with-masks", gym_env_vectorize_mode="vector_entry_point").rl_module(
            rl_module_spec=MASKING
        )
    )

    assert told["num_episodes"] > 10


def test_a_configured_runners_rows_all_begin_with_seeds_of_their_own(cluster: str) -> None:
    how = config("CartPole-v1", runners=2, rows=3, seed=7).rl_module(model_config=SMALL)
    algorithm = how.build_algo()

    starts = algorithm.env_runner_group.foreach_env_runner(
        lambda runner: [
            episode.get_observations(0)
            for episode in runner.sample(num_timesteps=3, random_actions=True)
        ],
        local_env_runner=False,
    )

    algorithm.stop()
    expected, _ = hypertoken.make_vec("CartPole-v1", 9).reset(seed=7)
    assert how.restart_failed_sub_environments is False
    # Worker 1 begins with seed 7 + 3, worker 2 with 7 + 6.
    assert np.array_equal(np.concatenate(starts), expected[3:])


def test_rows_that_reset_in_the_same_step_are_refused() -> None:
    for make in (
        lambda: config("CartPole-v1", autoreset_mode="SameStep"),
        lambda: Creator("CartPole-v1", None, None, "random", False, {})(
            {"num_envs": 2, "autoreset_mode": "SameStep"}
        ),
    ):
        with pytest.raises(ValueError, match="'SameStep' was refused; RLlib expects"):
            make()


@pytest.mark.parametrize("workers", [0, 1])
def test_ppo_trains_three_seats_of_blackjack(workers: int, cluster: str) -> None:
    register("table", "blackjack", agents=3, mask_in_observation=True, illegal="strict")

    told = train(table("table", num_env_runners=workers))

    assert told["num_episodes"] > 5
    returns = told["agent_episode_returns_mean"]
    assert returns.keys() <= {"player_0", "player_1", "player_2"}
    assert np.isclose(told["episode_return_mean"], sum(returns.values()), atol=30)


def test_the_documented_sample_trains_in_rays_processes(
    server: ServerManager, cluster: str, tmp_path: Path
) -> None:
    text = SAMPLE.read_text().replace("ws://localhost:9999", server.url)
    for line, shorter in {
        ".training(lr=0.0003)": ".training(lr=0.0003, train_batch_size=64, minibatch_size=64)"
        ".env_runners(num_env_runners=0)",
        '"training_iteration": 100}': f'"training_iteration": 1}}, storage_path="{tmp_path}"',
    }.items():
        assert line in text
        text = text.replace(line, shorter)
    names: dict[str, Any] = {"__name__": "__main__"}

    exec(compile(text, SAMPLE.name, "exec"), names)

    (trial,) = names["results"].trials
    assert trial.status == "TERMINATED"
    assert trial.last_result["env_runners"]["num_env_steps_sampled"] >= 64


def test_what_is_registered_pickles_as_what_is_to_be_made() -> None:
    register("seat", "blackjack", agents=3, agent="player_1", others="first")

    made = cloudpickle.loads(cloudpickle.dumps(creator("seat")))({})

    assert isinstance(made, HyperTokenGymEnv)
    assert made.agent == "player_1"
    assert len(made.transport.possible_agents) == 3
    made.close()


def test_the_env_config_counts_more_than_what_was_registered() -> None:
    register("dice", "blackjack", agents=3)

    made = creator("dice")({"agents": 2})
    rows = creator("dice")({"agents": 1, "num_envs": 4})

    assert made.possible_agents == ["player_0", "player_1"]
    assert rows.num_envs == 4
    assert rows.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    made.close()
    rows.close()


@pytest.mark.parametrize("where", ["in process", "over the wire"])
@pytest.mark.parametrize("masked", [False, True])
def test_a_seat_and_a_vector_show_the_same_here_and_behind_a_server(
    where: str, masked: bool, server: ServerManager
) -> None:
    url = None if where == "in process" else server.url
    make = Creator("blackjack", url, None, "random", masked, {})
    plain = hypertoken.make("blackjack")
    expected, info = plain.reset(seed=4)

    for made in (make({}), make({"num_envs": 1})):
        shown, _ = made.reset(seed=4)
        space: Any = made.observation_space
        assert space.contains(shown)
        if masked:
            assert np.array_equal(np.squeeze(shown["observations"]), expected)
            assert np.array_equal(np.squeeze(shown["action_mask"]), info["action_mask"])
        else:
            assert np.array_equal(np.squeeze(shown), expected)
        made.close()
    plain.close()


@pytest.mark.parametrize("game", ["blackjack", "tic-tac-toe", "iterated-prisoners-dilemma"])
@pytest.mark.parametrize("masked", [False, True])
def test_rllibs_checker_passes(game: str, masked: bool) -> None:
    agents = {"agents": 3} if game == "blackjack" else {}
    env = Creator(game, None, None, "random", masked, agents)({})

    check_multiagent_environments(env)

    assert isinstance(env, HyperTokenMultiAgentEnv)
    env.close()


def rounds(env: Any, seed: int) -> Iterator[tuple[Any, ...]]:
    """One game by seeded legal actions: what each step told."""
    random = np.random.default_rng(seed)
    shown, infos = env.reset(seed=seed)
    over = False
    out: set[str] = set()
    while not over:
        actions = {
            agent: int(random.choice(np.flatnonzero(infos[agent].get("action_mask", [1, 1]))))
            for agent in shown
            if agent not in out
        }
        shown, rewards, ended, cut, infos = env.step(actions)
        out = {agent for agent in shown if ended.get(agent) or cut.get(agent)}
        over = ended["__all__"] or cut["__all__"]
        yield shown, rewards, ended, cut, infos


def test_seats_take_turns_until_the_round_is_settled_for_all() -> None:
    env: Any = Creator("blackjack", None, None, "random", False, {"agents": 3})({})

    for seed in range(40):
        told = list(rounds(env, seed))
        for number, (shown, rewards, ended, cut, infos) in enumerate(told):
            assert shown.keys() == infos.keys()
            acting = [a for a in shown if not ended.get(a) and not cut.get(a)]
            assert len(acting) == (number < len(told) - 1)
            assert all(env.observation_spaces[a].contains(seen) for a, seen in shown.items())
            assert rewards.keys() <= set(env.possible_agents)
        last = {agent for step in told for agent in step[2].keys() - {"__all__"}}
        assert last == set(env.possible_agents)
        assert told[-1][2]["__all__"]
        assert not told[-1][3]["__all__"]
    assert env.game.agents == []
    env.close()


def test_who_is_out_early_is_shown_so_when_all_others_had_a_turn() -> None:
    env = HyperTokenMultiAgentEnv(HyperTokenParallelEnv(Countdown()))
    shown, _ = env.reset(seed=0, options={"pile": 1})  # an agent's first action ends its game
    assert shown.keys() == {"player_0"}

    first = env.step({"player_0": 1})
    second = env.step({"player_1": 1})

    assert first[0].keys() == {"player_1"}
    assert first[1]["player_0"] == 9
    assert first[2] == first[3] == {"__all__": False}
    third = env.step({"player_2": 1})
    assert second[0].keys() == {"player_2"}
    assert second[2] == second[3] == {"__all__": False}
    assert third[0].keys() == {"player_0", "player_1", "player_2"}
    assert third[0]["player_0"].tolist() == [0, 1, 1]
    assert third[2] == dict.fromkeys(["player_0", "player_1", "player_2", "__all__"], True)
    assert third[3] == dict.fromkeys(["player_0", "player_1", "player_2", "__all__"], False)


def test_rllibs_episodes_hold_what_each_agents_actions_earned() -> None:
    env = HyperTokenMultiAgentEnv(HyperTokenParallelEnv(Countdown()))
    episode = MultiAgentEpisode(
        observation_space=env.observation_spaces, action_space=env.action_spaces
    )
    shown, infos = env.reset(seed=0, options={"pile": 1})
    episode.add_env_reset(observations=shown, infos=infos)

    for agent in env.possible_agents:
        assert not episode.is_done
        shown, rewards, ended, cut, infos = env.step({agent: 1})
        episode.add_env_step(shown, {agent: 1}, rewards, infos, terminateds=ended, truncateds=cut)

    assert episode.is_done
    assert {a: sum(e.get_rewards()) for a, e in episode.agent_episodes.items()} == {
        "player_0": 9,
        "player_1": -1,
        "player_2": -1,
    }


def test_a_game_cut_short_is_truncated_for_all() -> None:
    env = Creator("iterated-prisoners-dilemma", None, None, "random", False, {})({})

    *before, (shown, _, ended, cut, _) = rounds(env, 1)

    assert before
    assert shown.keys() == {"player_0", "player_1"}
    assert ended["__all__"] != cut["__all__"]
    assert cut["__all__"] == cut["player_0"] == cut["player_1"]
    env.close()


def test_a_copy_by_pickle_is_another_game_of_the_same_kind() -> None:
    env: Any = Creator("blackjack", None, None, "random", True, {"agents": 3})({})
    env.reset(seed=1)

    copy = cloudpickle.loads(cloudpickle.dumps(env))

    assert copy.observation_spaces == env.observation_spaces
    told, same = list(rounds(env, 3)), list(rounds(copy, 3))
    assert [step[1:4] for step in told] == [step[1:4] for step in same]
    env.close()
    copy.close()


def test_a_missing_action_is_refused() -> None:
    env = Creator("blackjack", None, None, "random", False, {"agents": 3})({})
    env.reset(seed=1)

    with pytest.raises(BadActionError, match="a step without an action of player_0"):
        env.step({})
    env.close()


def test_without_ray_the_import_says_what_to_install() -> None:
    code = "import sys; sys.modules['ray'] = None; import hypertoken.rllib"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stderr.endswith(
        "ImportError: hypertoken.rllib needs Ray's RLlib, which is not installed; "
        'pip install "hypertoken[rllib]"\n'
    )


def test_several_agents_have_no_gymnasium_vector() -> None:
    make = Creator("blackjack", None, None, "random", False, {"agents": 3})

    with pytest.raises(ValueError, match="casino-blackjack with 3 agents was refused"):
        make({"num_envs": 2})


def test_an_environment_of_gymnasiums_stays_as_it_is() -> None:
    make = Creator(lambda config: gymnasium.make("CartPole-v1"), None, None, "random", False, {})

    made: Any = make({})

    assert isinstance(made.unwrapped, CartPoleEnv)
    made.close()
