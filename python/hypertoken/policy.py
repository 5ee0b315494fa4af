"""Policies as files: a trained network that plays here, without Java."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.errors import BadFieldError, UnavailableError
from hypertoken.policies.distributions import bound, draw
from hypertoken.policies.features import choices
from hypertoken.policies.files import read_json, refusal
from hypertoken.policies.graph import Graph
from hypertoken.policies.mlp import Mlp
from hypertoken.spaces import Space, convert_space, leaf_values, leaves, mask_size

__all__ = ["Policy"]


class Policy:
    """A policy that was trained here, or exported to ONNX: it tells the action for what is seen.

    It plays one observation or any number of them: whatever axes stand before those of the
    observation space stand before those of the action too. For one thread at a time.

    Attributes:
        path: where it was read.
        description: what policy.json says, such as `environment` and `scores`; empty without one.
        observation_space, action_space: what it sees and plays.
        random: what draws when it is not to be deterministic.
    """

    def __init__(
        self,
        network: Mlp | Graph,
        path: Path,
        description: dict[str, Any],
        observation_space: Space,
        action_space: Space,
        seed: int | None = None,
    ) -> None:
        self._network = network
        self.path = path
        self.description = description
        self.observation_space = observation_space
        self.action_space = action_space
        self.random = np.random.default_rng(seed)
        self._leaves = leaves(observation_space, "observation")
        self._flags = mask_size(action_space)
        self._heeds_masks = self._flags > 0 and bool(
            description.get("network", {}).get("masked", True)
        )

    @classmethod
    def load(cls, path: str | Path, *, env: Any = None, seed: int | None = None) -> Policy:
        """Read a policy: JSON, safetensors and ONNX, never anything that could run.

        Args:
            path: its folder, as `hypertoken train` and `hypertoken.sb3.export` write it, or an
                ONNX file with such inputs and outputs.
            env: where it is to play: an Env, a vector, or an environment of PettingZoo's. Its
                spaces must be the policy's; an ONNX file without a policy.json needs one, to know
                them.
            seed: of what is drawn where it is not to be deterministic.
        Raises:
            UnavailableError: something cannot be read, or onnxruntime is needed and not there.
            BadFieldError: it is no policy, or one for other spaces than the environment's.
        """
        path = Path(path)
        folder = path if path.suffix != ".onnx" else path.parent
        described = folder / "policy.json"
        graph = path if path.suffix == ".onnx" else folder / "policy.onnx"
        if path.suffix == ".onnx" or (not described.exists() and graph.exists()):
            if env is None:
                raise refusal(path, "a graph alone does not tell its spaces: pass env=")
            seen, acts = _spaces(env, ())
            return cls(Graph(graph, seen, acts), path, {}, seen, acts, seed)
        _require_one(folder)
        description = read_json(described)
        seen = _space(description, "observation_space", described)
        acts = _space(description, "action_space", described)
        if env is not None:
            _require_same(path, description, (seen, acts), env)
        network = description.get("network")
        if not isinstance(network, dict):
            raise refusal(described, "it does not say its network")
        tensors = folder / "policy.safetensors"
        plain = network.get("kind") == "mlp" and tensors.exists()
        return cls(
            Mlp(tensors, network, seen, acts) if plain else Graph(graph, seen, acts),
            path,
            description,
            seen,
            acts,
            seed,
        )

    def __call__(self, observation: Any, mask: Any = None, deterministic: bool = True) -> Any:
        """Choose an action, or one for each observation.

        Args:
            observation: (…, *space): an element of the observation space, or many in arrays, as
                vectors give them.
            mask: what is legal, (…, flags) as in `info["action_mask"]`, or for MultiDiscrete an
                array a dimension; all is where it is None.
            deterministic: the likeliest action; else one is drawn.
        Raises:
            BadFieldError: observation or mask does not fit the space, or is NaN.
        """
        observation, mask = self._unwrapped(observation, mask)
        columns, leading = self._columns(observation)
        flags = self._mask(mask, leading)
        made = self._network.run(columns, flags)
        action = made["action"] if deterministic else self._drawn(made)
        action = action.reshape((*leading, *(self.action_space.shape or ())))
        return action[()]

    def value(self, observation: Any, mask: Any = None) -> Any:
        """Tell the return that it foresees, (…) float32, in the units it was trained in."""
        observation, mask = self._unwrapped(observation, mask)
        columns, leading = self._columns(observation)
        value = self._network.value(columns, self._mask(mask, leading))
        return value.reshape(leading)[()]

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = True,
        action_masks: Any = None,
    ) -> tuple[Any, Any]:
        """Choose as a model of Stable-Baselines3 does, so that its `evaluate_policy` takes this.

        Returns:
            The action or actions, and `state`, which means nothing here.
        """
        return self(observation, action_masks, deterministic), state

    def __repr__(self) -> str:
        trained = self.description.get("environment", {}).get("id", "an unknown environment")
        return f"Policy({str(self.path)!r}, trained in {trained})"

    def _unwrapped(self, observation: Any, mask: Any) -> tuple[Any, Any]:
        """PettingZoo's classic games show the mask beside what is seen."""
        if (
            isinstance(observation, Mapping)
            and set(observation) == {"observation", "action_mask"}
            and not _has_parts(self.observation_space, observation)
        ):
            shown = observation["action_mask"] if mask is None else mask
            return observation["observation"], shown
        return observation, mask

    def _columns(self, observation: Any) -> tuple[dict[str, NDArray[Any]], tuple[int, ...]]:
        try:
            values = leaf_values(self.observation_space, observation)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise self._refusal("an observation", f"it is no {self.observation_space}") from error
        columns: dict[str, NDArray[Any]] = {}
        leading: tuple[int, ...] | None = None
        for leaf, value in zip(self._leaves, values, strict=True):
            try:
                array = np.asarray(value).astype(leaf.dtype, copy=False)
            except (TypeError, ValueError) as error:
                raise self._refusal(leaf.name, str(error)) from error
            own = array.shape[: array.ndim - len(leaf.shape)]
            leading = own if leading is None else leading
            if array.shape != (*leading, *leaf.shape):
                raise self._refusal(
                    f"{leaf.name} of shape {array.shape}", f"its shape must end in {leaf.shape}"
                )
            if leaf.dtype.kind == "f" and np.isnan(array).any():
                raise self._refusal(leaf.name, "it holds NaN")
            columns[leaf.name] = np.ascontiguousarray(array.reshape(-1, *leaf.shape))
        return columns, leading or ()

    def _mask(self, mask: Any, leading: tuple[int, ...]) -> NDArray[np.bool_] | None:
        if mask is None or not self._heeds_masks:
            return None
        parts = mask if isinstance(mask, tuple) else (mask,)
        try:
            flags = np.concatenate([np.asarray(part, dtype=np.bool_) for part in parts], axis=-1)
        except (TypeError, ValueError) as error:
            raise self._refusal("a mask", str(error)) from error
        if flags.shape != (*leading, self._flags):
            raise self._refusal(
                f"a mask of shape {flags.shape}", f"it must be {(*leading, self._flags)}"
            )
        return flags.reshape(-1, self._flags)

    def _drawn(self, made: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        sizes = choices(self.action_space)
        if sizes and "logits" in made:
            return draw(self.random, made["logits"], sizes, self.action_space)
        if "mean" in made and "log_std" in made:
            mean, deviation = made["mean"], np.exp(made["log_std"])
            noise = self.random.standard_normal(mean.shape, dtype=np.float32)
            assert isinstance(self.action_space, spaces.Box)
            squash = bool(self.description.get("network", {}).get("squash"))
            return bound(mean + deviation * noise, self.action_space, squash)
        raise self._refusal(
            "deterministic=False", "its graph gives neither logits nor mean and log_std"
        )

    def _refusal(self, what: str, why: str) -> BadFieldError:
        return BadFieldError(
            f"policy {self.path} refused {what}; {why}; give it what its environment shows",
            "bad_field",
        )


def _has_parts(space: Space, observation: Mapping[str, Any]) -> bool:
    return isinstance(space, spaces.Dict) and set(space.spaces) == set(observation)


def _space(description: Mapping[str, Any], name: str, file: Path) -> Space:
    try:
        return convert_space(description[name])
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        raise refusal(file, f"it does not say its {name}") from error


def _require_one(folder: Path) -> None:
    """Refuse what is no folder of one policy by what it is instead."""
    if (folder / "policy.json").exists():
        return
    if not folder.is_dir():
        raise UnavailableError(
            f"cannot read policy {folder}; it is no folder; name the folder of a policy, such as "
            "runs/cartpole-v1/20260101-120000-s1/policy",
            "unavailable",
        )
    own = sorted(file.parent.name for file in folder.glob("*/policy.json"))
    if own:
        raise refusal(
            folder, f"it holds a policy for each agent: load one of {', '.join(own)} in it"
        )


def _spaces(env: Any, agents: Sequence[str]) -> tuple[Space, Space]:
    """What an agent sees and plays in an environment of any kind."""
    seen: Any
    if hasattr(env, "single_observation_space"):
        seen, acts = env.single_observation_space, env.single_action_space
    elif hasattr(env, "possible_agents"):
        known = [agent for agent in agents if agent in env.possible_agents]
        agent = known[0] if known else env.possible_agents[0]
        seen, acts = env.observation_space(agent), env.action_space(agent)
    else:
        seen, acts = env.observation_space, env.action_space
    if isinstance(seen, spaces.Dict) and set(seen.spaces) == {"observation", "action_mask"}:
        seen = seen["observation"]
    return seen, acts


def _require_same(
    path: Path, description: Mapping[str, Any], own: tuple[Space, Space], env: Any
) -> None:
    if _spaces(env, description.get("agents") or ()) != own:
        environment = description.get("environment") or {}
        trained = environment.get("id")
        here = getattr(env, "name", None) or getattr(getattr(env, "spec", None), "id", None)
        raise BadFieldError(
            f"policy {path} cannot play {here or env}; it was trained in {trained} with other "
            f"spaces than it meets here; play it in {trained} with options "
            f"{environment.get('options')}",
            "bad_field",
        )
