"""Gymnasium's Env in this process: one row of the engine, one C call a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.engine import control
from hypertoken.engine.endpoint import plays, refuse_after_fork
from hypertoken.engine.session import Opening, Session
from hypertoken.envs import copies
from hypertoken.envs.common import (
    DeclaredOptions,
    as_method,
    check_render_mode,
    draw,
    render_modes,
)
from hypertoken.envs.registered import Registered
from hypertoken.errors import BadActionError
from hypertoken.spaces import Leaf, Reader, Space, convert_mask, element_reader, leaf_values, leaves
from hypertoken.transports.batches import REPLACED, played_name

StepResult = tuple[Any, float, bool, bool, dict[str, Any]]


# What is bound to a session, which a copy has of its own.
_BOUND = ("_again", "session", "_options", "_calls", "step", "reset")


class NativeEnv(Registered, gymnasium.Env[Any, Any]):
    """A single-agent environment of the engine, stepped inside this process.

    Where the environment has masks, `info["action_mask"]` is an int8 array, and `action_masks()`
    is what sb3-contrib's MaskablePPO asks for. Stepping a finished episode is refused.

    Args:
        opening: what to open; one row.
        render_mode: "ansi" returns text, "human" prints it, "rgb_array" returns pixels.
        copy: whether observations are new arrays; else they are views of the engine's memory,
            which the next step overwrites.
    """

    def __init__(
        self,
        opening: Opening,
        render_mode: str | None = None,
        *,
        copy: bool = True,
        session: Session | None = None,
    ) -> None:
        self._again = opening, render_mode, copy
        self.session = session or Session(opening)
        description = self.session.description
        self.name = description.name
        self.sequential = description.sequential
        self.agent = description.possible_agents[0]
        self.metadata = {"render_modes": render_modes(self.session), "render_fps": 30}
        self.render_mode = check_render_mode(self.session, render_mode)
        self._options = DeclaredOptions(self.session)
        self._calls = _RowCalls(self.session, copy)
        self._human = self.render_mode == "human"
        # A plain function without `self` saves a tenth of a step.
        if type(self).step is NativeEnv.step and not self._human:
            self.step = as_method(self._calls.step, NativeEnv.step)  # type: ignore
        if type(self).reset is NativeEnv.reset and not self._human:
            self.reset = as_method(self._quick_reset(), NativeEnv.reset)  # type: ignore

    @cached_property
    def observation_space(self) -> Space:  # type: ignore[override]
        """What observations are elements of; its generator is this environment's own."""
        return self.session.description.observation_spaces[self.agent]

    @cached_property
    def action_space(self) -> Space:  # type: ignore[override]
        """What actions are elements of; its generator is this environment's own."""
        return self.session.description.action_spaces[self.agent]

    def _described(self) -> Session:
        return self._opened()

    def _opened(self) -> Session:
        return self.session

    def __reduce__(self) -> tuple[Any, ...]:
        return copies.reduced(*self._copied())

    def __deepcopy__(self, memo: dict[int, Any]) -> NativeEnv:
        twin: NativeEnv = copies.deep_copy(self, *self._copied(), memo)
        return twin

    def __setstate__(self, state: copies.State) -> None:
        copies.take_over(self, self.session, state)

    def _copied(self) -> tuple[copies.Made, Session, dict[str, Any]]:
        opening, render_mode, copy = self._again
        made = _again, (type(self), opening, render_mode, copy)
        return made, self.session, copies.attributes(self, _BOUND)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Start an episode; returns observation and info.

        Args:
            seed: 0 … 2^53-1; later resets without one draw on from it.
            options: the environment's episode options; others are ignored with one warning.
        """
        declared = self._options.of(options) if options else None
        shown = self._calls.reset(seed, declared)
        if seed is not None:
            super().reset(seed=int(seed))
        if self._human:
            self.render()
        return shown

    def _quick_reset(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """`reset` with a short way for an episode that is given nothing."""
        again, whole = self._calls.again, self.reset

        def reset(
            *, seed: int | None = None, options: dict[str, Any] | None = None
        ) -> tuple[Any, dict[str, Any]]:
            return again() if seed is None and not options else whole(seed=seed, options=options)

        return reset

    def step(self, action: Any) -> StepResult:
        """Play an action; returns observation, reward, terminated, truncated, info.

        Raises:
            BadActionError: the action lies outside the space; nothing has moved.
            EpisodeOverError: the episode has ended; reset first.
        """
        told = self._calls.step(action)
        if self._human:
            self.render()
        return told

    def action_masks(self) -> NDArray[np.bool_]:
        """Tell which actions are legal now, (n,) bool; all True where there are no masks."""
        mask = self._calls.mask
        if mask is not None:
            allowed: NDArray[np.bool_] = mask.astype(np.bool_)
            return allowed
        if isinstance(self.action_space, spaces.Discrete):
            return np.ones(int(self.action_space.n), dtype=np.bool_)
        raise TypeError(f"action_masks() was refused; {self.action_space} has no finite actions")

    @property
    def np_random_seed(self) -> int | None:  # type: ignore[override]
        """The seed of this environment's generator, given or drawn; None before the first reset."""
        return self.session.used_seed(0)

    def render(self) -> Any:
        """Draw what its agent sees: printed for "human", text or pixels in the other modes."""
        return draw(self.session, self.render_mode, self.session.description.possible_agents[0])

    def snapshot(self) -> bytes:
        """The environment's whole state, for `restore` here or in another copy of it."""
        return self.session.snapshot(0)

    def restore(self, snapshot: bytes) -> tuple[Any, dict[str, Any]]:
        """Put the environment back to a snapshot; returns what it shows, as reset does."""

        def put() -> tuple[Any, dict[str, Any]]:
            self.session.put(0, snapshot)
            return self._calls.show(0)

        return self.session.endpoint.play(put)

    def close(self) -> None:
        """Free the environment; it cannot be used afterwards."""
        self.session.close()


