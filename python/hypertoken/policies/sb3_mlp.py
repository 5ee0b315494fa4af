"""Which actor-critics of Stable-Baselines3's are plain networks, and their tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.torch_layers import CombinedExtractor, FlattenExtractor
from stable_baselines3.common.vec_env import VecNormalize

from hypertoken.policies.features import Features
from hypertoken.spaces import leaves

Tensors = dict[str, NDArray[Any]]
_ACTIVATIONS: dict[type, str] = {torch.nn.Tanh: "tanh", torch.nn.ReLU: "relu"}
# What the engine's own kernels do: see `Moments` in Java.
_CUT_OFF, _EPSILON = 10.0, 1e-8


def plain_network(
    policy: Any, normalize: VecNormalize | None
) -> tuple[dict[str, Any], Tensors | None]:
    """What policy.json says of the network, and its tensors; None where it is no plain one."""
    acting = _hidden(policy.mlp_extractor.policy_net)
    foreseeing = _hidden(policy.mlp_extractor.value_net)
    sees = _sees_plainly(policy)
    normalized = _moments(policy, normalize) if sees else None
    alike = acting is not None and foreseeing is not None and _shape(acting) == _shape(foreseeing)
    if not alike or getattr(policy, "use_sde", False) or policy.squash_output or normalized is None:
        return {"kind": "onnx", "normalizes_observations": normalize is not None}, None
    assert acting is not None
    assert foreseeing is not None
    tensors: Tensors = {}
    head = policy.action_net
    weights, bias = _numbers(head)
    if isinstance(policy.action_space, spaces.MultiBinary):
        # A bit is a choice of two: its one number is the logit of 1 beside a 0.
        weights = np.stack([np.zeros_like(weights), weights], axis=1).reshape(-1, weights.shape[1])
        bias = np.stack([np.zeros_like(bias), bias], axis=1).reshape(-1)
    for name, (layers, _), last in (
        ("actor", acting, (weights, bias)),
        ("critic", foreseeing, _numbers(policy.value_net)),
    ):
        for k, (layer_weights, layer_bias) in enumerate([*map(_numbers, layers), last]):
            tensors[f"{name}.{k}.weight"] = layer_weights
            tensors[f"{name}.{k}.bias"] = layer_bias
    if isinstance(policy.action_space, spaces.Box):
        tensors["log_std"] = policy.log_std.detach().cpu().numpy().astype(np.float32)
    tensors.update(normalized)
    hidden, activation = _shape(acting)
    return {
        "kind": "mlp",
        "hidden": hidden,
        "activation": activation,
        "shared_trunk": False,
        "features": Features(policy.observation_space).size,
        "outputs": len(bias),
        "squash": False,
        "normalizes_observations": bool(normalized),
    }, tensors


Hidden = tuple[list[torch.nn.Linear], str]


def _hidden(net: torch.nn.Sequential) -> Hidden | None:
    """The linear layers and the one activation behind each; None where there is anything else."""
    layers = list(net)
    linear = [layer for layer in layers[::2] if isinstance(layer, torch.nn.Linear)]
    activations = {type(layer) for layer in layers[1::2]}
    known = len(activations) == 1 and activations <= _ACTIVATIONS.keys()
    if not known or 2 * len(linear) != len(layers):
        return None
    return linear, _ACTIVATIONS[activations.pop()]


def _shape(hidden: Hidden) -> tuple[list[int], str]:
    return [layer.out_features for layer in hidden[0]], hidden[1]


def _numbers(layer: torch.nn.Linear) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    weights, bias = (part.detach().cpu().numpy().astype(np.float32) for part in layer.parameters())
    return weights, bias


def _sees_plainly(policy: Any) -> bool:
    """Whether features are the leaves one after another, as numbers or one of n values."""
    extractors = {policy.features_extractor, policy.pi_features_extractor}
    extractors.add(policy.vf_features_extractor)
    for extractor in extractors:
        if type(extractor) is CombinedExtractor:
            if list(extractor.extractors) != list(policy.observation_space.spaces) or not all(
                type(part) is torch.nn.Flatten for part in extractor.extractors.values()
            ):
                return False
        elif type(extractor) is not FlattenExtractor:
            return False
    pictures = (
        isinstance(leaf.space, spaces.Box) and leaf.dtype == np.uint8
        for leaf in leaves(policy.observation_space)
    )
    return not (policy.normalize_images and any(pictures))


def _moments(policy: Any, normalize: VecNormalize | None) -> Tensors | None:
    """Mean and variance of all features; None where they are used in another way than here."""
    if normalize is None or not normalize.norm_obs:
        return {}
    if (normalize.clip_obs, normalize.epsilon) != (_CUT_OFF, _EPSILON):
        return None
    counted: Any = normalize.obs_rms
    means, variances = [], []
    for leaf in leaves(policy.observation_space):
        own = counted.get(leaf.name) if isinstance(counted, dict) else counted
        if isinstance(leaf.space, (spaces.Box, spaces.MultiBinary)):
            if own is None:
                return None
            means.append(own.mean.reshape(-1))
            variances.append(own.var.reshape(-1))
        else:
            size = Features(leaf.space).size
            means.append(np.zeros(size))
            variances.append(np.ones(size))
    return {
        "observation.mean": np.concatenate(means),
        "observation.variance": np.concatenate(variances),
    }
