"""Policies for tests, as `hypertoken train` leaves them."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.engine.java import find_jar, find_java, java_flags
from hypertoken.engine.session import Opening
from hypertoken.policies.graph import Graph
from hypertoken.policy import Policy
from hypertoken.transports.batches_in_process import NativeBatch


def train(env: str, out: Path, *words: str) -> Path:
    """A training of two updates; returns the folder of its policy."""
    how = ["--total-steps", "512", "--envs", "8", "--steps", "32", "--minibatch-size", "64"]
    how += ["--hidden", "16,8", "--threads", "1", "--eval-episodes", "0", "--seed", "3"]
    _command("train", env, "--out", str(out), *how, *words)
    return out / "policy"


def evaluate(env: str, policy: Path, episodes: int) -> str:
    """What `hypertoken eval` prints."""
    return _command("eval", env, "--policy", str(policy), "--episodes", str(episodes))


def _command(*words: str) -> str:
    java, jar = find_java(), find_jar()
    command = [str(java), *java_flags(java, jar), "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
    done = subprocess.run(
        [*command, *words], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def as_graph(policy: Policy) -> Policy:
    """The same policy, played by its graph."""
    spaces = policy.observation_space, policy.action_space
    graph = Graph(policy.path / "policy.onnx", *spaces)
    return Policy(graph, policy.path, policy.description, *spaces)


def javas_choices(
    env: str, path: Path, rows: int, steps: int
) -> tuple[NDArray[Any], NDArray[Any] | None, NDArray[Any]]:
    """What Java plays by `policy:DIR` in `rows` x `steps` situations: seen, masks, actions."""
    batch = NativeBatch(Opening(env, {}, num_envs=rows, autoreset="same_step"))
    seen, masks, actions = [], [], []
    every = np.arange(rows)
    with closing(batch):
        replies = batch.reset(5)
        for _ in range(steps):
            agents = np.maximum(replies["turn"].reshape(-1), 0)
            batch.session.endpoint.play(partial(_choose, batch, agents, f"policy:{path}"))
            seen.append(replies["observation"][every, agents])
            if "action_mask" in replies:
                masks.append(replies["action_mask"][every, agents])
            actions.append(batch.actions["action"][every, agents].copy())
            replies = batch.step()
    mask = np.concatenate(masks) if masks else None
    return np.concatenate(seen), mask, np.concatenate(actions)


def _choose(batch: NativeBatch, agents: NDArray[np.int64], policy: str) -> None:
    for row, agent in enumerate(agents.tolist()):
        batch.session.choose(row, agent, policy)


@cache
def onnx_runtime_jar() -> Path:
    """Java's ONNX Runtime: where it was fetched for Java's own tests, or fetched now."""
    named = os.environ.get("HYPERTOKEN_ONNXRUNTIME")
    home = Path.home() / ".m2" / "repository" / "com" / "microsoft" / "onnxruntime"
    found = [Path(named)] if named else sorted(home.glob("onnxruntime/*/onnxruntime-*.jar"))
    if not found:
        launcher = Path(__file__).resolve().parents[2] / "hypertoken"
        told = subprocess.run([launcher, "onnxruntime"], check=True, capture_output=True, text=True)
        found = [Path(told.stdout.strip().partition(" is in ")[2])]
    return found[-1]
