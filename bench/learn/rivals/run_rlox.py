"""rlox's PPO on its own CartPole: a line of JSON for each seed. Usage: run_rlox.py ORDER."""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any


def main(order: dict[str, Any]) -> None:
    import_module("torch").set_num_threads(1)
    algorithm = import_module("rlox.algorithms.ppo").PPO
    for seed in range(1, order["seeds"] + 1):
        model = algorithm("CartPole-v1", n_envs=order["rows"], seed=seed, **order["settings"])
        began = time.perf_counter()
        model.train(order["total_steps"])
        seconds = time.perf_counter() - began
        a_rollout = order["rows"] * order["settings"]["n_steps"]
        steps = order["total_steps"] // a_rollout * a_rollout
        print(json.dumps({"seconds": seconds, "steps": steps}), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
