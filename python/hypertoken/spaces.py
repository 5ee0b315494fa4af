"""Spaces: from the protocol's descriptions to Gymnasium's; values to and from JSON and leaves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.errors import BadActionError

Space = spaces.Space[Any]


def convert_space(description: Mapping[str, Any]) -> Space:
    """Turn a space as the bridge describes it into the Gymnasium space.

    Args:
        description: `{type: "box", shape, low, high, dtype}`, `{type: "discrete", n, start}`,
            `{type: "multi_discrete", nvec}`, `{type: "multi_binary", n}`,
            `{type: "dict", spaces}` or `{type: "tuple", spaces}`. Without `type`, `n` makes a
            Discrete and `shape` a Box. A bound of None is infinite.
    Returns:
        A new space; Dict keeps the order of the description.
    Raises:
        ValueError: the description fits no space.
    """
    kind = description.get("type") or ("discrete" if "n" in description else "box")
    if kind == "box":
        return _box(description)
    if kind == "discrete":
        return spaces.Discrete(int(description["n"]), start=int(description.get("start") or 0))
    if kind == "multi_discrete":
        start = description.get("start")
        return spaces.MultiDiscrete(
            np.asarray(description["nvec"], dtype=np.int64),
            start=None if start is None else np.asarray(start, dtype=np.int64),
        )
    if kind == "multi_binary":
        n = description["n"]
        return spaces.MultiBinary(n if isinstance(n, int) else tuple(n))
    if kind == "dict":
        return spaces.Dict(
            OrderedDict((name, convert_space(part)) for name, part in description["spaces"].items())
        )
    if kind == "tuple":
        return spaces.Tuple([convert_space(part) for part in description["spaces"]])
    raise ValueError(
        f"the space type {kind!r} is unknown; box, discrete, multi_discrete, multi_binary, dict "
        "and tuple are known; update the hypertoken package to the server's version"
    )


def _box(description: Mapping[str, Any]) -> spaces.Box:
    dtype = np.dtype(description.get("dtype") or "float32")
    shape = tuple(description["shape"])
    return spaces.Box(
        low=_bounds(description.get("low"), -1, dtype, shape),
        high=_bounds(description.get("high"), 1, dtype, shape),
        shape=shape,
        dtype=dtype.type,
    )


def _bounds(bounds: Any, sign: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    infinite: float
    if np.issubdtype(dtype, np.floating):
        infinite = sign * np.inf
    else:
        limits = np.iinfo(dtype)
        infinite = limits.min if sign < 0 else limits.max
    filled = fill_infinite(bounds, infinite)
    return np.array(np.broadcast_to(np.asarray(filled, dtype=dtype), shape))


def fill_infinite(bounds: Any, infinite: float) -> Any:
    """Replace each None in a bound (a number or nested lists) by `infinite`."""
    if bounds is None:
        return infinite
    if isinstance(bounds, list):
        return [fill_infinite(bound, infinite) for bound in bounds]
    return bounds


_NON_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def restore_numbers(value: Any) -> Any:
    """Turn the strings "NaN", "Infinity" and "-Infinity" of a JSON observation into floats."""
    if isinstance(value, str):
        return _NON_FINITE.get(value, value)
    if isinstance(value, list):
        return [restore_numbers(part) for part in value]
    if isinstance(value, dict):
        return {name: restore_numbers(part) for name, part in value.items()}
    return value


# --- Observations: JSON to what the space contains ---


def observation_decoder(space: Space) -> Callable[[Any], Any]:
    """Make the function that turns a JSON observation into an element of `space`.

    Arrays get the space's dtype and shape, a Discrete observation is an np.int64.
    """
    if isinstance(space, spaces.Discrete):
        return np.int64
    if isinstance(space, spaces.Dict):
        parts = {name: observation_decoder(part) for name, part in space.spaces.items()}
        return lambda value: {name: decode(value[name]) for name, decode in parts.items()}
    if isinstance(space, spaces.Tuple):
        decoders = [observation_decoder(part) for part in space.spaces]
        return lambda value: tuple(d(part) for d, part in zip(decoders, value, strict=True))
    dtype = space.dtype
    return lambda value: np.array(value, dtype=dtype)


# --- Actions: what the space contains to JSON ---


def encode_action(action: Any) -> Any:
    """Turn an action (numbers, arrays, dicts, tuples, None) into what JSON can hold.

    Raises:
        BadActionError: a value JSON cannot hold, such as NaN or an object.
    """
    if action is None or type(action) is int:
        return action
    if isinstance(action, (np.ndarray, np.generic)):
        action = action.tolist()
    if isinstance(action, (bool, int)):
        return int(action)
    if isinstance(action, float):
        if action != action or action in (float("inf"), float("-inf")):
            raise BadActionError(
                f"action {action} was refused; JSON and the environments know finite numbers only; "
                "send a finite number",
                "bad_action",
            )
        return action
    if isinstance(action, Mapping):
        return {str(name): encode_action(part) for name, part in action.items()}
    if isinstance(action, (list, tuple)):
        return [encode_action(part) for part in action]
    raise BadActionError(
        f"action {action!r} was refused; an action is a number, an array, a dict or a tuple; "
        "send what env.action_space(agent).sample() returns",
        "bad_action",
    )


# --- Leaves: every space is a list of named tensors ---


@dataclass(frozen=True, slots=True)
class Leaf:
    """One tensor of a space: its name is the path to it, joined by dots."""

    name: str
    space: Space
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


def leaves(space: Space, name: str = "") -> list[Leaf]:
    """List a space's leaves in its own order; Discrete is an int64 scalar.

    Args:
        space: what they are leaves of.
        name: what their names begin with. With "action" or "observation" these are the names of
            the columns; a bare space's only one is the name itself.
    """
    if isinstance(space, spaces.Dict):
        parts = list(space.spaces.items())
    elif isinstance(space, spaces.Tuple):
        parts = [(str(i), part) for i, part in enumerate(space.spaces)]
    else:
        return [Leaf(name, space, np.dtype(space.dtype), tuple(space.shape or ()))]
    return [leaf for key, part in parts for leaf in leaves(part, name_below(name, key))]


def name_below(name: str, key: str | int) -> str:
    """The name of a part, given its space's own."""
    return f"{name}.{key}" if name else str(key)


