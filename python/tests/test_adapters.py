"""The AEC, Parallel and Gymnasium adapters on local games: PettingZoo's meaning to the letter."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import parallel_seed_test
from pettingzoo.utils.conversions import (
    aec_to_parallel_wrapper,
    turn_based_aec_to_parallel_wrapper,
)
from pettingzoo.utils.env import AECEnv, ParallelEnv

from hypertoken import HyperTokenAECEnv, HyperTokenEnv, HyperTokenGymEnv, HyperTokenParallelEnv
from hypertoken.errors import EpisodeOverError, UnknownAgentError
from hypertoken.transports.turns import Transport
from tests.local_games import Countdown, Matching
from tests.pettingzoo_checks import check_aec, check_parallel, check_rendering

GAMES: list[type[Transport]] = [Countdown, Matching]


def scripted_aec(env: HyperTokenAECEnv, seed: int) -> list[Any]:
    """One episode by a seeded script; returns what `last()` said at every turn."""
    random = np.random.default_rng(seed)
    env.reset(seed=seed)
    told = []
    for agent in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        told.append((agent, observation.tolist(), reward, terminated, truncated))
        legal = np.flatnonzero(info.get("action_mask", [1, 1]))
        start = int(getattr(env.action_space(agent), "start", 0))
        action = None if terminated or truncated else int(random.choice(legal)) + start
        env.step(action)
    return told


@pytest.mark.parametrize("game", GAMES)
def test_the_aec_environment_passes_pettingzoos_own_tests(game: type[Transport]) -> None:
    check_aec(lambda **how: HyperTokenAECEnv(game(), **how))


@pytest.mark.parametrize("game", GAMES)
def test_the_parallel_environment_passes_pettingzoos_own_tests(game: type[Transport]) -> None:
    check_parallel(lambda **how: HyperTokenParallelEnv(game(), **how))
    parallel_seed_test(lambda: HyperTokenParallelEnv(game()), num_cycles=50)


def test_rendering_passes_pettingzoos_own_test() -> None:
    check_rendering(lambda **how: HyperTokenAECEnv(Countdown(), **how))


def test_human_rendering_prints_after_every_reset_and_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    env = HyperTokenAECEnv(Countdown(), "human")
    env.reset(seed=3)
    piles = list(env.transport.piles.values())  # type: ignore[attr-defined]
    env.step(1)

    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        " ".join(map(str, piles)),
        " ".join(map(str, [piles[0] - 1, *piles[1:]])),
    ]


def test_a_render_mode_the_game_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="render_mode='ansi' was refused") as refused:
        HyperTokenAECEnv(Matching(), "ansi")

    assert str(refused.value) == (
        "render_mode='ansi' was refused; matching can be drawn as nothing; pass one of these or "
        "leave it out"
    )


def test_the_classes_are_pettingzoos_own() -> None:
    assert isinstance(HyperTokenAECEnv(Countdown()), AECEnv)
    assert isinstance(HyperTokenParallelEnv(Countdown()), ParallelEnv)
    assert HyperTokenEnv is HyperTokenAECEnv


def test_a_whole_episode_is_one_message_a_turn() -> None:
    game = Countdown()
    env = HyperTokenAECEnv(game)

    turns = scripted_aec(env, 5)

    real = [turn for turn in turns if not turn[3]]
    assert game.calls == ["reset"] + ["step"] * len(real)


def test_dead_agents_step_first_and_see_their_last_observation_and_reward() -> None:
    env = HyperTokenAECEnv(Countdown())
    env.reset(seed=0, options={"pile": 1})  # every pile is 1: each agent's first step ends it

    env.step(1)
    dead = env.last()

    assert env.agent_selection == "player_0"
    assert dead[0].tolist() == [0, 1, 1]
    assert dead[1:] == (
        9,
        True,
        False,
        {"rank": 1, "action_mask": dead[4]["action_mask"]},
    )
    assert dead[4]["action_mask"].tolist() == [0, 0]
    env.step(None)
    assert env.agents == ["player_1", "player_2"]
    assert env.agent_selection == "player_1"
    assert env.last()[1] == 1


def test_values_are_dicts_of_those_still_there_and_called_they_remember_the_others() -> None:
    env = HyperTokenAECEnv(Countdown())
    env.reset(seed=0, options={"pile": 1})
    for agent in env.agent_iter():
        env.step(None if env.terminations[agent] else 1)

    assert (env.rewards, env.terminations, env.truncations, env.infos) == ({}, {}, {}, {})
    assert env.rewards() == {"player_0": 9, "player_1": -1, "player_2": -1}
    assert env.terminations() == dict.fromkeys(env.possible_agents, True)
    assert env.truncations() == dict.fromkeys(env.possible_agents, False)
    assert [info["rank"] for info in env.infos().values()] == [1, 1, 1]
    env.reset(seed=0)
    assert env.rewards() == env.rewards == dict.fromkeys(env.possible_agents, 0)


def test_masks_are_bool_by_method_and_int8_in_info() -> None:
    env = HyperTokenAECEnv(Countdown())
    env.reset(seed=0, options={"pile": 1})

    mask, in_info = env.action_mask("player_0"), env.last()[4]["action_mask"]

    assert mask is not None
    assert (mask.dtype.name, mask.tolist()) == ("bool", [True, False])
    assert (in_info.dtype.name, in_info.tolist()) == ("int8", [1, 0])
    assert env.action_mask("player_1").tolist() == [False, False]  # type: ignore[union-attr]
    assert HyperTokenAECEnv(Matching()).action_mask("player_0") is None


def test_an_unknown_agent_is_named_beside_the_known_ones() -> None:
    env = HyperTokenAECEnv(Countdown())
    env.reset(seed=0)

    with pytest.raises(UnknownAgentError) as refused:
        env.action_mask("player_9")

    assert str(refused.value) == (
        "the agent 'player_9' was refused; countdown has no such agent; its agents are player_0, "
        "player_1, player_2"
    )


def test_stepping_after_the_end_is_refused() -> None:
    env = HyperTokenAECEnv(Countdown())

    with pytest.raises(EpisodeOverError) as refused:
        env.step(1)

    assert str(refused.value) == (
        "step was refused; no agent is left in the episode; call reset() first"
    )


@pytest.mark.parametrize("when", ["before the first reset", "after the end"])
def test_asking_for_the_last_of_nobody_is_refused(when: str) -> None:
    env = HyperTokenAECEnv(Countdown())
    if when == "after the end":
        scripted_aec(env, 1)

    with pytest.raises(EpisodeOverError) as refused:
        env.last()

    assert str(refused.value) == (
        "last was refused; no agent is left in the episode; call reset() first"
    )


@pytest.mark.parametrize("adapter", [HyperTokenAECEnv, HyperTokenParallelEnv])
def test_a_space_of_an_unknown_agent_names_the_known_ones(
    adapter: Callable[[Transport], HyperTokenAECEnv | HyperTokenParallelEnv],
) -> None:
    env = adapter(Countdown())

    for space in (env.observation_space, env.action_space):
        with pytest.raises(UnknownAgentError, match="the agent 'player_7' was refused; countdown"):
            space("player_7")


def test_a_parallel_step_before_the_first_reset_is_refused() -> None:
    env = HyperTokenParallelEnv(Matching())

    with pytest.raises(EpisodeOverError, match=r"step was refused; .* call reset\(\) first"):
        env.step({"player_0": 0, "player_1": 0})


def test_undeclared_reset_options_warn_once_and_are_ignored() -> None:
    env = HyperTokenAECEnv(Countdown())

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        env.reset(seed=1, options={"decks": 6, "pile": 1})
        env.reset(seed=1, options={"decks": 6, "pile": 1})

    assert [str(warning.message) for warning in warned] == [
        "the reset option 'decks' was ignored; countdown does not declare it; its options are: pile"
    ]
    assert env.last()[0].tolist() == [1, 1, 1]


def test_a_simultaneous_game_under_aec_steps_as_pettingzoos_converter_would() -> None:
    env = HyperTokenAECEnv(Matching())
    by_pettingzoo = aec_to_parallel_wrapper(env)
    direct = HyperTokenParallelEnv(Matching())
    assert by_pettingzoo.reset(seed=1)[0].keys() == direct.reset(seed=1)[0].keys()

    for step in range(Matching.rounds):
        actions = {"player_0": step % 2, "player_1": step % 3 % 2}
        converted, expected = by_pettingzoo.step(actions), direct.step(actions)
        assert [dict(part) for part in converted[1:]] == [dict(part) for part in expected[1:]]
    assert by_pettingzoo.agents == direct.agents == []


def test_a_turn_game_in_parallel_is_pettingzoos_turn_based_converter() -> None:
    converter = turn_based_aec_to_parallel_wrapper(HyperTokenAECEnv(Countdown()))
    direct = HyperTokenParallelEnv(Countdown())
    converter.reset(seed=4)
    direct.reset(seed=4)
    steps = 0

    while direct.agents:
        actions = dict.fromkeys(direct.agents, 1)
        expected, ours = converter.step(actions), direct.step(actions)
        steps += 1
        assert {a: o.tolist() for a, o in ours[0].items()} == {
            a: o.tolist() for a, o in expected[0].items()
        }
        assert ours[1:4] == expected[1:4]
        assert [info.get("active_agent") for info in ours[4].values()] == [
            info.get("active_agent") for info in expected[4].values()
        ]
        assert direct.agents == converter.agents
    assert steps > 3
    assert direct.step({}) == ({}, {}, {}, {}, {})


def test_the_gymnasium_environment_passes_gymnasiums_checker() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_env(HyperTokenGymEnv(Countdown(), agent="player_1"), skip_render_check=True)


def test_the_other_seats_are_played_by_policies_and_the_reward_is_what_came_in_between() -> None:
    env = HyperTokenGymEnv(Countdown(), agent="player_1", others="first")
    env.reset(seed=0, options={"pile": 3})
    piles = dict(env.transport.piles)  # type: ignore[attr-defined]

    observation, reward, terminated, truncated, info = env.step(1)

    after = [piles["player_1"] - 1, piles["player_2"] - 1, piles["player_0"] - 1]
    assert observation.tolist() == after
    assert (terminated, truncated) == (False, False)
    assert reward == -1 + sum(pile == 0 for pile in after)  # 1 for each other that ended first
    assert env.action_masks().tolist() == info["action_mask"].astype(bool).tolist()


def test_a_seed_fixes_the_random_policies_of_the_other_seats() -> None:
    def episode() -> list[Any]:
        env = HyperTokenGymEnv(Countdown(), agent="player_2")
        seen = [env.reset(seed=7)[0].tolist()]
        over = False
        while not over:
            observation, _, over, _, _ = env.step(1)
            seen.append(observation.tolist())
        return seen

    assert episode() == episode()


def test_stepping_a_finished_gymnasium_episode_is_refused() -> None:
    env = HyperTokenGymEnv(Countdown(), others="first")
    env.reset(seed=0, options={"pile": 1})
    env.step(1)

    with pytest.raises(EpisodeOverError, match="the episode of player_0 is over"):
        env.step(1)


def test_a_seat_or_policy_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownAgentError, match="agent='dealer' was refused"):
        HyperTokenGymEnv(Countdown(), agent="dealer")
    with pytest.raises(ValueError, match="others='clever' was refused"):
        HyperTokenGymEnv(Countdown(), others="clever")
