"""`hypertoken.make_vec`: Gymnasium's VectorEnv in this process, in each autoreset mode."""

from __future__ import annotations

import copy
import os
import pickle
import signal
import threading
import time
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import vector as wrappers

import hypertoken
from hypertoken.errors import (
    BadActionError,
    BadFieldError,
    BadOptionError,
    BadStepError,
    EpisodeOverError,
)

MODES = list(AutoresetMode)


def sampler(envs: Any, seed: int) -> Any:
    """Draws legal actions of all rows."""
    random = np.random.default_rng(seed)

    def draw(infos: dict[str, Any]) -> Any:
        masks = infos.get("action_mask")
        if masks is None:
            envs.action_space.seed(int(random.integers(1000)))
            return envs.action_space.sample()
        return np.array([random.choice(np.flatnonzero(m)) if m.any() else 0 for m in masks])

    return draw


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "id", ["CartPole-v1", "casino-blackjack", "Blackjack-v1", "Pendulum-v1", "Cards-v1", "lever"]
)
def test_a_vector_is_what_gymnasium_makes_of_single_environments(
    id: str, mode: AutoresetMode, own_jar: str
) -> None:
    rows = 5
    ours = hypertoken.make_vec(id, rows, autoreset_mode=mode, jars=own_jar)
    theirs = SyncVectorEnv([lambda: hypertoken.make(id, jars=own_jar)] * rows, autoreset_mode=mode)
    draw = sampler(ours, 3)
    mine, same = ours.reset(seed=11), theirs.reset(seed=11)
    assert data_equivalence(mine, same, exact=True), (mine, same)

    infos = mine[1]
    for _ in range(60):
        actions = draw(infos)
        told, expected = ours.step(actions), theirs.step(actions)
        assert data_equivalence(told[:4], expected[:4], exact=True), (told, expected)
        infos = told[4]
        assert sorted(infos) == sorted(expected[4])
        for key, value in expected[4].items():
            if key == "prob" and value.dtype != infos[key].dtype:
                continue  # one row's int at a reset makes Gymnasium cut all others' fractions off
            assert_same_info(key, infos[key], value)
        over = told[2] | told[3]
        if mode is AutoresetMode.DISABLED and over.any():
            fresh, fresh_infos = ours.reset(options={"reset_mask": over})
            other, other_infos = theirs.reset(options={"reset_mask": over})
            assert data_equivalence(fresh, other, exact=True)
            assert sorted(fresh_infos) == sorted(other_infos)
            if "action_mask" in infos:
                infos["action_mask"][over] = fresh_infos["action_mask"][over]
    ours.close()
    theirs.close()


def assert_same_info(key: str, ours: Any, theirs: Any) -> None:
    if isinstance(theirs, dict):
        assert sorted(ours) == sorted(theirs), key
        for inner, value in theirs.items():
            assert_same_info(inner, ours[inner], value)
    elif theirs.dtype == object:
        for mine, same in zip(ours, theirs, strict=True):
            if same is None:
                assert mine is None
            else:
                assert data_equivalence(mine, same, exact=True), key
    else:
        assert np.array_equal(ours, theirs), key


@pytest.mark.parametrize("mode", MODES)
def test_the_mode_is_named_as_gymnasium_names_it(mode: AutoresetMode) -> None:
    names: list[Any] = [mode, mode.value, mode.name.lower()]
    for name in names:
        envs = hypertoken.make_vec("CartPole", 2, autoreset_mode=name)
        assert envs.metadata["autoreset_mode"] is mode
        envs.close()


