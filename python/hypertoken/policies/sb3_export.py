"""A model of Stable-Baselines3's as a policy folder."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm
from stable_baselines3.common.vec_env import VecNormalize

from hypertoken.description import Description
from hypertoken.engine.session import Opening
from hypertoken.errors import BadFieldError, UnavailableError
from hypertoken.policies.files import write_files, written_json, written_tensors
from hypertoken.policies.sb3_graph import PolicyModule
from hypertoken.policies.sb3_mlp import plain_network
from hypertoken.spaces import leaves, mask_size

_OPERATORS = 17
_DIGESTED_STEPS = 200
_WAYS_IN = ("env", "venv", "envs", "unwrapped", "batch", "session", "transport")


def export(model: OnPolicyAlgorithm, path: str | Path, env: Any = None) -> Path:
    """Write a trained PPO, MaskablePPO or A2C as a folder that plays here, in Java and anywhere.

    It gets `policy.onnx` and `policy.json`, and `policy.safetensors` too where the model is a
    plain network that the engine's own kernels know: equal hidden layers for acting and for
    foreseeing, tanh or ReLU, no pictures. What VecNormalize has counted of observations is part of
    all of them.

    Args:
        model: the model; its policy must be one of SB3's actor-critics.
        path: the folder; it is made, and what it holds of the same names is replaced.
        env: what it was trained in; the model's own environment when left out.
    Returns:
        The folder.
    Raises:
        BadFieldError: the environment is none of HyperToken's, or the model's spaces are others.
        UnavailableError: the package `onnx`, which PyTorch writes graphs with, is not installed.
    """
    path = Path(path)
    env = model.get_env() if env is None else env
    description, opening = _environment(env)
    agent = str(getattr(env, "agent", None) or description.possible_agents[0])
    seen = description.observation_spaces[agent]
    if (seen, description.action_spaces[agent]) != (model.observation_space, model.action_space):
        raise BadFieldError(
            f"cannot export the model for {description.name}; it was trained with other spaces "
            f"than {seen} and {description.action_spaces[agent]}; pass the env it was trained in",
            "bad_field",
        )
    normalize = _normalizer(env) or model.get_vec_normalize_env()
    module = PolicyModule(model.policy, normalize)
    network, tensors = plain_network(model.policy, normalize)
    network["masked"] = module.masked
    described: dict[str, Any] = {
        "format": 1,
        "environment": {
            "id": description.name,
            "version": description.info["version"],
            "options": {**description.info["env_options"], **description.info["episode_options"]},
        },
        "agents": description.possible_agents,
        "observation_space": description.info["observation_spaces"][agent],
        "action_space": description.info["action_spaces"][agent],
        "network": network,
        "trained": {
            "algorithm": type(model).__name__,
            "steps": int(model.num_timesteps),
            "seed": model.seed,
        },
        "scores": {},
    }
    if opening is not None and ":" not in opening.env:
        described["digest"] = _digest(description, opening)
    files = {"policy.onnx": _graph(module, model), "policy.json": written_json(described)}
    if tensors is not None:
        files["policy.safetensors"] = written_tensors(tensors)
    write_files(path, files)
    return path


def _environment(env: Any) -> tuple[Description, Opening | None]:
    """What an environment is, whatever wraps it."""
    waiting, seen = [env], set[int]()
    while waiting:
        inner = waiting.pop()
        if id(inner) in seen:
            continue
        seen.add(id(inner))
        description = getattr(inner, "__dict__", {}).get("description")
        if isinstance(description, Description):
            session = getattr(inner, "session", inner)
            return description, getattr(session, "opening", None)
        for name in _WAYS_IN:
            found = getattr(inner, "__dict__", {}).get(name)
            waiting += found[:1] if isinstance(found, list) else [found] if found else []
    raise BadFieldError(
        f"cannot export a policy of {env}; it is no environment of HyperToken's; pass the env that "
        "hypertoken.make or hypertoken.sb3.make_vec_env made",
        "bad_field",
    )


def _normalizer(env: Any) -> VecNormalize | None:
    while env is not None and not isinstance(env, VecNormalize):
        env = getattr(env, "venv", None)
    return env


def _digest(description: Description, opening: Opening) -> dict[str, Any]:
    """By which somebody else may know that they play the same environment."""
    from hypertoken.testing.paths import digest_here

    how: dict[str, Any] = {"seed": 0, "steps": _DIGESTED_STEPS, "envs": 1}
    options = description.info["env_options"]
    digest = digest_here("batch", opening.env, options=options, jars=opening.jars, **how)
    return {"sha256": digest, **how}


def _graph(module: PolicyModule, model: OnPolicyAlgorithm) -> bytes:
    try:
        import onnx  # noqa: F401
    except ImportError as error:
        raise UnavailableError(
            "cannot write policy.onnx; PyTorch writes it with the package onnx, which is not "
            'installed; pip install "hypertoken[onnx]"',
            "unavailable",
        ) from error
    columns = leaves(model.observation_space, "observation")
    names = [leaf.name for leaf in columns]
    shown: list[NDArray[Any]] = [np.zeros((2, *leaf.shape), leaf.dtype) for leaf in columns]
    if module.masked:
        names.append("mask")
        shown.append(np.ones((2, mask_size(model.action_space)), np.bool_))
    axes: Mapping[str, Any] = {name: {0: "batch"} for name in [*names, *module.outputs]}
    buffer = io.BytesIO()
    training = model.policy.training
    device = model.device
    module.eval().cpu()
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # that there is a newer exporter, which needs more
            torch.onnx.export(
                module,
                tuple(torch.from_numpy(column) for column in shown),
                buffer,  # type: ignore[arg-type]
                input_names=names,
                output_names=list(module.outputs),
                dynamic_axes=axes,
                opset_version=_OPERATORS,
                dynamo=False,
            )
    finally:
        model.policy.to(device)
        model.policy.set_training_mode(training)
    return buffer.getvalue()


__all__ = ["export"]
