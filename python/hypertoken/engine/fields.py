"""The fields of a request to Java: names and values as bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hypertoken.errors import BadOptionError


def encode_fields(fields: Mapping[str, str]) -> bytes:
    """Names and values, each ended by a NUL."""
    return "".join(f"{name}\0{value}\0" for name, value in fields.items()).encode()


def option_fields(env: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Environment options as fields whose values begin with a letter for their type.

    Raises:
        BadOptionError: a value is no number, flag or text.
    """
    return {f"option.{name}": _typed(env, name, value) for name, value in options.items()}


def _typed(env: str, name: str, value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "btrue" if value else "bfalse"
    if isinstance(value, (int, np.integer)):
        return f"i{int(value)}"
    if isinstance(value, (float, np.floating)):
        return f"f{_java_float(float(value))}"
    if value is None:
        return "s"  # no text: so Gymnasium's FrozenLake means its desc
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if ":" in env and isinstance(value, (dict, list, tuple)):  # a guest's: whatever JSON holds
        value = _as_json(value)
    if isinstance(value, (list, tuple)):
        value = [_row(item) for item in value]
        if all(isinstance(item, (str, int, float)) for item in value):
            value = ",".join(map(str, value))
    if isinstance(value, str) and "\0" not in value and "\0" not in name:
        return f"s{value}"
    raise BadOptionError(
        f"{env} refused option {name}={value!r}; an option is a number, True or False, a text, or "
        "a list of these; pass one of these",
        "bad_option",
    )


def _as_json(value: Any) -> Any:
    try:
        return json.dumps(value)
    except (TypeError, ValueError):
        return value


def _row(item: Any) -> Any:
    """An item of a list: bytes are text, and so is a list of characters, as Gymnasium's maps go."""
    if isinstance(item, np.ndarray):
        item = item.tolist()
    if isinstance(item, (bytes, np.bytes_)):
        return item.decode("latin-1")
    if isinstance(item, (list, tuple)) and item:
        characters = [_row(part) for part in item]
        if all(isinstance(one, str) and len(one) == 1 for one in characters):
            return "".join(characters)
    return item


def _java_float(value: float) -> str:
    if value != value:
        return "NaN"
    return repr(value).replace("inf", "Infinity")


def jar_field(jars: Iterable[str | os.PathLike[str]]) -> str:
    """The jars beside our own, one a line: those given and those of HYPERTOKEN_JARS."""
    named = os.environ.get("HYPERTOKEN_JARS", "").split(os.pathsep)
    paths = [*(os.fspath(jar) for jar in jars), *(jar for jar in named if jar)]
    return "\n".join(dict.fromkeys(str(Path(path).expanduser().resolve()) for path in paths))
