"""`hypertoken eval` and `tournament` with `--ray`: the same figures, from a cluster's actors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hypertoken.engine.java import find_jar, find_java, java_flags
from tests.trained_policies import train

SECONDS = 180.0
SEED = ["--seed", "11"]

# Ray leaves sockets to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def ray_at(cluster: str) -> dict[str, str]:
    """The environment of a command that plays on the cluster."""
    python = {"HYPERTOKEN_PYTHON": sys.executable, "RAY_AUTH_MODE": "token"}
    return {**os.environ, **python, "RAY_ADDRESS": cluster}


@pytest.fixture(scope="module")
def cart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy that keeps a pole up for some time."""
    return train("cartpole", tmp_path_factory.mktemp("cart") / "run")


@pytest.fixture(scope="module")
def crosses(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two policies of tic-tac-toe, that have learned at different rates."""
    folder = tmp_path_factory.mktemp("crosses")
    return [
        train("tic-tac-toe", folder / rate, "--self-play", "--learning-rate", rate)
        for rate in ("0.001", "0.03")
    ]


def command(*words: str) -> list[str]:
    """The command line of `hypertoken ...`."""
    java, jar = find_java(), find_jar()
    start = [str(java), *java_flags(java, jar), "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
    return [*start, *words]


def told(env: dict[str, str], *words: str) -> dict[str, Any]:
    """What a command says in JSON."""
    done = subprocess.run(
        command(*words, "--json", *SEED),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_policy_earns_in_actors_what_it_earns_here(ray_at: dict[str, str], cart: Path) -> None:
    asked = ["eval", "cartpole", "--policy", str(cart), "--episodes", "45"]

    here, there = told(ray_at, *asked), told(ray_at, *asked, "--ray", "2")

    assert there == here
    assert here["agents"]["player_0"]["std_return"] > 0


def test_two_who_play_each_other_do_so_in_actors_too(
    ray_at: dict[str, str], crosses: list[Path]
) -> None:
    asked = ["tournament", "tic-tac-toe", *map(str, crosses), "--episodes", "20"]

    assert told(ray_at, *asked, "--ray", "1") == told(ray_at, *asked)


def test_chance_plays_too_and_options_are_the_same(ray_at: dict[str, str]) -> None:
    asked = ["blackjack", "random", "--agents", "3", "--episodes", "40", "--ray", "2"]

    answer = told(ray_at, "eval", asked[0], "--policy", *asked[1:])

    assert answer["options"]["agents"] == 3
    assert len(answer["agents"]) == 3
    assert all(-20 < each["mean_return"] < 15 for each in answer["agents"].values())


def test_a_policy_for_another_game_is_refused_in_a_sentence(
    ray_at: dict[str, str], cart: Path
) -> None:
    done = subprocess.run(
        command("eval", "tic-tac-toe", "--policy", str(cart), "--ray", "1"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env=ray_at,
    )

    assert done.returncode == 1
    assert "cannot play tic-tac-toe; it was trained in CartPole-v1" in done.stderr


def test_an_address_that_is_none_is_told(ray_at: dict[str, str]) -> None:
    done = subprocess.run(
        command("eval", "cartpole", "--policy", "random", "--ray", "1"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**ray_at, "RAY_ADDRESS": "nowhere"},
    )

    assert done.returncode == 1
    assert "could not join a Ray cluster; Invalid address format: nowhere; see that" in done.stderr
    assert "Traceback" not in done.stderr


def test_python_ends_when_java_does(ray_at: dict[str, str], tmp_path: Path) -> None:
    """Java is killed in the middle, so that it cannot say good-bye."""
    python = tmp_path / "python"
    noted = f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid"
    python.write_text(f'#!/bin/sh\n{noted}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    process = subprocess.Popen(
        command("eval", "cartpole", "--policy", "random", "--ray", "1", "--episodes", "1000000"),
        env={**ray_at, "HYPERTOKEN_PYTHON": str(python)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while (
        "episodes" not in process.stderr.readline()
    ):  # it plays; the end of the stream fails below
        assert process.poll() is None
    child = int((tmp_path / "pid").read_text())
    process.kill()
    process.wait(SECONDS)
    process.stderr.close()

    deadline = time.monotonic() + 60
    while Path(f"/proc/{child}").exists() and not _is_dead(child):
        assert time.monotonic() < deadline, "Python plays on without Java"
        time.sleep(0.05)


def _is_dead(process: int) -> bool:
    """Whether it has ended, though nobody has asked how."""
    return ") Z " in Path(f"/proc/{process}/stat").read_text()
