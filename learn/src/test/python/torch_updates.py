"""Write whole PPO updates by PyTorch, for the Java tests to make again.

Usage: python torch_updates.py

Needs torch. Rewrites the resource `torch-updates.txt.gz` beside the test class of the learn module, the same bytes on
every run. It shares nothing with the Java code but the order in which both write numbers.

A file is a list of cases; a line is a name and numbers. A case has the parameters before, as torch orders them, what
was played, and the parameters after two steps of the optimiser over all of it, with the second one's losses: policy,
value, entropy, divergence, share of ratios that were clipped, length of the gradient.
"""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import torch

OUT = Path(__file__).parents[1] / "resources/io/hypertoken/learn/ppo/torch-updates.txt.gz"

torch.manual_seed(20)
torch.set_default_dtype(torch.float32)
ROWS, SEEN, HIDDEN = 40, 3, (6, 5)


def network(outputs, activation):
    layers, size = [], SEEN
    for hidden in HIDDEN:
        layers += [torch.nn.Linear(size, hidden), activation()]
        size = hidden
    return torch.nn.Sequential(*layers, torch.nn.Linear(size, outputs))


def distribution(kind, out, mask, log_std):
    if kind == "gaussian":
        return torch.distributions.Independent(torch.distributions.Normal(out, log_std.exp().expand_as(out)), 1)
    sizes = [3] if kind == "categorical" else [3, 2]
    parts = torch.split(out.masked_fill(~mask, -torch.inf) if mask is not None else out, sizes, dim=1)
    return [torch.distributions.Categorical(logits=part) for part in parts]


def log_prob(dist, action):
    if isinstance(dist, list):
        return sum(d.log_prob(action[:, k].long()) for k, d in enumerate(dist))
    return dist.log_prob(action)


def entropy(dist):
    if not isinstance(dist, list):
        return dist.entropy()
    # Categorical.entropy clamps -inf, but its gradient through a masked logit is not a number: sum over what is legal.
    total = 0
    for d in dist:
        legal = d.probs > 0
        total = total - torch.where(legal, d.probs * torch.where(legal, d.logits, 0.0), 0.0).sum(1)
    return total


def numbers(name, tensor):
    flat = tensor.detach().reshape(-1).tolist()
    return f"{name} {' '.join(repr(float(x)) for x in flat)}\n"


def case(file, kind, shared, activation, settings):
    outputs = {"categorical": 3, "multi": 5, "gaussian": 2}[kind]
    masked = settings.get("masked", False)
    actor = network(outputs + shared, activation)
    critic = None if shared else network(1, activation)
    log_std = torch.nn.Parameter(torch.tensor([0.1, -0.3])) if kind == "gaussian" else None
    parameters = list(actor.parameters()) + (list(critic.parameters()) if critic else [])
    if log_std is not None:
        parameters.append(log_std)

    def forward(x):
        out = actor(x)
        return (out[:, :outputs], out[:, outputs]) if shared else (out, critic(x)[:, 0])

    seen = torch.randn(ROWS, SEEN)
    mask = None
    if masked:
        mask = torch.rand(ROWS, outputs) < 0.7
        mask[:, 0] = True
        if kind == "multi":
            mask[:, 3] = True
    with torch.no_grad():
        out, value = forward(seen)
        dist = distribution(kind, out, mask, log_std)
        if isinstance(dist, list):
            action = torch.stack([d.sample() for d in dist], 1).float()
        else:
            action = dist.sample()
        # As if an older policy had played: ratios differ from 1 on both sides of the clip range.
        old_log_prob = log_prob(dist, action) + 0.25 * torch.randn(ROWS)
        old_value = value + 0.3 * torch.randn(ROWS)
    advantage = torch.randn(ROWS) * 2 + 0.5
    returns = advantage + old_value

    file.write(f"case {kind} shared={int(shared)} activation={activation.__name__.lower()} "
               + " ".join(f"{k}={v}" for k, v in settings.items()) + "\n")
    for p in parameters:
        file.write(numbers("before", p))
    file.write(numbers("seen", seen))
    file.write(numbers("action", action))
    file.write(numbers("mask", (mask if mask is not None else torch.ones(ROWS, outputs)).float()))
    file.write(numbers("log_probability", old_log_prob))
    file.write(numbers("value", old_value))
    file.write(numbers("advantage", advantage))

    optimiser = torch.optim.Adam(parameters, lr=settings["learning_rate"], eps=1e-5)
    clip = settings["clip"]
    for _ in range(2):
        out, value = forward(seen)
        dist = distribution(kind, out, mask, log_std)
        log_ratio = log_prob(dist, action) - old_log_prob
        ratio = log_ratio.exp()
        scaled = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
        policy_loss = torch.max(-scaled * ratio, -scaled * ratio.clamp(1 - clip, 1 + clip)).mean()
        error = (value - returns) ** 2
        if settings["value_clip"] > 0:
            v = settings["value_clip"]
            error = torch.max(error, (old_value + (value - old_value).clamp(-v, v) - returns) ** 2)
        value_loss = 0.5 * error.mean()
        undecided = entropy(dist).mean()
        loss = policy_loss - settings["entropy_coefficient"] * undecided + settings["value_coefficient"] * value_loss
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, settings["max_gradient_norm"])
        optimiser.step()
    kl = ((ratio - 1) - log_ratio).mean()
    clipped = ((ratio - 1).abs() > clip).float().mean()
    file.write(numbers("losses", torch.stack([policy_loss, value_loss, undecided, kl, clipped, norm])))
    for p in parameters:
        file.write(numbers("after", p))


common = {"learning_rate": 0.01, "clip": 0.2, "value_clip": 0.0, "entropy_coefficient": 0.01,
          "value_coefficient": 0.5, "max_gradient_norm": 0.5}

def main() -> None:
    """Write the file."""
    file = io.StringIO()
    case(file, "categorical", False, torch.nn.Tanh, common)
    case(file, "categorical", True, torch.nn.Tanh, common | {"masked": True, "value_clip": 0.2})
    case(file, "multi", False, torch.nn.ReLU, common | {"masked": True, "entropy_coefficient": 0.1})
    case(file, "gaussian", False, torch.nn.Tanh, common | {"max_gradient_norm": 100.0})
    case(file, "gaussian", True, torch.nn.ReLU, common | {"value_clip": 0.1, "clip": 0.1})
    OUT.write_bytes(gzip.compress(file.getvalue().encode("ascii"), 9, mtime=0))


if __name__ == "__main__":
    main()