@pytest.mark.parametrize("mode", MODES)
def test_gymnasiums_vector_wrappers_work(mode: AutoresetMode) -> None:
    def run(envs: Any) -> tuple[list[Any], dict[int, Any]]:
        # Each of these refuses the modes that it does not know.
        envs = wrappers.RecordEpisodeStatistics(envs)
        if mode is not AutoresetMode.SAME_STEP:
            envs = wrappers.DtypeObservation(envs, np.float64)
        if mode is AutoresetMode.NEXT_STEP:
            envs = wrappers.NormalizeObservation(envs)
        envs = wrappers.NormalizeReward(envs)
        envs = wrappers.ClipReward(envs, -1, 1)
        envs.reset(seed=5)
        episodes: dict[int, Any] = {}
        seen = []
        for step in range(120):
            actions = (np.arange(4) + step) // 3 % 2
            observations, rewards, ended, cut, infos = envs.step(actions)
            seen.append((observations.tolist(), rewards.tolist(), ended.tolist(), cut.tolist()))
            for row in np.flatnonzero(infos.get("_episode", [])).tolist():
                told = infos["episode"]["r"][row], infos["episode"]["l"][row]
                episodes.setdefault(row, []).append(told)
            if mode is AutoresetMode.DISABLED and (ended | cut).any():
                envs.reset(options={"reset_mask": ended | cut})
        return seen, episodes

    ours = run(hypertoken.make_vec("CartPole-v1", 4, autoreset_mode=mode))
    theirs = run(SyncVectorEnv([lambda: gymnasium.make("CartPole-v1")] * 4, autoreset_mode=mode))

    assert len(ours[1]) == 4
    assert ours[0] == theirs[0]
    if mode is AutoresetMode.DISABLED:
        # Gymnasium's own vector takes the mask away before the statistics see it.
        assert all(r == length > 8 for told in ours[1].values() for r, length in told)
    else:
        assert ours[1] == theirs[1]


def test_gymnasiums_other_ways_to_make_a_vector() -> None:
    entry = gymnasium.make_vec("hypertoken/CartPole-v1", 3)
    sync = gymnasium.make_vec("hypertoken/CartPole-v1", 3, vectorization_mode="sync")
    named = gymnasium.make_vec("hypertoken:hypertoken/CartPole-v1", 3, autoreset_mode="SameStep")

    assert isinstance(entry, hypertoken.NativeVectorEnv)
    assert entry.reset(seed=3)[0].tolist() == sync.reset(seed=3)[0].tolist()
    assert named.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP


def test_several_agents_are_refused_and_the_way_to_have_them_is_named() -> None:
    with pytest.raises(ValueError, match="was refused") as refused:
        hypertoken.make_vec("blackjack", 4, agents=3)

    assert str(refused.value) == (
        "casino-blackjack with 3 agents was refused; a Gymnasium vector has one agent a row; use "
        "hypertoken.make_multi_vec (over the wire WebSocketBatch) for several, or open it with one "
        "agent"
    )


def test_seeds_may_be_one_for_each_row() -> None:
    envs = hypertoken.make_vec("CartPole", 3)
    spread, _ = envs.reset(seed=7)
    listed, _ = envs.reset(seed=[7, 8, 9])
    mixed, _ = envs.reset(seed=[7, None, 9])

    assert listed.tolist() == spread.tolist()
    assert mixed[[0, 2]].tolist() == spread[[0, 2]].tolist()
    assert mixed[1].tolist() != spread[1].tolist()
    for seeds in ([1, 2], [1, 2, -3], [1, 2, 2.5], 2**53 - 2):
        with pytest.raises(BadFieldError):
            envs.reset(seed=seeds)  # type: ignore[arg-type]


def test_episode_options_hold_for_the_rows_that_are_reset() -> None:
    envs = hypertoken.make_vec("CartPole", 3, autoreset_mode="Disabled")
    envs.reset(seed=1)
    mask = np.array([False, True, False])

    shown, _ = envs.reset(options={"reset_mask": mask, "low": 0.02, "high": 0.02})

    assert shown[1].tolist() == pytest.approx([0.02] * 4)
    assert np.abs(shown[0]).max() != pytest.approx(0.02)
    with pytest.raises(BadOptionError):
        envs.reset(options={"low": 2, "high": 1})


