"""`hypertoken.make_multi_vec`: rows with several agents, stepped together."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import hypertoken
from hypertoken.errors import BadActionError


def test_every_array_has_an_axis_for_the_agents() -> None:
    envs = hypertoken.make_multi_vec("tic-tac-toe", 4)
    observations, infos = envs.reset(seed=1)
    told = envs.step(np.zeros(4, np.int64))

    space = envs.observation_space(envs.possible_agents[0])
    assert observations.shape == (4, 2, *(space.shape or ()))
    assert [part.shape for part in told[1:4]] == [(4, 2)] * 3
    assert [part.dtype for part in told[1:4]] == [np.float64, np.bool_, np.bool_]
    assert infos["turn"].tolist() == [0] * 4
    assert told[4]["turn"].tolist() == [1] * 4
    assert told[4]["action_mask"].shape == (4, 2, 9)
    assert told[4]["action_mask"][:, 0].sum() == 0, "who is not to act may do nothing"
    assert told[4]["alive"].all()


def test_acting_picks_what_whoever_acts_next_sees() -> None:
    envs = hypertoken.make_multi_vec("tic-tac-toe", 2)
    _, infos = envs.reset(seed=1)
    observations, _, _, _, infos = envs.step(np.array([3, 8]))

    assert envs.acting(infos["action_mask"], infos).tolist() == [
        [1, 1, 1, 0, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 1, 1, 1, 1, 0],
    ]
    assert envs.acting(observations, infos).tolist() == observations[:, 1].tolist()


def test_a_row_plays_as_the_same_row_alone() -> None:
    envs = hypertoken.make_multi_vec("tic-tac-toe", 3, autoreset_mode="Disabled")
    alone = hypertoken.aec_env("tic-tac-toe")
    _, infos = envs.reset(seed=5)
    alone.reset(seed=6)  # row 1
    random = np.random.default_rng(2)

    while alone.agents:
        agent = alone.agent_selection
        if alone.terminations[agent]:
            alone.step(None)
            continue
        masks = envs.acting(infos["action_mask"], infos)
        assert masks[1].tolist() == alone.last()[4]["action_mask"].tolist()
        if not masks.any(axis=1).all():
            break
        actions = np.array([random.choice(np.flatnonzero(mask)) for mask in masks])
        alone.step(int(actions[1]))
        _, rewards, ended, _, infos = envs.step(actions)
        assert rewards[1].tolist() == [alone.rewards()[a] for a in alone.possible_agents]
        assert ended[1].tolist() == [alone.terminations()[a] for a in alone.possible_agents]
        if ended.any():
            break


def test_a_simultaneous_game_takes_every_agents_action() -> None:
    envs = hypertoken.make_multi_vec("iterated-prisoners-dilemma", 2)
    _, infos = envs.reset(seed=0)

    told = envs.step(np.array([[0, 1], [1, 1]]))

    assert infos["turn"].tolist() == [-1, -1]
    assert told[1][0].tolist() != told[1][1].tolist()
    with pytest.raises(BadActionError) as refused:
        envs.step(np.array([0, 1]))
    assert str(refused.value) == (
        "actions of shape (2,) were refused; iterated-prisoners-dilemma takes (2, 2); pass one "
        "action a row and agent"
    )


@pytest.mark.parametrize("actions", [np.zeros(3), np.zeros(2, int), 0, np.full(3, 9), [[0]] * 3])
def test_bad_actions_are_refused_and_no_row_moves(actions: Any) -> None:
    envs = hypertoken.make_multi_vec("tic-tac-toe", 3)
    envs.reset(seed=1)
    before = [envs.snapshot(row) for row in range(3)]

    with pytest.raises(BadActionError):
        envs.step(actions)

    assert [envs.snapshot(row) for row in range(3)] == before


def test_what_agents_are_told_comes_by_row_and_agent(own_jar: str) -> None:
    envs = hypertoken.make_multi_vec("auction", 2, jars=own_jar)
    _, infos = envs.reset(seed=1)
    who = [envs.possible_agents[turn] for turn in infos["turn"]]

    told = envs.step(np.array([0, 1]))[4]["told"]

    assert told == {1: {who[1]: {"left_at": 0}}}


def test_same_step_autoreset_keeps_the_last_observation() -> None:
    envs = hypertoken.make_multi_vec("tic-tac-toe", 1, autoreset_mode=AutoresetMode.SAME_STEP)
    envs.reset(seed=0)
    for cell in (0, 3, 1, 4):
        envs.step(np.array([cell]))

    observations, rewards, ended, _, infos = envs.step(np.array([2]))

    assert rewards.tolist() == [[1.0, -1.0]]
    assert ended.all()
    assert infos["final_obs"].sum() == 10
    assert observations.sum() == 0
    assert infos["episode_length"].tolist() == [5]


def test_observing_all_shows_every_living_agent() -> None:
    some = hypertoken.make_multi_vec("blackjack", 1, agents=3)
    every = hypertoken.make_multi_vec("blackjack", 1, agents=3, observes_all=True)

    assert some.reset(seed=1)[0][0, 2].sum() == 0
    assert every.reset(seed=1)[0][0, 2].sum() > 0


def test_a_copy_by_pickle_is_another_vector_of_the_same_kind() -> None:
    envs = hypertoken.make_multi_vec("blackjack", 2, agents=3, copy=False)

    copy = pickle.loads(pickle.dumps(envs))

    assert copy.possible_agents == ["player_0", "player_1", "player_2"]
    assert copy.reset(seed=1)[0].tolist() == envs.reset(seed=1)[0].tolist()
