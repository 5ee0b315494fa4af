"""Actions that a mask forbids are told alike: here, over the wire, in vectors and alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import hypertoken
from hypertoken import HyperTokenAECEnv, HyperTokenParallelEnv, HyperTokenVectorEnv, ServerManager
from hypertoken.envs.infos import per_row
from hypertoken.options import Illegal

pytestmark = pytest.mark.server
ROWS, SEED, STEPS, EPISODES = 6, 11, 80, 40
MODES = list(AutoresetMode)
POLICIES = ["fallback", "terminate"]


@pytest.fixture(scope="module")
def url(own_jar: str) -> Iterator[str]:
    with ServerManager("blackjack", arguments=["--jar", own_jar]) as running:
        yield running.url


def plain(value: Any) -> Any:
    """What a vector and a single environment tell of the same, in Python's own types."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return [plain(part) for part in value] if isinstance(value, (tuple, list)) else value


def rows_of(infos: dict[str, Any]) -> list[dict[str, Any]]:
    """One dict a row; a mask is flat, where a single environment splits it as its space is."""
    rows = [plain(row) for row in per_row(infos, ROWS, frozenset())]
    for info in (*rows, *(row.get("final_info", {}) for row in rows)):
        mask = info.get("action_mask", [0])
        if isinstance(mask[0], list):
            info["action_mask"] = [flag for part in mask for flag in part]
    return rows


