"""Runs the printed program with today's websockets and Gymnasium: the two things that it misses there are supplied."""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
from websockets.asyncio.client import ClientConnection
from websockets.protocol import State


def default(self: json.JSONEncoder, value: object) -> object:
    """Gymnasium's samples are numpy's integers now, which JSON does not know."""
    if isinstance(value, np.integer):
        return int(value)
    raise TypeError(f"{type(value)} is not JSON")


json.JSONEncoder.default = default  # type: ignore[method-assign]
ClientConnection.open = property(lambda self: self.state is State.OPEN)  # type: ignore[attr-defined]
sys.argv = ["my_game_env.py"]
runpy.run_path(str(Path(__file__).parent / "my_game_env.py"), run_name="__main__")
