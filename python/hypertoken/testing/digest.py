r"""The trajectory digest, computed at the far end from what the client saw.

Every transport and adapter must give the same digest for the same environment, seed and scripted
actions. A row's digest is the SHA-256 of its records, all little-endian:

    'R'  i64 seed (-1: none)  i32 turn  views
    'S'  actions  f64 rewards of all agents  u8 terminated of all  u8 truncated of all
         i32 turn  views  last observations of the agents that ended in this step

where `views` are the observation leaves and the mask (u8) of whoever acts next: the agent whose
index is `turn`, or with turn -1 every living agent in order, nobody when the episode is over. The
actions are those of the acting agent, or of every agent alive before a simultaneous step. NaN is
canonical. A batch's digest is the SHA-256 of its rows' digests.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Space, flatten_value, legal_actions

_SEED_TURN = struct.Struct("<qi")
_TURN = struct.Struct("<i")


# --- Records ---


def canonical_bytes(tensor: NDArray[Any]) -> bytes:
    """The tensor's raw little-endian bytes, with every NaN the canonical one."""
    tensor = np.asarray(tensor)
    if tensor.dtype.kind == "f" and np.isnan(tensor).any():
        tensor = tensor.copy()
        tensor[np.isnan(tensor)] = np.nan
    return np.ascontiguousarray(tensor, dtype=tensor.dtype.newbyteorder("<")).tobytes()


def tensor_bytes(tensors: Iterable[NDArray[Any]]) -> bytes:
    """The canonical bytes of several tensors, one after another."""
    return b"".join(canonical_bytes(tensor) for tensor in tensors)


def view_bytes(space: Space, observation: Any, mask: Any) -> bytes:
    """One agent's view: its observation's leaves, then its flat mask; no mask when None."""
    flags = b"" if mask is None else np.asarray(mask, dtype=np.uint8).tobytes()
    return tensor_bytes(flatten_value(space, observation)) + flags


class RowDigest:
    """The digest of one row, fed record by record; `steps` counts the S records."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self.steps = 0

    def reset(self, seed: int | None, turn: int, views: bytes) -> None:
        """Add the record of a reset."""
        self._sha.update(b"R" + _SEED_TURN.pack(-1 if seed is None else seed, turn) + views)

    def step(
        self,
        actions: bytes,
        rewards: Sequence[float] | NDArray[np.float64],
        terminated: Sequence[bool] | NDArray[np.uint8],
        truncated: Sequence[bool] | NDArray[np.uint8],
        turn: int,
        views: bytes,
    ) -> None:
        """Add the record of a real step; `views` ends with the ended agents' last observations."""
        self._sha.update(
            b"S"
            + actions
            + canonical_bytes(np.asarray(rewards, dtype=np.float64))
            + np.asarray(terminated, dtype=np.uint8).tobytes()
            + np.asarray(truncated, dtype=np.uint8).tobytes()
            + _TURN.pack(turn)
            + views
        )
        self.steps += 1

    def digest(self) -> bytes:
        """The 32 bytes so far."""
        return self._sha.digest()


def batch_digest(rows: Iterable[RowDigest]) -> str:
    """The digest of several rows, as 64 hex digits."""
    return hashlib.sha256(b"".join(row.digest() for row in rows)).hexdigest()


# --- Scripted actions ---


class Script:
    """The actions of one row: drawn for each acting agent from default_rng([seed + row, 1])."""

    def __init__(self, seed: int, row: int = 0) -> None:
        self._random = np.random.default_rng([seed + row, 1])

    def action(self, space: Space, mask: Any) -> Any:
        """Draw the next action: uniform among the legal ones; an element of the space."""
        g = self._random
        if isinstance(space, spaces.Discrete):
            legal = legal_actions(space, None if mask is None else np.asarray(mask))
            return int(legal[g.integers(len(legal))])
        if isinstance(space, spaces.MultiDiscrete):
            return self._multi_discrete(space, mask)
        if isinstance(space, spaces.MultiBinary):
            flips = [g.integers(2) for _ in range(int(np.prod(space.shape)))]
            return np.array(flips, dtype=space.dtype).reshape(space.shape)
        if isinstance(space, spaces.Box):
            return self._box(space)
        if isinstance(space, spaces.Dict):
            return {name: self.action(part, None) for name, part in space.spaces.items()}
        if isinstance(space, spaces.Tuple):
            return tuple(self.action(part, None) for part in space.spaces)
        raise TypeError(f"the action space {space} has no script")

    def _multi_discrete(self, space: spaces.MultiDiscrete, mask: Any) -> NDArray[Any]:
        chosen, start, flags = [], space.start.ravel(), None if mask is None else np.asarray(mask)
        offset = 0
        for dimension, n in enumerate(space.nvec.ravel()):
            legal = np.arange(n) if flags is None else np.flatnonzero(flags[offset : offset + n])
            chosen.append(legal[self._random.integers(len(legal))] + start[dimension])
            offset += int(n)
        return np.array(chosen, dtype=space.dtype).reshape(space.shape)

    def _box(self, space: spaces.Box) -> NDArray[Any]:
        bounds = zip(space.low.ravel(), space.high.ravel(), strict=True)
        drawn = [
            # An infinite bound counts as -1 or 1, or as the other bound where that lies beyond.
            self._random.uniform(
                low if np.isfinite(low) else min(-1.0, float(high)),
                high if np.isfinite(high) else max(1.0, float(low)),
            )
            for low, high in bounds
        ]
        return np.array(drawn).astype(space.dtype).reshape(space.shape)


def flat_mask(mask: Any) -> Any:
    """A mask from info, flat again: MultiDiscrete's comes as one array a dimension."""
    return np.concatenate(mask) if isinstance(mask, tuple) else mask
