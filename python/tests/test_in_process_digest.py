"""Every way to play in this process gives the trajectory that Java itself plays."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypertoken.engine import catalogue
from hypertoken.options import Autoreset
from hypertoken.testing.paths import digest_here
from tests.own_jar import java_digest

SEED, STEPS = 7, 150
OWN = ["auction", "Cards-v1", "dials", "duel", "lever", "mixer"]
SHIPPED = [entry["id"] for entry in catalogue.entries()]
ONE_AGENT = {"Cards-v1", "dials", "lever", "mixer"} | {
    entry["id"] for entry in catalogue.entries() if entry["agents"] == 1
}


@pytest.fixture(scope="module")
def digests(own_jar: str) -> dict[tuple[str, int], str]:
    """Java's digests by environment and rows."""
    return {
        (env, rows): java_digest(
            Path(own_jar), env, f"--seed={SEED}", f"--steps={STEPS}", f"--envs={rows}"
        )
        for env in [*OWN, *SHIPPED]
        for rows in (1, 5)
    }


@pytest.mark.parametrize("env", [*OWN, *SHIPPED])
def test_one_row_plays_as_in_java(
    env: str, own_jar: str, digests: dict[tuple[str, int], str]
) -> None:
    ways = ["aec", "parallel", "batch"] + (["gym", "vector"] if env in ONE_AGENT else [])

    played = {via: digest_here(via, env, seed=SEED, steps=STEPS, jars=own_jar) for via in ways}

    assert played == dict.fromkeys(ways, digests[env, 1])


@pytest.mark.parametrize("env", [*OWN, *SHIPPED])
@pytest.mark.parametrize("autoreset", ["next_step", "same_step", "disabled"])
@pytest.mark.parametrize("threads", [1, 2])
def test_several_rows_play_as_in_java(
    env: str,
    autoreset: Autoreset,
    threads: int,
    own_jar: str,
    digests: dict[tuple[str, int], str],
) -> None:
    ways = ["batch", "vector"] if env in ONE_AGENT else ["batch"]

    played = {
        via: digest_here(
            via,
            env,
            seed=SEED,
            steps=STEPS,
            envs=5,
            autoreset=autoreset,
            threads=threads,
            jars=own_jar,
        )
        for via in ways
    }

    assert played == dict.fromkeys(ways, digests[env, 5])
