"""Batches: many copies of an environment stepped together, their columns as numpy arrays.

Every column is `[envs, agents, *leaf shape]`. `HyperTokenVectorEnv` and the digest know only
`Batch`; `WebSocketBatch` moves the columns in binary frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hypertoken.description import Described, Description
from hypertoken.errors import BadActionError
from hypertoken.options import Autoreset, Illegal
from hypertoken.seeding import Seeds, write_seeds
from hypertoken.spaces import Space, leaf_values, leaves

if TYPE_CHECKING:
    from hypertoken.remote.wire import FrameWriter

Columns = dict[str, NDArray[Any]]
REPLACED = 1
"""In the column illegal_action: another action was played, and "played" says which."""


class Batch(Protocol):
    """Rows of one environment. Errors are HyperTokenErrors; a refused call changes nothing.

    The columns a call returns: "observation" (or "observation.<leaf>"), "action_mask" (where there
    are masks; where they bind also "illegal_action" u8, 1 where another action was played, 2 where
    it ended the episode, and "played", shaped as the action), "reward" f64, "terminated",
    "truncated", "alive" u8, "turn" i32 (the acting agent's index; -1: all alive act, or the
    episode is over), with same-step autoreset "final_observation", and "episode_return" f64,
    "episode_length" i64.
    """

    description: Description
    possible_agents: list[str]
    options: frozenset[str]
    name: str
    num_envs: int
    autoreset: Autoreset
    copy: bool
    """Whether the columns a call returns are yours; else the next call overwrites them."""
    infos: Mapping[int, dict[str, Any]]
    """What else the environment said in the last call, by row; with same-step autoreset
    "final_info" holds what the ended episode said."""

    def observation_space(self, agent: str) -> Space:
        """Return one row's space of this agent."""
        ...

    def action_space(self, agent: str) -> Space:
        """Return one row's space of this agent."""
        ...

    def reset(
        self,
        seeds: Seeds = None,
        rows: NDArray[np.bool_] | None = None,
        options: dict[str, Any] | None = None,
    ) -> Columns:
        """Reset the rows: with a seed s row i gets s+i."""
        ...

    @property
    def actions(self) -> Columns:
        """The columns to write before `step`: "action" or "action.<leaf>"."""
        ...

    @property
    def columns(self) -> Mapping[str, Any]:
        """The columns that a call returns, by name; what they hold is the caller's to keep."""
        ...

    def step(self) -> Columns:
        """Step every row with what stands in `actions`."""
        ...

    def close(self) -> None:
        """Release what this batch holds."""
        ...


def seed_column(seeds: Seeds, envs: int) -> NDArray[np.int64]:
    """Spread a reset's seed over the rows: s+i for one seed, -1 where there is none.

    Raises:
        BadFieldError: a seed is outside 0 … 2^53-1, or their number is not `envs`.
    """
    column = np.empty(envs, dtype=np.int64)
    write_seeds(column, seeds)
    return column


def check_rows(rows: Any, count: int, called: str = "rows") -> NDArray[np.bool_]:
    """Hand back which rows to reset, and refuse what Gymnasium's vectors refuse.

    Raises:
        TypeError, ValueError: it is no (count,) array of bool, or chooses no row.
    """
    if not isinstance(rows, np.ndarray) or rows.dtype != np.bool_:
        raise TypeError(f"{called} must be a numpy array of bool, got {rows!r}")
    if rows.shape != (count,) or not rows.any():
        raise ValueError(f"{called} must have shape ({count},) and a True value, got {rows!r}")
    return rows


def played_name(columns: Mapping[str, Any]) -> str:
    """The column that says what was played in place of illegal actions; masks bind one leaf."""
    return next(name for name in columns if name == "played" or name.startswith("played."))


def row_info(
    possible_agents: Sequence[str], infos: dict[str, Any], finals: dict[str, Any]
) -> dict[str, Any]:
    """Return a row's info: its one agent's, or each agent's; "final_info" of an ended episode."""
    infos, finals = _beside_columns(infos), _beside_columns(finals)
    alone = possible_agents[0] if len(possible_agents) == 1 else None
    info = dict(infos if alone is None else infos.get(alone, {}))
    if finals:
        info["final_info"] = finals if alone is None else finals.get(alone, {})
    return info


def _beside_columns(infos: dict[str, Any]) -> dict[str, Any]:
    """By agent, what no column says: who is told something is told of an illegal action too."""
    shown = {
        agent: {key: value for key, value in info.items() if key not in _IN_COLUMNS}
        if "illegal_action" in info
        else info
        for agent, info in infos.items()
    }
    return {agent: info for agent, info in shown.items() if info}


_IN_COLUMNS = frozenset({"illegal_action", "played"})


