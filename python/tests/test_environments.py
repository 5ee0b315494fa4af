"""Every environment through every adapter: the frameworks' own checkers, and one digest."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import closing
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers.vector import NormalizeReward, RecordEpisodeStatistics
from stable_baselines3.common.env_checker import check_env as check_env_for_sb3

import hypertoken
from hypertoken import (
    HyperTokenAECEnv,
    HyperTokenAsyncClient,
    HyperTokenClient,
    HyperTokenGymEnv,
    HyperTokenParallelEnv,
    HyperTokenVectorEnv,
    ServerManager,
    WebSocketBatch,
    WebSocketTransport,
)
from hypertoken.engine.session import Opening, Session
from hypertoken.errors import (
    BadActionError,
    BadFieldError,
    BadOptionError,
    EpisodeOverError,
    IllegalActionError,
    NotResetError,
    UnknownEnvironmentError,
)
from hypertoken.options import AutoresetName
from hypertoken.remote.commands import finite_bounds
from hypertoken.testing.paths import digest_via
from tests.pettingzoo_checks import check_aec, check_parallel, check_rendering
from tests.playthroughs import PLAYTHROUGHS

pytestmark = pytest.mark.server
Environments = dict[str, dict[str, Any]]
SEVERAL = sorted({playthrough.env for playthrough in PLAYTHROUGHS if playthrough.agents > 1})
SINGLE = sorted({playthrough.env for playthrough in PLAYTHROUGHS if playthrough.agents == 1})
OPTIONS: dict[str, dict[str, Any]] = {"casino-blackjack": {"agents": 3}}
MODES = ["NextStep", "SameStep", "Disabled"]


def opener(cls: Callable[..., Any], server: ServerManager, name: str) -> Callable[..., Any]:
    return lambda **how: cls(server.url, env=name, options=OPTIONS.get(name), **how)


def test_the_lists_here_are_what_the_server_hosts(environments: Environments) -> None:
    several = [name for name, info in environments.items() if len(info["possible_agents"]) > 1]
    single = [name for name, info in environments.items() if len(info["possible_agents"]) == 1]

    assert sorted({*several, "casino-blackjack"}) == SEVERAL
    assert sorted(single) == SINGLE


@pytest.mark.parametrize("name", SEVERAL)
def test_pettingzoos_aec_tests_pass(name: str, server: ServerManager) -> None:
    check_aec(opener(HyperTokenAECEnv, server, name), cycles=20)


@pytest.mark.parametrize("name", SEVERAL)
def test_pettingzoos_parallel_test_passes(name: str, server: ServerManager) -> None:
    check_parallel(opener(HyperTokenParallelEnv, server, name), cycles=100)


@pytest.mark.parametrize("name", SEVERAL)
def test_pettingzoos_render_test_passes(
    name: str, server: ServerManager, capsys: pytest.CaptureFixture[str]
) -> None:
    check_rendering(opener(HyperTokenAECEnv, server, name))

    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", SINGLE)
def test_gymnasiums_and_sb3s_checkers_pass(name: str, server: ServerManager) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for check in (check_env, check_env_for_sb3):
            with closing(HyperTokenGymEnv(server.url, env=name)) as env:
                check(env)


@pytest.mark.parametrize("name", SEVERAL)
def test_a_seat_among_others_is_a_gymnasium_environment(name: str, server: ServerManager) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with closing(opener(HyperTokenGymEnv, server, name)(agent="player_1")) as env:
            check_env(env, skip_render_check=True)


# --- The vector, against Gymnasium's own on the same environments ---


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", SINGLE)
def test_the_vector_does_what_gymnasiums_sync_vector_does(
    name: str, mode: AutoresetName, server: ServerManager
) -> None:
    ours = HyperTokenVectorEnv(server.url, 3, env=name, autoreset_mode=mode)
    theirs = gymnasium.vector.SyncVectorEnv(
        [lambda: HyperTokenGymEnv(server.url, env=name)] * 3, autoreset_mode=mode
    )
    ours.action_space.seed(1)
    over = np.zeros(3, dtype=np.bool_)

    assert ours.observation_space == theirs.observation_space
    assert ours.metadata["autoreset_mode"] == theirs.metadata["autoreset_mode"]
    assert_same(ours.reset(seed=5), theirs.reset(seed=5))
    for _ in range(60):
        if mode == "Disabled" and over.any():
            assert_same(
                ours.reset(options={"reset_mask": over.copy()}),
                theirs.reset(options={"reset_mask": over.copy()}),
                rows=over,
            )
        action = ours.action_space.sample()
        mine, expected = ours.step(action), theirs.step(action)
        assert_same(mine, expected)
        over = mine[2] | mine[3]
    ours.close()
    theirs.close()


def assert_same(mine: Any, expected: Any, rows: Any = None) -> None:
    """Equal in structure and value; with `rows`, infos and masks count in these rows only."""
    if isinstance(expected, dict):
        assert mine.keys() == expected.keys()
        for key in expected:
            assert_same(mine[key], expected[key], rows)
    elif isinstance(expected, tuple) and isinstance(mine, np.ndarray):
        np.testing.assert_array_equal(mine, np.concatenate(expected))  # a vector's mask is flat
    elif isinstance(expected, tuple):
        assert len(mine) == len(expected)
        for part, wanted in zip(mine, expected, strict=True):
            assert_same(part, wanted, rows)
    elif isinstance(expected, np.ndarray) and expected.dtype == object:
        for part, wanted in zip(mine, expected, strict=True):
            assert_same(part, wanted, rows)
    elif isinstance(expected, np.ndarray):
        if mine.dtype == np.float64 and expected.dtype == np.int64:
            # Gymnasium takes an info's type from its first row and cuts off the others' fractions.
            mine = mine.astype(np.int64)
        assert mine.dtype == expected.dtype
        np.testing.assert_array_equal(mine, expected)
    elif expected is None and isinstance(mine, np.ndarray):
        assert not mine.any()  # a row that was told nothing
    elif isinstance(expected, list):
        assert list(mine) == expected
    else:
        assert mine == expected


@pytest.mark.parametrize("mode", MODES[:2])
def test_gymnasiums_vector_wrappers_work(mode: AutoresetName, server: ServerManager) -> None:
    envs = HyperTokenVectorEnv(server.url, 8, env="CartPole-v1", autoreset_mode=mode)
    wrapped = NormalizeReward(RecordEpisodeStatistics(envs))
    wrapped.reset(seed=1)
    wrapped.action_space.seed(1)
    lengths = []

    for _ in range(120):
        _, _, terminated, truncated, infos = wrapped.step(wrapped.action_space.sample())
        over = terminated | truncated
        if over.any():
            lengths += infos["episode"]["l"][over].tolist()

    assert len(lengths) > 20
    assert 8 < np.mean(lengths) < 60  # random CartPole balances for some 22 steps
    wrapped.close()


def test_vector_actions_outside_the_space_move_no_row(server: ServerManager) -> None:
    with closing(HyperTokenVectorEnv(server.url, 2, env="CartPole-v1")) as envs:
        envs.reset(seed=1)
        with pytest.raises(BadActionError):
            envs.step(np.array([0, 2]))
        first = envs.step(np.array([0, 1]))[0]
        envs.reset(seed=1)

        np.testing.assert_array_equal(envs.step(np.array([0, 1]))[0], first)


def test_a_vector_of_several_agents_is_refused(server: ServerManager) -> None:
    with pytest.raises(ValueError, match="connect-four with 2 agents was refused"):
        HyperTokenVectorEnv(server.url, 2, env="connect-four")


# --- Refusals and masks through the adapters ---


def test_a_masked_action_is_replaced_by_the_fallback_and_the_info_says_so(
    server: ServerManager,
) -> None:
    with closing(HyperTokenGymEnv(server.url, env="blackjack")) as env:
        env.reset(seed=2)  # no ace shows, so the fallback, standing, ends the round
        illegal = int(np.flatnonzero(~env.action_masks())[0])

        _, _, terminated, _, info = env.step(illegal)

        assert (info["illegal_action"], info["played"]) == (True, 1)
        assert terminated


def test_a_masked_action_is_refused_in_a_strict_session_and_nothing_moves(
    server: ServerManager,
) -> None:
    with closing(HyperTokenAECEnv(server.url, env="blackjack", illegal="strict")) as env:
        env.reset(seed=2)  # no ace shows, so standing ends the round
        before, mask = env.last()[0].tolist(), env.action_mask()
        assert mask is not None

        with pytest.raises(IllegalActionError):
            env.step(int(np.flatnonzero(~mask)[0]))

        assert env.transport.observe("player_0").tolist() == before
        env.step(1)
        assert env.terminations["player_0"]


def test_the_servers_refusals_arrive_as_their_classes(server: ServerManager) -> None:
    with HyperTokenClient(server.url) as client:
        with pytest.raises(NotResetError):
            client.step(0)
        with pytest.raises(BadOptionError):
            client.reset(options={"colour": "red"})
        with pytest.raises(UnknownEnvironmentError, match="casino-blackjack"):
            client.open("casino-blackjak")
        client.reset(seed=1)
        with pytest.raises(BadActionError):
            client.step(5)
        while client.agents():
            client.step(None if client.last()["terminated"] else 1)
        with pytest.raises(EpisodeOverError):
            client.step(1)


def test_a_new_connection_resumes_a_session_where_it_stood(server: ServerManager) -> None:
    client = HyperTokenClient(server.url).connect()
    client.open("connect-four")
    client.reset(seed=1)
    client.step(3)
    client.disconnect()

    with HyperTokenClient(f"{server.url}/?session={client.session}") as second:
        assert second.agent_selection() == "player_1"
        assert second.step(3)["at"] == 3


def test_snapshots_and_digests_travel(server: ServerManager) -> None:
    with HyperTokenClient(server.url) as client:
        client.open("connect-four", digest=True)
        client.reset(seed=1)
        snapshot, seen = client.state(), client.observe("player_0")
        client.step(3)
        told = client.digest()
        client.restore(snapshot)

        assert client.observe("player_0") == seen
        assert (len(told["digest"]), told["steps"]) == (64, 1)


def test_the_servers_own_digest_is_the_one_computed_here(server: ServerManager) -> None:
    from hypertoken.testing.digest import Script

    with HyperTokenClient(server.url) as client:
        client.open("connect-four", digest=True)
        script = Script(9)
        turn = client.reset_turn(9)
        for _ in range(50):
            if not turn["agents"]:
                turn = client.reset_turn()
            space = gymnasium.spaces.Discrete(7)
            turn = client.step_turn(script.action(space, turn["info"]["action_mask"]))
        told = client.digest()["digest"]

    assert told == digest_via("aec", server.url, "connect-four", seed=9, steps=50)


def test_the_asyncio_client_plays_a_round(server: ServerManager) -> None:
    import asyncio

    async def play() -> dict[str, float]:
        async with HyperTokenAsyncClient(f"{server.url}/?env=blackjack&agents=2") as client:
            await client.reset(seed=4)
            while await client.agents():
                last = await client.last()
                await client.step(None if last["terminated"] else 1)
            return await client.rewards()

    assert asyncio.run(play()).keys() <= {"player_0", "player_1"}


def test_every_seats_chips_are_told_when_the_round_is_over(table_of_three: ServerManager) -> None:
    with closing(HyperTokenAECEnv(table_of_three.url)) as env:
        env.reset(seed=42)
        settled = {}
        for agent in env.agent_iter():
            _, settled[agent], terminated, truncated, _ = env.last()
            env.step(None if terminated or truncated else 1)

        assert env.rewards() == settled
        assert 0 not in settled.values(), "every seat has won or lost something"


@pytest.mark.parametrize("name", sorted({*SEVERAL, *SINGLE}))
def test_an_environment_is_described_the_same_here_and_over_the_wire(
    name: str, environments: Environments
) -> None:
    here = dict(Session(Opening(name, {})).description.info)
    there = dict(environments[name])

    for spaces in ("observation_spaces", "action_spaces"):
        here[spaces] = {a: finite_bounds(space) for a, space in here[spaces].items()}
    of_a_connection = {"protocol", "server", "session", "num_envs", "seed"}
    assert here.keys() - {"layout"} == there.keys() - of_a_connection
    assert {key: there[key] for key in here if key != "layout"} == {
        key: value for key, value in here.items() if key != "layout"
    }
    options = {name for name, _ in (*here["env_options"].items(), *here["episode_options"].items())}
    assert options == Session(Opening(name, {})).options


def test_options_alone_are_of_the_servers_own_environment(table_of_three: ServerManager) -> None:
    with closing(WebSocketTransport(table_of_three.url, options={"agents": 2})) as transport:
        assert transport.possible_agents == ["player_0", "player_1"]
        assert transport.info["env_options"]["decks"] == 6, "as the server was started"


def test_a_refused_option_of_a_batch_is_not_kept(server: ServerManager) -> None:
    with closing(WebSocketBatch(server.url, "blackjack", 2)) as batch:
        with pytest.raises(BadOptionError):
            batch.reset(1, options={"decks": 99})

        batch.reset(1, options={"agents": 2})

        assert batch.possible_agents == ["player_0", "player_1"]


@pytest.mark.parametrize("make", [HyperTokenVectorEnv, hypertoken.make_vec])
def test_a_mistyped_autoreset_mode_is_answered_with_those_there_are(
    make: Callable[..., Any], server: ServerManager
) -> None:
    source = server.url if make is HyperTokenVectorEnv else "CartPole"

    with pytest.raises(BadFieldError) as refused:
        make(source, 2, autoreset_mode="same")

    assert str(refused.value) == (
        "autoreset_mode='same' was refused; it is one of "
        '"NextStep", "SameStep", "Disabled"; pass one of these'
    )


OPENED: list[tuple[str, dict[str, Any]]] = [("CartPole-v1", {}), ("blackjack", {"decks": 2})]


def test_options_that_shape_and_options_of_an_episode_are_told_apart(server: ServerManager) -> None:
    infos = []
    with HyperTokenClient(server.url) as client:
        for name, asked in OPENED:
            client.open(name, options=asked)
            here = Session(Opening(name, asked)).description.info
            infos += [
                (info["env_options"], info["episode_options"]) for info in (client.env_info(), here)
            ]

    assert infos[0] == infos[1] == ({"sutton_barto_reward": False}, {"low": -0.05, "high": 0.05})
    assert infos[2] == infos[3]
    assert infos[2][0]["decks"] == 2
    assert infos[2][1] == {}


def test_an_option_of_one_episode_reaches_a_batch_and_does_not_stay(server: ServerManager) -> None:
    with closing(WebSocketBatch(server.url, "CartPole-v1", 4)) as batch:
        narrow = batch.reset(1, options={"low": 0.01, "high": 0.01})["observation"]
        usual = batch.reset(1)["observation"]

    assert (narrow == np.float32(0.01)).all()
    assert not (usual == np.float32(0.01)).any()


def test_episode_options_reach_a_batch(server: ServerManager) -> None:
    with closing(WebSocketBatch(server.url, "blackjack", 4)) as batch:
        batch.reset(1, options={"rounds": 3})
        batch.actions["action"][...] = 1
        ended = [bool(batch.step()["terminated"].any()) for _ in range(3)]

    assert ended[0] is False


def test_a_seat_behind_a_server_is_drawn_no_more_than_it_may_know(server: ServerManager) -> None:
    how: dict[str, Any] = {"env": "blackjack", "options": {"agents": 3}, "render_mode": "ansi"}
    with (
        closing(HyperTokenGymEnv(server.url, agent="player_0", **how)) as seat,
        closing(HyperTokenAECEnv(server.url, **how)) as table,
    ):
        seat.reset(seed=1)
        table.reset(seed=1)

        assert str(seat.render()).splitlines()[0].endswith(" ??")
        assert not str(table.render()).splitlines()[0].endswith(" ??")
