"""Stable-Baselines3's PPO, or sbx's, on CartPole: a line of JSON for each seed.

Usage: run_sb3.py ORDER, a JSON object: module of the algorithm, its settings, rows, seeds,
total_steps, and solved and check_every as in ours. The clock stands still while it is evaluated.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

import gymnasium
import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

LOOK, CONFIRM = 100, 500
FRESH = 1_000_000_007


class Solved(BaseCallback):
    """Ends a training when fresh deterministic episodes earn enough."""

    def __init__(self, enough: float, every: int) -> None:
        super().__init__()
        self.enough, self.every, self.next = enough, every, every
        self.away = 0.0
        self.mean = float("nan")

    def _on_rollout_start(self) -> None:
        if self.num_timesteps >= self.next:
            self.next = self.num_timesteps + self.every
            began = time.perf_counter()
            if played(self.model, LOOK) >= self.enough:
                self.mean = played(self.model, CONFIRM)
            self.away += time.perf_counter() - began

    def _on_step(self) -> bool:
        return not self.mean >= self.enough


def played(model: Any, episodes: int) -> float:
    """The mean return of one deterministic episode in each of so many rows."""
    rows = gymnasium.make_vec("CartPole-v1", episodes, vectorization_mode="vector_entry_point")
    seen, _ = rows.reset(seed=FRESH)
    alive = np.ones(episodes, bool)
    returns = np.zeros(episodes)
    while alive.any():
        actions, _ = model.predict(seen, deterministic=True)
        seen, rewards, terminated, truncated, _ = rows.step(np.asarray(actions))
        returns += np.asarray(rewards) * alive
        alive &= ~(terminated | truncated)
    return float(returns.mean())


def settings(order: dict[str, Any]) -> dict[str, Any]:
    """An algorithm's keywords; "lin_0.001" falls in a line to 0."""
    return {
        name: (lambda left, first=float(value[4:]): first * left)
        if isinstance(value, str) and value.startswith("lin_")
        else value
        for name, value in order["settings"].items()
    }


def main(order: dict[str, Any]) -> None:
    algorithm = import_module(order["module"]).PPO
    with suppress(ImportError):
        import_module("torch").set_num_threads(1)
    for seed in range(1, order["seeds"] + 1):
        rows = make_vec_env("CartPole-v1", order["rows"], seed=seed)
        model = algorithm("MlpPolicy", rows, seed=seed, **settings(order))
        watch = Solved(order.get("solved", float("inf")), order.get("check_every", 1 << 60))
        began = time.perf_counter()
        model.learn(order["total_steps"], callback=watch)
        seconds = time.perf_counter() - began - watch.away
        mean = watch.mean if watch.mean == watch.mean else played(model, CONFIRM)
        told = {"seconds": seconds, "steps": model.num_timesteps, "mean": mean}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
