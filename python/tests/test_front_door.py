"""What a newcomer does first: list the ids, make by id, in workers too, and read what failed."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

import hypertoken
from hypertoken import HyperTokenGymEnv, ServerManager
from hypertoken.engine import catalogue

PACKAGE = Path(hypertoken.__file__).parent


def run(code: str, cwd: Path | None = None, **variables: str) -> str:
    """What Python code prints in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd,
        env={**os.environ, **variables},
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def test_the_ids_are_listed_without_starting_java() -> None:
    told = run(
        "import hypertoken\n"
        "from hypertoken.engine import runtime\n"
        "print(*hypertoken.list_envs(), runtime.runtime().endpoint)"
    )

    assert told.split() == [*hypertoken.list_envs(), "None"]
    assert {"CartPole-v1", "casino-blackjack", "tic-tac-toe"} < set(hypertoken.list_envs())
    assert {f"hypertoken/{id}" for id in hypertoken.list_envs()} <= set(gymnasium.registry)


def test_the_frameworks_files_are_attributes_of_the_package() -> None:
    told = run("import hypertoken; print(hypertoken.puffer.__name__)")

    assert told == "hypertoken.puffer"
    assert hypertoken.sb3.__name__ == "hypertoken.sb3"


def test_prints_name_the_id() -> None:
    assert repr(hypertoken.make("CartPole")) == "<NativeEnv<CartPole-v1>>"
    assert str(gymnasium.make("hypertoken/CartPole-v1")) == "<NativeEnv<CartPole-v1>>"
    shorter = gymnasium.make("hypertoken/CartPole-v1", max_episode_steps=3)
    assert repr(shorter) == "<TimeLimit<NativeEnv<CartPole-v1>>>"
    assert repr(hypertoken.make("tic-tac-toe")) == "<HyperTokenGymEnv<tic-tac-toe>>"
    assert repr(hypertoken.make_vec("CartPole", 3)) == "NativeVectorEnv(CartPole-v1, num_envs=3)"


# --- Registries ---


def test_merely_looking_for_pettingzoo_does_not_lose_its_registration() -> None:
    told = run(
        """
        import sys, importlib.util, importlib.machinery, pkgutil
        import hypertoken
        found = [importlib.util.find_spec("pettingzoo") for _ in range(3)]
        assert "pettingzoo" not in sys.modules
        assert all(type(f.loader) is importlib.machinery.SourceFileLoader for f in found), found
        assert importlib.util.find_spec("no_such_package") is None
        import pettingzoo
        assert type(pettingzoo.__loader__) is importlib.machinery.SourceFileLoader
        assert pettingzoo.__spec__.loader is pettingzoo.__loader__
        print("hypertoken/tic-tac-toe" in pettingzoo.aec_registry)
        print([f for f in sys.meta_path if "PettingZoo" in type(f).__name__])
        importlib.reload(pettingzoo)
        print("hypertoken/tic-tac-toe" in pettingzoo.aec_registry)
        """
    )

    assert told.split("\n") == ["True", "[]", "True"]


def test_without_pettingzoo_nothing_is_missed() -> None:
    told = run(
        """
        import sys
        sys.modules["pettingzoo"] = None  # as if it were not installed
        import hypertoken
        print(hypertoken.make("CartPole").reset(seed=1)[0].shape)
        """
    )

    assert told == "(4,)"


def test_the_entry_point_of_gymnasiums_plugins_registers_the_ids() -> None:
    project = (PACKAGE.parent / "pyproject.toml").read_text()
    declared = project.split('[project.entry-points."gymnasium.envs"]\n')[1].splitlines()[0]

    assert declared == 'hypertoken = "hypertoken.registration:register_gymnasium"'
    # As Gymnasium 0.29 loads a plugin: inside a namespace of its name.
    told = run(
        """
        import importlib.metadata, gymnasium
        from gymnasium.envs.registration import namespace
        point = importlib.metadata.EntryPoint(
            "hypertoken", "hypertoken.registration:register_gymnasium", "gymnasium.envs")
        with namespace(point.name):
            point.load()()
        print(gymnasium.make("hypertoken/CartPole-v1").reset(seed=1)[0].shape)
        """
    )
    assert told == "(4,)"


