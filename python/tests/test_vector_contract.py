"""What Gymnasium's own vectors do with seeds, masks of a reset and render modes, ours do too: in
this process and behind a server.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils import seeding
from gymnasium.vector import SyncVectorEnv

import hypertoken
from hypertoken import HyperTokenGymEnv, HyperTokenVectorEnv, ServerManager, WebSocketBatch
from hypertoken.errors import BadFieldError, BadOptionError

pytestmark = pytest.mark.server

Make = Callable[..., Any]


@pytest.fixture(params=["here", "there"])
def vector(request: pytest.FixtureRequest, server: ServerManager) -> Make:
    """Makes a vector of an environment, in this process or behind a server."""

    def make(id: str, rows: int, mode: Any = "NextStep") -> Any:
        if request.param == "here":
            return hypertoken.make_vec(id, rows, autoreset_mode=mode)
        return HyperTokenVectorEnv(server.url, rows, env=id, autoreset_mode=mode)

    return make


# --- Seeds ---


@pytest.mark.parametrize("seed", [np.int64(3), np.uint8(3), np.array(3), np.int32(3)], ids=repr)
def test_numpys_integers_are_seeds(seed: Any, vector: Make) -> None:
    envs = vector("CartPole-v1", 3)
    theirs = gymnasium.make_vec("CartPole-v1", 3)
    theirs.reset(seed=3)

    expected = envs.reset(seed=3)[0]
    envs.reset(seed=4)
    assert np.array_equal(envs.reset(seed=seed)[0], expected)
    assert envs.np_random_seed == theirs.np_random_seed == 3
    assert type(envs.np_random_seed) is int
    # Gymnasium's own vector has drawn its rows from it already.
    assert envs.np_random.random() == seeding.np_random(3)[0].random()
    envs.close()


@pytest.mark.parametrize("seeds", [[3, 9, 27], [np.int64(3), np.uint16(9), 27]], ids=repr)
@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_a_seed_for_each_row_may_stand_in_a_list_or_an_array(
    kind: Any, seeds: list[Any], vector: Make
) -> None:
    envs = vector("CartPole-v1", 3)
    theirs = SyncVectorEnv([lambda: gymnasium.make("CartPole-v1")] * 3)
    expected, _ = theirs.reset(seed=[3, 9, 27])

    assert np.array_equal(envs.reset(seed=kind(seeds))[0], expected)
    # A vector of Gymnasium's that takes one a row tells one a row.
    assert envs.np_random_seed == theirs.np_random_seed == (3, 9, 27)
    envs.reset(seed=5)
    assert envs.np_random_seed == 5
    envs.reset()
    assert envs.np_random_seed == 5
    envs.close()


def test_a_refused_seed_changes_nothing(vector: Make) -> None:
    envs = vector("CartPole-v1", 2)
    envs.reset(seed=4)
    drawn = envs.np_random.random()
    for seed in (-1, 1.5, True, "4", np.float64(4), [1, 2, 3], [1, np.bool_(True)], 2**53):
        with pytest.raises(BadFieldError):
            envs.reset(seed=seed)

    assert envs.np_random_seed == 4
    again = np.random.Generator(np.random.PCG64(4))
    assert [drawn, envs.np_random.random()] == [again.random(), again.random()]
    envs.close()


def test_numpys_integers_seed_single_environments_too(server: ServerManager) -> None:
    makers: list[Make] = [
        lambda: hypertoken.make("CartPole-v1"),
        lambda: hypertoken.make("casino-blackjack", agents=2),
        lambda: HyperTokenGymEnv(server.url, env="CartPole-v1"),
        lambda: hypertoken.puffer.PyPufferEnv.from_name("CartPole-v1"),
    ]
    for make in makers:
        env = make()
        seeded = env.reset(seed=3)[0].tolist()
        assert env.reset(seed=np.int64(3))[0].tolist() == seeded
        assert env.np_random_seed == 3
        env.close()


# --- Which rows to reset ---

BAD_MASKS = [
    [0.5, 0.2],
    [True, False],
    np.array([0.5, 0.2]),
    np.array([1, 0]),
    np.ones(3, dtype=bool),
    np.ones((2, 1), dtype=bool),
    np.zeros(2, dtype=bool),
    True,
]


def kind_of_error(call: Callable[[], Any]) -> type[Exception]:
    with pytest.raises((TypeError, ValueError), match=r"reset_mask|rows") as refused:
        call()
    return refused.type


@pytest.mark.parametrize("mask", BAD_MASKS, ids=repr)
def test_a_reset_mask_is_refused_where_gymnasiums_vectors_refuse_it(
    mask: Any, server: ServerManager
) -> None:
    theirs = SyncVectorEnv([lambda: gymnasium.make("CartPole-v1")] * 2, autoreset_mode="Disabled")
    expected = kind_of_error(lambda: theirs.reset(options={"reset_mask": mask}))
    ours: list[Any] = [
        hypertoken.make_vec("CartPole-v1", 2, autoreset_mode="Disabled"),
        hypertoken.make_multi_vec("CartPole-v1", 2, autoreset_mode="Disabled"),
        HyperTokenVectorEnv(server.url, 2, env="CartPole-v1", autoreset_mode="Disabled"),
    ]
    for envs in ours:
        envs.reset(seed=1)
        assert kind_of_error(partial(envs.reset, options={"reset_mask": mask})) is expected
        envs.close()
    with_rows = WebSocketBatch(server.url, "CartPole-v1", 2, autoreset="disabled")
    assert kind_of_error(lambda: with_rows.reset(None, mask)) is expected
    with_rows.close()


# --- Options of a reset ---


def test_a_construction_option_in_a_reset_is_refused_and_nothing_changes(vector: Make) -> None:
    envs, same = vector("casino-blackjack", 3), vector("casino-blackjack", 3)
    actions = np.ones(3, dtype=np.int64)
    for each in (envs, same):
        each.reset(seed=1)

    for options in ({"decks": 2}, {"decks": 2, "reset_mask": np.array([True, False, False])}):
        with pytest.raises(BadOptionError) as refused:
            envs.reset(seed=2, options=options)
        assert str(refused.value) == (
            "casino-blackjack refused option decks at reset; it shapes the environment and is "
            "fixed when it is opened; pass it to open"
        )

    assert np.array_equal(envs.step(actions)[0], same.step(actions)[0])
    assert np.array_equal(envs.step(actions)[0], same.step(actions)[0])
    envs.close()
    same.close()


def test_rows_of_several_agents_refuse_a_construction_option_too(server: ServerManager) -> None:
    refusals = []
    for url in (None, server.url):
        tables = hypertoken.make_multi_vec("casino-blackjack", 2, url=url, agents=2)
        with pytest.raises(BadOptionError) as refused:
            tables.reset(seed=1, options={"agents": 3})
        refusals.append(str(refused.value))
        assert tables.reset(seed=1)[1]["alive"].shape == (2, 2)
        tables.close()

    assert refusals[0] == refusals[1]
    assert "refused option agents at reset" in refusals[0]


def test_episode_options_hold_for_the_rows_that_are_reset(vector: Make) -> None:
    envs = vector("CartPole-v1", 3, "Disabled")
    before, _ = envs.reset(seed=1)
    mask = np.array([False, True, False])

    shown, _ = envs.reset(options={"reset_mask": mask, "low": 0.02, "high": 0.02})

    assert shown[1].tolist() == [np.float32(0.02)] * 4
    assert np.array_equal(shown[~mask], before[~mask])
    envs.close()


# --- Drawing for a human ---


def test_render_mode_human_prints_what_gymnasiums_vector_prints(
    own_jar: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def play(envs: Any) -> tuple[str, Any]:
        envs.reset(seed=0)
        for action in (1, 1, 0, 1):
            envs.step(np.full(2, action))
        drawn = envs.render()
        envs.close()
        return capsys.readouterr().out, drawn

    how: dict[str, Any] = {"render_mode": "human", "jars": own_jar}
    theirs = play(SyncVectorEnv([lambda: hypertoken.make("cards", **how)] * 2))
    ours = play(hypertoken.make_vec("cards", 2, **how))

    assert ours == theirs
    assert ours[0].count("sum") == 2 * 6
    assert ours[1] == (None, None)


def test_a_step_that_was_sent_prints_too(own_jar: str, capsys: pytest.CaptureFixture[str]) -> None:
    envs = hypertoken.make_vec("cards", 2, render_mode="human", jars=own_jar)
    envs.reset(seed=0)
    envs.send(np.zeros(2, dtype=np.int64))
    envs.recv()

    assert capsys.readouterr().out.count("sum") == 2 * 2
    envs.close()


def test_a_render_mode_that_cannot_be_is_refused(own_jar: str) -> None:
    with pytest.raises(ValueError, match="render_mode='human' was refused; lever can be drawn as"):
        hypertoken.make_vec("lever", 2, render_mode="human", jars=own_jar)


# --- Names ---


def test_a_vectors_repr_names_its_id_and_its_rows(vector: Make, server: ServerManager) -> None:
    envs = vector("CartPole", 3)
    shown = repr(envs)
    envs.close()

    assert shown == f"{type(envs).__name__}(CartPole-v1, num_envs=3)"
    tables = hypertoken.make_multi_vec("blackjack", 4, agents=2)
    assert repr(tables) == "MultiAgentVectorEnv(casino-blackjack, num_envs=4)"
    with_frames = WebSocketBatch(server.url, "CartPole", 2)
    assert repr(with_frames) == "WebSocketBatch(CartPole-v1, num_envs=2)"
    with_frames.close()
