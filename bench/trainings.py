"""What the measurements of training share: our trainer and its rivals, each in a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

FOLDER = Path(__file__).resolve().parent
JAR = FOLDER / "target" / "benchmarks.jar"
INSTALLED = FOLDER.parent / "target" / "rivals"
RIVALS = FOLDER / "learn" / "rivals"
# As the jar's manifest says, for the Vector API.
OPENED = [
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# What the bench's own Python has already: PyTorch from the index would bring gigabytes for GPUs.
HAD = ("torch", "stable-baselines3", "gymnasium", "numpy", "pandas", "matplotlib")

Told = dict[str, Any]


class MissingError(Exception):
    """A rival cannot be measured here; the message says why."""


def ours(main: str, *arguments: str) -> list[Told]:
    """Run a main class of io.hypertoken.bench.learn; the objects that it prints."""
    java = f"{os.environ['JAVA_HOME']}/bin/java"
    program = ["-cp", str(JAR), f"io.hypertoken.bench.learn.{main}"]
    return told([java, "-XX:+UseSerialGC", *OPENED, *program, *arguments])


def trained(**order: Any) -> list[Told]:
    """Train as an order says; see Order.java."""
    return ours("Trainings", json.dumps(order))


def rival(script: str, order: Told, installed: Path | None = None) -> list[Told]:
    """Run a script of bench/learn/rivals with an order of its own.

    Args:
        script: its file.
        order: what it is to do.
        installed: the folder of packages that it needs beside those that are there.
    """
    paths = {"PYTHONPATH": str(installed)} if installed else {}
    return told([sys.executable, str(RIVALS / script), json.dumps(order)], paths)


def told(command: Sequence[str], more: dict[str, str] | None = None) -> list[Told]:
    """Run a command on one thread; the JSON objects among its lines.

    Raises:
        MissingError: it failed; with its last words.
    """
    ended = subprocess.run(
        command,
        env={**os.environ, **ONE_THREAD, **(more or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise MissingError(_last_words(ended))
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]


def installed(name: str, *packages: str) -> Path:
    """A folder of its own with a rival's packages, which is kept for the next run.

    Raises:
        MissingError: they cannot be installed.
    """
    folder = INSTALLED / name
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == "\n".join(packages):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    overrides = INSTALLED / "overrides.txt"
    overrides.write_text("".join(f'{had}; python_version < "3"\n' for had in HAD))
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else "uv"
    command = [uv, "pip", "install", "--quiet", "--python", sys.executable]
    ended = subprocess.run(
        [*command, "--target", str(folder), "--overrides", str(overrides), *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise MissingError(_last_words(ended))
    stamp.write_text("\n".join(packages))
    return folder


def _last_words(ended: subprocess.CompletedProcess[str]) -> str:
    words = (ended.stderr or ended.stdout).strip().splitlines()
    return words[-1].strip() if words else f"exit code {ended.returncode}"


def middle(runs: Sequence[Told], key: str) -> float:
    """The median of a figure over runs."""
    return median(float(run[key]) for run in runs)


def rate(runs: Sequence[Told]) -> float:
    """Steps a second, of all runs together."""
    return float(sum(run["steps"] for run in runs) / sum(run["seconds"] for run in runs))


def left_out(missing: Sequence[tuple[str, str]]) -> str:
    """A paragraph for each rival that is not in the table; empty without any."""
    return "".join(f"\n\nLeft out: {name}: {why}." for name, why in missing)
