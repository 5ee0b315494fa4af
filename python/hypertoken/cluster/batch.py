"""A batch whose rows lie in actors: a `hypertoken.transports.batches.Batch`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.cluster.actor import About, Shown
from hypertoken.cluster.line import Line, Request
from hypertoken.cluster.replay import Played, Reset, narrowed
from hypertoken.description import Described, Description
from hypertoken.errors import BadFieldError, BadStepError, HyperTokenError
from hypertoken.options import Autoreset
from hypertoken.seeding import Seeds
from hypertoken.transports.batches import Columns, check_rows, seed_column


@dataclass(frozen=True)
class Keeping:
    """How much of what was played is kept for an actor that dies.

    Attributes:
        snapshot_bytes: when an actor's actions since its rows were last saved take more, they are
            saved again.
        replay_bytes: the same where rows cannot be saved; then nothing is kept any more.
    """

    snapshot_bytes: int = 8 * 2**20
    replay_bytes: int = 64 * 2**20


class ActorBatch(Described):
    """Rows in actors, numbered across all of them: row r is row r % n of actor r // n.

    A call that is refused, or fails, has happened in no actor: those that had moved are brought
    back before they play on.

    Args:
        lines: the actors, in order; each holds as many rows.
        about: what the first says of itself.
        autoreset: as they were opened.
        keeping: for actors that die.
    """

    copy = True

    def __init__(
        self, lines: Sequence[Line], about: About, autoreset: Autoreset, keeping: Keeping
    ) -> None:
        self.describe(Description(about.info))
        self.lines = list(lines)
        self.autoreset: Autoreset = autoreset
        self.infos: Mapping[int, dict[str, Any]] = {}
        self._keeping = keeping
        self._savable = True
        shapes = about.actions, about.columns
        self.rows_each = next(iter(about.actions.values()))[0][0]
        self.num_envs = self.rows_each * len(self.lines)
        self._actions, self.columns = (
            {name: np.zeros((self.num_envs, *s[1:]), dtype) for name, (s, dtype) in each.items()}
            for each in shapes
        )
        self._inside = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}, {len(self.lines)} x {self.rows_each} rows)"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError(
            "a pool of actors cannot be pickled; its driver alone asks them; make another pool "
            "where you need one"
        )

    @property
    def actions(self) -> Columns:
        """The columns to write before `step`; they keep their values."""
        return self._actions

    def part(self, number: int) -> slice:
        """The rows of an actor."""
        return slice(number * self.rows_each, (number + 1) * self.rows_each)

    def reset(
        self,
        seeds: Seeds = None,
        rows: NDArray[np.bool_] | None = None,
        options: dict[str, Any] | None = None,
    ) -> Columns:
        """Reset the rows; see `Batch`. The columns are yours."""
        column = seed_column(seeds, self.num_envs)
        chosen = np.ones(self.num_envs, np.bool_)
        if rows is not None:
            chosen = check_rows(rows, self.num_envs)
        deeds = [
            Reset(column[part].copy(), chosen[part].copy(), options)
            for part in map(self.part, range(len(self.lines)))
        ]
        return self._together("reset", [(deed,) for deed in deeds], deeds)

    def step(self) -> Columns:
        """Step every row with what stands in `actions`; the columns are yours."""
        parts = [
            {name: column[self.part(k)] for name, column in self._actions.items()}
            for k in range(len(self.lines))
        ]
        space = self.action_space(self.possible_agents[0])
        deeds = [
            Played({name: column[None] for name, column in narrowed(space, part).items()})
            for part in parts
        ]
        return self._together("step", [(part,) for part in parts], deeds)

    def _together(
        self, method: str, arguments: Sequence[tuple[Any, ...]], deeds: Sequence[Reset | Played]
    ) -> Columns:
        with self.whole():
            for line, given in zip(self.lines, arguments, strict=True):
                line.send(Request(method, given))
            shown, failed = self._taken()
            if failed is not None:
                raise failed
            for line, deed, answer in zip(self.lines, deeds, shown, strict=True):
                if isinstance(deed, Reset) and deed.whole:
                    line.renew()
                if isinstance(deed, Played) or deed.rows.any():
                    line.journal.add(deed)
                line.prove(answer.proof)
        self.infos = {
            self.rows_each * k + row: info
            for k, each in enumerate(shown)
            for row, info in each.infos.items()
        }
        self.columns = {
            name: np.concatenate([each.columns[name] for each in shown]) for name in self.columns
        }
        return self.columns

    def _taken(self) -> tuple[list[Shown], HyperTokenError | None]:
        """Every actor's answer, so that nobody is left behind; and the first refusal."""
        shown: list[Shown] = []
        failed: HyperTokenError | None = None
        refused = []
        for number, line in enumerate(self.lines):
            try:
                shown.append(line.take())
            except HyperTokenError as error:
                refused.append(line)
                if failed is None:
                    failed = error
                    part = self.part(number)
                    failed.add_note(f"its rows are numbered from {part.start} on in the pool")
        for line in refused:
            line.refused()
        return shown, failed

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A call that happens in all actors, or in none.

        Raises:
            BadStepError: another call is under way, in another thread.
        """
        if self._inside:
            raise BadStepError(
                "a call of this pool is under way; another thread is in it, and it has one caller "
                "at a time; wait until that call returns",
                "bad_step",
            )
        self._inside = True
        self._begin()
        try:
            self._keep()
            self._begin()
            yield
        except BaseException:
            for line in self.lines:
                line.take_back()
            raise
        else:
            for line in self.lines:
                line.end()
        finally:
            self._inside = False

    def _begin(self) -> None:
        for line in self.lines:
            line.begin()

    def _keep(self) -> None:
        """Save the rows of actors whose journals have grown long."""
        bound = self._keeping.snapshot_bytes if self._savable else self._keeping.replay_bytes
        grown = [line for line in self.lines if line.journal.bytes > bound]
        if self._savable:
            for line in grown:
                line.send(Request("save", ()))
            for line in grown:
                try:
                    line.journal.saved(line.take())
                except BadFieldError:  # its rules have no snapshot
                    self._savable = False
            return
        for line in grown:
            line.journal.give_up()
        if grown:
            warnings.warn(
                f"{self.name} has no snapshot, and more was played since the last seeded reset "
                f"than replay_bytes={bound} keeps; an actor that dies from now on cannot be "
                "brought back; reset the pool with a seed from time to time",
                stacklevel=5,
            )

    def close(self) -> None:
        """End the actors; the batch cannot be used afterwards."""
        import ray

        for line in self.lines:
            if ray.is_initialized():
                ray.kill(line.actor)
        self.lines = []
