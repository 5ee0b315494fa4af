"""The playthroughs of the repository: which environments there are, and their digests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypertoken.options import Autoreset
from hypertoken.testing.paths import digest_via

GOLDEN = Path(__file__).parents[2] / "games/src/test/resources/golden"


@dataclass(frozen=True)
class Trajectory:
    """An environment with its options, a seed, and the steps of each of so many rows."""

    env: str
    options: tuple[tuple[str, Any], ...]
    seed: int
    steps: int
    envs: int = 1

    def flags(self) -> list[str]:
        flags = [self.env, "--seed", self.seed, "--steps", self.steps, "--envs", self.envs]
        flags += [flag for option in self.options for flag in ("--option", "{}={}".format(*option))]
        return [str(flag) for flag in flags]

    def via(self, via: str, url: str, autoreset: Autoreset = "next_step") -> str:
        return digest_via(
            via,
            url,
            self.env,
            seed=self.seed,
            steps=self.steps,
            envs=self.envs,
            autoreset=autoreset,
            options=dict(self.options),
        )


@dataclass(frozen=True)
class Playthrough:
    """What a playthrough of the repository says: an environment, its agents, a digest."""

    env: str
    options: tuple[tuple[str, Any], ...]
    seed: int
    steps: int
    digest: str
    agents: int

    @staticmethod
    def read(file: Path) -> Playthrough:
        lines = file.read_text().splitlines()
        title, *facts = lines[0].split(" | ")
        env, _, *named = title.split(" ")
        values = dict(word.split("=") for word in named)
        agents = [fact for fact in facts if fact.startswith("agents ")]
        last = re.fullmatch(r"digest of ([\d,]+) steps: sha256 ([0-9a-f]{64})", lines[-1])
        assert last, f"{file} does not end with a digest"
        return Playthrough(
            env,
            tuple((name, int(value)) for name, value in values.items() if name != "seed"),
            int(values["seed"]),
            int(last[1].replace(",", "")),
            last[2],
            sum(word.startswith("player_") for word in agents[0].split()) if agents else 1,
        )

    def of(self, steps: int, envs: int = 1) -> Trajectory:
        return Trajectory(self.env, self.options, self.seed, steps, envs)

    def __str__(self) -> str:
        return "-".join([self.env, *("{}={}".format(*option) for option in self.options)])


PLAYTHROUGHS = [Playthrough.read(file) for file in sorted(GOLDEN.glob("*.txt"))]
