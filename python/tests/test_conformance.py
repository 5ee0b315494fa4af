"""One trajectory everywhere: every shipped environment, by every way to reach it, one digest.

What is right comes from the playthroughs in the repository: each ends with the digest of 10,000
steps, which Java's own tests play again, and binary frames here. Shorter runs of Java are held
against every way through the wire, of one row and of 64; Java's ways among themselves (plain calls,
rows, threads, autoreset modes) are the work of `hypertoken check` in the games' own tests.
"""

from __future__ import annotations

import shlex
import subprocess
from functools import cache
from typing import Any

import pytest

from hypertoken import ServerManager, WebSocketBatch
from hypertoken.engine.java import find_jar, find_java, java_flags
from hypertoken.options import Autoreset
from hypertoken.testing import paths as far_ends_of_the_wire
from tests.playthroughs import PLAYTHROUGHS, Playthrough, Trajectory

pytestmark = pytest.mark.server
MODES = ("next_step", "same_step", "disabled")
# Whose episodes are longer than the others' 300 steps: these see one end and the next begin.
LONGER = {"Acrobot-v1": 600, "MountainCarContinuous-v0": 1_100, "bandit": 1_100}
every_playthrough = pytest.mark.parametrize("playthrough", PLAYTHROUGHS, ids=str)


@cache
def java_digest(trajectory: Trajectory) -> str:
    """What `hypertoken digest` prints, on two threads where there is more than one row."""
    java, jar, threads = find_java(), find_jar(), min(2, trajectory.envs)
    # So short a run is over before the second compiler has paid for itself.
    command = [str(java), *java_flags(java, jar), "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
    command += ["digest", *trajectory.flags(), "--threads", str(threads)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def require_wire(
    trajectory: Trajectory, url: str, via: str, autoreset: Autoreset = "next_step"
) -> None:
    """Hold one way through the wire against Java; a failure says how to see it again."""
    expected, found = java_digest(trajectory), trajectory.via(via, url, autoreset)
    flags = shlex.join(trajectory.flags())
    assert found == expected, (
        f"{trajectory.env} by {via}, {autoreset}, played another trajectory than Java; "
        f"compare: ./hypertoken digest {flags}; with, while ./hypertoken serve runs: "
        f"python -m hypertoken wire-digest {flags} --via {via} --autoreset {autoreset}"
    )


def test_every_environment_the_server_hosts_has_a_playthrough(
    environments: dict[str, dict[str, Any]],
) -> None:
    assert {playthrough.env for playthrough in PLAYTHROUGHS} == environments.keys()


@every_playthrough
def test_binary_frames_carry_the_golden_digest(
    playthrough: Playthrough, server: ServerManager
) -> None:
    trajectory = playthrough.of(playthrough.steps)

    assert trajectory.via("batch", server.url) == playthrough.digest, (
        f"compare, while ./hypertoken serve runs: python -m hypertoken wire-digest "
        f"{shlex.join(trajectory.flags())} --via batch"
    )


@pytest.mark.parametrize(
    ("playthrough", "via"),
    [
        (playthrough, via)
        for playthrough in PLAYTHROUGHS
        for via in ("aec", "classic", "parallel", *(["gym"] if playthrough.agents == 1 else []))
    ],
    ids=str,
)
def test_one_row_is_the_same_by_messages(
    playthrough: Playthrough, via: str, server: ServerManager
) -> None:
    require_wire(playthrough.of(300), server.url, via)


@pytest.mark.parametrize("envs", [1, 64])
@pytest.mark.parametrize("autoreset", MODES)
@every_playthrough
def test_rows_are_the_same_by_binary_frames_and_by_gymnasiums_vector(
    playthrough: Playthrough, autoreset: Autoreset, envs: int, server: ServerManager
) -> None:
    trajectory = playthrough.of(LONGER.get(playthrough.env, 300) if envs == 1 else 60, envs)

    require_wire(trajectory, server.url, "batch", autoreset)
    if playthrough.agents == 1:
        require_wire(trajectory, server.url, "vector", autoreset)


def test_one_bit_more_in_one_observation_is_found(
    server: ServerManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FlippedOnce(WebSocketBatch):
        """Passes everything on but for the lowest bit of one number of the 40th step."""

        taken = 0

        def step(self) -> dict[str, Any]:
            columns = super().step()
            self.taken += 1
            if self.taken == 40:
                columns["observation"].view("u1").reshape(-1)[0] ^= 1
            return columns

    trajectory = Trajectory("CartPole-v1", (), seed=3, steps=60, envs=64)
    monkeypatch.setattr(far_ends_of_the_wire, "WebSocketBatch", FlippedOnce)

    with pytest.raises(AssertionError) as failed:
        require_wire(trajectory, server.url, "batch", "same_step")

    assert str(failed.value).startswith(
        "CartPole-v1 by batch, same_step, played another trajectory than Java; compare: "
        "./hypertoken digest CartPole-v1 --seed 3 --steps 60 --envs 64; with, while "
        "./hypertoken serve runs: python -m hypertoken wire-digest CartPole-v1 --seed 3 "
        "--steps 60 --envs 64 --via batch --autoreset same_step"
    )
