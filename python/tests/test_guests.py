"""Python's own environments behind `gym:` and `pz:` ids: what they are here, they are there."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pettingzoo
import pytest
from gymnasium import spaces
from gymnasium.vector import AutoresetMode

import hypertoken
from hypertoken import HyperTokenClient, ServerManager
from hypertoken.testing.paths import digest_here
from tests import guest_games
from tests.thoroughness import FULL

GAMES = f"{Path(guest_games.__file__).resolve()}:Kinds-v0"
STEPS = 2_000 if FULL else 150
ROWS = 3
IDS = ["CartPole-v1", "Pendulum-v1", "FrozenLake-v1", "Blackjack-v1", "Acrobot-v1"]


def in_modes(names: Sequence[str], *, thoroughly: str) -> Iterator[Any]:
    """Each of them in every autoreset mode; a quick run tries the other modes with one of them."""
    for name in names:
        for mode in AutoresetMode:
            quick = mode is AutoresetMode.NEXT_STEP or name == thoroughly
            yield pytest.param(
                name,
                mode,
                marks=() if quick else pytest.mark.full,
                id=f"{name}-{mode.name.lower()}",
            )


def as_ours(space: spaces.Space[Any], value: Any) -> Any:
    """A batch of a space's elements as this project shows it: flat, from zero, in wider types."""
    if isinstance(space, spaces.Dict):
        return {name: as_ours(part, value[name]) for name, part in space.items()}
    if isinstance(space, spaces.Tuple):
        return tuple(as_ours(part, item) for part, item in zip(space, value, strict=True))
    if isinstance(space, spaces.MultiDiscrete):
        return (value - space.start).reshape(len(value), -1)
    if isinstance(space, spaces.MultiBinary):
        return value.reshape(len(value), -1)
    if isinstance(space, spaces.Discrete):
        return value.astype(np.int64)
    if isinstance(space, spaces.Box):
        wider = {"bool": np.int8, "float16": np.float32}.get(space.dtype.name, space.dtype)
        return np.asarray(value).astype(wider)
    return value


def assert_same(ours: Any, theirs: Any, where: str) -> None:
    """Equal in structure, type and every bit."""
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs), where
        for name, part in theirs.items():
            assert_same(ours[name], part, f"{where}.{name}")
    elif isinstance(theirs, tuple):
        for k, part in enumerate(theirs):
            assert_same(ours[k], part, f"{where}.{k}")
    else:
        assert ours.dtype == theirs.dtype, where
        np.testing.assert_array_equal(ours, theirs, err_msg=where)


def assert_same_infos(ours: dict[str, Any], theirs: dict[str, Any], where: str) -> None:
    """Equal where the rows' flags say that there is something."""
    assert set(ours) == set(theirs), where
    for name in theirs:
        if name.startswith("_") or name == "final_obs":
            continue
        told = theirs[f"_{name}"]
        np.testing.assert_array_equal(ours[f"_{name}"], told, err_msg=f"{where}.{name}")
        if isinstance(theirs[name], dict):
            assert_same_infos(ours[name], theirs[name], f"{where}.{name}")
            continue
        for row in np.flatnonzero(told):
            value = np.asarray(ours[name][row])
            if theirs[name].dtype.kind == "i":  # Gymnasium's type is that of the first row's value
                value = value.astype(int)
            np.testing.assert_array_equal(
                value, theirs[name][row], err_msg=f"{where}.{name}[{row}]"
            )


def compare(guest: str, id: str, mode: AutoresetMode, steps: int, /, **options: Any) -> int:
    """Play both with the same actions; returns how many episodes have ended."""
    theirs = gymnasium.make_vec(id, ROWS, "sync", vector_kwargs={"autoreset_mode": mode}, **options)
    ours = hypertoken.make_vec(
        guest, ROWS, autoreset_mode=mode, copy=True, workers=2, illegal="fallback", **options
    )
    ended = 0
    with closing(theirs), closing(ours):
        space = theirs.single_observation_space
        theirs.action_space.seed(3)
        seen, info = theirs.reset(seed=11)
        shown, told = ours.reset(seed=11)
        assert_same(shown, as_ours(space, seen), "reset")
        assert_same_infos(told, info, "reset")
        for step in range(steps):
            actions = theirs.action_space.sample()
            seen, rewards, terminated, truncated, info = theirs.step(actions)
            shown, paid, over, stopped, told = ours.step(
                as_ours(theirs.single_action_space, actions)
            )
            where = f"step {step}"
            assert_same(shown, as_ours(space, seen), where)
            np.testing.assert_array_equal(paid, rewards, err_msg=where)
            np.testing.assert_array_equal(over, terminated, err_msg=where)
            np.testing.assert_array_equal(stopped, truncated, err_msg=where)
            assert_same_infos(told, info, where)
            ends = terminated | truncated
            ended += int(ends.sum())
            if mode is AutoresetMode.DISABLED and ends.any():
                seen, _ = theirs.reset(options={"reset_mask": ends})
                shown, _ = ours.reset(options={"reset_mask": ends})
                assert_same(shown, as_ours(space, seen), f"{where}, reset")
    return ended


@pytest.mark.parametrize(("kind", "mode"), in_modes(guest_games.KINDS, thoroughly="dict"))
def test_every_kind_of_space_plays_as_in_gymnasiums_own_vector(
    kind: str, mode: AutoresetMode
) -> None:
    ended = compare(f"gym:{GAMES}", "Kinds-v0", mode, STEPS, kind=kind)

    assert ended > STEPS / 60


