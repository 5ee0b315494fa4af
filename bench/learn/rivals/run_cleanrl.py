"""Runs CleanRL's ppo.py, as its package has it: a line of JSON with the speed that it tells last.

Usage: run_cleanrl.py ORDER, a JSON object: rows, steps (of a row, between updates) and total_steps.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from typing import Any


def main(order: dict[str, Any]) -> None:
    found = find_spec("cleanrl.ppo")
    assert found is not None
    assert found.origin is not None
    with tempfile.TemporaryDirectory() as runs:
        ended = subprocess.run(
            [
                sys.executable, found.origin, "--cuda", "False", "--env-id", "CartPole-v1",
                "--num-envs", str(order["rows"]), "--num-steps", str(order["steps"]),
                "--total-timesteps", str(order["total_steps"]),
            ],
            cwd=runs,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )  # fmt: skip
    told = re.findall(r"^SPS: (\d+)", ended.stdout, re.MULTILINE)
    steps = order["total_steps"]
    print(json.dumps({"seconds": steps / float(told[-1]), "steps": steps}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