SCRIPT = """
import sys
import gymnasium
import numpy as np
from gymnasium.vector import AsyncVectorEnv
import hypertoken

def make():
    return gymnasium.make("hypertoken/CartPole-v1")

if __name__ == "__main__":
    hypertoken.make("CartPole")  # Java runs in this process already
    method = sys.argv[1]
    envs = AsyncVectorEnv([make], context=method)
    print(envs.reset(seed=3)[0].shape, envs.step(np.array([0]))[1].tolist())
    envs.close()
    named = gymnasium.make_vec("hypertoken/CartPole-v1", 1, vectorization_mode="async",
                               vector_kwargs={"context": method})
    print(named.reset(seed=3)[0].shape)
    named.close()
    if method == "spawn":
        from stable_baselines3.common.env_util import make_vec_env
        from stable_baselines3.common.vec_env import SubprocVecEnv
        workers = make_vec_env("hypertoken/CartPole-v1", 1, seed=3, vec_env_cls=SubprocVecEnv,
                               vec_env_kwargs={"start_method": method})
        print(workers.reset().shape, workers.step(np.array([0]))[1].tolist())
        workers.close()
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_make_environments_by_id(method: str, tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)

    told = subprocess.run(
        [sys.executable, script, method], capture_output=True, text=True, check=False, timeout=240
    )

    stepped = ["(1, 4) [1.0]"]
    of_sb3 = stepped if method == "spawn" else []
    assert told.stdout.splitlines() == [*stepped, "(1, 4)", *of_sb3], told.stderr


# --- Maps ---


MAPS = [
    ["SFF", "FHG"],
    ("SFF", "FHG"),
    [list("SFF"), list("FHG")],
    np.asarray(["SFF", "FHG"], dtype="c"),
    np.array([list("SFF"), list("FHG")]),
]


@pytest.mark.parametrize("desc", MAPS, ids=range(len(MAPS)))
def test_frozen_lake_takes_a_map_in_every_form_that_gymnasium_takes(desc: Any) -> None:
    drawn = []
    for id in ("FrozenLake-v1", "hypertoken/FrozenLake-v1"):
        env: Any = gymnasium.make(
            id, desc=desc, is_slippery=True, success_rate=0.5, render_mode="ansi"
        )
        env.reset(seed=1)
        drawn.append(env.render())

    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("desc", [["SFF", "FH"], [["S", "FF"]], [["S", 1]], [[[]]], object()])
def test_what_is_no_map_is_refused(desc: Any) -> None:
    with pytest.raises(hypertoken.errors.BadOptionError, match="FrozenLake-v1 refused "):
        hypertoken.make("FrozenLake-v1", desc=desc)


# --- What went wrong ---


def test_without_a_jar_gymnasium_says_that_the_jar_is_missing(tmp_path: Path) -> None:
    bare = tmp_path / "site" / "room" / "hypertoken"  # two folders up, no build is found
    bare.parent.mkdir(parents=True)
    for file in PACKAGE.rglob("*"):
        kept = file.suffix in (".py", ".txt") and "_jar" not in file.parts
        if kept:
            copy = bare / file.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())

    told = run(
        """
        import gymnasium, hypertoken
        for make in (gymnasium.make, gymnasium.make_vec):
            try:
                make("hypertoken/CartPole-v1")
            except hypertoken.HyperTokenError as missing:
                print(missing)
        try:
            hypertoken.list_envs()
        except hypertoken.HyperTokenError as missing:
            print(missing)
        """,
        cwd=tmp_path,
        PYTHONPATH=str(bare.parent),
    )

    assert len(told.splitlines()) == 3
    assert all(line.startswith("hypertoken.jar was not found; ") for line in told.splitlines())


def test_the_ids_known_without_a_jar_are_ids_of_the_jar() -> None:
    listed = {entry["id"]: entry["agents"] for entry in catalogue.entries()}

    shipped = {entry["id"]: entry["agents"] for entry in catalogue.shipped()}

    assert shipped.items() <= listed.items()
    assert len(shipped) > 10


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ends of all sessions opened during the test."""
    from hypertoken.engine import session

    opened: list[Any] = []
    begin = session.Session.__init__

    def noted(self: Any, opening: Any) -> None:
        begin(self, opening)
        opened.append(self._end)

    monkeypatch.setattr(session.Session, "__init__", noted)
    return opened


