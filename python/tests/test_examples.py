"""The examples and the demo run as they are, on a small budget."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from hypertoken import wait_for_server
from hypertoken.cli import demo
from hypertoken.errors import RequestTimeoutError

pytestmark = pytest.mark.server
EXAMPLES = Path(__file__).parent.parent / "examples"


def run(*command: object, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_ppo_trains_and_saves(tmp_path: Path) -> None:
    told = run(EXAMPLES / "train_sb3.py", "--timesteps", 1024, "--episodes", 50, folder=tmp_path)

    assert "saved to blackjack_ppo.zip" in told
    assert (tmp_path / "blackjack_ppo.zip").is_file()


def test_self_play_gets_better_at_connect_four(tmp_path: Path) -> None:
    told = run(EXAMPLES / "train_pettingzoo.py", "--games", 300, folder=tmp_path)

    means = re.search(r"player: ([+-][\d.]+) before, ([+-][\d.]+) after", told)
    assert means is not None, told
    assert float(means[2]) > float(means[1])


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path) -> None:
    notebook = nbformat.read(EXAMPLES / "jupyter_demo.ipynb", as_version=4)

    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": tmp_path}}).execute()

    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )
    assert re.search(r"\d\d,\d{3} rounds, -[12]\.\d\d chips a round", printed), printed


def test_the_demo_learns_blackjack(tmp_path: Path) -> None:
    told = run(
        "-m", "hypertoken.cli.demo", "--rounds", 150_000, "--evaluation", 50_000, folder=tmp_path
    )

    means = re.findall(r"(?:before learning|after|basic strategy) +([+-][\d.]+)", told)
    before, after, basic = map(float, means)
    assert basic == -0.046
    assert before < -2
    assert after > -0.8
    assert len(re.findall(r"player_[012]  [+-]\d+ chips", told)) == 3


def test_the_demo_learns_blackjack_with_stable_baselines3(tmp_path: Path) -> None:
    told = run(
        "-m", "hypertoken.cli.demo", "--sb3", "--timesteps", 20_000, "--evaluation", 20_000,
        folder=tmp_path,
    )  # fmt: skip

    before, after, _ = map(
        float, re.findall(r"(?:before learning|after|basic strategy) +([+-][\d.]+)", told)
    )
    assert after > before + 1
    assert re.search(r"learning   \[#{24}\] 100% +[\d,]+ rounds", told)


@pytest.mark.parametrize("refused", ["tables=0", "rounds=-1", "seconds=nan", "timesteps=0"])
def test_the_demo_refuses_numbers_that_are_no_amount(
    capsys: pytest.CaptureFixture[str], refused: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        demo.parse([f"--{refused}"])

    assert ended.value.code == 2
    assert f"--{refused} was refused; it must be above 0" in capsys.readouterr().err


def test_control_c_ends_the_demo_and_its_server_in_one_word(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "hypertoken.cli.demo"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    url = next(line.split()[-1].rstrip(".") for line in running.stdout if "ws://" in line)

    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=30)

    assert running.returncode == 130
    assert rest.endswith("\nstopped\n")
    assert "Traceback" not in rest
    with pytest.raises(RequestTimeoutError):
        wait_for_server(url, timeout=0.01)


def test_the_wire_digest_command_prints_what_the_far_ends_compute(tmp_path: Path) -> None:
    from hypertoken import ServerManager
    from hypertoken.testing.paths import digest_via

    with ServerManager("blackjack") as server:
        told = run(
            "-m",
            "hypertoken",
            "wire-digest",
            "blackjack",
            "--url",
            server.url,
            "--seed",
            5,
            "--steps",
            50,
            "--option",
            "agents=2",
            folder=tmp_path,
        )
        expected = digest_via(
            "aec", server.url, "blackjack", seed=5, steps=50, options={"agents": 2}
        )

    assert told.strip() == expected
