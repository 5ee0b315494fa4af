r"""The trajectory digest, computed at the far end from what the client saw.

Every transport and adapter must give the same digest for the same environment, seed and scripted
actions. A row's digest is the SHA-256 of its records, all little-endian:

    'R'  i64 seed (-1: none)  i32 turn  views
    'S'  actions  f64 rewards of all agents  u8 terminated of all  u8 truncated of all
         i32 turn  views  last observations of the agents that ended in this step

where `views` are the observation leaves and the mask (u8) of whoever acts next: the agent whose
index is `turn`, or with turn -1 every living agent in order, nobody when the episode is over. The
actions are those of the acting agent, or of every agent alive before a simultaneous step. NaN is
canonical. A batch's digest is the SHA-256 of its rows' digests.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.batch import Batch, Columns
from hypertoken.spaces import Space, flatten_value, leaves, legal_actions

_SEED_TURN = struct.Struct("<qi")
_TURN = struct.Struct("<i")


# --- Records ---


def canonical_bytes(tensor: NDArray[Any]) -> bytes:
    """The tensor's raw little-endian bytes, with every NaN the canonical one."""
    tensor = np.asarray(tensor)
    if tensor.dtype.kind == "f" and np.isnan(tensor).any():
        tensor = tensor.copy()
        tensor[np.isnan(tensor)] = np.nan
    return np.ascontiguousarray(tensor, dtype=tensor.dtype.newbyteorder("<")).tobytes()


def tensor_bytes(tensors: Iterable[NDArray[Any]]) -> bytes:
    """The canonical bytes of several tensors, one after another."""
    return b"".join(canonical_bytes(tensor) for tensor in tensors)


def view_bytes(space: Space, observation: Any, mask: Any) -> bytes:
    """One agent's view: its observation's leaves, then its flat mask; no mask when None."""
    flags = b"" if mask is None else np.asarray(mask, dtype=np.uint8).tobytes()
    return tensor_bytes(flatten_value(space, observation)) + flags


class RowDigest:
    """The digest of one row, fed record by record; `steps` counts the S records."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self.steps = 0

    def reset(self, seed: int | None, turn: int, views: bytes) -> None:
        """Add the record of a reset."""
        self._sha.update(b"R" + _SEED_TURN.pack(-1 if seed is None else seed, turn) + views)

    def step(
        self,
        actions: bytes,
        rewards: Sequence[float] | NDArray[np.float64],
        terminated: Sequence[bool] | NDArray[np.uint8],
        truncated: Sequence[bool] | NDArray[np.uint8],
        turn: int,
        views: bytes,
    ) -> None:
        """Add the record of a real step; `views` ends with the ended agents' last observations."""
        self._sha.update(
            b"S"
            + actions
            + canonical_bytes(np.asarray(rewards, dtype=np.float64))
            + np.asarray(terminated, dtype=np.uint8).tobytes()
            + np.asarray(truncated, dtype=np.uint8).tobytes()
            + _TURN.pack(turn)
            + views
        )
        self.steps += 1

    def digest(self) -> bytes:
        """The 32 bytes so far."""
        return self._sha.digest()


def batch_digest(rows: Iterable[RowDigest]) -> str:
    """The digest of several rows, as 64 hex digits."""
    return hashlib.sha256(b"".join(row.digest() for row in rows)).hexdigest()


# --- Scripted actions ---


class Script:
    """The actions of one row: drawn for each acting agent from default_rng([seed + row, 1])."""

    def __init__(self, seed: int, row: int = 0) -> None:
        self._random = np.random.default_rng([seed + row, 1])

    def action(self, space: Space, mask: Any) -> Any:
        """Draw the next action: uniform among the legal ones; an element of the space."""
        g = self._random
        if isinstance(space, spaces.Discrete):
            legal = legal_actions(space, None if mask is None else np.asarray(mask))
            return int(legal[g.integers(len(legal))])
        if isinstance(space, spaces.MultiDiscrete):
            return self._multi_discrete(space, mask)
        if isinstance(space, spaces.MultiBinary):
            flips = [g.integers(2) for _ in range(int(np.prod(space.shape)))]
            return np.array(flips, dtype=space.dtype).reshape(space.shape)
        if isinstance(space, spaces.Box):
            return self._box(space)
        if isinstance(space, spaces.Dict):
            return {name: self.action(part, None) for name, part in space.spaces.items()}
        if isinstance(space, spaces.Tuple):
            return tuple(self.action(part, None) for part in space.spaces)
        raise TypeError(f"the action space {space} has no script")

    def _multi_discrete(self, space: spaces.MultiDiscrete, mask: Any) -> NDArray[Any]:
        chosen, start, flags = [], space.start.ravel(), None if mask is None else np.asarray(mask)
        offset = 0
        for dimension, n in enumerate(space.nvec.ravel()):
            legal = np.arange(n) if flags is None else np.flatnonzero(flags[offset : offset + n])
            chosen.append(legal[self._random.integers(len(legal))] + start[dimension])
            offset += int(n)
        return np.array(chosen, dtype=space.dtype).reshape(space.shape)

    def _box(self, space: spaces.Box) -> NDArray[Any]:
        bounds = zip(space.low.ravel(), space.high.ravel(), strict=True)
        drawn = [
            self._random.uniform(
                low if np.isfinite(low) else -1.0, high if np.isfinite(high) else 1.0
            )
            for low, high in bounds
        ]
        return np.array(drawn).astype(space.dtype).reshape(space.shape)


