"""Plays a hosted game for ever, and prints a line of JSON for each loss and now and then for what was played.

Usage: plays.py GAME OPTIONS, such as plays.py grid '{"step_deadline": 0.5}'
"""

import json
import sys
import time

import hypertoken
import numpy as np

game, options = sys.argv[1], json.loads(sys.argv[2])
rows = options.pop("num_envs", 1)
envs = hypertoken.make_vec(f"browser:{game}", num_envs=rows, **options)
envs.reset(seed=1)
print(json.dumps({"opened": rows}), flush=True)
random = np.random.default_rng(1)
steps, told = 0, 0.0
while True:
    began = time.monotonic()
    _, rewards, terminated, truncated, infos = envs.step(random.integers(4, size=rows))
    took = time.monotonic() - began
    steps += 1
    for key in ("guest_lost", "environment_error", "environment_failed"):
        for row in np.flatnonzero(infos.get("_" + key, np.zeros(rows, dtype=bool))):
            line = {key: str(infos[key][row]), "row": int(row), "terminated": bool(terminated[row])}
            line |= {"truncated": bool(truncated[row]), "reward": float(rewards[row]), "took": took}
            print(json.dumps(line), flush=True)
    if began - told > 0.1:
        told = began
        print(json.dumps({"steps": steps}), flush=True)
