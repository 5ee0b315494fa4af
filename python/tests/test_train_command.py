"""`hypertoken train` as a process: on a terminal and off, interrupted, with no room, on guests."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CART_POLE = ROOT / "examples" / "wasm-cartpole" / "cartpole.wasm"
GAMES = Path(__file__).with_name("guest_games.py")
TRAIN = [sys.executable, "-m", "hypertoken", "train"]
QUIET = ["--events", "none", "--eval-episodes", "0"]
# Small, so that a start costs more than the training; and all that is tuned for CartPole.
SMALL = ["--hidden", "8", "--envs", "8", "--steps", "16", "--minibatch-size", "64", "--epochs", "1"]
SMALL += ["--learning-rate", "0.01", "--gamma", "0.98", "--gae-lambda", "0.9"]
SECONDS = 120.0


def train(*words: str) -> subprocess.CompletedProcess[str]:
    """Train to the end."""
    return subprocess.run(
        [*TRAIN, *words, *QUIET], capture_output=True, text=True, timeout=SECONDS, check=False
    )


def weights(run: Path) -> bytes:
    """What the policy of a run has learned."""
    return (run / "policy" / "policy.safetensors").read_bytes()


def on_a_terminal(*words: str) -> tuple[int, str]:
    """Train with a terminal for input and output; its exit code and all that it showed."""
    ours, its = pty.openpty()
    process = subprocess.Popen([*TRAIN, *words, *QUIET], stdin=its, stdout=its, stderr=its)
    os.close(its)
    shown, end = b"", time.monotonic() + SECONDS
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                more = os.read(ours, 1 << 16)
            except OSError:  # the terminal's other side is closed
                break
            if not more:
                break
            shown += more
    os.close(ours)
    return process.wait(SECONDS), shown.decode()


def test_a_terminal_shows_a_bar_that_is_written_over_and_gone_at_the_end(tmp_path: Path) -> None:
    code, shown = on_a_terminal("cartpole", "--out", str(tmp_path / "run"), "--threads", "1")

    assert code == 0, shown
    bars = re.findall(
        r"\r\[(#*)(\.*)\] ([\d,]+) of 30,000 steps  return .* steps/s  .* left", shown
    )
    assert bars, shown
    assert all(len(full) + len(empty) == 20 for full, empty, _ in bars)
    last = shown.rsplit("\r[", 1)[1]
    assert re.search(r"\r +\rtrained after 30,208 steps", last), last


def test_elsewhere_there_is_a_line_now_and_then(tmp_path: Path) -> None:
    told = train("cartpole", "--out", str(tmp_path / "run"), "--log-every", "50ms")

    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == f"training CartPole-v1 for 30,000 steps in {tmp_path / 'run'}"
    assert any(re.match(r"[\d,]+ of 30,000 steps  return ", line) for line in lines)
    assert "\r" not in told.stdout
    assert lines[-1] == f"policy in {tmp_path / 'run' / 'policy'}"


def test_ctrl_c_ends_the_update_and_a_resumed_run_ends_like_one_that_never_stopped(
    tmp_path: Path,
) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    assert train("cartpole", "--out", str(whole)).returncode == 0

    process = subprocess.Popen(
        [*TRAIN, "cartpole", "--out", str(stopped), "--log-every", "1ms", *QUIET],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = iter(process.stdout.readline, "")
    assert any(" of 30,000 steps" in line for line in told), "it ended before it told anything"
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=SECONDS)

    assert (process.returncode, errors) == (0, "")
    assert re.search(r"^stopped after [\d,]+ steps", out, re.MULTILINE), out
    assert out.splitlines()[-1] == f"go on with: hypertoken train --resume {stopped}"
    checkpoints = sorted((stopped / "checkpoints").glob("step-*.json"))
    assert 0 < json.loads(checkpoints[-1].read_text())["step"] < 30_000
    assert weights(stopped) != weights(whole)

    went_on = train("--resume", str(stopped))

    assert went_on.returncode == 0, went_on.stderr
    assert weights(stopped) == weights(whole)
    steps = [
        [json.loads(line)["step"] for line in (run / "metrics.jsonl").read_text().splitlines()]
        for run in (stopped, whole)
    ]
    assert steps[0] == steps[1], "each update is told once"


def test_a_folder_that_is_there_is_left_alone_and_the_run_gets_another(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "mine.txt").write_text("mine")

    told = train("cartpole", "--out", str(run), "--total-steps", "500", *SMALL)

    assert told.returncode == 0, told.stderr
    assert f"in {run}-2" in told.stdout
    assert [file.name for file in run.iterdir()] == ["mine.txt"]


def test_a_place_that_cannot_be_written_is_told_before_anything_is_trained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    told = train("cartpole", "--out", str(tmp_path / "file" / "run"))

    assert (told.returncode, told.stdout) == (1, "")
    assert re.fullmatch(
        r"hypertoken: cannot make \S+/file/run; .*; see that the disk has room and the folder may "
        r"be written\n",
        told.stderr,
    ), told.stderr


def test_a_disk_without_room_ends_a_training_with_a_sentence_and_no_half_of_a_file(
    tmp_path: Path,
) -> None:
    """A limit on the size of a file stands for the disk's."""
    run = tmp_path / "run"

    told = subprocess.run(
        [*TRAIN, "cartpole", "--out", str(run), "--total-steps", "4096", *QUIET],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**os.environ, "JAVA_TOOL_OPTIONS": "-XX:-UsePerfData"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )

    assert told.returncode == 1, told.stdout
    assert re.search(
        r"^hypertoken: cannot write \S+\.safetensors; .*; see that the disk has room",
        told.stderr,
        re.M,
    ), told.stderr
    assert not list(run.glob("**/*.safetensors*"))
    assert not list(run.glob("**/step-*.json"))
    assert "\tat " not in told.stderr, "a defect shows where it happened"


@pytest.mark.parametrize("id", ["gym:CartPole-v1", f"wasm:{CART_POLE}"])
def test_a_guest_that_plays_our_rules_is_learned_bit_for_bit_as_ours(
    id: str, tmp_path: Path
) -> None:
    budget = ["--total-steps", "1024", *SMALL]

    here = train("CartPole-v1", "--out", str(tmp_path / "here"), *budget)
    there = train(id, "--out", str(tmp_path / "there"), *budget)

    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    assert "trained after 1,024 steps" in there.stdout
    assert weights(tmp_path / "there") == weights(tmp_path / "here")


def test_a_guest_that_dies_amid_a_training_is_replaced_and_the_training_goes_on(
    tmp_path: Path,
) -> None:
    told = train(
        f"gym:{GAMES}:Dies-v0", "--out", str(tmp_path / "run"), "--total-steps", "1024", *SMALL
    )  # fmt: skip

    assert told.returncode == 0, told.stderr
    assert "trained after 1,024 steps" in told.stdout
    assert weights(tmp_path / "run")
