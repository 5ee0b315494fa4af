"""`make(id, url=…)` and its siblings give on a server what they give in this process."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest

import hypertoken
from hypertoken import ServerManager
from hypertoken.errors import BadFieldError, BadOptionError, UnknownOptionError

pytestmark = pytest.mark.server


def test_make_plays_the_same_episode_on_a_server(server: ServerManager) -> None:
    episodes = []
    for url in (None, server.url):
        env = hypertoken.make("hypertoken/CartPole-v1", url=url)
        assert isinstance(env, gymnasium.Env)
        first, _ = env.reset(seed=7)
        episodes.append([first.tolist()] + [env.step(k % 2)[0].tolist() for k in range(9)])
        env.close()

    assert episodes[0] == episodes[1]


def test_gymnasiums_own_make_takes_a_url_too(server: ServerManager) -> None:
    env = gymnasium.make("hypertoken/Blackjack-v1", url=server.url)
    here = gymnasium.make("hypertoken/Blackjack-v1")

    assert env.reset(seed=3)[0] == here.reset(seed=3)[0]

    env.close()


def test_make_vec_steps_the_same_rows_on_a_server(server: ServerManager) -> None:
    seen = []
    for url in (None, server.url):
        options: dict[str, Any] = {"url": url, "is_slippery": False}
        envs: Any = hypertoken.make_vec("FrozenLake-v1", 3, **options)
        envs.reset(seed=2)
        seen.append([envs.step(np.array([1, 2, 1]))[0].tolist() for _ in range(5)])
        envs.close()

    assert seen[0] == seen[1]


def test_make_multi_vec_plays_the_same_games_on_a_server(server: ServerManager) -> None:
    rewards, turns = [], []
    for url in (None, server.url):
        envs = hypertoken.make_multi_vec("tic-tac-toe", 3, url=url)
        _, infos = envs.reset(seed=2)
        for _ in range(7):
            choices = envs.acting(infos["action_mask"], infos).argmax(-1)
            _, reward, _, _, infos = envs.step(choices)
            rewards.append(reward.tolist())
            turns.append(infos["turn"].tolist())
        envs.close()

    assert rewards[:7] == rewards[7:]
    assert turns[:7] == turns[7:]


@pytest.mark.parametrize("kind", [hypertoken.aec_env, hypertoken.parallel_env])
def test_pettingzoos_faces_are_dealt_the_same_on_a_server(server: ServerManager, kind: Any) -> None:
    dealt = []
    for url in (None, server.url):
        env = kind("blackjack", agents=3, url=url)
        told = env.reset(seed=5)
        dealt.append(str(told if told is not None else env.last()))
        assert env.possible_agents == ["player_0", "player_1", "player_2"]
        env.close()

    assert dealt[0] == dealt[1]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("make", {"jars": "own.jar"}),
        ("make_vec", {"render_mode": "ansi"}),
        ("make_multi_vec", {"observes_all": True}),
        ("aec_env", {"jars": "own.jar"}),
    ],
)
def test_what_only_this_process_can_do_is_refused_with_a_url(
    kind: str, given: dict[str, Any]
) -> None:
    make: Any = getattr(hypertoken, kind)

    with pytest.raises(BadFieldError, match=r"was refused together with url=; it is for env"):
        make("CartPole", url="ws://127.0.0.1:9", **given)


def test_an_option_the_environment_lacks_is_refused_by_the_server(server: ServerManager) -> None:
    for make in (hypertoken.make, hypertoken.make_vec, hypertoken.aec_env):
        told = []
        for url in (None, server.url):
            with pytest.raises(UnknownOptionError) as refused:
                make("CartPole", url=url, decks=3)
            told.append(str(refused.value))

        assert told[0] == told[1]
        assert told[0].startswith("make() got an unexpected keyword argument 'decks'; ")


def test_a_wrong_value_is_refused_by_the_server_in_the_same_words(server: ServerManager) -> None:
    told = []
    for url in (None, server.url):
        with pytest.raises(BadOptionError) as refused:
            hypertoken.make("blackjack", url=url, decks=99)
        assert not isinstance(refused.value, TypeError)
        told.append(str(refused.value))

    assert told[0] == told[1]