def _again(kind: type[NativeEnv], opening: Opening, render_mode: str | None, copy: bool) -> Any:
    return kind(opening, render_mode, copy=copy)


class _RowCalls:
    """The calls of one row, with everything they touch bound to local names: attribute look-ups
    through `self` would take a third of a step.
    """

    step: Callable[[Any], StepResult]
    again: Callable[[], tuple[Any, dict[str, Any]]]
    reset: Callable[[int | None, Mapping[str, Any] | None], tuple[Any, dict[str, Any]]]
    show: Callable[[int], tuple[Any, dict[str, Any]]]

    def __init__(self, session: Session, copy: bool) -> None:
        description, replies = session.description, session.replies
        agent = description.possible_agents[0]
        action_space = description.shared_action_spaces[agent]
        masks = replies.get("action_mask")
        self.mask = None if masks is None else masks[0, 0].view(np.int8)
        self._name = description.name
        self._bind(
            session,
            action_writer(description.name, action_space, session.actions),
            observation_reader(description.shared_observation_spaces[agent], replies, copy),
            None if self.mask is None else mask_reader(action_space, self.mask),
        )

    def _bind(
        self,
        session: Session,
        act: Callable[[Any], None] | None,
        observe: Reader,
        allowed: Reader | None,
    ) -> None:
        endpoint, replies, integers = (
            session.endpoint,
            session.replies,
            session.description.integer_rewards,
        )
        words, ended = endpoint.words, control.ENDED
        playing = called = control.PLAYING
        operation, text_bytes, begin = control.OPERATION, control.TEXT_BYTES, control.RESET
        # Where the action is no single number, `choice` is never written to.
        choice: Any = session.actions["action"].reshape(-1).data if act is None else None
        reward: Any = replies["reward"].reshape(-1).data
        terminated: Any = replies["terminated"].reshape(-1).view(np.bool_).data
        truncated: Any = replies["truncated"].reshape(-1).view(np.bool_).data
        seeds, masks = session.requests["seeds"], session.requests["mask"]
        masks.fill(1)
        session.write_seeds(None)
        name = session.description.name

        call: Callable[[], int] = refuse_after_fork

        def exchange(function: Callable[[], int]) -> None:
            nonlocal call, called
            call, called = function, endpoint.called

        session.caller.bind(exchange)
        numbers = [
            (name, replies[f"info.{name}"].reshape(-1).data)
            for name in session.description.info_numbers
        ]
        replaced = illegal_reader(replies)

        def tell(code: int) -> dict[str, Any]:
            info: dict[str, Any] = {}
            for key, number in numbers:
                value = number[0]
                if value == value:  # NaN: this step did not tell it
                    info[key] = value
            if code & control.ILLEGAL:
                info |= replaced()
            if code & control.INFOS:
                info |= session.infos()[0].get(0, {}).get(0, {})
            if allowed is not None:
                info["action_mask"] = allowed()
            return info

        def show(code: int) -> tuple[Any, dict[str, Any]]:
            info = tell(code)
            for key, at_reset in session.description.info_numbers.items():
                if key in info and isinstance(at_reset, int):
                    info[key] = int(info[key])
            return observe(), info

        def told(code: int) -> StepResult:
            if code < 0:
                raise endpoint.error(code)
            if code & control.SLOW:
                session.caller.slow()
            info = tell(code)
            earned = int(reward[0]) if integers else reward[0]
            return observe(), earned, terminated[0], truncated[0], info

        # Both are `Endpoint.play` by hand: it calls nothing that a step of this length can spare.
        @plays
        def plain_step(action: Any) -> StepResult:
            if endpoint.busy:
                endpoint.enter()
            endpoint.busy = called  # at once: nothing comes between writing one number and the call
            try:
                try:
                    choice[0] = action
                except (TypeError, ValueError) as unfit:
                    raise bad_action(name, action) from unfit
                code = call()
                if code:
                    if code == ended:
                        return observe(), reward[0], terminated[0], truncated[0], {}
                    return told(code)
                return observe(), reward[0], False, False, {}
            except BaseException as stopped:
                if endpoint.busy & control.CALLED:
                    endpoint.rest |= control.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

        @plays
        def full_step(action: Any) -> StepResult:
            if endpoint.busy:
                endpoint.enter()
            endpoint.busy = playing
            try:
                if act is None:
                    try:
                        choice[0] = action
                    except (TypeError, ValueError) as unfit:
                        raise bad_action(name, action) from unfit
                else:
                    act(action)
                endpoint.busy = called
                code = call()
                if code:
                    return told(code)
                return (
                    observe(),
                    int(reward[0]) if integers else reward[0],
                    False,
                    False,
                    tell(0) if numbers else {} if allowed is None else {"action_mask": allowed()},
                )
            except BaseException as stopped:
                if endpoint.busy & control.CALLED:
                    endpoint.rest |= control.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

        @plays
        def again() -> tuple[Any, dict[str, Any]]:
            if endpoint.busy:
                endpoint.enter()
            endpoint.busy = playing
            try:
                words[operation] = begin
                words[text_bytes] = 0
                code = call()
                if code < 0:
                    raise endpoint.error(code)
                return (observe(), {}) if silent and not code else show(code)
            except BaseException:
                words[operation] = 0  # where it was not asked for, no step must do it
                raise
            finally:
                endpoint.busy = endpoint.rest

        def reset(
            seed: int | None, options: Mapping[str, Any] | None
        ) -> tuple[Any, dict[str, Any]]:
            def begun() -> tuple[Any, dict[str, Any]]:
                session.write_seeds(seed)
                try:
                    code = session.reset(options)
                finally:
                    seeds[0] = -1
                return show(code)

            return again() if seed is None and not options else endpoint.play(begun)

        silent = allowed is None and not numbers
        quick = act is None and not integers and silent
        self.step = plain_step if quick else full_step
        self.again, self.reset, self.show = again, reset, show