@pytest.mark.parametrize(("id", "mode"), in_modes(IDS, thoroughly="CartPole-v1"))
def test_gymnasiums_own_environments_play_as_in_its_own_vector(
    id: str, mode: AutoresetMode
) -> None:
    compare(f"gym:{id}", id, mode, STEPS)


def test_a_mask_in_info_is_shown_as_ours_and_binds_nobody() -> None:
    with (
        closing(hypertoken.make("gym:Taxi-v4")) as ours,
        closing(hypertoken.make("Taxi-v4")) as own,
    ):
        for seed in range(3):
            (seen, info), (shown, told) = own.reset(seed=seed), ours.reset(seed=seed)
            for action in range(6):
                assert shown == seen
                np.testing.assert_array_equal(told["action_mask"], info["action_mask"])
                seen, paid, *ends, info = own.step(action)
                shown, reward, *over, told = ours.step(action)
                assert (reward, over) == (paid, ends)


@pytest.mark.parametrize("kind", guest_games.REFUSED)
def test_a_space_without_a_size_is_refused_by_name(kind: str) -> None:
    with pytest.raises(hypertoken.errors.HyperTokenError, match=f'the space type "{kind}"'):
        hypertoken.make(f"gym:{GAMES}", kind=kind)


@pytest.mark.parametrize(
    ("guest", "ours"),
    [
        ("pz:classic/tictactoe_v3", "tic-tac-toe"),
        ("pz:pettingzoo.classic.connect_four_v3", "connect-four"),
        ("gym:CartPole-v1", "CartPole-v1"),
    ],
)
@pytest.mark.parametrize("via", ["aec", "batch"])
def test_the_digest_is_that_of_our_own_rules(guest: str, ours: str, via: str) -> None:
    assert digest_here(via, guest, seed=5, steps=400) == digest_here(via, ours, seed=5, steps=400)


@pytest.mark.parametrize(
    ("id", "kwargs"),
    [("classic/rps_v2", {"max_cycles": 7}), ("sisl/pursuit_v5", {"n_evaders": 4})],
)
def test_a_parallel_game_plays_as_in_pettingzoo(id: str, kwargs: dict[str, Any]) -> None:
    theirs = pettingzoo.make("parallel", id, **kwargs)
    ours = hypertoken.parallel_env(f"pz:{id}", kwargs=kwargs)
    with closing(theirs), closing(ours):
        for episode in range(3):
            seen, _ = theirs.reset(seed=episode)
            shown, _ = ours.reset(seed=episode)
            draws = np.random.default_rng(episode)
            for step in range(40):
                assert ours.agents == theirs.agents
                for agent in theirs.agents:
                    np.testing.assert_array_equal(shown[agent], seen[agent], err_msg=f"{step}")
                if not theirs.agents:
                    break
                actions = {
                    agent: draws.integers(theirs.action_space(agent).n) for agent in theirs.agents
                }
                seen, *told, _ = theirs.step(actions)
                shown, *heard, _ = ours.step(actions)
                assert heard == [dict(part) for part in told]


def test_the_turns_of_both_faces_can_be_chosen() -> None:
    with closing(hypertoken.aec_env("pz:aec:classic/rps_v2")) as one_by_one:
        one_by_one.reset(seed=1)
        one_by_one.step(0)
        assert one_by_one.agent_selection == "player_1"


def test_options_reach_the_constructor() -> None:
    with closing(
        hypertoken.make("gym:FrozenLake-v1", desc=["SFFS", "FHFF", "GFFS"], is_slippery=False)
    ) as lake:
        assert lake.observation_space == spaces.Discrete(12)
    with closing(hypertoken.make("gym:FrozenLake-v1", kwargs={"map_name": "8x8"})) as lake:
        assert lake.observation_space == spaces.Discrete(64)


# --- Over the wire ---


@pytest.fixture
def served() -> Iterator[ServerManager]:
    with ServerManager("gym:CartPole-v1") as running:
        yield running


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in told.stdout.split()]


def wait_until(what: str, holds: Any) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def left_behind() -> set[str]:
    """What a guest may put where processes share memory."""
    return {name for name in os.listdir("/dev/shm") if name.startswith("ht-")}


@pytest.mark.server
def test_a_killed_java_leaves_no_process_and_no_file(served: ServerManager) -> None:
    before = left_behind()
    with HyperTokenClient(served.url) as client:
        client.reset(seed=1)
        client.step(1)
        process = served._process
        assert process is not None
        workers = children(process.pid)
        assert workers

        process.kill()

        for pid in workers:
            wait_until(f"worker {pid} ends", lambda pid=pid: not Path(f"/proc/{pid}").exists())
    assert left_behind() <= before


@pytest.mark.server
def test_a_client_may_not_choose_the_program_that_plays(served: ServerManager) -> None:
    with (
        HyperTokenClient(served.url) as client,
        pytest.raises(hypertoken.errors.BadOptionError, match="says how the server runs the rules"),
    ):
        client.open("gym:CartPole-v1", options={"python": "/bin/true"})


@pytest.mark.server
def test_the_wire_shows_the_same(served: ServerManager) -> None:
    with (
        closing(hypertoken.make("gym:CartPole-v1", url=served.url)) as there,
        closing(hypertoken.make("CartPole-v1")) as here,
    ):
        (seen, _), (shown, _) = here.reset(seed=4), there.reset(seed=4)
        for action in (0, 1, 1, 0):
            np.testing.assert_array_equal(shown, seen)
            seen, shown = here.step(action)[0], there.step(action)[0]
