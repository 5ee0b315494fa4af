"""Spaces: as Java reads them, and as columns of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from gymnasium import spaces

Path = tuple[Any, ...]

MOST_BOUNDS = 1000
"""Of a larger Box whose bounds are all the same, one is told."""

_WIDER = {"bool": "int8", "float16": "float32", "uint32": "int64"}
"""The type of a column for what Java has no column of; each holds every value exactly."""


def column_dtype(dtype: Any) -> np.dtype[Any]:
    """The type of the column that holds a Box of this type."""
    name = np.dtype(dtype).name
    wider: np.dtype[Any] = np.dtype(_WIDER.get(name, name))
    return wider


def described(space: Any) -> dict[str, Any]:
    """A space as Java reads it; one that no column can hold by its name, which Java refuses."""
    if isinstance(space, spaces.Box):
        return {
            "type": "box",
            "shape": list(space.shape),
            "low": _bounds(space.low, -1),
            "high": _bounds(space.high, 1),
            "dtype": column_dtype(space.dtype).name,
        }
    if isinstance(space, spaces.Discrete):
        return {"type": "discrete", "n": int(space.n), "start": int(space.start)}
    if isinstance(space, spaces.MultiDiscrete):
        return {"type": "multi_discrete", "nvec": [int(n) for n in np.ravel(space.nvec)]}
    if isinstance(space, spaces.MultiBinary):
        return {"type": "multi_binary", "n": int(np.prod(space.shape))}
    if isinstance(space, spaces.Dict):
        return {"type": "dict", "spaces": {k: described(part) for k, part in space.items()}}
    if isinstance(space, spaces.Tuple):
        return {"type": "tuple", "spaces": [described(part) for part in space.spaces]}
    return {"type": type(space).__name__.lower()}


def _bounds(bounds: Any, sign: int) -> Any:
    values = np.asarray(bounds)
    if values.dtype == np.bool_:
        values = values.astype(np.int8)
    if values.size > MOST_BOUNDS and (values == values.flat[0]).all():
        return _bound(values.flat[0], sign)
    return _nested(values.tolist(), sign)


def _nested(bounds: Any, sign: int) -> Any:
    if isinstance(bounds, list):
        return [_nested(part, sign) for part in bounds]
    return _bound(bounds, sign)


def _bound(bound: Any, sign: int) -> Any:
    if isinstance(bound, np.generic):
        bound = bound.item()
    return None if bound in (float("inf"), float("-inf")) else bound


def leaves(space: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The parts of a space that are a column each, in Java's order: the way to each, and what it
    is.
    """
    if isinstance(space, spaces.Dict):
        for key, part in space.items():
            yield from leaves(part, (*path, key))
    elif isinstance(space, spaces.Tuple):
        for index, part in enumerate(space.spaces):
            yield from leaves(part, (*path, index))
    else:
        yield path, space


def leaf_dtype(space: Any) -> np.dtype[Any]:
    """The type of a leaf's column."""
    if isinstance(space, spaces.Box):
        return column_dtype(space.dtype)
    return np.dtype(np.int8 if isinstance(space, spaces.MultiBinary) else np.int64)


def mask_size(space: Any) -> int:
    """How many flags the mask of an action has; 0 where it has none."""
    if isinstance(space, spaces.Discrete):
        return int(space.n)
    return int(np.sum(space.nvec)) if isinstance(space, spaces.MultiDiscrete) else 0


# --- Observations: into columns ---


def numbers(column: Any) -> Any:
    """A column for single numbers: a third of the time that numpy takes for one."""
    return memoryview(column)


def leaf_writer(space: Any, column: np.ndarray[Any, Any]) -> Callable[[int, Any], None]:
    """Make the function that writes a leaf's value into one cell of its column.

    Args:
        space: the leaf's space.
        column: shape (cells, *shape of the leaf), of the leaf's column dtype, contiguous.
    Returns:
        `write(cell, value)`; ValueError or TypeError for what does not fit the space.
    """
    if isinstance(space, spaces.Discrete):
        write: Callable[[int, Any], None] = numbers(column).__setitem__
        return write
    if isinstance(space, spaces.MultiDiscrete):
        start = np.ravel(getattr(space, "start", 0))
        return _fitting(space.shape, column, lambda value: np.ravel(value) - start)
    if isinstance(space, spaces.MultiBinary):
        return _fitting(space.shape, column, np.ravel)
    if column.ndim != 2:
        return _fitting(space.shape, column, None)
    return _flat(space.shape, column)


