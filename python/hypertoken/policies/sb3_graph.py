"""What an actor-critic of Stable-Baselines3's computes, with the inputs and outputs of a policy."""

from __future__ import annotations

from typing import Any

import torch
from gymnasium import spaces
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.vec_env import VecNormalize

from hypertoken.policies.features import choices
from hypertoken.spaces import leaves

try:
    from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

    _MASKABLE: tuple[type, ...] = (MaskableActorCriticPolicy,)
except ImportError:  # then nobody has one
    _MASKABLE = ()

Tensor = torch.Tensor


class PolicyModule(torch.nn.Module):
    """From columns of observations, and a mask if it heeds one, to what it plays and foresees.

    Attributes:
        masked: whether it heeds masks.
        outputs: the names of what it returns.
    """

    def __init__(self, policy: Any, normalize: VecNormalize | None) -> None:
        super().__init__()
        self.masked = isinstance(policy, _MASKABLE)
        if not (self.masked or isinstance(policy, ActorCriticPolicy)) or hasattr(
            policy, "lstm_actor"
        ):
            raise TypeError(
                f"a policy of type {type(policy).__name__} was refused; actor-critics without "
                "memory are exported; train PPO, MaskablePPO or A2C"
            )
        self.policy = policy
        self._space = policy.action_space
        self._choices = choices(policy.action_space)
        self._names = [leaf.name for leaf in leaves(policy.observation_space, "observation")]
        self._moments: dict[str, tuple[Tensor, Tensor]] = {}
        self._cut_off = float("inf")
        if normalize is not None and normalize.norm_obs:
            self._cut_off = float(normalize.clip_obs)
            for name, moments in _moments(normalize).items():
                scale = 1 / torch.sqrt(torch.as_tensor(moments.var) + normalize.epsilon)
                self._moments[name] = (
                    torch.as_tensor(moments.mean).float(),
                    scale.float(),
                )
        # With gSDE what is drawn depends on what is seen; only what is likeliest is exported.
        self._sde = getattr(policy, "use_sde", False)
        drawn = () if self._sde else ("log_std",)
        self.outputs: tuple[str, ...] = (
            ("action", "logits", "value") if self._choices else ("action", "mean", *drawn, "value")
        )

    def forward(self, *columns: Tensor) -> tuple[Tensor, ...]:
        """Compute the outputs of rows."""
        seen = {
            name: self._normalized(name, column)
            for name, column in zip(self._names, columns, strict=False)
        }
        shown: Any = {name.removeprefix("observation."): column for name, column in seen.items()}
        if not isinstance(self.policy.observation_space, spaces.Dict):
            shown = seen["observation"]
        features = self.policy.extract_features(shown)
        if self.policy.share_features_extractor:
            acting, foreseeing = self.policy.mlp_extractor(features)
        else:
            acting = self.policy.mlp_extractor.forward_actor(features[0])
            foreseeing = self.policy.mlp_extractor.forward_critic(features[1])
        head = self.policy.action_net(acting)
        value = self.policy.value_net(foreseeing).flatten()
        if self._choices:
            logits = self._logits(head, columns[-1])
            return self._chosen(logits), logits, value
        if self._sde:
            return self._bounded(head), head, value
        return self._bounded(head), head, self.policy.log_std.expand_as(head), value

    def _normalized(self, name: str, column: Tensor) -> Tensor:
        if name not in self._moments:
            return column
        mean, scale = self._moments[name]
        return ((column.float() - mean) * scale).clamp(-self._cut_off, self._cut_off)

    def _logits(self, head: Tensor, mask: Tensor) -> Tensor:
        if isinstance(self._space, spaces.MultiBinary):
            # A bit's one number is the logit of 1 beside a 0.
            head = torch.stack([torch.zeros_like(head), head], dim=2).flatten(1)
        if not self.masked:
            return head
        parts = [
            torch.where(legal | ~legal.any(dim=1, keepdim=True), part, float("-inf"))
            for part, legal in zip(self._parts(head), self._parts(mask), strict=True)
        ]
        return torch.cat(parts, dim=1)

    def _parts(self, row: Tensor) -> tuple[Tensor, ...]:
        return torch.split(row, self._choices, dim=1)

    def _chosen(self, logits: Tensor) -> Tensor:
        best = [part.argmax(dim=1) for part in self._parts(logits)]
        chosen = best[0] if isinstance(self._space, spaces.Discrete) else torch.stack(best, dim=1)
        return chosen.to(getattr(torch, str(self._space.dtype)))

    def _bounded(self, head: Tensor) -> Tensor:
        low, high = (
            torch.as_tensor(edge).reshape(-1).float()
            for edge in (self._space.low, self._space.high)
        )
        if self.policy.squash_output:
            played = low + 0.5 * (torch.tanh(head) + 1) * (high - low)
        else:
            played = torch.minimum(torch.maximum(head, low), high)
        shaped = played.reshape(-1, *self._space.shape)
        return shaped.to(getattr(torch, str(self._space.dtype)))


def _moments(normalize: VecNormalize) -> dict[str, Any]:
    """What was counted of each column."""
    counted: Any = normalize.obs_rms
    if isinstance(counted, dict):
        return {f"observation.{name}": moments for name, moments in counted.items()}
    return {"observation": counted}
