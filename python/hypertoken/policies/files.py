"""Reading what others may have written: JSON, safetensors and nothing that could run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import BadFieldError, UnavailableError

_LARGEST_JSON = 1 << 24
_LARGEST_HEADER = 100_000_000
_DTYPES = {"F32": "<f4", "F64": "<f8", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        UnavailableError: it cannot be read.
        BadFieldError: it is no JSON object.
    """
    if _size(file) > _LARGEST_JSON:
        raise refusal(file, f"it is larger than {_LARGEST_JSON} bytes")
    try:
        value = json.loads(_bytes(file))
    except (ValueError, RecursionError) as error:
        raise refusal(file, f"it is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise refusal(file, "it holds no JSON object")
    return value


def read_tensors(file: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of a safetensors file.

    Raises:
        UnavailableError: it cannot be read.
        BadFieldError: it is no such file, it was cut, or a number in it is none.
    """
    data = memoryview(_bytes(file))
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(_LARGEST_HEADER, len(data) - 8):
        raise refusal(file, "it is no safetensors file, or was cut: it has no header")
    body = data[8 + length :]
    tensors = {}
    try:
        header = json.loads(bytes(data[8 : 8 + length]))
        header.pop("__metadata__", None)
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            if not 0 <= begin <= end <= len(body):
                raise ValueError(f"{name} was cut")
            array = np.frombuffer(body[begin:end], dtype=_DTYPES[entry["dtype"]])
            tensors[name] = array.reshape([int(size) for size in entry["shape"]])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refusal(file, f"it is no safetensors file, or was cut: {error}") from error
    for name, array in tensors.items():
        if not np.isfinite(array).all():
            raise refusal(file, f"{name} holds a number that is not finite")
    return tensors


def refusal(what: object, why: str) -> BadFieldError:
    """The error for a file that is not what it should be."""
    return BadFieldError(
        f"refused {what}; {why}; use a policy that hypertoken train or hypertoken.sb3.export wrote",
        "bad_field",
    )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from error


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError, MemoryError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> UnavailableError:
    why = getattr(error, "strerror", None) or error
    return UnavailableError(
        f"cannot read {file}; {why}; see that the file is there and may be read", "unavailable"
    )


# --- Writing ---


def written_json(value: dict[str, Any]) -> bytes:
    """A JSON object as text for people too."""
    return (json.dumps(value, indent=2, allow_nan=False) + "\n").encode()


def written_tensors(tensors: dict[str, NDArray[Any]]) -> bytes:
    """Arrays of float32 and float64 as a safetensors file."""
    header, at = {}, 0
    for name, array in tensors.items():
        dtype = {"float32": "F32", "float64": "F64"}[array.dtype.name]
        end = at + array.nbytes
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in tensors.values())
    return len(text).to_bytes(8, "little") + text + body


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files that are each there whole or not at all, whenever the power goes.

    Raises:
        UnavailableError: the disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            aside = folder / f"{name}.new"
            with aside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for name in files:
            (folder / f"{name}.new").replace(folder / name)
    except OSError as error:
        raise UnavailableError(
            f"cannot write {folder}; {error.strerror or error}; see that the disk has room and "
            "the folder may be written",
            "unavailable",
        ) from error
