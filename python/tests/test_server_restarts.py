"""A server that was restarted has lost its sessions: a face's user is told to reset, and can."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import hypertoken
from hypertoken import (
    HyperTokenGymEnv,
    HyperTokenVectorEnv,
    ServerManager,
    WebSocketTransport,
)
from hypertoken.errors import (
    ConnectionFailedError,
    EpisodeOverError,
    HyperTokenError,
    UnknownSessionError,
)

pytestmark = pytest.mark.server

Face = tuple[Callable[..., Any], str, tuple[int, ...], Any]
FACES: dict[str, Face] = {
    "make": (hypertoken.make, "CartPole", (), 0),
    "make_vec": (hypertoken.make_vec, "CartPole", (2,), np.zeros(2, int)),
    "make_multi_vec": (hypertoken.make_multi_vec, "tic-tac-toe", (2,), np.zeros(2, int)),
    "aec_env": (hypertoken.aec_env, "tic-tac-toe", (), 0),
    "parallel_env": (hypertoken.parallel_env, "tic-tac-toe", (), {"player_1": 0, "player_2": 0}),
}


@pytest.fixture(scope="module")
def own_server() -> Iterator[ServerManager]:
    with ServerManager("CartPole") as running:
        yield running


def restart(server: ServerManager) -> None:
    server.stop()
    server.start()  # on the port that it had


def test_after_a_restart_every_face_says_to_reset_and_then_goes_on(
    own_server: ServerManager,
) -> None:
    made = {
        name: kind(id, *rows, url=own_server.url) for name, (kind, id, rows, _) in FACES.items()
    }
    for env in made.values():
        env.reset(seed=1)

    restart(own_server)

    for name, env in made.items():
        kind, id, rows, action = FACES[name]
        with pytest.raises(UnknownSessionError) as lost:
            env.step(action)
        episode = (
            "the episode"
            if name not in ("make_vec", "make_multi_vec")
            else ("the episodes of all 2 rows")
        )
        assert str(lost.value).startswith("there is no session ")
        assert str(lost.value).endswith(
            f"; it was closed, or belongs to another server; {episode} of {env_name(env)} cannot "
            "go on: call reset() to begin anew, when the server is there"
        )
        with pytest.raises(HyperTokenError, match=r"its connection to ws://.* was lost; .*reset"):
            env.step(action)
        here = kind(id, *rows)
        assert str(env.reset(seed=7)) == str(here.reset(seed=7))
        assert str(env.step(action)) == str(here.step(action))
        env.close()


def env_name(env: Any) -> str:
    return str((getattr(env, "transport", None) or env.batch).name)


def test_a_reset_after_a_restart_begins_anew_and_tells_when_a_seed_is_lost(
    own_server: ServerManager,
) -> None:
    seeded = hypertoken.make("CartPole", url=own_server.url)
    vector = hypertoken.make_vec("FrozenLake-v1", 2, url=own_server.url, is_slippery=False)
    seeded.reset(seed=1)
    vector.reset(seed=1)

    restart(own_server)

    with pytest.warns(RuntimeWarning, match="do not follow from an earlier seed"):
        seeded.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vector.reset(seed=1)
    assert vector.step(np.array([2, 2]))[0].tolist() == [1, 1]  # right, and it does not slip
    seeded.close()
    vector.close()


def test_some_rows_alone_are_not_begun_anew(own_server: ServerManager) -> None:
    vector = hypertoken.make_vec("CartPole", 2, url=own_server.url, autoreset_mode="Disabled")
    vector.reset(seed=1)

    restart(own_server)

    with pytest.raises(UnknownSessionError, match=r"the episodes of all 2 rows of CartPole-v1"):
        vector.reset(options={"reset_mask": np.array([True, False])})
    vector.reset(seed=1)
    vector.reset(options={"reset_mask": np.array([True, False])})
    vector.close()


def test_a_server_that_stays_away_is_waited_for_and_reset_finds_the_next_one(
    own_server: ServerManager,
) -> None:
    transport = WebSocketTransport(own_server.url)
    env = HyperTokenGymEnv(transport)
    env.reset(seed=1)
    own_server.stop()
    transport.client.timeout = 0.2

    for call in (lambda: env.step(0), env.reset):
        with pytest.raises(ConnectionFailedError) as away:
            call()
        assert "connect()" not in str(away.value)
        assert str(away.value).endswith(
            "; the episode of CartPole-v1 cannot go on: call reset() to begin anew, when the "
            "server is there"
        )

    own_server.start()
    transport.client.timeout = 30.0
    assert env.reset(seed=1)[0].shape == (4,)
    env.close()


def test_a_closed_environment_says_so(server: ServerManager) -> None:
    env = hypertoken.make("CartPole", url=server.url)
    vector = HyperTokenVectorEnv(server.url, 2, env="CartPole")
    env.reset(seed=1)
    vector.reset(seed=1)
    env.close()
    vector.batch.close()

    calls: list[Callable[[], Any]] = [
        lambda: env.step(0),
        env.reset,
        lambda: vector.batch.step(),
        lambda: vector.batch.reset(1),
    ]
    for call in calls:
        with pytest.raises(EpisodeOverError) as closed:
            call()
        assert (
            str(closed.value) == "CartPole-v1 cannot be used any more; it was closed; make another"
        )
