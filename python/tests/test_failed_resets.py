"""A row that cannot be reset is told of and tried again; nothing is refused after rows moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector import AutoresetMode

import hypertoken
from hypertoken import HyperTokenAECEnv, HyperTokenGymEnv, HyperTokenVectorEnv, ServerManager
from hypertoken.errors import EnvironmentFailedError, EpisodeOverError, NotResetError
from hypertoken.options import AutoresetName

pytestmark = pytest.mark.server
WAIT, LEAVE, SLAM = 0, 1, 2
ODD, LOCKED = "java.lang.IllegalStateException: odd", "java.lang.IllegalStateException: locked"


@pytest.fixture(scope="module")
def url(own_jar: str) -> Iterator[str]:
    with ServerManager("blackjack", arguments=["--jar", own_jar]) as running:
        yield running.url


@pytest.fixture(params=["here", "there"])
def doors(request: pytest.FixtureRequest, url: str, own_jar: str) -> Any:
    """Makes three doors, in this process or behind a server."""

    def make(mode: AutoresetMode | AutoresetName, **more: Any) -> Any:
        if request.param == "here":
            return hypertoken.make_vec("door", 3, autoreset_mode=mode, jars=own_jar, **more)
        return HyperTokenVectorEnv(url, 3, env="door", autoreset_mode=mode, **more)

    return make


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_vectors_tell_of_it_alike_here_and_over_the_wire(
    mode: AutoresetMode, url: str, own_jar: str
) -> None:
    here = hypertoken.make_vec("door", 6, autoreset_mode=mode, jars=own_jar)
    there = HyperTokenVectorEnv(url, 6, env="door", autoreset_mode=mode)
    random, failed = np.random.default_rng(3), 0
    seeds: list[int | None] = [2, 4, 1, 6, 8, 10]

    mine, same = here.reset(seed=seeds), there.reset(seed=seeds)

    assert mine[0].tolist() == [1, 1, 0, 1, 1, 1]
    assert mine[1]["environment_failed"].tolist() == [None, None, ODD, None, None, None]
    assert mine[1]["action_mask"][2].tolist() == [0, 0, 0]
    assert data_equivalence(mine, same, exact=True), (mine, same)
    for _ in range(60):
        actions = random.choice(3, size=6, p=[0.7, 0.15, 0.15])
        told, heard = here.step(actions), there.step(actions)
        assert data_equivalence(told, heard, exact=True), (told, heard)
        failed += LOCKED in told[4].get("environment_failed", [])
    here.close()
    there.close()

    assert failed > 3


def test_the_next_step_tries_again(doors: Any) -> None:
    with closing(doors("NextStep")) as envs:
        envs.reset(seed=[0, 2, 4])
        envs.step(np.array([WAIT] * 3))
        assert envs.step(np.array([SLAM, WAIT, WAIT]))[2].tolist() == [True, False, False]

        seen, rewards, over, cut, infos = envs.step(np.array([WAIT] * 3))
        again = envs.step(np.array([SLAM, WAIT, WAIT]))

    assert seen.tolist() == [0, 4, 4]
    assert rewards.tolist() == [0, 1, 1]
    assert not (over | cut).any()
    assert infos["environment_failed"].tolist() == [LOCKED, None, None]
    assert infos["_environment_failed"].tolist() == [True, False, False]
    assert again[0].tolist() == [1, 5, 5], "its action was not read"
    assert "environment_failed" not in again[4]


def test_a_failed_reset_in_the_same_step_is_no_final_info(doors: Any) -> None:
    with closing(doors("SameStep", legacy_final_info=True)) as envs:
        envs.reset(seed=[0, 2, 4])
        envs.step(np.array([WAIT] * 3))

        seen, _, over, _, infos = envs.step(np.array([SLAM, WAIT, WAIT]))
        again = envs.step(np.array([WAIT] * 3))

    assert seen.tolist() == [0, 3, 3]
    assert over.tolist() == [True, False, False]
    assert infos["environment_failed"].tolist() == [LOCKED, None, None]
    assert infos["final_obs"][0] == 3
    assert infos["final_info"][0]["episode"] == {"r": 2.0, "l": 2}
    assert "environment_failed" not in infos["final_info"][0]
    assert again[0].tolist() == [1, 4, 4]
    assert "final_info" not in again[4]


def test_without_autoreset_its_caller_tries_again(doors: Any) -> None:
    with closing(doors("Disabled")) as envs:
        _, infos = envs.reset(seed=[0, 1, 2])
        with pytest.raises(NotResetError):
            envs.step(np.array([WAIT] * 3))
        row = np.array([False, True, False])

        seen, told = envs.reset(seed=[None, 4, None], options={"reset_mask": row})

        assert infos["environment_failed"].tolist() == [None, ODD, None]
        assert "environment_failed" not in told
        assert seen[1] == 1
        assert envs.step(np.array([WAIT] * 3))[0].tolist() == [2, 2, 2]


def test_it_is_refused_only_when_no_row_can_be_reset(doors: Any) -> None:
    with closing(doors("NextStep")) as envs:
        envs.reset(seed=[0, 2, 4])

        with pytest.raises(EnvironmentFailedError) as failed:
            envs.reset(seed=[1, 3, 5])

        assert str(failed.value) == (
            f"row 2 of door v1 cannot be reset ({ODD}); a fresh copy failed like the one before; "
            "mend the environment, then reset it again"
        )
        with pytest.raises(NotResetError):
            envs.step(np.array([WAIT] * 3))
        assert envs.reset(seed=[0, 2, 4])[0].tolist() == [1, 1, 1]


def test_one_row_is_refused_and_can_be_reset_again(url: str, own_jar: str) -> None:
    made: list[Any] = [
        hypertoken.make("door", jars=own_jar),
        HyperTokenGymEnv(url, env="door"),
    ]
    for env in made:
        with closing(env):
            env.reset(seed=0)
            with pytest.raises(EnvironmentFailedError):
                env.reset(seed=1)
            with pytest.raises((NotResetError, EpisodeOverError)):
                env.step(WAIT)
            assert env.reset(seed=2)[0] == 1
            assert env.step(WAIT)[0] == 2


def test_turns_are_refused_and_can_be_reset_again(url: str, own_jar: str) -> None:
    made: list[Any] = [
        hypertoken.aec_env("door", jars=own_jar),
        HyperTokenAECEnv(url, env="door"),
    ]
    for env in made:
        with closing(env):
            env.reset(seed=0)
            with pytest.raises(EnvironmentFailedError):
                env.reset(seed=1)
            with pytest.raises((NotResetError, EpisodeOverError)):
                env.step(WAIT)
            env.reset(seed=2)
            env.step(WAIT)
            assert env.last()[0] == 2


def test_sb3_counts_no_step_that_only_tried_to_reset(doors: Any) -> None:
    sb3 = pytest.importorskip("hypertoken.sb3")
    envs = sb3.HyperTokenVecEnv(doors("SameStep"))
    envs._seeds = [0, 2, 1]
    envs.reset()
    for _ in range(2):
        envs.step(np.array([WAIT] * 3))

    ended = envs.step(np.array([SLAM, LEAVE, WAIT]))[3]
    for _ in range(3):
        envs.step(np.array([WAIT] * 3))
    later = envs.step(np.array([LEAVE] * 3))[3]
    envs.close()

    assert [info["episode"] for info in ended[:2]] == [{"r": 3.0, "l": 3}] * 2
    assert [info["episode"] for info in later[:2]] == [{"r": 3.0, "l": 3}, {"r": 4.0, "l": 4}]
