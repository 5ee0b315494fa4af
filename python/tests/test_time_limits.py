"""`max_episode_steps`, `reward_threshold` and the spec they stand in: as Gymnasium's own ids."""

from __future__ import annotations

import pickle
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.wrappers import TimeLimit

import hypertoken
from hypertoken import ServerManager
from hypertoken.errors import BadFieldError

OURS_TOO = [id for id in hypertoken.list_envs() if id in gymnasium.registry]
PATIENCE = 1_100


def steps(env: Any) -> int:
    """How many steps until an episode that its rules never end is truncated."""
    env.reset(seed=0)
    action = np.zeros(1, np.float32)
    for step in range(1, PATIENCE):
        _, _, terminated, truncated, _ = env.step(action)
        assert not terminated
        if truncated:
            return step
    return PATIENCE


@pytest.mark.parametrize("limit", [400, 3, 1000, 200, -1, None])
def test_a_limit_given_to_gymnasium_counts_as_for_its_own_ids(limit: int | None) -> None:
    ours, theirs = (
        gymnasium.make(id, max_episode_steps=limit)
        for id in ("hypertoken/Pendulum-v1", "Pendulum-v1")
    )

    assert ours.spec is not None
    assert theirs.spec is not None
    assert ours.spec.max_episode_steps == theirs.spec.max_episode_steps
    assert steps(ours) == steps(theirs)
    assert steps(gymnasium.make(ours.spec)) == steps(gymnasium.make(theirs.spec))


@pytest.mark.parametrize("limit", [400, 3, 1000, -1, None])
@pytest.mark.parametrize("mode", ["vector_entry_point", "sync"])
def test_a_limit_given_to_a_vector_counts_too(limit: int | None, mode: str) -> None:
    how: dict[str, Any] = {} if limit is None else {"max_episode_steps": limit}
    envs: Any = gymnasium.make_vec("hypertoken/Pendulum-v1", 2, vectorization_mode=mode, **how)
    envs.reset(seed=0)
    action = np.zeros((2, 1), np.float32)
    step = 1
    while step < PATIENCE and not envs.step(action)[3].any():
        step += 1

    assert step == {None: 200, -1: PATIENCE}.get(limit, limit)
    assert envs.spec.max_episode_steps == 200, "as Gymnasium's make_vec, which keeps it in kwargs"


@pytest.mark.parametrize("rows", [1, 16])
def test_rows_of_a_twin_are_truncated_at_the_limit_given(rows: int) -> None:
    envs = hypertoken.make_vec("CartPole-v1", rows, max_episode_steps=5)
    single = hypertoken.make("CartPole-v1", max_episode_steps=5)
    envs.reset(seed=3)
    single.reset(seed=3)

    for step in range(1, 6):
        truncated = envs.step(np.full(rows, step % 2))[3]
        assert truncated.tolist() == [step == 5] * rows
        assert single.step(step % 2)[3] == (step == 5)


def test_a_limit_reaches_every_maker() -> None:
    table = hypertoken.aec_env("connect-four", max_episode_steps=4)
    table.reset(seed=1)
    turns = 0
    while not any(table.truncations.values()):
        table.step(turns % 7)
        turns += 1
    rows = hypertoken.make_multi_vec("connect-four", 2, max_episode_steps=4)
    together = hypertoken.parallel_env("iterated-prisoners-dilemma", max_episode_steps=2)
    together.reset(seed=1)
    first, second = (together.step(dict.fromkeys(together.possible_agents, 0))[3] for _ in range(2))

    assert turns == 4
    assert not any(first.values())
    assert all(second.values())
    rows.close()


@pytest.mark.server
def test_a_limit_counts_on_a_server_as_in_this_process(server: ServerManager) -> None:
    action = np.zeros((2, 1), np.float32)
    for limit, expected in {None: 200, 3: 3, -1: PATIENCE}.items():
        env: Any = hypertoken.make("Pendulum-v1", url=server.url, max_episode_steps=limit)
        made: Any = gymnasium.make(
            "hypertoken/Pendulum-v1", url=server.url, max_episode_steps=limit
        )
        rows = hypertoken.make_vec("Pendulum-v1", 2, url=server.url, max_episode_steps=limit)
        rows.reset(seed=0)
        step = 1
        while step < PATIENCE and not rows.step(action)[3].any():
            step += 1

        assert steps(env) == steps(made) == step == expected
        assert made.spec.max_episode_steps == {None: 200, -1: None}.get(limit, limit)
        for opened in (env, made, rows):
            opened.close()
    table = hypertoken.aec_env("connect-four", url=server.url, max_episode_steps=2)
    table.reset(seed=1)
    table.step(0)
    table.step(1)

    assert all(table.truncations.values())
    table.close()


@pytest.mark.parametrize("limit", [0, -2, 2.5, True, "many"])
def test_a_limit_that_is_none_is_refused(limit: Any) -> None:
    with pytest.raises(BadFieldError, match="max_episode_steps="):
        hypertoken.make("CartPole", max_episode_steps=limit)


@pytest.mark.parametrize("id", OURS_TOO)
def test_a_registration_says_what_gymnasiums_own_says(id: str) -> None:
    theirs, ours = gymnasium.spec(id), gymnasium.spec(f"hypertoken/{id}")
    made: Any = hypertoken.make(id)

    assert ours.max_episode_steps == theirs.max_episode_steps == made.spec.max_episode_steps
    assert ours.reward_threshold == theirs.reward_threshold == made.spec.reward_threshold
    assert gymnasium.make(f"hypertoken/{id}").spec == ours


def test_a_registration_travels_as_gymnasiums_own() -> None:
    spec = gymnasium.spec("hypertoken/Pendulum-v1")
    plain = EnvSpec.from_json(spec.to_json())
    changed = pickle.loads(pickle.dumps(spec))
    changed.max_episode_steps = 7

    assert pickle.loads(pickle.dumps(spec)) == spec
    assert steps(gymnasium.make(plain)) == 200
    assert steps(gymnasium.make(changed)) == 7
    assert gymnasium.spec("hypertoken/Pendulum-v1").max_episode_steps == 200


def test_the_engine_keeps_the_default_limit_without_a_wrapper() -> None:
    assert not isinstance(gymnasium.make("hypertoken/CartPole-v1"), gymnasium.Wrapper)
    assert isinstance(gymnasium.make("hypertoken/CartPole-v1", max_episode_steps=3), TimeLimit)


def test_what_hypertoken_makes_can_be_made_again_by_its_spec(own_jar: str) -> None:
    env: Any = hypertoken.make("FrozenLake-v1", desc=["SFG"], max_episode_steps=9)
    own: Any = hypertoken.make("cards", jars=own_jar)
    envs = hypertoken.make_vec("CartPole", 3, autoreset_mode="SameStep", max_episode_steps=4)

    again: Any = gymnasium.make(env.spec)
    assert (again.observation_space.n, again.spec.max_episode_steps) == (3, 9)
    assert gymnasium.make(own.spec).reset(seed=5)[0] == own.reset(seed=5)[0]
    assert envs.spec is not None
    rows: Any = gymnasium.make_vec(envs.spec)
    assert (rows.num_envs, rows.autoreset_mode) == (3, envs.autoreset_mode)
    assert envs.spec.max_episode_steps == 4
    rows.reset(seed=1)
    assert [bool(rows.step(np.zeros(3, int))[3].any()) for _ in range(4)] == [False] * 3 + [True]
