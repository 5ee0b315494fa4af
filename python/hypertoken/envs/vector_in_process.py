"""Gymnasium's VectorEnv in this process: all rows in one C call a step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode

from hypertoken.engine import control
from hypertoken.engine.endpoint import plays, refuse_after_fork
from hypertoken.engine.session import Opening, Session
from hypertoken.envs import copies
from hypertoken.envs.common import as_method, check_render_mode, render_modes
from hypertoken.envs.vector import HyperTokenVectorEnv, VectorStep, gymnasium_mode
from hypertoken.errors import HyperTokenError
from hypertoken.options import RenderMode
from hypertoken.seeding import Seeds
from hypertoken.spaces import Leaf, Reader, element_reader
from hypertoken.transports.batches import write_actions
from hypertoken.transports.batches_in_process import NativeBatch


class NativeVectorEnv(HyperTokenVectorEnv):
    """Many copies of a single-agent environment, stepped together inside this process.

    Args:
        opening: what to open, and how many rows.
        render_mode: "ansi" or "rgb_array": `render()` returns one drawing a row; "human" prints
            every row after each reset and step.
        copy: False returns live views, which the next step overwrites.
        legacy_final_info: see `HyperTokenVectorEnv`.
    Raises:
        ValueError: the environment has more than one agent, it cannot be drawn that way, or
            `legacy_final_info` is asked for with another autoreset than same-step.
    """

    batch: NativeBatch

    def __init__(
        self,
        opening: Opening,
        render_mode: RenderMode | None = None,
        *,
        copy: bool = True,
        legacy_final_info: bool = False,
    ) -> None:
        self._again = partial(
            type(self), opening, render_mode, copy=copy, legacy_final_info=legacy_final_info
        )
        batch = NativeBatch(opening, copy=copy)
        try:
            super().__init__(
                batch,
                autoreset_mode=gymnasium_mode(opening.autoreset),
                legacy_final_info=legacy_final_info,
            )
            self.render_mode = check_render_mode(batch.session, render_mode)
        except ValueError:
            batch.close()
            raise
        modes = render_modes(batch.session)
        self.metadata = {**self.metadata, "render_modes": modes, "render_fps": 30}
        self._step = self._bound_step()
        if type(self).step is NativeVectorEnv.step and self.render_mode != "human":
            # A plain function without `self` is a third faster at few rows.
            self.step = as_method(self._step, NativeVectorEnv.step)  # type: ignore

    def __reduce__(self) -> tuple[Any, ...]:
        return copies.reduced(*self._copied())

    def __deepcopy__(self, memo: dict[int, Any]) -> NativeVectorEnv:
        twin: NativeVectorEnv = copies.deep_copy(self, *self._copied(), memo)
        return twin

    def __setstate__(self, state: copies.State) -> None:
        copies.take_over(self, self.batch.session, state)

    def _copied(self) -> tuple[copies.Made, Session, dict[str, Any]]:
        # Its spaces go along because they may have been seeded.
        kinds = ("observation_space", "action_space")
        names = [f"{of}{kind}" for of in ("", "single_") for kind in kinds]
        return (self._again, ()), self.batch.session, {name: getattr(self, name) for name in names}

    def reset(
        self, *, seed: Seeds = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all rows, or those of `options["reset_mask"]`; see `HyperTokenVectorEnv.reset`."""
        shown = super().reset(seed=seed, options=options)
        if self.render_mode == "human":
            self.render()
        return shown

    def step(self, actions: Any) -> VectorStep:
        """Step every row; see `HyperTokenVectorEnv.step`.

        Returns:
            observations, rewards (float64), terminations, truncations (bool), infos; all yours,
            unless the vector was made with `copy=False`.
        """
        shown = self._step(actions)
        if self.render_mode == "human":
            self.render()
        return shown

    def send(self, actions: Any) -> None:
        """Begin a step on Java threads and return at once; `recv` returns what step would.

        Until then only `recv` and `close` are possible.

        Raises:
            BadActionError: an action lies outside the space; no row has moved, nothing was sent.
        """
        endpoint = self.batch.session.endpoint

        def begin() -> None:
            write_actions(self.batch.actions, self.action_space, actions)
            endpoint.send()

        endpoint.play(begin)

    def recv(self) -> VectorStep:
        """Wait for the step that `send` began, or that Ctrl-C interrupted, and return its result.

        Ctrl-C works meanwhile; call it again then: the step goes on, and its result is kept.

        Raises:
            BadStepError: nothing was sent.
        """
        endpoint = self.batch.session.endpoint
        endpoint.enter_to_take()
        try:
            self.batch.settle(endpoint.receive())
            shown = self._shown(self.batch.reply())
            endpoint.taken()
        except HyperTokenError:
            endpoint.taken()
            raise
        finally:
            endpoint.busy = endpoint.rest
        # Nothing is called between taking the result and returning it, where Ctrl-C would lose it.
        if self.render_mode == "human":
            self.render()
        return shown

    def render_row(self, row: int) -> Any:
        """Draw one row in the vector's render mode; a text is its agent's view."""
        if self.render_mode is None:
            return None
        drawn = self.batch.session.render(self.render_mode, self.batch.possible_agents[0], row)
        if self.render_mode == "human":
            print(drawn)
            return None
        return drawn

    def _bound_step(self) -> Callable[[Any], VectorStep]:
        """The step, with all that it touches bound to local names."""
        batch, rows = self.batch, self.num_envs
        columns, copy, copyto = batch.columns, batch.copy, np.copyto
        single = not isinstance(self.single_action_space, (spaces.Dict, spaces.Tuple))
        # Where the action has parts, `choices` is never written to.
        choices = batch.actions["action"][:, 0] if single else np.empty((0, 0))
        shape, dtype = choices.shape, choices.dtype
        observe = self._observer()
        reward = columns["reward"].reshape(rows)
        terminated = columns["terminated"].reshape(rows).view(np.bool_)
        truncated = columns["truncated"].reshape(rows).view(np.bool_)
        masks = columns.get("action_mask")
        allowed = None if masks is None else masks[:, 0].view(np.int8)
        everyone, of_step = self._everyone, self._infos.of_step
        numbers = bool(batch.description.info_numbers)
        look, illegal = control.LOOK, control.ILLEGAL
        finals = control.ENDED if self.autoreset_mode is AutoresetMode.SAME_STEP else 0
        informed = illegal | finals
        endpoint = batch.session.endpoint
        playing = called = control.PLAYING
        call: Callable[[], int] = refuse_after_fork

        def exchange(function: Callable[[], int]) -> None:
            nonlocal call, called
            call, called = function, endpoint.called

        batch.session.caller.bind(exchange)

        @plays
        def step(actions: Any) -> VectorStep:
            if endpoint.busy:
                endpoint.enter()
            endpoint.busy = playing
            try:
                try:
                    if actions.shape != shape:
                        raise TypeError
                    if actions.dtype is dtype:
                        choices[...] = actions  # half the time of copyto, but casts all it gets
                    else:
                        copyto(choices, actions)
                except (AttributeError, TypeError):
                    write_actions(batch.actions, self.action_space, actions)
                endpoint.busy = called
                code = call()
                if code & look or batch.infos:
                    batch.settle(code)
                infos: dict[str, Any] = {}
                if code & informed or numbers or batch.infos:
                    ended = terminated | truncated if code & finals else None
                    infos = of_step(columns, ended, bool(code & illegal), batch.infos)
                if not copy:
                    if allowed is not None:
                        infos["action_mask"], infos["_action_mask"] = allowed, everyone
                    return observe(), reward, terminated, truncated, infos
                if allowed is not None:
                    infos["action_mask"], infos["_action_mask"] = allowed.copy(), everyone.copy()
                return observe(), reward.copy(), terminated.copy(), truncated.copy(), infos
            except BaseException as stopped:
                if endpoint.busy & control.CALLED:
                    endpoint.rest |= control.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

        return step

    def _observer(self) -> Reader:
        copy, columns = self.batch.copy, self.batch.columns

        def read(leaf: Leaf) -> Reader:
            column = columns[leaf.name][:, 0]
            return column.copy if copy else lambda: column

        return element_reader(self.single_observation_space, read, "observation")