@pytest.mark.parametrize("illegal", POLICIES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("id", ["casino-blackjack", "dials"])
def test_vectors_tell_of_them_as_gymnasium_makes_of_single_environments(
    id: str, mode: AutoresetMode, illegal: Illegal, url: str, own_jar: str
) -> None:
    here = hypertoken.make_vec(id, ROWS, autoreset_mode=mode, illegal=illegal, jars=own_jar)
    there = HyperTokenVectorEnv(url, ROWS, env=id, autoreset_mode=mode, illegal=illegal)
    alone = SyncVectorEnv(
        [lambda: hypertoken.make(id, illegal=illegal, jars=own_jar)] * ROWS, autoreset_mode=mode
    )
    vectors: list[Any] = [here, there, alone]
    here.action_space.seed(SEED)
    told, finally_told, replaced = 0, 0, 0

    for envs in vectors:
        envs.reset(seed=SEED)
    for _ in range(STEPS):
        actions = here.action_space.sample()
        mine, same, expected = (envs.step(actions) for envs in vectors)
        infos = mine[4]

        assert data_equivalence(mine, same, exact=True), (mine, same)
        assert data_equivalence(mine[:4], expected[:4], exact=True)
        assert sorted(infos) == sorted(expected[4])
        assert rows_of(infos) == rows_of(expected[4])
        told += int(infos.get("_illegal_action", np.zeros(1)).sum())
        replaced += int(infos.get("_played", np.zeros(1)).sum())
        finally_told += int(infos.get("final_info", {}).get("_illegal_action", np.zeros(1)).sum())
        over = mine[2] | mine[3]
        if mode is AutoresetMode.DISABLED and over.any():
            for envs in vectors:
                envs.reset(options={"reset_mask": over.copy()})
    for envs in vectors:
        envs.close()

    same_step = mode is AutoresetMode.SAME_STEP
    assert told + finally_told > ROWS
    assert (replaced > 0) == (illegal == "fallback")
    assert (finally_told > 0) == same_step
    if illegal == "terminate" and same_step:
        assert told == 0, "it ended the episode, so it is final info"


def test_only_the_rows_told_of_have_values() -> None:
    envs = hypertoken.make_vec("casino-blackjack", 64, autoreset_mode="SameStep")
    envs.action_space.seed(SEED)
    envs.reset(seed=SEED)
    seen = set()

    for _ in range(STEPS):
        infos = envs.step(envs.action_space.sample())[4]
        for part in (infos, infos.get("final_info", {})):
            if "played" in part:
                seen.add(part is infos)
                assert not part["played"][~part["_played"]].any()
                assert part["played"].dtype == np.int64
                assert part["illegal_action"].dtype == np.bool_
    envs.close()

    assert seen == {True, False}


@pytest.mark.parametrize("illegal", POLICIES)
def test_legacy_final_infos_have_what_was_told_last(illegal: Illegal, url: str) -> None:
    asked: dict[str, Any] = {
        "autoreset_mode": "SameStep",
        "illegal": illegal,
        "legacy_final_info": True,
    }
    here = hypertoken.make_vec("casino-blackjack", ROWS, **asked)
    there = HyperTokenVectorEnv(url, ROWS, env="casino-blackjack", **asked)
    here.action_space.seed(SEED)
    told = []

    for envs in (here, there):
        envs.reset(seed=SEED)
    for _ in range(STEPS):
        actions = here.action_space.sample()
        mine, same = here.step(actions)[4], there.step(actions)[4]

        assert data_equivalence(mine, same, exact=True), (mine, same)
        told += [info for info in mine.get("final_info", ()) if info and "illegal_action" in info]
    here.close()
    there.close()

    assert told
    for info in told:
        assert info["illegal_action"] is True
        assert ("played" in info) == (illegal == "fallback")
        assert {"action_mask", "episode"} <= info.keys()


def any_action(space: Any, random: np.random.Generator) -> int:
    return int(space.start + random.integers(space.n))


@pytest.mark.parametrize("illegal", POLICIES)
@pytest.mark.parametrize("id", ["casino-blackjack", "auction", "duel"])
def test_a_turn_tells_the_same_here_and_over_the_wire(
    id: str, illegal: Illegal, url: str, own_jar: str
) -> None:
    options: dict[str, Any] = {"agents": 3} if id == "casino-blackjack" else {}
    here = hypertoken.aec_env(id, illegal=illegal, jars=own_jar, **options)
    there = HyperTokenAECEnv(url, env=id, illegal=illegal, options=options)
    random, told = np.random.default_rng(SEED), 0

    for episode in range(EPISODES):
        here.reset(seed=episode)
        there.reset(seed=episode)
        for agent in here.agent_iter():
            mine, same = here.last(), there.last()
            assert there.agent_selection == agent
            assert plain(mine) == plain(same)
            told += "illegal_action" in mine[4]
            ended = mine[2] or mine[3]
            action = None if ended else any_action(here.action_space(agent), random)
            here.step(action)
            there.step(action)
    here.close()
    there.close()

    assert told > 2


@pytest.mark.parametrize("illegal", POLICIES)
@pytest.mark.parametrize("id", ["casino-blackjack", "auction", "duel"])
def test_a_step_of_all_tells_the_same_here_and_over_the_wire(
    id: str, illegal: Illegal, url: str, own_jar: str
) -> None:
    options: dict[str, Any] = {"agents": 3} if id == "casino-blackjack" else {}
    here = hypertoken.parallel_env(id, illegal=illegal, jars=own_jar, **options)
    there = HyperTokenParallelEnv(url, env=id, illegal=illegal, options=options)
    random, told = np.random.default_rng(SEED), 0

    for episode in range(EPISODES):
        assert plain(here.reset(seed=episode)) == plain(there.reset(seed=episode))
        while here.agents:
            actions = {a: any_action(here.action_space(a), random) for a in here.agents}
            mine, same = here.step(actions), there.step(actions)
            assert plain(mine) == plain(same)
            told += sum("illegal_action" in info for info in mine[4].values())
    here.close()
    there.close()

    assert told > 2


@pytest.mark.parametrize("copy", [True, False])
@pytest.mark.parametrize("illegal", POLICIES)
def test_rows_of_several_agents_tell_it_by_columns(
    illegal: Illegal, copy: bool, own_jar: str
) -> None:
    envs = hypertoken.make_multi_vec("auction", 32, illegal=illegal, jars=own_jar, copy=copy)
    random, told, beside = np.random.default_rng(SEED), 0, 0

    _, infos = envs.reset(seed=SEED)
    for _ in range(STEPS):
        masks, turns = infos["action_mask"].copy(), infos["turn"].copy()
        actions = random.integers(3, size=32)
        forbidden = (turns >= 0) & (masks[np.arange(32), np.maximum(turns, 0), actions] == 0)
        infos = envs.step(actions)[4]

        whose = np.zeros((32, 3), dtype=np.bool_)
        whose[np.flatnonzero(forbidden), turns[forbidden]] = True
        assert infos["illegal_action"].dtype == np.bool_
        assert np.array_equal(infos["illegal_action"], whose)
        assert set(infos["played"][whose].tolist()) <= ({1} if illegal == "fallback" else {0})
        assert not infos["played"][~whose].any()
        told += int(whose.sum())
        for by_agent in infos.get("told", {}).values():
            beside += 1
            assert all(info.keys() == {"left_at"} for info in by_agent.values())
    envs.close()

    assert told > 32
    assert beside > 32


def test_sb3_hears_of_them_as_of_single_environments() -> None:
    sb3 = pytest.importorskip("hypertoken.sb3")
    from stable_baselines3.common.vec_env import DummyVecEnv

    ours = sb3.make_vec_env("casino-blackjack", ROWS, seed=7)
    theirs: Any = DummyVecEnv([lambda: hypertoken.make("casino-blackjack")] * ROWS)
    theirs.seed(7)
    random, told = np.random.default_rng(1), 0

    ours.reset()
    theirs.reset()
    for _ in range(STEPS):
        actions = random.integers(5, size=ROWS)
        mine, expected = ours.step(actions)[3], theirs.step(actions)[3]
        for info, same in zip(mine, expected, strict=True):
            kept = {k: v for k, v in info.items() if k not in ("action_mask", "episode")}
            wanted = {k: v for k, v in same.items() if k not in ("action_mask", "episode")}
            assert data_equivalence(kept, wanted), (kept, wanted)
            told += "illegal_action" in info
    ours.close()

    assert told > ROWS


def test_puffers_vector_hears_of_them() -> None:
    from hypertoken.puffer import PyVecEnv

    envs = PyVecEnv(ROWS, "casino-blackjack")
    envs.reset(seed=SEED)

    infos = envs.step(np.full(ROWS, 3.0))[3]

    assert infos["final_info"]["illegal_action"].any() or infos["illegal_action"].any()
    envs.close()


def test_one_that_is_refused_moves_no_row(url: str) -> None:
    here = hypertoken.make_vec("casino-blackjack", ROWS, illegal="strict")
    there = HyperTokenVectorEnv(url, ROWS, env="casino-blackjack", illegal="strict")
    said = []

    for envs in (here, there):
        with closing(envs):
            _, infos = envs.reset(seed=SEED)
            legal = infos["action_mask"].argmax(axis=1)
            actions = legal.copy()
            actions[2] = int(np.flatnonzero(infos["action_mask"][2] == 0)[0])
            with pytest.raises(hypertoken.HyperTokenError) as refused:
                envs.step(actions)
            said.append((refused.value.code, str(refused.value), plain(envs.step(legal))))

    assert said[0][0] == "illegal_action"
    assert said[0] == said[1]
