"""`hypertoken.ray`: what a cluster's actors play is what one vector would play, whoever dies."""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray

import hypertoken
from hypertoken.cluster.policies import Random
from hypertoken.errors import BadActionError, UnavailableError, UnknownEnvironmentError
from hypertoken.ray import VectorPool, evaluate
from hypertoken.testing.play_rollouts import replay_digest, rollout_digest
from hypertoken.testing.play_rows import columns_digest
from tests.ray_policies import Doomed, Failing, Mortal, Telling, Weighed, leaning

SEED = 5
SMALL: dict[str, Any] = {"seed": SEED, "cpus": 0.1, "memory": 300 * 2**20, "timeout": 120}

pytestmark = [
    pytest.mark.usefixtures("cluster"),
    # Ray leaves sockets to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def carts(cluster: str) -> Iterator[VectorPool]:
    """Six CartPoles in two actors, whose rows are saved after every call."""
    with VectorPool("CartPole-v1", actors=2, rows=3, snapshot_bytes=0, **SMALL) as pool:
        yield pool


@pytest.fixture(scope="module")
def tables(cluster: str) -> Iterator[VectorPool]:
    """Four tables of blackjack with three seats in two actors, brought back by their actions."""
    with VectorPool("blackjack", actors=2, rows=2, agents=3, **SMALL) as pool:
        yield pool


@pytest.fixture(scope="module")
def guests(cluster: str) -> Iterator[VectorPool]:
    """Two of Gymnasium's own CartPoles in two actors; they cannot be saved."""
    with VectorPool("gym:CartPole-v1", actors=2, rows=1, snapshot_bytes=0, **SMALL) as pool:
        yield pool


def local(pool: VectorPool) -> Any:
    """One vector of all rows, in this process."""
    options: dict[str, Any] = {"agents": 3} if pool.batch.name == "casino-blackjack" else {}
    env = {"CartPole-v1": "CartPole-v1", "casino-blackjack": "blackjack"}.get(
        pool.batch.name, "gym:CartPole-v1"
    )
    return hypertoken.make_multi_vec(env, pool.num_envs, **options).batch


def same_digests(pool: VectorPool, played: list[Any]) -> str:
    """The digest of what was played since the reset; one vector that plays the same has it too."""
    digest = rollout_digest(pool.batch, SEED, played)
    assert replay_digest(local(pool), SEED, played) == digest
    return digest


def process(pool: VectorPool, actor: int) -> int:
    """An actor's process id."""
    return pool.batch.lines[actor].about().process


def resumed(pool: VectorPool) -> list[int]:
    """How often each actor was brought back."""
    return [line.resumed for line in pool.batch.lines]


# --- One vector, however it is spread ---


@pytest.mark.parametrize("pool", ["carts", "tables", "guests"])
def test_a_pools_digest_is_that_of_one_vector(pool: str, request: pytest.FixtureRequest) -> None:
    spread: VectorPool = request.getfixturevalue(pool)

    assert columns_digest(spread.batch, SEED, 20) == columns_digest(local(spread), SEED, 20)


def test_rollouts_hang_neither_on_the_number_of_actors_nor_on_where_they_are_cut(
    carts: VectorPool,
) -> None:
    carts.reset(seed=SEED)
    pieces = [carts.rollout("random", steps) for steps in (7, 40, 13)]

    with VectorPool("CartPole-v1", actors=1, rows=6, **SMALL) as one:
        (whole,) = one.rollout("random", 60)

    assert same_digests(carts, pieces)
    for name, column in whole.columns.items():
        spread = [np.concatenate([r.columns[name] for r in each], axis=1) for each in pieces]
        assert np.array_equal(np.concatenate(spread), column), name
    ended = np.argwhere((whole.columns["terminated"] | whole.columns["truncated"]) != 0)
    assert np.array_equal(ended[:, 0], whole.episodes["step"])
    assert np.array_equal(ended[:, 1], whole.episodes["row"])
    assert (whole.episodes["return"] == whole.episodes["length"]).all()
    assert (
        whole.episodes["length"][whole.episodes["row"] == 0][0] == ended[ended[:, 1] == 0][0, 0] + 1
    )


def test_a_rollout_is_yours_and_what_is_played_later_does_not_change_it(carts: VectorPool) -> None:
    carts.reset(seed=SEED)
    first = carts.rollout(leaning, 5)[0]
    before = {name: column.copy() for name, column in first.columns.items()}

    second = carts.rollout(leaning, 5)[0]

    assert all(column.flags.writeable for column in (*first.columns.values(), *first.last.values()))
    assert all(np.array_equal(first.columns[name], column) for name, column in before.items())
    assert np.array_equal(first.last["observation"], second.columns["observation"][0])
    expected = first.columns["observation"][..., 2] > 0
    assert np.array_equal(first.columns["action"], expected)


def test_weights_are_sent_once_a_version(carts: VectorPool) -> None:
    carts.reset(seed=SEED)
    policy = Weighed([0, 0, 1, 0])
    carts.rollout(policy, 3)
    version = carts._version

    carts.rollout(policy, 3)
    assert carts._version is version
    policy.weights[:] = [0, 0, -1, 0]  # in place, as a training does
    played = carts.rollout(policy, 3)[1].columns

    assert carts._version.number == version.number + 1
    assert np.array_equal(played["action"], played["observation"][..., 2] < 0)


# --- It happened, or it did not ---


def test_an_action_that_one_actor_refuses_has_moved_no_row(carts: VectorPool) -> None:
    alone = hypertoken.make_vec("CartPole-v1", 6)
    alone.reset(seed=SEED)
    carts.reset(seed=SEED)
    actions = np.array([0, 1, 0, 1, 0, 1])
    alone.step(actions)
    carts.step(actions)

    with pytest.raises(BadActionError, match="7") as refused:
        carts.step(np.array([0, 1, 0, 1, 0, 7]))

    assert refused.value.__notes__ == ["its rows are numbered from 3 on in the pool"]
    ours, theirs = carts.step(actions), alone.step(actions)
    assert all(np.array_equal(a, b) for a, b in zip(ours[:4], theirs[:4], strict=True))


def test_a_policy_that_fails_has_moved_no_row(tables: VectorPool) -> None:
    tables.reset(seed=SEED)
    before = tables.rollout("random", 10)

    with pytest.raises(ZeroDivisionError, match="its weights are not finite"):
        tables.rollout(Failing(SEED, after=4), 10)

    same_digests(tables, [before, tables.rollout("random", 10)])


def test_an_unknown_environment_is_told_as_it_is_here() -> None:
    with pytest.raises(UnknownEnvironmentError, match="CartPole-v1"):
        VectorPool("CartPoel-v1", **SMALL)


# --- Actors that die ---


@pytest.mark.parametrize("pool", ["carts", "tables", "guests"])
def test_an_actor_killed_in_mid_rollout_goes_on_where_it_was(
    pool: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    mortal: VectorPool = request.getfixturevalue(pool)
    mortal.reset(seed=SEED)
    undisturbed = [mortal.rollout(Random(SEED), 25) for _ in range(2)]
    expected = same_digests(mortal, undisturbed)
    mortal.reset(seed=SEED)
    was = sum(resumed(mortal))

    first = mortal.rollout(Mortal(SEED, 40, tmp_path / "killed"), 25)
    second = mortal.rollout(Mortal(SEED, 40, tmp_path / "killed"), 25)

    assert (tmp_path / "killed").exists()
    assert sum(resumed(mortal)) == was + 1
    assert rollout_digest(mortal.batch, SEED, [first, second]) == expected


def test_an_actor_killed_between_steps_goes_on_where_it_was(carts: VectorPool) -> None:
    alone = hypertoken.make_vec("CartPole-v1", 6)
    alone.reset(seed=SEED)
    carts.reset(seed=SEED)
    was, before = process(carts, 1), resumed(carts)
    for step in range(30):
        if step == 17:
            os.kill(was, signal.SIGKILL)
        actions = (np.arange(6) + step) % 3 % 2
        ours, theirs = carts.step(actions), alone.step(actions)
        assert all(np.array_equal(a, b) for a, b in zip(ours[:4], theirs[:4], strict=True))

    assert process(carts, 1) != was
    assert resumed(carts) == [before[0], before[1] + 1]


def test_a_policy_that_kills_every_process_is_told_and_leaves_the_pool_usable(
    tables: VectorPool,
) -> None:
    tables.reset(seed=SEED)
    before = tables.rollout("random", 5)

    with pytest.raises(UnavailableError, match="died 3 times in the same request, rollout"):
        tables.rollout(Doomed(), 5)

    same_digests(tables, [before, tables.rollout("random", 5)])


def test_what_cannot_be_kept_is_told_before_it_is_needed() -> None:
    with VectorPool("gym:CartPole-v1", snapshot_bytes=0, replay_bytes=0, **SMALL) as pool:
        pool.reset(seed=SEED)
        pool.rollout("random", 3)  # before it they are to be saved, which they cannot be
        with pytest.warns(UserWarning, match="an actor that dies from now on cannot be brought"):
            pool.rollout("random", 3)
        os.kill(process(pool, 0), signal.SIGKILL)

        with pytest.raises(UnavailableError, match="reset the pool with a seed"):
            pool.rollout("random", 3)

        pool.reset(seed=SEED)
        same_digests(pool, [pool.rollout("random", 3)])


# --- Java in the actors, and in the driver ---


def test_an_actors_java_is_as_large_as_the_actor(tmp_path: Path) -> None:
    with VectorPool("CartPole-v1", **{**SMALL, "memory": 200 * 2**20}) as pool:
        pool.rollout(Telling(SEED, tmp_path / "about.json"), 1)

    about = json.loads((tmp_path / "about.json").read_text())
    assert 90 <= about["max_memory"] / 2**20 <= 100
    assert about["processors"] == 1


SIGNALS = """
    import os, sys, warnings
    import ray
    plain = ray.init
    import hypertoken
    env = hypertoken.make("hollow", jars=os.environ["JAR"])

    def play():
        env.reset(seed=1)
        for action in [0] * 20_000 + [1] * 20_000:
            reward = env.step(action)[1]
        print(reward, flush=True)

    how = {"address": os.environ["ADDRESS"], "log_to_driver": False, "logging_level": "error"}
    from hypertoken.cluster import signals
    if sys.argv[1] == "kept":
        import hypertoken.ray
        ray.init(**how)
    else:
        plain(**how)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            signals.check()
        print("call ray.init() before the first environment" in str(told[0].message))
        signals.keep()
    play()
    ray.shutdown()
    play()
    """


@pytest.mark.parametrize(("how", "told"), [("kept", []), ("put back", ["True"])])
def test_java_lives_on_though_ray_puts_its_own_handlers(
    how: str, told: list[str], cluster: str, own_jar: str, tmp_path: Path
) -> None:
    """Java meets null references by the signals that Ray puts handlers for, and at its end none."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SIGNALS), how],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "JAR": own_jar, "ADDRESS": cluster, "RAY_AUTH_MODE": "token"},
    )

    assert (done.returncode, done.stdout.splitlines()) == (0, [*told, "-1.0", "-1.0"]), done.stderr


# --- Evaluation ---


def test_an_evaluation_hangs_on_its_seed_and_not_on_the_number_of_actors() -> None:
    how: dict[str, Any] = {**SMALL, "rows": 4}
    one = evaluate("CartPole-v1", leaning, 10, actors=1, **how)
    two = evaluate("CartPole-v1", leaning, 10, actors=2, **how)

    assert np.array_equal(one.returns, two.returns)
    assert np.array_equal(one.returns[:, 0], one.lengths)
    for episode in (0, 9):
        env = hypertoken.make("CartPole-v1")
        observation, _ = env.reset(seed=SEED + episode)
        length, over = 0, False
        while not over:
            action = int(observation[2] > 0)
            observation, _, ended, cut, _ = env.step(action)
            length, over = length + 1, ended or cut
        assert length == one.lengths[episode]


def test_each_seat_may_have_a_policy_of_its_own() -> None:
    first = {"player_1": lambda seen, masks: masks.argmax(axis=1), "player_2": "random"}

    told = evaluate("tic-tac-toe", first, 40, **SMALL)  # type: ignore[arg-type]

    assert told.agents == ["player_1", "player_2"]
    assert np.array_equal(told.returns[:, 0], -told.returns[:, 1])
    assert told.mean[0] > told.interval[0] > 0
    assert str(told).startswith("player_1 ")


def test_the_example_reads_back_what_was_played(tmp_path: Path, capsys: Any) -> None:
    example = Path(__file__).parent.parent / "examples" / "ray_dataset.py"
    main = runpy.run_path(str(example))["main"]

    main(["--cpus", "0.1", "--rows", "4", "--steps", "30", "--out", str(tmp_path / "rollouts")])

    told = capsys.readouterr().out
    assert "480 records" in told
    assert "one vector of all rows plays the same" in told


def test_ray_itself_is_left_as_it_was(carts: VectorPool) -> None:
    deadline = time.monotonic() + 60
    while ray.available_resources().get("CPU", 0) < 2 - 3 * 2 * 0.1 - 0.05:
        assert time.monotonic() < deadline, "actors of closed pools still hold their CPUs"
        time.sleep(0.1)
