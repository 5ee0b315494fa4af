"""A vector's infos as single environments would have told them: one dict a row."""

from __future__ import annotations

from typing import Any

import numpy as np

FINALS = frozenset({"final_obs", "final_info"})


def per_row(infos: dict[str, Any], rows: int, leaving_out: frozenset[str]) -> list[dict[str, Any]]:
    """Take a vector's infos apart.

    Args:
        infos: as a Gymnasium vector tells them: `_key` says which rows said `key`.
        rows: how many there are.
        leaving_out: keys not to look at.
    Returns:
        One dict a row, each its own.
    """
    told: list[dict[str, Any]] = [{} for _ in range(rows)]
    for key, values in infos.items():
        said = infos.get(f"_{key}")
        if said is None or key in leaving_out:
            continue
        nested = per_row(values, rows, leaving_out) if isinstance(values, dict) else values
        for row in np.flatnonzero(said).tolist():
            value = nested[row]
            told[row][key] = value.item() if isinstance(value, np.generic) else value
    return told
