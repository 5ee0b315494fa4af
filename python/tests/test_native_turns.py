"""PettingZoo's APIs in this process: `aec_env` and `parallel_env`."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pettingzoo
import pytest
from pettingzoo.test import parallel_seed_test
from pettingzoo.utils.env import AECEnv, ParallelEnv

import hypertoken
from hypertoken.engine import catalogue
from hypertoken.errors import BadActionError, BadFieldError, EpisodeOverError, NotResetError
from tests.pettingzoo_checks import check_aec, check_parallel, check_rendering

# PettingZoo's own tests ask an observation for its dtype, which a tuple has not.
SHIPPED = [entry["id"] for entry in catalogue.entries() if entry["id"] != "Blackjack-v1"]
OWN = ["auction", "duel"]


@pytest.mark.parametrize("id", [*SHIPPED, *OWN])
def test_the_aec_environment_passes_pettingzoos_own_tests(id: str, own_jar: str) -> None:
    check_aec(lambda **how: hypertoken.aec_env(id, jars=own_jar, **how))


@pytest.mark.parametrize("id", [*SHIPPED, *OWN])
def test_the_parallel_environment_passes_pettingzoos_own_tests(id: str, own_jar: str) -> None:
    check_parallel(lambda **how: hypertoken.parallel_env(id, jars=own_jar, **how))
    parallel_seed_test(lambda: hypertoken.parallel_env(id, jars=own_jar), num_cycles=50)


def test_rendering_passes_pettingzoos_own_test() -> None:
    check_rendering(lambda **how: hypertoken.aec_env("tic-tac-toe", **how))


def test_pettingzoos_registry_makes_them() -> None:
    turns = pettingzoo.make("aec", "hypertoken/casino-blackjack", agents=3)
    together = pettingzoo.make("parallel", "hypertoken/iterated-prisoners-dilemma")

    assert isinstance(turns, AECEnv)
    assert turns.possible_agents == ["player_0", "player_1", "player_2"]
    assert isinstance(together, ParallelEnv)


def test_a_round_of_three_seats_as_the_readme_shows_it() -> None:
    env = hypertoken.aec_env("blackjack", agents=3)
    env.reset(seed=42)
    settled = {}
    for agent in env.agent_iter():
        _, settled[agent], term, trunc, info = env.last()
        action = None if term or trunc else env.action_space(agent).sample(info["action_mask"])
        env.step(action)

    assert env.rewards() == settled
    assert 0 not in settled.values(), "every seat has won or lost something"
    env.close()


def test_a_bad_choice_in_a_simultaneous_round_is_refused_at_once(own_jar: str) -> None:
    env = hypertoken.aec_env("duel", jars=own_jar)
    env.reset(seed=1)

    with pytest.raises(BadActionError) as refused:
        env.step(4)

    assert env.agent_selection == "giant"
    assert str(refused.value) == (
        "duel refused action 4 of giant; it is not in the action space Discrete[n=4, start=0]; "
        "send an integer from 0 to 3"
    )


def test_steps_before_a_reset_and_after_the_end_are_refused() -> None:
    env = hypertoken.aec_env("tic-tac-toe")
    with pytest.raises(EpisodeOverError):
        env.step(0)
    with pytest.raises(EpisodeOverError, match="last was refused"):
        env.last()
    with pytest.raises(NotResetError):
        env.transport.step(0)
    env.reset(seed=1)
    for cell in (0, 3, 1, 4, 2):
        env.step(cell)
    env.step(None)
    env.step(None)

    with pytest.raises(EpisodeOverError, match="no agent is left in the episode"):
        env.step(5)
    with pytest.raises(EpisodeOverError, match="last was refused"):
        env.last()


@pytest.mark.parametrize("seed", [1.5, "7", True, -1])
def test_what_is_no_seed_is_refused_and_not_rounded(seed: Any) -> None:
    env = hypertoken.aec_env("tic-tac-toe")

    with pytest.raises(BadFieldError, match=f"reset refused seed={seed!r}"):
        env.reset(seed=seed)


def test_an_illegal_move_plays_the_fallback_and_says_so() -> None:
    env = hypertoken.aec_env("tic-tac-toe")
    env.reset(seed=1)
    env.step(4)
    told = env.agent_selection
    env.step(4)
    env.step(1)

    assert env.agent_selection == told
    assert env.last()[4]["illegal_action"] is True
    assert env.last()[4]["played"] == 0
    env.step(2)
    env.step(3)
    assert list(env.last()[4]) == ["action_mask"], "told once, until it acts again"


def test_an_agent_that_does_not_act_can_look() -> None:
    env = hypertoken.aec_env("blackjack", agents=3)
    env.reset(seed=3)
    acting = env.agent_selection
    other = next(agent for agent in env.agents if agent != acting)

    assert env.observe(other)[0] > 0
    assert not env.action_mask(other).any()  # type: ignore[union-attr]
    assert env.observation_space(other).contains(env.observe(other))


def test_views_are_live_and_copies_are_not() -> None:
    def second_look(copy: bool) -> tuple[Any, Any]:
        env = hypertoken.aec_env("connect-four", copy=copy)
        env.reset(seed=1)
        first = env.last()[0]
        before = first.copy()
        env.step(0)
        env.step(1)
        return before, first

    before, kept = second_look(copy=True)
    assert np.array_equal(before, kept)
    before, live = second_look(copy=False)
    assert not np.array_equal(before, live)


def test_a_copy_by_pickle_is_another_environment() -> None:
    env = hypertoken.aec_env("blackjack", agents=2)
    copy = pickle.loads(pickle.dumps(env))
    together = pickle.loads(pickle.dumps(hypertoken.parallel_env("blackjack", agents=2)))

    copy.reset(seed=1)
    env.reset(seed=1)
    together.reset(seed=1)
    assert copy.last()[0].tolist() == env.last()[0].tolist()


def test_a_closed_environment_refuses_everything() -> None:
    env = hypertoken.aec_env("tic-tac-toe")
    env.reset(seed=1)
    env.close()

    with pytest.raises(EpisodeOverError, match="cannot be used any more; it was closed"):
        env.step(0)
    with pytest.raises(EpisodeOverError, match="cannot be used any more; it was closed"):
        env.reset()