class WebSocketBatch(Described):
    """A batch behind the bridge: one binary frame there, one back, viewed in place.

    Args:
        url: the server.
        env: the environment to open; the server's default, or the URL's, when left out.
        num_envs: rows.
        options: the environment's options, such as `{"agents": 3}`.
        autoreset: "next_step", "same_step" or "disabled".
        illegal: "fallback" (the server's default), "strict" or "terminate".
        max_episode_steps: after how many steps an episode is truncated, -1 for never.
        timeout: seconds to wait for a reply.
        token: the server's access token.
    """

    def __init__(
        self,
        url: str = "ws://localhost:9999",
        env: str | None = None,
        num_envs: int = 1,
        *,
        options: dict[str, Any] | None = None,
        autoreset: Autoreset = "next_step",
        illegal: Illegal | None = None,
        max_episode_steps: int | None = None,
        timeout: float = 30.0,
        token: str | None = None,
    ) -> None:
        # Who stays in this process needs no WebSocket library.
        from hypertoken.remote.client import HyperTokenClient
        from hypertoken.remote.environment import RemoteEnvironment

        self.num_envs = num_envs
        self.autoreset: Autoreset = autoreset
        self.copy = True
        self.infos: Mapping[int, dict[str, Any]] = {}
        self._again = partial(
            WebSocketBatch,
            url,
            env,
            num_envs,
            options=options,
            autoreset=autoreset,
            illegal=illegal,
            max_episode_steps=max_episode_steps,
            timeout=timeout,
            token=token,
        )
        self.client = HyperTokenClient(url, timeout, token=token)
        self._remote = RemoteEnvironment(
            self.client,
            env,
            options,
            self._read_spec,
            num_envs=num_envs,
            autoreset=autoreset,
            illegal=illegal,
            max_episode_steps=max_episode_steps,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}, num_envs={self.num_envs})"

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another session of the same environment.
        return self._again, ()

    def _read_spec(self, info: dict[str, Any], opened: dict[str, Any]) -> None:
        from hypertoken.remote.wire import RESET, STEP, FrameWriter, Layout

        self.describe(Description(info))
        layout = Layout.parse(opened["layout"])
        if layout != getattr(self, "layout", None):  # who holds `actions` may keep them
            self.layout = layout
            self._resets = FrameWriter(RESET, layout.reset)
            self._steps = FrameWriter(STEP, layout.step)

    @property
    def actions(self) -> Columns:
        """The columns to write before `step`; they keep their values."""
        return self._steps.columns

    @property
    def columns(self) -> Mapping[str, Any]:
        """The columns of a reply, by name: where each lies in it."""
        return self.layout.reply

    def reset(
        self,
        seeds: Seeds = None,
        rows: NDArray[np.bool_] | None = None,
        options: dict[str, Any] | None = None,
    ) -> Columns:
        """Reset the rows; returns the reply's columns, which are yours.

        Args:
            seeds: one seed s (row i gets s+i), or one or None for each row.
            rows: (envs,) bool, the rows to reset; all when left out.
            options: episode options of these rows. With `rows` left out also options that shape
                the environment: those open a new session.
        Raises:
            BadOptionError: an option is refused, or shapes the environment where `rows` are named.
            TypeError, ValueError: `rows` is no such array, or chooses no row.
        """
        column = seed_column(seeds, self.num_envs)
        if rows is None or check_rows(rows, self.num_envs).all():
            return self._remote.begin(self._reset, column, rows, options)
        return self._remote.ask(self._reset, column, rows, options)

    def _reset(
        self,
        seeds: NDArray[np.int64],
        rows: NDArray[np.bool_] | None,
        options: dict[str, Any] | None,
    ) -> Columns:
        given = dict(options or {})
        if rows is None:
            fixed = given.keys() - self.description.episode_options
            shaping = {name: given.pop(name) for name in fixed}
            if shaping:
                self._remote.open({**self._remote.options, **shaping})
        self._resets.options = given
        self._resets.columns["seeds"][...] = seeds
        self._resets.columns["mask"][...] = 1 if rows is None else rows
        return self._exchange(self._resets)

    def step(self) -> Columns:
        """Step every row with what stands in `actions`; the columns returned are yours."""
        return self._remote.ask(self._exchange, self._steps)

    def _exchange(self, writer: FrameWriter) -> Columns:
        from hypertoken.remote.wire import view_columns

        frame = self.client.exchange(writer)
        said = {
            row: row_info(self.possible_agents, infos, infos.pop("final", {}))
            for row, infos in frame.infos.items()
        }
        self.infos = {row: info for row, info in said.items() if info}
        return view_columns(frame.data, self.layout.reply)

    def close(self) -> None:
        """End the session and the connection."""
        self._remote.close()


def write_actions(columns: Columns, space: Space, actions: Any) -> None:
    """Write a batched action of a single-agent environment into the action columns.

    Args:
        columns: "action" or "action.<leaf>", each [envs, 1, *leaf shape].
        space: the batched action space, such as MultiDiscrete or a Box with a leading `envs`.
        actions: an element of it.
    Raises:
        BadActionError: a wrong shape or kind of number; nothing was written.
    """
    tensors = [np.asarray(part) for part in leaf_values(space, actions)]
    named = list(zip(leaves(space, "action"), tensors, strict=True))
    for leaf, tensor in named:
        column = columns[leaf.name]
        wanted = (column.shape[0], *column.shape[2:])
        if tensor.shape != wanted:
            raise BadActionError(
                f"actions of shape {tensor.shape} were refused; the batch takes {wanted}; pass one "
                "action a row",
                "bad_action",
            )
        if not np.can_cast(tensor.dtype, column.dtype, "same_kind"):
            raise BadActionError(
                f"actions of dtype {tensor.dtype} were refused; the batch takes {column.dtype}; "
                "convert them first",
                "bad_action",
            )
    for leaf, tensor in named:
        columns[leaf.name][:, 0] = tensor


__all__ = ["Batch", "Columns", "WebSocketBatch", "seed_column", "write_actions"]
