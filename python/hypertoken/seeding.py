"""Seeds of a reset: one for all rows, or one a row, into the column that a reset reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import BadFieldError

LARGEST_SEED = 2**53 - 1
Seed = int | np.integer[Any]
Seeds = Seed | Sequence[Seed | None] | NDArray[np.integer[Any]] | None


def write_seeds(column: NDArray[np.int64], seeds: Seeds) -> None:
    """Write a reset's seeds: one seed s gives row i s+i; -1 where there is none.

    Raises:
        BadFieldError: a seed is no integer from 0 to 2^53-1, or there is not one a row.
    """
    if seeds is None:
        column.fill(-1)
        return
    first = one_seed(seeds)
    if first is not None:
        check_seed(first + len(column) - 1)
        column[:] = np.arange(first, first + len(column))
        return
    given: Any = seeds
    listed = [-1 if seed is None else check_seed(seed) for seed in given]
    if len(listed) != len(column):
        raise BadFieldError(
            f"reset refused {len(listed)} seeds; there are {len(column)} rows; pass one seed "
            "a row, or one for all",
            "bad_field",
        )
    column[:] = listed


def one_seed(seeds: Any) -> int | None:
    """The one seed given for all rows, as Python's int; None when there is one a row, or none.

    Raises:
        BadFieldError: it is no integer from 0 to 2^53-1.
    """
    if isinstance(seeds, np.ndarray):
        return check_seed(seeds) if seeds.ndim == 0 else None
    several = isinstance(seeds, Iterable) and not isinstance(seeds, (str, bytes))
    return None if seeds is None or several else check_seed(seeds)


def check_seed(seed: Any) -> int:
    """Hand back a seed as Python's int, and refuse what is none.

    Raises:
        BadFieldError: it is no integer from 0 to 2^53-1.
    """
    if isinstance(seed, np.ndarray) and seed.ndim == 0:
        seed = seed.item()
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed <= LARGEST_SEED:
        raise BadFieldError(
            f"reset refused seed={seed!r}; seeds are integers from 0 to {LARGEST_SEED}; pass one "
            "of these, or None",
            "bad_field",
        )
    return int(seed)
