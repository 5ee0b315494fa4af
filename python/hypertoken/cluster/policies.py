"""What plays a rollout: any callable, sent once a version; and random play that is the same however
the rows are spread.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.errors import BadFieldError
from hypertoken.spaces import Leaf, Space, assemble_value, leaves, mask_size

NOTHING = b""
"""The state of a policy that has none, or that has played nothing yet."""


class Drawing(Protocol):
    """A policy that draws, and says what it draws by: so that a new process draws on from there.

    A policy need not be one; one that is not plays on in a new process as it was pickled.
    """

    def get_state(self) -> bytes:
        """What the next draws hang on, such as a generator's state."""
        ...

    def set_state(self, state: bytes) -> None:
        """Go on from there."""
        ...


class Placed(Protocol):
    """A policy that is told, when it has arrived, which rows it plays."""

    def place(self, rows: range, batch: Any) -> None:
        """Play these rows, numbered across all actors, of a batch like this one."""
        ...


class Version(NamedTuple):
    """A policy as it is sent: its number, and where its bytes lie, in a list so that Ray hands over
    the place and not what is there.
    """

    number: int
    place: list[Any]


def state_of(policy: Any) -> bytes:
    """The policy's state, where it says one."""
    tell = getattr(policy, "get_state", None)
    told = tell() if callable(tell) else NOTHING
    return told if isinstance(told, bytes) else NOTHING


def policy_named(name: str, seed: int) -> Random:
    """The policy of this name.

    Raises:
        BadFieldError: there is none.
    """
    if name != "random":
        raise BadFieldError(
            f'policy={name!r} was refused; the one that has a name is "random"; pass it, or a '
            "callable",
            "bad_field",
        )
    return Random(seed)


class Random:
    """Uniformly random play of what is allowed: action k of row i hangs on seed, i and k alone.

    Each draw is a SplitMix64 hash (Steele, Lea & Flood 2014) of the three, so it needs no generator
    a row, and costs the same at any number of rows.

    Args:
        seed: of all rows.
    """

    def __init__(self, seed: int) -> None:
        self._seed = np.uint64(seed)
        self._step = 0
        self._keys: Any = np.zeros(0, np.uint64)
        self._space: Space | None = None

    def place(self, rows: range, batch: Any) -> None:
        """Play these rows."""
        agents = len(batch.possible_agents)
        together = agents > 1 and not batch.description.sequential
        of: Any = np.arange(rows.start, rows.stop, dtype=np.uint64)
        if together:
            of = (of[:, None] * np.uint64(agents) + np.arange(agents, dtype=np.uint64)).reshape(-1)
        self._keys = _mixed(_mixed(of) ^ self._seed)
        self._space = batch.action_space(batch.possible_agents[0])

    def get_state(self) -> bytes:
        """How many decisions it has made a row."""
        return self._step.to_bytes(8, "little")

    def set_state(self, state: bytes) -> None:
        """Go on from there."""
        self._step = int.from_bytes(state, "little")

    def __call__(self, observations: Any, masks: Any) -> Any:
        """Draw an action for each row."""
        assert self._space is not None
        draws = self._draws(_count(observations))
        self._step += 1
        parts = leaves(self._space, "action")
        drawn = {leaf.name: self._leaf(leaf, masks, draws) for leaf in parts}
        return assemble_value(self._space, drawn, "action")

    def _draws(self, count: int) -> Iterator[NDArray[np.float64]]:
        number = 0
        while True:
            salt = _mixed(np.uint64(self._step) * np.uint64(2**20) + np.uint64(number))
            yield (_mixed(self._keys[:count] ^ salt) >> np.uint64(11)) * 2.0**-53
            number += 1

    def _leaf(self, leaf: Leaf, masks: Any, draws: Iterator[NDArray[np.float64]]) -> NDArray[Any]:
        space = leaf.space
        if isinstance(space, spaces.Discrete):
            return _choice(int(space.n), next(draws), masks) + int(space.start)
        if isinstance(space, spaces.MultiDiscrete):
            ends = np.cumsum(space.nvec.ravel()).tolist()
            flags = None if masks is None or masks.shape[1] != mask_size(space) else masks
            chosen = [
                _choice(n, next(draws), None if flags is None else flags[:, end - n : end])
                for n, end in zip(space.nvec.ravel().tolist(), ends, strict=True)
            ]
            stacked = np.stack(chosen, axis=1).reshape(-1, *leaf.shape)
            return np.asarray(stacked + space.start)
        if isinstance(space, spaces.MultiBinary):
            bits = [next(draws) < 0.5 for _ in range(int(np.prod(leaf.shape)))]
            return np.stack(bits, axis=1).reshape(-1, *leaf.shape).astype(leaf.dtype)
        if isinstance(space, spaces.Box):
            low: Any = np.where(space.bounded_below, space.low, np.minimum(-1.0, space.high))
            high: Any = np.where(space.bounded_above, space.high, np.maximum(1.0, space.low))
            bounds = zip(low.ravel(), high.ravel(), strict=True)
            drawn = [a + (b - a) * next(draws) for a, b in bounds]
            return np.stack(drawn, axis=1).reshape(-1, *leaf.shape).astype(leaf.dtype)
        raise BadFieldError(
            f'policy="random" was refused for {space}; it draws from Box, Discrete, MultiDiscrete '
            "and MultiBinary; pass a callable of your own",
            "bad_field",
        )


def _count(observations: Any) -> int:
    """How many decisions are asked for."""
    while not isinstance(observations, np.ndarray):
        parts = observations.values() if isinstance(observations, dict) else observations
        observations = next(iter(parts))
    return len(observations)


def _choice(n: int, draw: NDArray[np.float64], masks: Any) -> NDArray[np.int64]:
    """One of n, or of those allowed; 0 where nothing is."""
    if masks is None:
        return (draw * n).astype(np.int64)
    ranks = np.cumsum(masks != 0, axis=1, dtype=np.int64)
    wanted = (draw * ranks[:, -1]).astype(np.int64)
    chosen: NDArray[np.int64] = (ranks > wanted[:, None]).argmax(axis=1)
    return chosen


def _mixed(words: Any) -> Any:
    """SplitMix64's output function."""
    with np.errstate(over="ignore"):
        z = words + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
