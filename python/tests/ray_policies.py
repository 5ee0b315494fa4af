"""Policies that play in actors: they are imported there by name."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np

from hypertoken.cluster.policies import Random
from hypertoken.engine import control
from hypertoken.engine.runtime import runtime


def leaning(observations: Any, masks: Any) -> Any:
    """CartPole's pole, pushed the way it leans."""
    return (observations[:, 2] > 0).astype(np.int64)


class Weighed:
    """Pushes by the sign of a weighed sum."""

    def __init__(self, weights: list[float]) -> None:
        self.weights = np.array(weights)

    def __call__(self, observations: Any, masks: Any) -> Any:
        return (observations @ self.weights > 0).astype(np.int64)


class Mortal(Random):
    """Plays at random, and has its process killed, as by `kill -9`, after so many decisions; once
    where the file can be made."""

    def __init__(self, seed: int, after: int, marker: Path) -> None:
        super().__init__(seed)
        self.after, self.marker = after, marker

    def __call__(self, observations: Any, masks: Any) -> Any:
        self.after -= 1
        if self.after == 0:
            try:
                self.marker.touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(observations, masks)


class Doomed:
    """Has its process killed at every first decision."""

    def __call__(self, observations: Any, masks: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)


class Failing(Random):
    """Plays at random until it fails."""

    def __init__(self, seed: int, after: int) -> None:
        super().__init__(seed)
        self.after = after

    def __call__(self, observations: Any, masks: Any) -> Any:
        self.after -= 1
        if self.after == 0:
            raise ZeroDivisionError("its weights are not finite")
        return super().__call__(observations, masks)


class Telling(Random):
    """Writes down what Java says of itself where it plays."""

    def __init__(self, seed: int, file: Path) -> None:
        super().__init__(seed)
        self.file = file

    def __call__(self, observations: Any, masks: Any) -> Any:
        told = json.loads(runtime().request(control.ABOUT, {})[0])
        self.file.write_text(json.dumps(told))
        return super().__call__(observations, masks)
