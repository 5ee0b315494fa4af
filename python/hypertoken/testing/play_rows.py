"""Plays scripted actions through batches and Gymnasium vectors, for the digest.

Each row plays so many real steps and is recorded until right after its last one, so the digest does
not depend on the autoreset mode, whose filler steps it never sees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Space, flatten_value, leaves, mask_size
from hypertoken.testing.digest import RowDigest, Script, batch_digest, tensor_bytes, view_bytes
from hypertoken.transports.batches import Batch, Columns


class BatchRows:
    """Reads a batch's columns row by row: who acts, what they see, what has ended."""

    def __init__(self, batch: Batch) -> None:
        self.agents = batch.possible_agents
        self._sequential = batch.description.sequential
        self.action_spaces = [batch.action_space(agent) for agent in self.agents]
        self._mask_sizes = [mask_size(space) for space in self.action_spaces]
        # Agents may differ in bounds, not in leaves: they share the columns.
        first = self.agents[0]
        observed = batch.observation_space(first)
        self._seen = {
            stem: [leaf.name for leaf in leaves(observed, stem)]
            for stem in ("observation", "final_observation")
        }
        self.action_columns = [leaf.name for leaf in leaves(batch.action_space(first), "action")]
        self.columns: Columns = {}

    def acting(self, row: int) -> list[int]:
        """The indices of the agents that act next in this row."""
        alive = np.flatnonzero(self.columns["alive"][row]).tolist()
        turn = int(self.columns["turn"][row])
        return [turn] if self._sequential and alive else alive

    def mask(self, row: int, agent: int) -> Any:
        """One agent's flat mask, or None."""
        masks = self.columns.get("action_mask")
        return None if masks is None else masks[row, agent, : self._mask_sizes[agent]]

    def seen(self, row: int, agent: int, column: str = "observation") -> bytes:
        """One agent's observation leaves."""
        return tensor_bytes(self.columns[name][row, agent] for name in self._seen[column])

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
                record_reset(digests[row], rows, row, steps)
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
                record_reset(digest, rows, row, steps)
            else:
                over[row] = record_step(batch, digest, rows, row, alive[row], played[row], steps)
    return batch_digest(digests)


def _write_actions(batch: Batch, rows: BatchRows, row: int, script: Script) -> bytes:
    played = b""
    for agent in rows.acting(row):
        space = rows.action_spaces[agent]
        tensors = flatten_value(space, script.action(space, rows.mask(row, agent)))
        for column, tensor in zip(rows.action_columns, tensors, strict=True):
            batch.actions[column][row, agent] = tensor
        played += tensor_bytes(tensors)
    return played


def record_reset(digest: RowDigest, rows: BatchRows, row: int, steps: int) -> None:
    """Record a row's reset within the first `steps` steps."""
    if digest.steps < steps:
        digest.reset(None, int(rows.columns["turn"][row]), rows.views(row))


def record_step(
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
        record_reset(digest, rows, row, steps)
    return over and not renewed


def vector_digest(envs: Any, seed: int, steps: int) -> str:
    """Play scripted steps through a HyperTokenVectorEnv, by Gymnasium's rules only."""
    count, mode = envs.num_envs, envs.metadata["autoreset_mode"].name
    space, action_space = envs.single_observation_space, envs.single_action_space
    turn = 0 if envs.unwrapped.batch.description.sequential else -1
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
