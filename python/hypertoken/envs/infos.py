"""A vector's infos: made of a reply's columns as Gymnasium's vectors tell them, and taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.spaces import Space
from hypertoken.transports.batches import REPLACED, Batch, Columns, played_name

Flags = NDArray[np.bool_]
Infos = dict[str, Any]
FINALS = frozenset({"final_obs", "final_info"})


class InfoColumns:
    """Makes infos of a batch of single-agent rows; everything but masks of a step is the caller's.

    Args:
        batch: whose columns they are.
        space: one row's observation space.
        observations: builds a batched observation of the columns of that stem.
        merge: Gymnasium's `VectorEnv._add_info`, which adds one row's info.
        legacy: with same-step autoreset, tell of ended episodes as Gymnasium did before 1.0.
    """

    def __init__(
        self,
        batch: Batch,
        space: Space,
        observations: Callable[[Columns, str], Any],
        merge: Callable[[Infos, Infos, int], Infos],
        legacy: bool,
    ) -> None:
        self._rows = batch.num_envs
        self._numbers = batch.description.info_numbers
        self._binding = batch.description.masked and batch.description.binding
        self._space = space
        self._observations = observations
        self._merge = merge
        self._legacy = legacy

    def of_reset(self, columns: Columns, rows: Flags, said: Mapping[int, Infos]) -> Infos:
        """The infos of a reset of these rows; `said` is what no column tells, by row."""
        infos: Infos = {}
        self.add_masks(infos, columns, rows)
        self._add_numbers(infos, columns, "info.", rows)
        for row, info in said.items():
            infos = self._merge(infos, info, row)
        return infos

    def of_step(
        self, columns: Columns, ended: Flags | None, illegal: bool, said: Mapping[int, Infos]
    ) -> Infos:
        """The infos of a step, but for masks.

        Args:
            columns: the reply's.
            ended: with same-step autoreset, the rows whose episode has ended; None when none has.
            illegal: False when no action was illegal.
            said: what no column tells, by row.
        """
        infos = {} if ended is None else self._finals(columns, ended)
        self._add_numbers(infos, columns, "info.")
        for row, info in said.items():
            infos = self._merge(infos, info, row)
        if illegal and "illegal_action" in columns:
            self._add_illegal(infos, columns)
        if self._legacy and ended is not None:
            self._add_legacy(infos, columns)
        return infos

    def add_masks(self, infos: Infos, columns: Columns, rows: Flags) -> None:
        """Add the masks of these rows; the others' are 0."""
        if "action_mask" in columns:
            masks = columns["action_mask"][:, 0].view(np.int8)
            infos["action_mask"] = masks if rows.all() else masks * rows[:, None].view(np.int8)
            infos["_action_mask"] = rows.copy()

    def _add_numbers(
        self, infos: Infos, columns: Columns, stem: str, rows: Flags | None = None
    ) -> None:
        """Add the numbers that travel as columns: float64, with a reset of an int kind int64."""
        for key, at_reset in self._numbers.items():
            values = columns[stem + key].reshape(-1)
            known = ~np.isnan(values) if rows is None else ~np.isnan(values) & rows
            if known.any():
                shown = np.where(known, values, 0)
                whole = rows is not None and isinstance(at_reset, int)
                infos[key] = shown.astype(np.int64) if whole else shown
                infos[f"_{key}"] = known

    def _add_illegal(self, infos: Infos, columns: Columns) -> None:
        """Add whose action was illegal, and what was played for it.

        `illegal_action` (envs,) bool and `played` (envs, ...) int64, each with its `_key`; of an
        episode that ended in this step under same-step autoreset they stand in its final info.
        """
        flags = columns["illegal_action"][:, 0]
        played = columns[played_name(columns)][:, 0]
        illegal, replaced = flags != 0, flags == REPLACED
        over = infos.get("_final_info")
        if over is None:
            _add_played(infos, illegal, replaced, played.copy())
            return
        for part, rows in ((infos["final_info"], over), (infos, ~over)):
            shown = np.where(rows.reshape(-1, *[1] * (played.ndim - 1)), played, 0)
            _add_played(part, illegal & rows, replaced & rows, shown)

    def _finals(self, columns: Columns, ended: Flags) -> Infos:
        final_info: Infos = {}
        if self._binding:
            masks = columns["action_mask"][:, 0]
            final_info["action_mask"] = np.zeros(masks.shape, np.int8)
            final_info["_action_mask"] = ended.copy()
        self._add_numbers(final_info, columns, "final_info.")
        batched = self._observations(columns, "final_observation")
        return {
            "final_obs": _by_row(self._space, batched, ended),
            "_final_obs": ended.copy(),
            "final_info": final_info,
            "_final_info": ended.copy(),
        }

    def _add_legacy(self, infos: Infos, columns: Columns) -> None:
        ended = infos["_final_info"]
        finals = per_row(infos["final_info"], self._rows, frozenset())
        returns, lengths = columns["episode_return"].reshape(-1), columns["episode_length"]
        final_info = np.empty(self._rows, dtype=object)
        for row in np.flatnonzero(ended).tolist():
            episode = {"r": float(returns[row]), "l": int(lengths[row])}
            final_info[row] = {**finals[row], "episode": episode}
        infos["final_info"] = final_info
        infos["final_observation"] = infos["final_obs"].copy()
        infos["_final_observation"] = ended.copy()


def _add_played(infos: Infos, illegal: Flags, replaced: Flags, played: NDArray[Any]) -> None:
    if illegal.any():
        infos["illegal_action"], infos["_illegal_action"] = illegal, illegal.copy()
    if replaced.any():
        infos["played"], infos["_played"] = played, replaced


def _by_row(space: Space, batched: Any, chosen: Flags) -> NDArray[Any]:
    """One element of the space for each chosen row, as objects; None for the others."""
    rows = chosen.nonzero()[0]
    elements = np.fromiter(_elements(space, batched, rows), dtype=object, count=len(rows))
    # Half the time of np.full and of a boolean index: an empty array of objects holds None.
    objects = np.empty(len(chosen), dtype=object)
    objects[rows] = elements
    return objects


def _elements(space: Space, batched: Any, rows: NDArray[np.intp]) -> Iterable[Any]:
    """One element of the space for each of these rows; arrays share one copy of them."""
    if isinstance(space, spaces.Dict):
        parts = [_elements(part, batched[name], rows) for name, part in space.spaces.items()]
        return [dict(zip(space.spaces, row, strict=True)) for row in zip(*parts, strict=True)]
    if isinstance(space, spaces.Tuple):
        pairs = zip(space.spaces, batched, strict=True)
        return zip(*(_elements(part, given, rows) for part, given in pairs), strict=True)
    picked: NDArray[Any] = batched[rows]
    # A Discrete is an int, as Gymnasium's toy games have it.
    return picked.tolist() if isinstance(space, spaces.Discrete) else picked


def per_row(infos: Infos, rows: int, leaving_out: frozenset[str]) -> list[Infos]:
    """Take a vector's infos apart.

    Args:
        infos: as a Gymnasium vector tells them: `_key` says which rows said `key`.
        rows: how many there are.
        leaving_out: keys not to look at.
    Returns:
        One dict a row, each its own.
    """
    single: list[Infos] = [{} for _ in range(rows)]
    for key, values in infos.items():
        said = infos.get(f"_{key}")
        if said is None or key in leaving_out:
            continue
        nested = per_row(values, rows, leaving_out) if isinstance(values, dict) else values
        for row in np.flatnonzero(said).tolist():
            value = nested[row]
            single[row][key] = value.item() if isinstance(value, np.generic) else value
    return single