# --- The far ends: each plays `steps` real steps a row, and stops right after the last one ---


def _flat(mask: Any) -> Any:
    """A mask from info, flat again: MultiDiscrete's comes as one array a dimension."""
    return np.concatenate(mask) if isinstance(mask, tuple) else mask


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
            mask = _flat(env.last()[4].get("action_mask"))
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
            agent: script.action(env.action_space(agent), _flat(infos[agent].get("action_mask")))
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
            _flat(infos[agent].get("action_mask")),
        )
        for agent in _acting(env)
    )
    return -1 if env.active_agent is None else env.possible_agents.index(env.active_agent), views


def gym_digest(env: Any, seed: int, steps: int) -> str:
    """Play scripted steps through a HyperTokenGymEnv of a single-agent environment."""
    row, script = RowDigest(), Script(seed)
    turn = 0 if env.unwrapped.transport.sequential else -1

    def view(observation: Any, info: dict[str, Any]) -> bytes:
        return view_bytes(env.observation_space, observation, _flat(info.get("action_mask")))

    observation, info = env.reset(seed=seed)
    row.reset(seed, turn, view(observation, info))
    over = False
    while row.steps < steps:
        if over:
            observation, info = env.reset()
            row.reset(None, turn, view(observation, info))
        action = script.action(env.action_space, _flat(info.get("action_mask")))
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


