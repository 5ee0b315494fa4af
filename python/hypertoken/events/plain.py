"""Anybody's values as JSON knows them, small and at once: who is hooked may change them next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_MOST = 64
_LONGEST = 2000
_DEEPEST = 4


def plain(value: Any, depth: int = 0) -> Any:
    """The value as JSON can hold it; what is large or no value is told by its kind and shape.

    A number that is not finite is null. At most 64 numbers of an array, 64 parts of a collection,
    four deep. A tensor that is not in the processor's memory is not fetched.
    """
    kind = type(value)
    if value is None or kind is bool or kind is int:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is str:
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    if kind is dict or isinstance(value, Mapping):
        if depth >= _DEEPEST or len(value) > _MOST:
            return f"{len(value)} entries"
        return {str(key): plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        if depth >= _DEEPEST or len(value) > _MOST:
            return f"{len(value)} values"
        return [plain(part, depth + 1) for part in value]
    if hasattr(value, "tolist") and hasattr(value, "shape"):
        return _of_array(value, depth)
    if isinstance(value, (bool, int, str)):  # those of an enumeration
        return plain(value.value if hasattr(value, "value") else str(value), depth + 1)
    return kind.__name__


def _of_array(value: Any, depth: int) -> Any:
    shape = tuple(value.shape)
    near = getattr(getattr(value, "device", None), "type", "cpu") == "cpu"
    if not near or math.prod(shape) > _MOST:
        return f"{kind_of(value)}{list(shape)}"
    return plain(value.tolist(), min(depth, _DEEPEST - len(shape)))


def kind_of(value: Any) -> str:
    """The dtype of an array or tensor, as `float32`."""
    return str(getattr(value, "dtype", type(value).__name__)).rpartition(".")[2]


def number(value: Any) -> float | int | None:
    """A finite number, also one of numpy's; None for anything else."""
    if type(value) is int:
        return value
    if type(value) is not float:
        if isinstance(value, (bool, str, bytes)) or not hasattr(value, "__float__"):
            return None
        try:
            value = value.item() if hasattr(value, "item") else float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError):
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
    return value if math.isfinite(value) else None
