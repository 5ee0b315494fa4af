"""Seeds of a reset: one for all rows, or one a row, into the column that a reset reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import BadFieldError

LARGEST_SEED = 2**53 - 1
Seeds = int | Sequence[int | None] | None


def write_seeds(column: NDArray[np.int64], seeds: Seeds) -> None:
    """Write a reset's seeds: one seed s gives row i s+i; -1 where there is none.

    Raises:
        BadFieldError: a seed is no integer from 0 to 2^53-1, or there is not one a row.
    """
    if seeds is None:
        column.fill(-1)
        return
    if isinstance(seeds, (int, np.integer)) and not isinstance(seeds, bool):
        first = int(seeds)
        check_seed(first)
        check_seed(first + len(column) - 1)
        column[:] = np.arange(first, first + len(column))
        return
    listed = [seeds] if isinstance(seeds, (str, bytes, bool, float)) else list(seeds)
    for seed in listed:
        if seed is not None:
            check_seed(seed)
    if len(listed) != len(column):
        raise BadFieldError(
            f"reset refused {len(listed)} seeds; there are {len(column)} rows; pass one seed "
            "a row, or one for all",
            "bad_field",
        )
    column[:] = [-1 if seed is None else seed for seed in listed]


def check_seed(seed: Any) -> None:
    """Refuse what is no seed.

    Raises:
        BadFieldError: it is no integer from 0 to 2^53-1.
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed <= LARGEST_SEED:
        raise BadFieldError(
            f"reset refused seed={seed!r}; seeds are integers from 0 to {LARGEST_SEED}; pass one "
            "of these, or None",
            "bad_field",
        )
