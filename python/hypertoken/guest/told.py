"""What an environment tells beside numbers, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

MOST_ELEMENTS = 4096
"""Of an array in an info; a larger one belongs into the observation."""
_DEEPEST = 8
_LONGEST = 2000


def as_json(info: Mapping[Any, Any]) -> str:
    """An info as JSON: numbers, texts, small arrays; whatever else there is as a short text."""
    try:
        return json.dumps(info, default=_plain, allow_nan=False)
    except (ValueError, TypeError, RecursionError):
        return json.dumps(_clean(info, 0))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        if value.size <= MOST_ELEMENTS:
            return value.tolist()
        return f"<{value.dtype} array of shape {value.shape}: left out>"
    if isinstance(value, (set, frozenset)):
        return list(value)
    return _short(value)


def _clean(value: Any, depth: int) -> Any:
    """What holds NaN, or keys that are no texts, part by part."""
    if depth > _DEEPEST:
        return "<nested too deep>"
    if isinstance(value, Mapping):
        return {str(key): _clean(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(part, depth + 1) for part in value]
    if isinstance(value, float) and not np.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    plain = _plain(value)
    return plain if isinstance(plain, str) else _clean(plain, depth + 1)


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
