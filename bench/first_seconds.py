"""One contestant's first seconds, in a process of its own.

`python first_seconds.py NAME ROWS SECONDS` prints, as JSON, the seconds until the vector was reset
and its rate in each slice of time. The clock starts when everything is imported.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any

import gymnasium
import numpy as np

OURS, NUMPY, ENVPOOL = "hypertoken.make_vec", "Gymnasium, numpy vector", "EnvPool, 1 thread"
EDGES = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)


def _ours(rows: int) -> Callable[[], Any]:
    import hypertoken

    return lambda: hypertoken.make_vec("CartPole-v1", rows)


def _numpy(rows: int) -> Callable[[], Any]:
    return lambda: gymnasium.make_vec("CartPole-v1", rows, vectorization_mode="vector_entry_point")


def _envpool(rows: int) -> Callable[[], Any]:
    import envpool

    return lambda: envpool.make("CartPole-v1", env_type="gymnasium", num_envs=rows, num_threads=1)


MAKERS = {OURS: _ours, NUMPY: _numpy, ENVPOOL: _envpool}


def rates(name: str, rows: int, seconds: float) -> tuple[float, list[float]]:
    """Seconds until the first step, and row-steps a second in each slice of `EDGES` that fits."""
    make = MAKERS[name](rows)
    drawn = np.random.default_rng(1).integers(2, size=(64, rows))
    actions = cycle(list(drawn.astype(np.int32) if name == ENVPOOL else drawn))
    began = time.perf_counter()
    vector = make()
    vector.reset() if name == ENVPOOL else vector.reset(seed=1)
    ready = now = time.perf_counter() - began
    ends = [ready]
    step = vector.step
    while now < seconds:
        step(next(actions))
        now = time.perf_counter() - began
        ends.append(now)
    edges = [edge for edge in EDGES if edge <= seconds]
    # Steps done by each edge, a step that spans one in proportion.
    done = np.interp(edges, ends, np.arange(len(ends)))
    return ready, list(np.diff(done) * rows / np.diff(edges))


if __name__ == "__main__":
    print(json.dumps(rates(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
