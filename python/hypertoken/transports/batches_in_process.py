"""A batch in this process: the engine's columns as numpy arrays, copied or live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.engine import runtime as native
from hypertoken.engine.session import Columns, Opening, Session
from hypertoken.spaces import Space
from hypertoken.transports.batches import told_by_row


class NativeBatch:
    """Rows of one environment in this process; a `hypertoken.transports.batches.Batch`.

    Args:
        opening: what to open, and how many rows.
        copy: False hands out live views of the columns, which the next call overwrites.
    """

    def __init__(self, opening: Opening, *, copy: bool = True) -> None:
        self._again = opening, copy
        self.session = Session(opening)
        description = self.session.description
        self.name = description.name
        self.num_envs = opening.num_envs
        self.autoreset = opening.autoreset
        self.possible_agents = description.possible_agents
        self.sequential = description.sequential
        self.options = description.options
        self.masked = description.masked
        self.binding = description.binding
        self.info_numbers: Mapping[str, int | float] = description.info_numbers
        self.render_modes = description.render_modes
        self.copy = copy
        self.infos: Mapping[int, dict[str, Any]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy in another process is another batch, not yet reset.
        opening, copy = self._again
        return _again, (type(self), opening, copy)

    def observation_space(self, agent: str) -> Space:
        """Return one row's space of this agent."""
        return self.session.description.observation_spaces[agent]

    def action_space(self, agent: str) -> Space:
        """Return one row's space of this agent."""
        return self.session.description.action_spaces[agent]

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
        seeds: int | Sequence[int | None] | None = None,
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
            session.requests["mask"][:] = 1 if rows is None else rows
            self.hear(session.reset(options))
            return self.taken()

        return session.endpoint.play(begin)

    def step(self) -> Columns:
        """Step every row with what stands in `actions`; from inside, as what writes them is."""
        endpoint = self.session.endpoint
        endpoint.busy = endpoint.called
        self.hear(self.session.caller.call())
        return self.taken()

    def hear(self, code: int) -> int:
        """Take over a call's outcome: raise its error, fetch its infos; returns it."""
        if code < 0:
            raise self.session.endpoint.error(code)
        if code & native.INFOS:
            self.infos = self._told()
        elif self.infos:
            self.infos = {}
        if code & native.SLOW:
            self.session.caller.slow()
        return code

    def _told(self) -> dict[int, dict[str, Any]]:
        """By row: a single agent's info, or each agent's; `final_info` of an ended episode."""
        infos, finals = self.session.infos()
        told = {
            row: told_by_row(
                self.possible_agents,
                self._named(infos.get(row, {})),
                self._named(finals.get(row, {})),
            )
            for row in sorted(infos.keys() | finals.keys())
        }
        return {row: info for row, info in told.items() if info}

    def _named(self, agents: dict[int, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {self.possible_agents[agent]: info for agent, info in agents.items()}

    def taken(self) -> Columns:
        """The reply's columns, copied unless the batch is of live views."""
        columns = self.session.replies
        return {name: c.copy() for name, c in columns.items()} if self.copy else columns

    def close(self) -> None:
        """Free the batch; it cannot be used afterwards."""
        self.session.close()


def _again(kind: type[NativeBatch], opening: Opening, copy: bool) -> NativeBatch:
    return kind(opening, copy=copy)
