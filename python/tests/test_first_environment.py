"""The ten-minute project of a stranger: built, checked, served and played as its README tells.

Maven installs core into a repository of the test's own, behind which the user's stands, to be read.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hypertoken.engine.java import find_home

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "my-first-environment"
CORE = "io/hypertoken/hypertoken-core"

pytestmark = pytest.mark.server


def blocks(page: Path, kind: str) -> list[str]:
    """The page's blocks of a language."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(), re.M | re.S)


def commands(page: Path) -> list[list[str]]:
    """The words of each command of a page's first block, without what is said about it."""
    lines = blocks(page, "bash")[0].splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


class Stranger:
    """Someone with a clone, a copy of the example in it, and a Maven repository of their own."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.project = folder / "clone/examples/my-first-environment"
        shutil.copytree(EXAMPLE, self.project, ignore=shutil.ignore_patterns("target"))
        for name in ("hypertoken", "mvnw", ".mvn"):
            (folder / "clone" / name).symlink_to(ROOT / name)
        users = Path.home() / ".m2/repository"
        self.environment = os.environ | {
            "JAVA_HOME": str(find_home().executable.parents[1]),
            "MAVEN_ARGS": f"-Dmaven.repo.local={self.repository} -Dmaven.repo.local.tail={users}",
        }

    def run(self, *words: str) -> str:
        """Run a command of the README in the project; returns what it printed."""
        done = subprocess.run(
            words,
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(words)} failed:\n{done.stdout}"
        return done.stdout

    @contextmanager
    def serving(self, *words: str) -> Iterator[str]:
        """Run the README's server on a free port; yields its URL."""
        process = subprocess.Popen(
            [*words, "--port", "0"],
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            told = (re.search(r"ws://[\w.]+:\d+", line) for line in process.stdout)
            yield next(url[0] for url in told if url)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def play(names: dict[str, Any]) -> tuple[list[tuple[int, float, bool, bool]], dict[str, Any]]:
    """Walk right from seed 3 until the episode ends, in the environment that a snippet made."""
    env = names["env"]
    seen, info = env.reset(seed=3)
    steps = [(int(seen), 0.0, False, False)]
    while not (steps[-1][2] or steps[-1][3]):
        seen, reward, terminated, truncated, info = env.step(1)
        steps.append((int(seen), float(reward), terminated, truncated))
    return steps, info


def test_a_project_of_ones_own_is_built_checked_served_and_played_as_its_readme_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install, package, check, serve = commands(EXAMPLE / "README.md")
    over_the_wire, here = blocks(EXAMPLE / "README.md", "python")
    stranger = Stranger(tmp_path)
    monkeypatch.chdir(stranger.project)

    installed = stranger.run(*install)
    stranger.run(*package)
    checked = stranger.run(*check)
    snippets: list[dict[str, Any]] = [{}, {}]
    exec(here.replace("env.close()\n", ""), snippets[0])
    with stranger.serving(*serve) as url:
        text = over_the_wire.replace("ws://localhost:9999", url).replace("env.close()\n", "")
        exec(text, snippets[1])
        played = [play(names) for names in snippets]
        for names in snippets:
            names["env"].close()

    assert installed.endswith("Installed io.hypertoken:hypertoken-core:0.1.0\n")
    assert list((stranger.repository / CORE).glob("*/*.jar")), "core came from another place"
    assert checked.endswith("\ncorridor v1 keeps the contract\n")
    assert not re.search("^(warn|FAIL)", checked, re.M), checked
    steps = played[0][0]
    assert [cell for cell, *_ in steps] == list(range(steps[0][0], 8)), "eight cells, to the right"
    assert steps[-1] == (7, -1.0, True, False)
    assert played[1][0] == steps


def test_the_documentation_gives_the_same_commands_for_a_project_elsewhere() -> None:
    copy, clone, *elsewhere = commands(ROOT / "docs" / "write-an-environment.md")

    assert copy[:3] == ["cp", "-r", "examples/my-first-environment"]
    assert clone[0].startswith("HT=")
    assert elsewhere == [
        [word.replace("../..", "$HT") for word in words]
        for words in commands(EXAMPLE / "README.md")
    ]