def _flat(shape: tuple[int, ...], column: np.ndarray[Any, Any]) -> Callable[[int, Any], None]:
    """For vectors, whose memory is copied as it is where type and length are right already."""
    flat, cuts = vector_cells(column)
    slowly = _fitting(shape, column, None)

    def write(cell: int, value: Any) -> None:
        try:
            flat[cuts[cell]] = value
        except (ValueError, TypeError):
            slowly(cell, value)

    return write


def vector_cells(column: np.ndarray[Any, Any]) -> tuple[Any, list[slice]]:
    """The numbers of a column of vectors, and where each cell's lie among them."""
    cells, size = column.shape
    return numbers(column.reshape(-1)), [slice(k * size, (k + 1) * size) for k in range(cells)]


def _fitting(
    shape: tuple[int, ...],
    column: np.ndarray[Any, Any],
    change: Callable[[Any], Any] | None,
) -> Callable[[int, Any], None]:
    dtype = column.dtype

    def write(cell: int, value: Any) -> None:
        array = np.asarray(value)
        if array.shape != shape:
            raise ValueError(f"an observation has shape {array.shape}, its space {shape}")
        if array.dtype != dtype and not np.can_cast(array.dtype, dtype, "same_kind"):
            cast = array.astype(dtype)
            if not np.array_equal(cast, array):
                raise ValueError(f"an observation of {array.dtype} does not fit its {dtype}")
            array = cast
        column[cell] = array if change is None else change(array)

    return write


def writer(space: Any, columns: list[np.ndarray[Any, Any]]) -> Callable[[int, Any], None]:
    """Make the function that writes an observation into one cell of its space's columns."""
    parts = [
        (path, leaf_writer(leaf, column))
        for (path, leaf), column in zip(leaves(space), columns, strict=True)
    ]
    if parts[0][0] == ():
        return parts[0][1]
    if all(len(path) == 1 for path, _ in parts):
        flat = [(path[0], write) for path, write in parts]

        def write_parts(cell: int, value: Any) -> None:
            for key, write in flat:
                write(cell, value[key])

        return write_parts

    def write_nested(cell: int, value: Any) -> None:
        for path, write in parts:
            part = value
            for key in path:
                part = part[key]
            write(cell, part)

    return write_nested


# --- Actions: out of columns ---


def reader(space: Any, columns: list[np.ndarray[Any, Any]]) -> Callable[[], list[Any]]:
    """Make the function that reads the actions of all cells, each the environment's own to keep."""
    parts = iter(columns)
    return _reader(space, parts)


def _reader(space: Any, columns: Iterator[np.ndarray[Any, Any]]) -> Callable[[], list[Any]]:
    if isinstance(space, spaces.Dict):
        named = {key: _reader(part, columns) for key, part in space.items()}

        def read_dict() -> list[Any]:
            read = [part() for part in named.values()]
            return [dict(zip(named, values, strict=True)) for values in zip(*read, strict=True)]

        return read_dict
    if isinstance(space, spaces.Tuple):
        listed = [_reader(part, columns) for part in space.spaces]
        return lambda: list(zip(*(part() for part in listed), strict=True))
    return _leaf_reader(space, next(columns))


def _leaf_reader(space: Any, column: np.ndarray[Any, Any]) -> Callable[[], list[Any]]:
    dtype = np.dtype(space.dtype)
    if isinstance(space, spaces.Discrete):
        if dtype == column.dtype:
            return lambda: list(column)
        return lambda: list(column.astype(dtype))
    shape = (len(column), *space.shape)
    if isinstance(space, spaces.MultiDiscrete):
        start = np.asarray(getattr(space, "start", 0), dtype=dtype)
        return lambda: list(column.astype(dtype).reshape(shape) + start)
    return lambda: list(column.astype(dtype).reshape(shape))
