"""A policy that is a plain network, computed by numpy as the engine's own kernels compute it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.policies.distributions import bound, likeliest, masked
from hypertoken.policies.features import Features, choices
from hypertoken.policies.files import read_tensors, refusal
from hypertoken.spaces import Space

Floats = NDArray[np.float32]
Layers = list[tuple[Floats, Floats]]

_CUT_OFF = np.float32(10)
_EPSILON = 1e-8


class Mlp:
    """Fully connected layers that act, and foresee the return.

    Args:
        file: policy.safetensors.
        network: what policy.json says of it.
    """

    def __init__(
        self, file: Path, network: Mapping[str, Any], observations: Space, actions: Space
    ) -> None:
        tensors = read_tensors(file)
        self._features = Features(observations)
        self._actions = actions
        self._choices = choices(actions)
        self._squash = bool(network.get("squash"))
        self._relu = _activation(file, network) == "relu"
        size = self._features.size
        outputs = sum(self._choices) or int(np.prod(actions.shape or ()))
        self._outputs = outputs
        self._shared = bool(network.get("shared_trunk"))
        self._actor = _layers(file, tensors, "actor", size, outputs + self._shared)
        self._critic = [] if self._shared else _layers(file, tensors, "critic", size, 1)
        self._log_std = None
        if not self._choices:
            self._log_std = _tensor(file, tensors, "log_std", (outputs,)).astype(np.float32)
        self._mean: Floats | None = None
        self._scale = np.ones(size, np.float32)
        if network.get("normalizes_observations"):
            mean = _tensor(file, tensors, "observation.mean", (size,))
            variance = _tensor(file, tensors, "observation.variance", (size,))
            if (variance < 0).any():
                raise refusal(file, "a variance is below 0")
            self._mean = mean.astype(np.float32)
            # Of what is one of n values they are 0 and 1, so that it stays as it is.
            self._scale = (1 / np.sqrt(variance + _EPSILON)).astype(np.float32)

    def run(
        self, columns: Mapping[str, NDArray[Any]], mask: NDArray[np.bool_] | None
    ) -> dict[str, NDArray[Any]]:
        """Compute `logits`, or `mean` and `log_std`, and `action` of rows."""
        head = self._pass(self._actor, self._rows(columns))[:, : self._outputs]
        if self._choices:
            logits = masked(head, mask, self._choices)
            return {"logits": logits, "action": likeliest(logits, self._choices, self._actions)}
        assert isinstance(self._actions, spaces.Box)
        assert self._log_std is not None
        return {
            "mean": head,
            "log_std": np.broadcast_to(self._log_std, head.shape),
            "action": self.play(head),
        }

    def play(self, numbers: Floats) -> NDArray[Any]:
        """What numbers of the head are in the space."""
        assert isinstance(self._actions, spaces.Box)
        return bound(numbers, self._actions, self._squash)

    def value(self, columns: Mapping[str, NDArray[Any]], mask: Any) -> Floats:
        """The returns that rows foresee."""
        layers = self._actor if self._shared else self._critic
        return self._pass(layers, self._rows(columns))[:, -1]

    def _rows(self, columns: Mapping[str, NDArray[Any]]) -> Floats:
        rows = self._features(columns)
        if self._mean is None:
            return rows
        left: Floats = np.clip((rows - self._mean) * self._scale, -_CUT_OFF, _CUT_OFF)
        return left

    def _pass(self, layers: Layers, rows: Floats) -> Floats:
        for weights, bias in layers[:-1]:
            rows = rows @ weights + bias
            rows = np.maximum(rows, 0, out=rows) if self._relu else np.tanh(rows, out=rows)
        weights, bias = layers[-1]
        return rows @ weights + bias


def _activation(file: Path, network: Mapping[str, Any]) -> str:
    activation = network.get("activation")
    if activation not in ("tanh", "relu"):
        raise refusal(file, f"its activation is {activation!r}, and tanh and relu are known")
    return str(activation)


def _layers(
    file: Path, tensors: Mapping[str, NDArray[Any]], name: str, size: int, outputs: int
) -> Layers:
    layers: Layers = []
    last = sum(1 for each in tensors if each.startswith(f"{name}.") and each.endswith(".weight"))
    for k in range(max(1, last)):
        weights = tensors.get(f"{name}.{k}.weight")
        wide = outputs if k + 1 >= last or weights is None else len(weights)
        checked = _tensor(file, tensors, f"{name}.{k}.weight", (wide, size))
        bias = _tensor(file, tensors, f"{name}.{k}.bias", (wide,))
        # Once and for all as numpy multiplies quickest: inputs by outputs.
        columns = np.ascontiguousarray(checked.T.astype(np.float32))
        layers.append((columns, bias.astype(np.float32)))
        size = wide
    return layers


def _tensor(
    file: Path, tensors: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]
) -> NDArray[Any]:
    tensor = tensors.get(name)
    if tensor is None or tensor.shape != shape:
        found = "missing" if tensor is None else f"of shape {tensor.shape}"
        raise refusal(file, f"{name} is {found}, where {shape} is needed")
    return tensor