@pytest.mark.filterwarnings("ignore:.*render_mode")
def test_a_refused_render_mode_opens_nothing(sessions: list[Any]) -> None:
    wrong: Any = "hologram"
    makers: list[Any] = [
        lambda: hypertoken.make("CartPole", render_mode=wrong),
        lambda: hypertoken.make("tic-tac-toe", render_mode=wrong),
        lambda: hypertoken.make_vec("CartPole", 2, render_mode=wrong),
        lambda: hypertoken.aec_env("tic-tac-toe", render_mode=wrong),
        lambda: hypertoken.parallel_env("tic-tac-toe", render_mode=wrong),
        lambda: gymnasium.make("hypertoken/CartPole-v1", render_mode=wrong),
    ]
    kept: list[Any] = []  # as a debugger keeps the exception, and its frames
    for make in makers:
        with pytest.raises(ValueError, match="render_mode='hologram' was refused") as refused:
            make()
        kept.append(refused)

    assert [end for end in sessions if end.alive] == []
    with pytest.raises(hypertoken.errors.UnknownAgentError) as nobody:
        hypertoken.make("tic-tac-toe", agent="nobody")
    kept.append(nobody)
    assert [end for end in sessions if end.alive] == []


def test_a_refused_render_mode_leaves_no_connection(server: ServerManager) -> None:
    from hypertoken.transports.turns import WebSocketTransport

    closed = []

    class Noted(WebSocketTransport):
        def close(self) -> None:
            closed.append(self)
            super().close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hypertoken.envs.common.WebSocketTransport", Noted)
        wrong: Any = "hologram"
        with pytest.raises(ValueError, match="render_mode='hologram' was refused"):
            HyperTokenGymEnv(server.url, wrong, env="CartPole-v1")
        with pytest.raises(hypertoken.errors.UnknownAgentError):
            HyperTokenGymEnv(server.url, env="CartPole-v1", agent="nobody")

    assert len(closed) == 2


# --- Observations are yours ---


def arrays(told: Any) -> list[np.ndarray[Any, Any]]:
    if isinstance(told, np.ndarray):
        return [told]
    if isinstance(told, dict):
        told = list(told.values())
    return [one for part in told for one in arrays(part)] if isinstance(told, (list, tuple)) else []


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize("id", [*hypertoken.list_envs(), "dials", "auction"])
def test_nothing_that_a_single_environment_shows_is_shown_again(
    id: str, wire: bool, own_jar: str, server: ServerManager
) -> None:
    foreign = id in ("dials", "auction")
    if wire and foreign:
        id = "CartPole-v1"  # the server has no jars of ours
    env: Any
    if wire:
        env = HyperTokenGymEnv(server.url, env=id)
    else:
        env = hypertoken.make(id, jars=own_jar if foreign else ())
    shown = arrays(env.reset(seed=2)) + arrays(env.reset())
    for _ in range(4):
        env.action_space.seed(1)
        action = env.action_space.sample()
        if isinstance(env.action_space, gymnasium.spaces.Discrete):
            action = int(np.flatnonzero(env.action_masks())[0])
        told = env.step(action)
        shown += arrays(told)
        if told[2] or told[3]:
            shown += arrays(env.reset())
    env.close()

    for k, one in enumerate(shown):
        assert not any(np.shares_memory(one, other) for other in shown[:k])