class BatchRows:
    """Reads a batch's columns row by row: who acts, what they see, what has ended."""

    def __init__(self, batch: Batch) -> None:
        self.agents = batch.possible_agents
        self._sequential = batch.sequential
        agent = self.agents[0]
        self.action_space = batch.action_space(agent)
        self._names = [leaf.name for leaf in leaves(batch.observation_space(agent))]
        self.action_columns = [
            f"action.{leaf.name}" if leaf.name else "action" for leaf in leaves(self.action_space)
        ]
        self.columns: Columns = {}

    def acting(self, row: int) -> list[int]:
        """The indices of the agents that act next in this row."""
        alive = np.flatnonzero(self.columns["alive"][row]).tolist()
        turn = int(self.columns["turn"][row])
        return [turn] if self._sequential and alive else alive

    def mask(self, row: int, agent: int) -> Any:
        """One agent's flat mask, or None."""
        masks = self.columns.get("action_mask")
        return None if masks is None else masks[row, agent]

    def seen(self, row: int, agent: int, column: str = "observation") -> bytes:
        """One agent's observation leaves."""
        return tensor_bytes(
            self.columns[f"{column}.{name}" if name else column][row, agent] for name in self._names
        )

    def views(self, row: int) -> bytes:
        """Observations and masks of whoever acts next."""
        shown = b""
        for agent in self.acting(row):
            mask = self.mask(row, agent)
            shown += self.seen(row, agent)
            shown += b"" if mask is None else mask.tobytes()
        return shown

    def flags(self, row: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """One row's terminated and truncated, u8 per agent."""
        return self.columns["terminated"][row], self.columns["truncated"][row]


def columns_digest(batch: Batch, seed: int, steps: int) -> str:
    """Play scripted steps through a batch of any number of rows and agents."""
    rows, envs = BatchRows(batch), batch.num_envs
    digests = [RowDigest() for _ in range(envs)]
    scripts = [Script(seed, row) for row in range(envs)]
    rows.columns = batch.reset(seed)
    for row, digest in enumerate(digests):
        digest.reset(seed + row, int(rows.columns["turn"][row]), rows.views(row))
    over = np.zeros(envs, dtype=np.bool_)
    while any(digest.steps < steps for digest in digests):
        if batch.autoreset == "disabled" and over.any():
            rows.columns = batch.reset(None, over)
            for row in np.flatnonzero(over).tolist():
                _record_reset(digests[row], rows, row, steps)
            over[:] = False
        alive = rows.columns["alive"].copy()
        resetting = over.copy()
        played = [
            b"" if resetting[row] else _write_actions(batch, rows, row, scripts[row])
            for row in range(envs)
        ]
        rows.columns = batch.step()
        for row, digest in enumerate(digests):
            if resetting[row]:
                over[row] = False
                _record_reset(digest, rows, row, steps)
            else:
                over[row] = _record_step(batch, digest, rows, row, alive[row], played[row], steps)
    return batch_digest(digests)


def _write_actions(batch: Batch, rows: BatchRows, row: int, script: Script) -> bytes:
    played = b""
    for agent in rows.acting(row):
        action = script.action(rows.action_space, rows.mask(row, agent))
        tensors = flatten_value(rows.action_space, action)
        for column, tensor in zip(rows.action_columns, tensors, strict=True):
            batch.actions[column][row, agent] = tensor
        played += tensor_bytes(tensors)
    return played


def _record_reset(digest: RowDigest, rows: BatchRows, row: int, steps: int) -> None:
    if digest.steps < steps:
        digest.reset(None, int(rows.columns["turn"][row]), rows.views(row))


def _record_step(
    batch: Batch,
    digest: RowDigest,
    rows: BatchRows,
    row: int,
    alive: NDArray[Any],
    played: bytes,
    steps: int,
) -> bool:
    """Record one row's step; returns whether its reset is still to come."""
    terminated, truncated = rows.flags(row)
    ended = (alive != 0) & ((terminated | truncated) != 0)
    over = not ((alive != 0) & ~ended).any()
    renewed = over and batch.autoreset == "same_step"
    if digest.steps < steps:
        column = "final_observation" if renewed else "observation"
        finals = b"".join(rows.seen(row, int(agent), column) for agent in np.flatnonzero(ended))
        turn = -1 if over else int(rows.columns["turn"][row])
        views = b"" if over else rows.views(row)
        rewards = rows.columns["reward"][row]
        digest.step(played, rewards, terminated, truncated, turn, views + finals)
    if renewed:
        _record_reset(digest, rows, row, steps)
    return over and not renewed


def vector_digest(envs: Any, seed: int, steps: int) -> str:
    """Play scripted steps through a HyperTokenVectorEnv, by Gymnasium's rules only."""
    count, mode = envs.num_envs, envs.metadata["autoreset_mode"].name
    space, action_space = envs.single_observation_space, envs.single_action_space
    turn = 0 if envs.unwrapped.batch.sequential else -1
    digests = [RowDigest() for _ in range(count)]
    scripts = [Script(seed, row) for row in range(count)]

    def view(row: int) -> bytes:
        masks = infos.get("action_mask")
        return view_bytes(space, _pick(observations, row), None if masks is None else masks[row])

    def begin(row: int, row_seed: int | None) -> None:
        if digests[row].steps < steps:
            digests[row].reset(row_seed, turn, view(row))

    observations, infos = envs.reset(seed=seed)
    for row in range(count):
        begin(row, seed + row)
    over = np.zeros(count, dtype=np.bool_)
    while any(digest.steps < steps for digest in digests):
        if mode == "DISABLED" and over.any():
            observations, fresh = envs.reset(options={"reset_mask": over})
            infos = _merge_masks(infos, fresh, over)
            for row in np.flatnonzero(over).tolist():
                begin(row, None)
            over = np.zeros(count, dtype=np.bool_)
        masks = infos.get("action_mask")
        chosen = [
            action_space.sample()
            if over[row]
            else scripts[row].action(action_space, None if masks is None else masks[row])
            for row in range(count)
        ]
        resetting = over
        observations, rewards, terminated, truncated, infos = envs.step(
            _stack(action_space, chosen)
        )
        over = terminated | truncated
        for row, digest in enumerate(digests):
            if resetting[row]:
                begin(row, None)
                continue
            if digest.steps < steps:
                last = infos["final_obs"][row] if over[row] and mode == "SAME_STEP" else None
                seen = _pick(observations, row) if last is None else last
                digest.step(
                    tensor_bytes(flatten_value(action_space, chosen[row])),
                    rewards[row : row + 1],
                    terminated[row : row + 1],
                    truncated[row : row + 1],
                    -1 if over[row] else turn,
                    tensor_bytes(flatten_value(space, seen)) if over[row] else view(row),
                )
            if over[row] and mode == "SAME_STEP":
                begin(row, None)
        if mode == "SAME_STEP":
            over = np.zeros(count, dtype=np.bool_)
    return batch_digest(digests)


def _pick(batched: Any, row: int) -> Any:
    if isinstance(batched, dict):
        return {name: _pick(part, row) for name, part in batched.items()}
    if isinstance(batched, tuple):
        return tuple(_pick(part, row) for part in batched)
    return batched[row]


def _stack(space: Space, chosen: list[Any]) -> Any:
    if isinstance(space, spaces.Dict):
        return {k: _stack(part, [c[k] for c in chosen]) for k, part in space.spaces.items()}
    if isinstance(space, spaces.Tuple):
        return tuple(_stack(p, [c[i] for c in chosen]) for i, p in enumerate(space.spaces))
    return np.array(chosen, dtype=space.dtype)


def _merge_masks(
    infos: dict[str, Any], fresh: dict[str, Any], rows: NDArray[np.bool_]
) -> dict[str, Any]:
    if "action_mask" in fresh:
        infos["action_mask"][rows] = fresh["action_mask"][rows]
    return infos
