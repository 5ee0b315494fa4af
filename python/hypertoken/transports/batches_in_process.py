"""A batch in this process: the engine's columns as numpy arrays, copied or live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.description import Described
from hypertoken.engine import control
from hypertoken.engine.session import Columns, Opening, Session
from hypertoken.options import Autoreset
from hypertoken.seeding import Seeds
from hypertoken.transports.batches import check_rows, row_info


class NativeBatch(Described):
    """Rows of one environment in this process; a `hypertoken.transports.batches.Batch`.

    Args:
        opening: what to open, and how many rows.
        copy: False hands out live views of the columns, which the next call overwrites.
    """

    def __init__(self, opening: Opening, *, copy: bool = True) -> None:
        self._again = opening, copy
        self.session = Session(opening)
        self.describe(self.session.description)
        self.num_envs = opening.num_envs
        self.autoreset: Autoreset = opening.autoreset
        self.copy = copy
        self.infos: Mapping[int, dict[str, Any]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}, num_envs={self.num_envs})"

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another batch, not yet reset.
        opening, copy = self._again
        return _again, (type(self), opening, copy)

    @property
    def actions(self) -> Columns:
        """The columns to write before `step`; they keep their values."""
        return self.session.actions

    @property
    def columns(self) -> Columns:
        """The live columns of the last reply."""
        return self.session.replies

    def reset(
        self,
        seeds: Seeds = None,
        rows: NDArray[np.bool_] | None = None,
        options: dict[str, Any] | None = None,
    ) -> Columns:
        """Reset the rows; returns the reply's columns.

        Args:
            seeds: one seed s (row i gets s+i), or one or None for each row.
            rows: (envs,) bool, the rows to reset; all when left out.
            options: episode options of these rows.
        """
        session = self.session

        def begin() -> Columns:
            session.write_seeds(seeds)
            session.requests["mask"][:] = 1 if rows is None else check_rows(rows, self.num_envs)
            self.settle(session.reset(options))
            return self.reply()

        return session.endpoint.play(begin)

    def step(self) -> Columns:
        """Step every row with what stands in `actions`."""

        def ask() -> Columns:
            self._play()
            return self.reply()

        return self.session.endpoint.play(ask)

    def play(self) -> int:
        """Step every row, and only return the outcome; `columns` hold what came of it."""
        return self.session.endpoint.play(self._play)

    def _play(self) -> int:
        endpoint = self.session.endpoint
        endpoint.busy = endpoint.called
        return self.settle(self.session.caller.call())

    def settle(self, code: int) -> int:
        """Take over a call's outcome: raise its error, fetch its infos; returns it."""
        if code < 0:
            raise self.session.endpoint.error(code)
        if code & control.INFOS:
            self.infos = self._row_infos()
        elif self.infos:
            self.infos = {}
        if code & control.SLOW:
            self.session.caller.slow()
        return code

    def _row_infos(self) -> dict[int, dict[str, Any]]:
        """By row: a single agent's info, or each agent's; `final_info` of an ended episode."""
        infos, finals = self.session.infos()
        said = {
            row: row_info(
                self.possible_agents,
                self._named(infos.get(row, {})),
                self._named(finals.get(row, {})),
            )
            for row in sorted(infos.keys() | finals.keys())
        }
        return {row: info for row, info in said.items() if info}

    def _named(self, agents: dict[int, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {self.possible_agents[agent]: info for agent, info in agents.items()}

    def reply(self) -> Columns:
        """The reply's columns, copied unless the batch is of live views."""
        columns = self.session.replies
        return {name: c.copy() for name, c in columns.items()} if self.copy else columns

    def close(self) -> None:
        """Free the batch; it cannot be used afterwards."""
        self.session.close()


def _again(kind: type[NativeBatch], opening: Opening, copy: bool) -> NativeBatch:
    return kind(opening, copy=copy)
