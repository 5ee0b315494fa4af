"""The rows of a Gymnasium environment: each a copy of its own, stepped one after the other."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

import numpy as np
from gymnasium import spaces as gym_spaces

from . import columns as at
from . import spaces
from .failures import failure
from .told import as_json

MASK = "action_mask"
_FLOATS: tuple[type, ...] = (float, np.floating)
_WHOLE: tuple[type, ...] = (int, np.integer)


def mask_in(observation_space: Any, size: int) -> bool:
    """Whether an observation carries the action's mask as one of its parts."""
    if not isinstance(observation_space, gym_spaces.Dict) or size == 0:
        return False
    part = observation_space.spaces.get(MASK)
    return part is not None and int(np.prod(part.shape or (1,))) == size


def seen_space(observation_space: Any, masked: bool) -> Any:
    """What is left of an observation once its mask is a column of its own."""
    if not masked:
        return observation_space
    rest = {k: part for k, part in observation_space.spaces.items() if k != MASK}
    if list(rest) == ["observation"]:
        return rest["observation"]
    return gym_spaces.Dict(rest)


def seen_part(observation_space: Any, masked: bool) -> Callable[[Any], Any] | None:
    """Make the function that takes from an observation what `seen_space` holds; None for all."""
    if masked and set(observation_space.spaces) == {MASK, "observation"}:
        return lambda observation: observation["observation"]
    return None  # the parts are taken by name, and the mask's is not asked for


def flags(mask: Any) -> Any:
    """A mask as flags in a row; that of a MultiDiscrete may be a tuple of arrays."""
    if isinstance(mask, tuple):
        return np.concatenate([np.ravel(part) for part in mask]) != 0
    return np.ravel(mask) != 0


class GymRows:
    """Plays a batch.

    Args:
        make: makes one environment.
        columns: the shared memory.
        space: what an observation is, with the mask where it carries one.
        masked: whether the observation carries the mask.
    """

    def __init__(
        self, make: Callable[[], Any], made: list[Any], columns: at.Columns, masked: bool
    ) -> None:
        self._make = make
        self._environments: list[Any] = list(made)
        self._steps = [env.step for env in made]
        self._columns = columns
        space, acts = made[0].observation_space, made[0].action_space
        self._masked = masked
        self._part = seen_part(space, masked)
        seen = seen_space(space, masked)
        self._write = spaces.writer(seen, columns.observes)
        # Of a plain vector the loop itself copies the memory: a call less, where all else that is
        # done for a row takes but four times as long.
        self._cells: tuple[Any, list[slice]] = (None, [])
        if isinstance(seen, gym_spaces.Box) and len(seen.shape) == 1 and not masked:
            self._cells = spaces.vector_cells(columns.observes[0])
        self._actions = spaces.reader(acts, columns.acts)
        self.options: Mapping[str, Any] = {}
        self.infos: dict[int, str] = {}
        self.errors: dict[int, str] = {}
        self._tells = bool(columns.numbers) or columns.mask_size > 0
        self._whole = columns.whole

    def play(self) -> None:
        """Do what each row is asked; rows that fail are told of in `errors`."""
        columns, tells = self._columns, self._tells
        plain = self._part is None and not self._masked
        write = self._write if plain else self._show
        flat, cuts = self._cells
        rewards, done, steps = columns.rewards, columns.done, self._steps
        asked = columns.kinds.tolist()
        actions = self._actions() if at.STEP in asked else asked
        for row, kind in enumerate(asked):
            if kind == 1:
                try:
                    observation, reward, terminated, truncated, info = steps[row](actions[row])
                    if flat is None:
                        write(row, observation)
                    else:
                        try:
                            flat[cuts[row]] = observation
                        except (ValueError, TypeError):  # of another type: cast, or refused
                            write(row, observation)
                    rewards[row] = reward
                    if info or tells:
                        self._tell(row, info)
                except BaseException as raised:
                    self._failed(row, raised)
                    continue
                if terminated or truncated:
                    done[row] = (
                        at.ANSWERED
                        | (at.TERMINATED if terminated else 0)
                        | (at.TRUNCATED if truncated else 0)
                    )
                else:
                    done[row] = 1
            elif kind:
                try:
                    self._begin(row, kind == at.RENEW)
                except BaseException as raised:
                    self._failed(row, raised)
                else:
                    done[row] = at.ANSWERED

    def _begin(self, row: int, anew: bool) -> None:
        if anew:
            self._renew(row)
        seed = int(self._columns.seeds[row])
        observation, info = self._environments[row].reset(
            seed=None if seed < 0 else seed, options=self.options.get(str(row))
        )
        self._show(row, observation)
        if info or self._tells:
            self._tell(row, info, self._whole)

    def _renew(self, row: int) -> None:
        close(self._environments[row])
        env = self._make()
        self._environments[row] = env
        self._steps[row] = env.step

    def _show(self, row: int, observation: Any) -> None:
        self._write(row, observation if self._part is None else self._part(observation))
        if self._masked:
            self._columns.masks[row] = flags(observation[MASK])

    def _tell(self, row: int, info: Mapping[str, Any], whole: Container[str] = ()) -> None:
        """Numbers that are always there into columns, the mask too; the rest becomes a text.

        Args:
            row: whose.
            info: what it is told.
            whole: which columns hold whole numbers: in a step all are floats, and an int is told
                as the text that keeps it one.
        """
        columns = self._columns
        left = len(info)
        taken: list[str] = []
        for name, column in columns.numbers:
            value = info.get(name)
            if isinstance(value, _WHOLE if name in whole else _FLOATS) and value == value:
                column[row] = value
                taken.append(name)
            else:
                column[row] = float("nan")
        if columns.mask_size and not self._masked:
            mask = info.get(MASK)
            if mask is None:
                columns.masks[row] = True
            else:
                columns.masks[row] = flags(mask)
                taken.append(MASK)
        if len(taken) < left:
            rest = {k: v for k, v in info.items() if k not in taken} if taken else info
            self.infos[row] = as_json(rest)

    def _failed(self, row: int, raised: BaseException) -> None:
        self.infos.pop(row, None)
        self.errors[row] = failure(raised)
        self._columns.done[row] = at.FAILED

    def draw(self, row: int, mode: str) -> Any:
        """A row's picture or text; the mode it was made with is put back."""
        return drawn(self._environments[row], mode)

    def close(self) -> None:
        """Close them all, whatever they raise."""
        for env in self._environments:
            close(env)


def drawn(env: Any, mode: str) -> Any:
    """Draw an environment in a mode other than the one it was made with, where it can."""
    bare = env.unwrapped
    made_with = getattr(bare, "render_mode", None)
    if made_with == mode:
        return env.render()
    bare.render_mode = mode
    try:
        return env.render()
    finally:
        bare.render_mode = made_with


def close(env: Any) -> None:
    """Close an environment; what it raises is printed, for nobody can do anything about it."""
    try:
        env.close()
    except BaseException as raised:
        print(f"close() failed: {failure(raised)}", flush=True)