@pytest.mark.parametrize(
    ("mask", "error"),
    [([True, False], TypeError), (np.ones(3, bool), ValueError), (np.zeros(2, bool), ValueError)],
)
def test_a_bad_reset_mask_is_refused(mask: Any, error: type[Exception]) -> None:
    envs = hypertoken.make_vec("CartPole", 2, autoreset_mode="Disabled")
    with pytest.raises(error, match="reset_mask"):
        envs.reset(options={"reset_mask": mask})


@pytest.mark.parametrize(
    "actions",
    [[0, 1], np.zeros(2, np.int64), np.zeros((3, 1), np.int64), np.zeros(3), [0, 1, 2], 1, None],
)
def test_bad_actions_are_refused_and_no_row_moves(actions: Any) -> None:
    envs = hypertoken.make_vec("CartPole", 3)
    envs.reset(seed=1)
    before = [envs.batch.session.snapshot(row) for row in range(3)]

    with pytest.raises(BadActionError):
        envs.step(actions)

    assert [envs.batch.session.snapshot(row) for row in range(3)] == before


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.uint8, np.int64, list])
def test_any_whole_numbers_are_actions(kind: Any) -> None:
    envs = hypertoken.make_vec("CartPole", 3)
    envs.reset(seed=1)
    actions = [0, 1, 0] if kind is list else np.array([0, 1, 0], dtype=kind)

    assert envs.step(actions)[1].tolist() == [1.0] * 3


def test_arrays_are_yours_unless_you_ask_for_views() -> None:
    copies = hypertoken.make_vec("CartPole", 3)
    views = hypertoken.make_vec("CartPole", 3, copy=False)
    kept, live = copies.reset(seed=1)[0], views.reset(seed=1)[0]
    before = kept.tolist()
    actions = np.array([1, 0, 1])
    first, again = views.step(actions), views.step(actions)
    copies.step(actions)

    assert kept.tolist() == before
    assert live.tolist() != before
    assert all(np.shares_memory(a, b) for a, b in zip(first[:4], again[:4], strict=True))


@pytest.mark.parametrize("mode", MODES[:2])
@pytest.mark.parametrize("id", ["Blackjack-v1", "FrozenLake-v1", "casino-blackjack", "Pendulum-v1"])
def test_views_show_what_copies_hold(id: str, mode: AutoresetMode) -> None:
    copies = hypertoken.make_vec(id, 6, autoreset_mode=mode)
    views = hypertoken.make_vec(id, 6, autoreset_mode=mode, copy=False)
    copies.reset(seed=1)
    views.reset(seed=1)
    copies.action_space.seed(1)
    kept = []
    for _ in range(60):
        actions = copies.action_space.sample()
        kept.append((copies.step(actions), copy.deepcopy(views.step(actions))))

    for owned, seen in kept:
        assert data_equivalence(owned, seen, exact=True)


def test_threads_change_nothing() -> None:
    def play(threads: int) -> list[Any]:
        envs = hypertoken.make_vec("CartPole", 600, threads=threads, autoreset_mode="SameStep")
        envs.reset(seed=3)
        random = np.random.default_rng(0)
        return [envs.step(random.integers(0, 2, 600))[0].tobytes() for _ in range(50)]

    assert play(1) == play(2)


def test_send_steps_while_python_computes() -> None:
    envs, other = (hypertoken.make_vec("CartPole", 4) for _ in range(2))
    envs.reset(seed=1)
    other.reset(seed=1)
    actions = np.array([0, 1, 1, 0])

    for _ in range(30):
        envs.send(actions)
        expected = other.step(actions)
        assert data_equivalence(envs.recv(), expected, exact=True)


def test_send_validates_at_once_and_recv_needs_a_send() -> None:
    envs = hypertoken.make_vec("CartPole", 2)
    envs.reset(seed=1)

    with pytest.raises(BadStepError, match="nothing to receive; no step was sent"):
        envs.recv()
    with pytest.raises(BadActionError):
        envs.send(np.array([0, 5]))
    envs.send(np.array([0, 1]))
    with pytest.raises(BadStepError, match="a step is under way"):
        envs.step(np.array([0, 1]))
    envs.recv()
    envs.step(np.array([0, 1]))