def bad_action(name: str, action: Any) -> BadActionError:
    """What an action that does not even fit the column raises."""
    return BadActionError(
        f"{name} refused action {action!r}; it is of another kind than the action space; pass what "
        "env.action_space.sample() returns",
        "bad_action",
    )


# --- Actions and observations of one row: between a space's values and its leaves' columns ---


def action_writer(
    name: str, space: Space, columns: Mapping[str, NDArray[Any]], row: int = 0, agent: int = 0
) -> Callable[[Any], None] | None:
    """Make the function that writes an action into its columns; None for a Discrete space, whose
    one number is written by the step itself.

    Raises (when called):
        BadActionError: the action is of another kind or shape; nothing was written.
    """
    if isinstance(space, spaces.Discrete):
        return None
    cells = [columns[leaf.name][row, agent, ...] for leaf in leaves(space, "action")]

    def write(action: Any) -> None:
        try:
            tensors = [np.asarray(part) for part in leaf_values(space, action)]
        except (TypeError, ValueError, KeyError, IndexError) as unfit:
            raise bad_action(name, action) from unfit
        for cell, tensor in zip(cells, tensors, strict=True):
            fits = tensor.shape == cell.shape and np.can_cast(tensor.dtype, cell.dtype, "same_kind")
            if not fits:
                raise bad_action(name, action)
        for cell, tensor in zip(cells, tensors, strict=True):
            cell[...] = tensor

    return write


def observation_reader(
    space: Space,
    columns: Mapping[str, NDArray[Any]],
    copy: bool,
    row: int = 0,
    agent: int = 0,
    *,
    plain: bool = True,
) -> Reader:
    """Make the function that reads an observation.

    Args:
        space: what it is an element of.
        columns: the reply's columns.
        copy: False hands out live views of arrays.
        row: whose it is.
        agent: whose it is.
        plain: whether a Discrete is an int, as Gymnasium's games have it, or a np.int64, as
            PettingZoo's own tests ask for.
    """

    def read(leaf: Leaf) -> Reader:
        column = columns[leaf.name]
        if isinstance(leaf.space, spaces.Discrete):
            if plain:
                return column[row : row + 1, agent].item
            return lambda: column[row, agent]
        cell = column[row, agent, ...]
        return cell.copy if copy else lambda: cell

    return element_reader(space, read, "observation")


def mask_reader(space: Space, mask: NDArray[np.int8]) -> Reader:
    """Make the function that reads a mask as `space.sample(mask)` wants it."""
    return mask.copy if isinstance(space, spaces.Discrete) else lambda: convert_mask(space, mask)


def illegal_reader(columns: Mapping[str, NDArray[Any]], agent: int = 0) -> Reader:
    """Make the function that reads what became of an agent's action: {} where it was legal."""
    if "illegal_action" not in columns:
        return dict
    flag: Any = columns["illegal_action"][0].data
    played = columns[played_name(columns)][0, agent, ...]

    def read() -> dict[str, Any]:
        if not flag[agent]:
            return {}
        if flag[agent] == REPLACED:
            return {"illegal_action": True, "played": played.tolist()}
        return {"illegal_action": True}

    return read


__all__ = ["NativeEnv", "action_writer", "bad_action", "observation_reader"]
