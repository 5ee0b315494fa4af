"""`hypertoken hub` and Java's `Hub`, which run what test_hub.py tests, before a Hub of our own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hypertoken.engine.java import find_jar, find_java
from tests.hub_server import TOKEN, Fault, HubServer

pytestmark = pytest.mark.server
REPO = "me/ppo-cartpole"
ODD = """a "b" 'c' $(touch d) `touch e`; touch f"""
HYPERTOKEN = [str(find_java()), "-XX:TieredStopAtLevel=1", "-jar", str(find_jar())]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a few steps, in a folder with a name that a shell would trip over."""
    folder = tmp_path_factory.mktemp("runs") / ODD
    words = ["train", "cartpole", "--out", str(folder), "--total-steps", "2048", "--threads", "1"]
    words += ["--eval-episodes", "3", "--events", "none"]
    subprocess.run([*HYPERTOKEN, *words], check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer() as running:
        yield running


def variables(hub: HubServer, home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "HF_TOKEN": TOKEN,
        "HYPERTOKEN_PYTHON": sys.executable,
    }


def test_a_policy_goes_to_the_hub_and_plays_from_there(
    hub: HubServer, run: Path, tmp_path: Path
) -> None:
    def hypertoken(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*HYPERTOKEN, *words],
            env={**variables(hub, tmp_path / "home"), **more},
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
        )

    pushed = hypertoken("hub", "push", str(run), REPO, "--message", f"--{ODD}", "--private")
    assert pushed.stdout.startswith(f"{hub.url}/{REPO}/commit/"), pushed.stderr
    assert hub.repos[REPO].history("main")[0].title == f"--{ODD}"
    assert hub.repos[REPO].private

    played = hypertoken("eval", "cartpole", "--policy", f"hub:{REPO}", "--episodes", "2", "--json")
    assert json.loads(played.stdout)["policy"] == f"hub:{REPO}", played.stderr
    out = tmp_path / ODD
    pulled = hypertoken("hub", "pull", REPO, "--out", str(out), HF_HUB_OFFLINE="1")
    assert pulled.stdout.strip() == str(out), pulled.stderr
    assert (out / "policy.safetensors").is_file()

    refused = hypertoken("hub", "push", str(run), "others/theirs")
    assert refused.returncode == 1
    assert "the token may not do that there" in refused.stderr
    assert TOKEN not in pushed.stdout + pushed.stderr + refused.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["home", ODD])


def test_the_token_is_on_no_command_line_and_a_signal_ends_the_child(
    hub: HubServer, run: Path, tmp_path: Path
) -> None:
    go_on = threading.Event()
    hub.faults.append(Fault("POST /api/repos/create", until=go_on))
    java = subprocess.Popen(
        [*HYPERTOKEN, "hub", "push", str(run), REPO],
        env=variables(hub, tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert hub.stuck.wait(60)
        (child,) = children(java.pid)
        told = (
            Path(f"/proc/{child}/cmdline").read_bytes()
            + Path(f"/proc/{java.pid}/cmdline").read_bytes()
        )
        assert b"hypertoken.hub" in told
        assert TOKEN.encode() not in told

        java.send_signal(signal.SIGTERM)
        java.communicate(timeout=30)

        deadline = time.monotonic() + 30
        while Path(f"/proc/{child}/cmdline").exists():
            assert time.monotonic() < deadline, "the child outlived its caller"
            time.sleep(0.02)
    finally:
        go_on.set()
        java.kill()
        java.communicate()


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(each) for each in (task / "children").read_text().split()]
    return found


PROGRAM = """
import io.hypertoken.learn.hub.Hub;
import io.hypertoken.learn.hub.HubConfig;
import java.nio.file.Path;

class Program {
    public static void main(String[] words) {
        %s
        System.out.println(folder.resolve("policy.json").toFile().isFile() + " " + file);
        var config = new HubConfig("me/odd", words[2]);
        System.out.println(Hub.pushToHub(Path.of(words[0]), config, words[1], words[1]));
        System.out.println(config);
    }
}
"""


def test_javas_names_do_what_the_page_shows(hub: HubServer, run: Path, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "hub.md").read_text()
    (block,) = re.findall(r"```java\n(.*?)```", page, re.DOTALL)
    program = tmp_path / "Program.java"
    program.write_text(PROGRAM % block)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "mine").symlink_to(run)
    (tmp_path / "best.safetensors").write_bytes(b"numbers")
    model = tmp_path / f"{ODD}.bin"
    model.write_bytes(b"more numbers")

    done = subprocess.run(
        [HYPERTOKEN[0], "-cp", HYPERTOKEN[-1], str(program), str(model), ODD, TOKEN],
        env=variables(hub, tmp_path / "home"),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
    )

    assert done.stdout.splitlines() == [
        f"true {tmp_path}/models/model.bin",
        f"{hub.url}/me/odd",
        "HubConfig[repoId=me/odd]",
    ], done.stderr
    commit = hub.repos["me/odd"].history("main")[0]
    assert (commit.title, commit.files[ODD]) == (ODD, b"more numbers")
    assert "policy.safetensors" in hub.repos["me/ppo-CartPole-v1"].history("main")[0].files