def leaf_values(space: Space, value: Any) -> list[Any]:
    """List an element's parts as they were given, in the order of `leaves`.

    Raises:
        KeyError, TypeError, ValueError, IndexError: it is built in another way than the space.
    """
    if isinstance(space, spaces.Dict):
        return [v for key, part in space.spaces.items() for v in leaf_values(part, value[key])]
    if isinstance(space, spaces.Tuple):
        pairs = zip(space.spaces, value, strict=True)
        return [v for part, item in pairs for v in leaf_values(part, item)]
    return [value]


def flatten_value(space: Space, value: Any) -> list[NDArray[Any]]:
    """List an element's tensors in the order of `leaves`, each with its leaf's dtype."""
    pairs = zip(leaves(space), leaf_values(space, value), strict=True)
    return [np.asarray(part, dtype=leaf.dtype) for leaf, part in pairs]


Reader = Callable[[], Any]
"""Reads an element, or a part of one, out of the memory it was made for."""


def element_reader(space: Space, read: Callable[[Leaf], Reader], name: str = "") -> Reader:
    """Make the function that builds a (batched) element; `read` makes the one for each leaf."""
    if isinstance(space, (spaces.Box, spaces.Discrete)):  # quickly told, as a Dict is not
        return read(leaves(space, name)[0])
    if isinstance(space, spaces.Dict):
        named = {
            key: element_reader(part, read, name_below(name, key))
            for key, part in space.spaces.items()
        }
        return lambda: {key: part() for key, part in named.items()}
    if isinstance(space, spaces.Tuple):
        parts = [
            element_reader(part, read, name_below(name, key))
            for key, part in enumerate(space.spaces)
        ]
        if len(parts) == 3:
            first, second, third = parts
            return lambda: (first(), second(), third())
        return lambda: tuple([part() for part in parts])
    (leaf,) = leaves(space, name)
    return read(leaf)


def assemble_value(space: Space, tensors: Mapping[str, NDArray[Any]], name: str = "") -> Any:
    """Build a (batched) element from its leaves by name: the inverse of `leaves`."""
    return element_reader(space, lambda leaf: partial(tensors.__getitem__, leaf.name), name)()


# --- Masks ---


def convert_mask(space: Space, flags: Any) -> Any:
    """Turn a flat mask into what `space.sample(mask)` wants.

    Args:
        space: the agent's action space.
        flags: n values 0 or 1 (Discrete), or the dimensions' one after another (MultiDiscrete).
    Returns:
        int8 (n,) for Discrete, a tuple of int8 arrays for a flat MultiDiscrete, else int8 flat.
    """
    mask = np.array(flags, dtype=np.int8)
    if isinstance(space, spaces.MultiDiscrete) and space.nvec.ndim == 1:
        return tuple(np.split(mask, np.cumsum(space.nvec)[:-1]))
    return mask


def mask_size(space: Space) -> int:
    """Count the flags of a flat mask: n of a Discrete, the sum of a MultiDiscrete, 0 of others."""
    if isinstance(space, spaces.Discrete):
        return int(space.n)
    return int(space.nvec.sum()) if isinstance(space, spaces.MultiDiscrete) else 0


def legal_actions(space: spaces.Discrete, mask: NDArray[Any] | None) -> NDArray[np.int64]:
    """List the actions a mask allows (all without one), as values of the space."""
    if mask is None:
        indices = np.arange(space.n, dtype=np.int64)
    else:
        indices = np.flatnonzero(np.asarray(mask)).astype(np.int64)
    return indices + int(space.start)
