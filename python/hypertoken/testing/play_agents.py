"""Plays scripted actions through the AEC, Parallel and Gymnasium adapters, for the digest.

Each plays so many real steps and stops right after the last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypertoken.spaces import flatten_value
from hypertoken.testing.digest import (
    RowDigest,
    Script,
    batch_digest,
    flat_mask,
    tensor_bytes,
    view_bytes,
)


def _finals(env: Any, observations: dict[str, Any], ended: Iterable[str]) -> bytes:
    return b"".join(
        tensor_bytes(flatten_value(env.observation_space(agent), observations[agent]))
        for agent in ended
    )


def aec_digest(env: Any, seed: int, steps: int) -> str:
    """Play scripted steps through a HyperTokenAECEnv with plain observations.

    Args:
        env: the environment; `metadata["is_parallelizable"]` tells a simultaneous game.
        seed: of the first reset; later resets have none.
        steps: real steps; with simultaneous agents a round of all is one.
    Returns:
        The batch digest of this one row, as 64 hex digits.
    """
    row, script, everyone = RowDigest(), Script(seed), env.possible_agents
    env.reset(seed=seed)
    row.reset(seed, *_aec_views(env))
    while row.steps < steps:
        if not env.agents:
            env.reset()
            row.reset(None, *_aec_views(env))
        actions = b""
        acting = list(env.agents) if env.metadata["is_parallelizable"] else [env.agent_selection]
        for agent in acting:
            mask = flat_mask(env.last()[4].get("action_mask"))
            action = script.action(env.action_space(agent), mask)
            actions += tensor_bytes(flatten_value(env.action_space(agent), action))
            env.step(action)
        rewards = [env.rewards.get(agent, 0) for agent in everyone]
        terminated = [env.terminations.get(agent, False) for agent in everyone]
        truncated = [env.truncations.get(agent, False) for agent in everyone]
        ended = [a for a in env.agents if env.terminations[a] or env.truncations[a]]
        finals = _finals(env, {agent: env.observe(agent) for agent in ended}, ended)
        for _ in ended:
            env.step(None)
        turn, views = _aec_views(env)
        row.step(actions, rewards, terminated, truncated, turn, views + finals)
    return batch_digest([row])


def _aec_views(env: Any) -> tuple[int, bytes]:
    if not env.agents:
        return -1, b""
    together = env.metadata["is_parallelizable"]
    acting = env.agents if together else [env.agent_selection]
    views = b"".join(
        view_bytes(env.observation_space(agent), env.observe(agent), env.action_mask(agent))
        for agent in acting
    )
    return -1 if together else env.possible_agents.index(env.agent_selection), views


def parallel_digest(env: Any, seed: int, steps: int) -> str:
    """Play scripted steps through a HyperTokenParallelEnv with plain observations.

    In a sequential game only the acting agent's action is drawn; the others send none.
    """
    row, script, everyone = RowDigest(), Script(seed), env.possible_agents
    observations, infos = env.reset(seed=seed)
    row.reset(seed, *_parallel_views(env, observations, infos))
    while row.steps < steps:
        if not env.agents:
            observations, infos = env.reset()
            row.reset(None, *_parallel_views(env, observations, infos))
        actions = {
            agent: script.action(
                env.action_space(agent), flat_mask(infos[agent].get("action_mask"))
            )
            for agent in _acting(env)
        }
        played = b"".join(
            tensor_bytes(flatten_value(env.action_space(agent), action))
            for agent, action in actions.items()
        )
        observations, rewards, terminations, truncations, infos = env.step(actions)
        ended = [a for a in everyone if terminations.get(a) or truncations.get(a)]
        turn, views = _parallel_views(env, observations, infos)
        row.step(
            played,
            [rewards.get(agent, 0) for agent in everyone],
            [terminations.get(agent, False) for agent in everyone],
            [truncations.get(agent, False) for agent in everyone],
            turn,
            views + _finals(env, observations, ended),
        )
    return batch_digest([row])


def _acting(env: Any) -> list[str]:
    return list(env.agents) if env.active_agent is None else [env.active_agent]


def _parallel_views(
    env: Any, observations: dict[str, Any], infos: dict[str, dict[str, Any]]
) -> tuple[int, bytes]:
    views = b"".join(
        view_bytes(
            env.observation_space(agent),
            observations[agent],
            flat_mask(infos[agent].get("action_mask")),
        )
        for agent in _acting(env)
    )
    return -1 if env.active_agent is None else env.possible_agents.index(env.active_agent), views


def gym_digest(env: Any, seed: int, steps: int) -> str:
    """Play scripted steps through a HyperTokenGymEnv of a single-agent environment."""
    row, script = RowDigest(), Script(seed)
    turn = 0 if env.unwrapped.sequential else -1

    def view(observation: Any, info: dict[str, Any]) -> bytes:
        return view_bytes(env.observation_space, observation, flat_mask(info.get("action_mask")))

    observation, info = env.reset(seed=seed)
    row.reset(seed, turn, view(observation, info))
    over = False
    while row.steps < steps:
        if over:
            observation, info = env.reset()
            row.reset(None, turn, view(observation, info))
        action = script.action(env.action_space, flat_mask(info.get("action_mask")))
        played = tensor_bytes(flatten_value(env.action_space, action))
        observation, reward, terminated, truncated, info = env.step(action)
        over = terminated or truncated
        seen = (
            tensor_bytes(flatten_value(env.observation_space, observation))
            if over
            else view(observation, info)
        )
        row.step(played, [reward], [terminated], [truncated], -1 if over else turn, seen)
    return batch_digest([row])
