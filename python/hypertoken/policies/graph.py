"""A policy that is an ONNX graph, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.errors import BadFieldError, UnavailableError
from hypertoken.spaces import Space, leaves, mask_size

_LARGEST = 1 << 30
_FLAGS = ("bool", "uint8", "int8")


class Graph:
    """An ONNX file whose inputs are the observation's leaves, and `mask` if it heeds one.

    Raises:
        UnavailableError: the file cannot be read, or there is no onnxruntime.
        BadFieldError: it is no such file, or does not fit the spaces.
    """

    def __init__(self, file: Path, observations: Space, actions: Space) -> None:
        self._file = file
        self._actions = actions
        self._session = _open(file)
        self._check(observations, actions)
        names = [each.name for each in self._session.get_inputs()]
        self._mask = next((e for e in self._session.get_inputs() if e.name == "mask"), None)
        self._flags = mask_size(actions)
        self._inputs = [name for name in names if name != "mask"]
        made = [each.name for each in self._session.get_outputs()]
        self._outputs = [n for n in ("action", "logits", "mean", "log_std") if n in made]
        self._has_value = "value" in made

    def run(
        self, columns: Mapping[str, NDArray[Any]], mask: NDArray[np.bool_] | None
    ) -> dict[str, NDArray[Any]]:
        """Compute `action`, and `logits` or `mean` and `log_std` where the graph gives them."""
        made = self._session.run(self._outputs, self._given(columns, mask))
        return dict(zip(self._outputs, made, strict=True))

    def value(
        self, columns: Mapping[str, NDArray[Any]], mask: NDArray[np.bool_] | None
    ) -> NDArray[np.float32]:
        """The returns that rows foresee."""
        if not self._has_value:
            raise self._refusal("it has no output value", "export it with one")
        made: NDArray[np.float32] = self._session.run(["value"], self._given(columns, mask))[0]
        return made.reshape(-1)

    def _given(
        self, columns: Mapping[str, NDArray[Any]], mask: NDArray[np.bool_] | None
    ) -> dict[str, NDArray[Any]]:
        given = {name: columns[name] for name in self._inputs}
        if self._mask is not None:
            rows = len(next(iter(columns.values())))
            flags = np.ones((rows, self._flags), np.bool_) if mask is None else mask
            given["mask"] = flags.astype(_numpy_name(self._mask.type), copy=False)
        return given

    def _check(self, observations: Space, actions: Space) -> None:
        wanted = {
            leaf.name: (leaf.dtype.name, leaf.shape) for leaf in leaves(observations, "observation")
        }
        flags = mask_size(actions)
        inputs = {each.name: each for each in self._session.get_inputs()}
        if "mask" in inputs and flags:
            given = _numpy_name(inputs["mask"].type)
            wanted["mask"] = (given if given in _FLAGS else "bool", (flags,))
        for name in wanted:
            if name not in inputs:
                raise self._refusal(f"it has no input {name}")
        for name, each in inputs.items():
            if name not in wanted:
                raise self._refusal(f"nothing here is its input {name}")
            self._require("the input", each, *wanted[name])
        played = next((e for e in self._session.get_outputs() if e.name == "action"), None)
        if played is None:
            raise self._refusal("it has no output action")
        assert actions.dtype is not None
        self._require("the output", played, np.dtype(actions.dtype).name, actions.shape or ())

    def _require(self, which: str, value: Any, dtype: str, shape: Sequence[int]) -> None:
        given: list[int | str] = [size if isinstance(size, int) else "?" for size in value.shape]
        fits = len(given) == len(shape) + 1 and all(
            have in ("?", want) for have, want in zip(given, (1, *shape), strict=True)
        )
        if not fits or _numpy_name(value.type) != dtype:
            raise self._refusal(
                f"{which} {value.name} {_numpy_name(value.type)}{_shown(given)} must be "
                f"{dtype}{_shown(['?', *shape])}",
                "export it for this environment",
            )

    def _refusal(
        self, why: str, todo: str = "give it the inputs and outputs that docs/policies.md lists"
    ) -> BadFieldError:
        return BadFieldError(f"policy {self._file} cannot play here; {why}; {todo}", "bad_field")


def _open(file: Path) -> Any:
    try:
        size = file.stat().st_size
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"cannot read {file}; {getattr(error, 'strerror', None) or error}; see that the file "
            "is there and may be read",
            "unavailable",
        ) from error
    if size > _LARGEST:
        raise BadFieldError(
            f"refused {file}; it has {size} bytes, and a policy at most {_LARGEST}; use the ONNX "
            "file of a policy",
            "bad_field",
        )
    try:
        import onnxruntime
    except ImportError as error:
        raise UnavailableError(
            f"cannot play {file}; it is an ONNX graph and there is no onnxruntime; "
            'pip install "hypertoken[onnx]"',
            "unavailable",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its classes are not to be imported by name
        line = " ".join(str(error).split())[:300]
        raise BadFieldError(
            f"refused {file}; ONNX Runtime says: {line}; use an ONNX file that was written whole",
            "bad_field",
        ) from error


def _numpy_name(onnx: str) -> str:
    name = onnx.removeprefix("tensor(").removesuffix(")")
    return {"float": "float32", "double": "float64"}.get(name, name)


def _shown(shape: Sequence[int | str]) -> str:
    return f"[{', '.join(map(str, shape))}]"