def test_control_c_interrupts_a_long_step_of_many_rows(own_jar: str) -> None:
    envs = hypertoken.make_vec("snail", 2, millis=1500, jars=own_jar)
    envs.reset()
    slow = np.array([1, 1])
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        envs.step(slow)
    waited = time.perf_counter() - began

    assert waited < 1.2
    assert envs.step(np.array([0, 0]))[0].tolist() == [2, 2]


def test_control_c_interrupts_recv(own_jar: str) -> None:
    envs = hypertoken.make_vec("snail", 1, millis=2000, jars=own_jar)
    envs.reset()
    envs.send(np.array([1]))
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        envs.recv()

    assert time.perf_counter() - began < 1.5


def test_a_step_that_grows_long_becomes_interruptible(own_jar: str) -> None:
    envs = hypertoken.make_vec("snail", 300, millis=1, jars=own_jar)
    envs.reset()
    crawl, sleep = np.zeros(300, np.int64), np.ones(300, np.int64)
    for _ in range(5):
        envs.step(crawl)
    envs.step(sleep)  # 0.3 s: the engine says that it was slow
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        envs.step(sleep)

    assert time.perf_counter() - began < 0.25


@pytest.mark.parametrize("calls", [0, 8])
def test_a_second_thread_is_refused_and_the_first_ones_step_is_whole(
    calls: int, own_jar: str
) -> None:
    """At first steps run on a Java thread; after some quick ones they do not."""
    rows = 600  # so many that a step lets other threads run
    envs = hypertoken.make_vec("snail", rows, millis=1500, jars=own_jar)
    envs.reset(seed=1)
    for _ in range(calls):
        envs.step(np.zeros(rows, dtype=np.int64))
    actions = np.zeros(rows, dtype=np.int64)
    actions[0] = 1
    told: list[Any] = []
    first = threading.Thread(target=lambda: told.append(envs.step(actions)))
    first.start()
    time.sleep(0.3)

    refused = []
    for call in (
        lambda: envs.step(actions),
        lambda: envs.reset(seed=2),
        lambda: envs.send(actions),
    ):
        with pytest.raises(BadStepError) as busy:
            call()
        refused.append(str(busy.value))
    still = first.is_alive()
    first.join()

    assert still
    assert set(refused) == {
        "a call of this environment is under way; another thread is in it, and it has one caller "
        "at a time; wait until that call returns"
    }
    assert told[0][0].tolist() == [calls + 1] * rows
    assert envs.step(np.zeros(rows, dtype=np.int64))[0].tolist() == [calls + 2] * rows
    envs.close()


def test_drawings_of_all_rows(own_jar: str) -> None:
    envs = hypertoken.make_vec("cards", 2, render_mode="ansi", jars=own_jar)
    envs.reset(seed=0)

    assert envs.render() == ("sum 10", "sum 6")


def test_a_closed_vector_refuses_everything() -> None:
    envs = hypertoken.make_vec("CartPole", 2)
    envs.reset()
    step = envs.step
    envs.close()
    envs.close()

    for call in (lambda: step(np.zeros(2, int)), envs.reset, lambda: envs.send(np.zeros(2, int))):
        with pytest.raises(EpisodeOverError, match="cannot be used any more; it was closed"):
            call()


def test_a_copy_by_pickle_is_another_vector_of_the_same_kind() -> None:
    envs = hypertoken.make_vec("CartPole", 3, autoreset_mode="SameStep", copy=False)

    another = pickle.loads(pickle.dumps(envs))

    assert another.num_envs == 3
    assert another.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP
    assert another.reset(seed=1)[0].tolist() == envs.reset(seed=1)[0].tolist()


def test_views_outlive_the_vector() -> None:
    envs = hypertoken.make_vec("CartPole", 3, copy=False)
    shown, _ = envs.reset(seed=1)
    before = shown.tolist()
    envs.close()
    del envs

    assert shown.tolist() == before
