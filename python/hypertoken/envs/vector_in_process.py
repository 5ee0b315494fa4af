"""Gymnasium's VectorEnv in this process: all rows in one C call a step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from hypertoken.engine import runtime as native
from hypertoken.engine.session import Opening, Session
from hypertoken.envs import copies
from hypertoken.envs.common import check_render_mode, render_modes, stand_in
from hypertoken.envs.vector import Flags, HyperTokenVectorEnv, gymnasium_mode
from hypertoken.errors import HyperTokenError
from hypertoken.transports.batches import write_actions
from hypertoken.transports.batches_in_process import NativeBatch

VectorStep = tuple[Any, NDArray[np.float64], Flags, Flags, dict[str, Any]]


class NativeVectorEnv(HyperTokenVectorEnv):
    """Many copies of a single-agent environment, stepped together inside this process.

    Args:
        opening: what to open, and how many rows.
        render_mode: "ansi" or "rgb_array": `render()` returns one drawing a row.
        copy: False returns live views, which the next step overwrites.
        legacy_final_info: see `HyperTokenVectorEnv`.
    Raises:
        ValueError: the environment has more than one agent, or `legacy_final_info` is asked for
            with another autoreset than same-step.
    """

    batch: NativeBatch

    def __init__(
        self,
        opening: Opening,
        render_mode: str | None = None,
        *,
        copy: bool = True,
        legacy_final_info: bool = False,
    ) -> None:
        self._again = partial(
            type(self), opening, render_mode, copy=copy, legacy_final_info=legacy_final_info
        )
        batch = NativeBatch(opening, copy=copy)
        super().__init__(
            batch,
            autoreset_mode=gymnasium_mode(opening.autoreset),
            legacy_final_info=legacy_final_info,
        )
        self.metadata = {
            **self.metadata,
            "render_modes": render_modes(batch.session),
            "render_fps": 30,
        }
        self.render_mode = check_render_mode(batch.session, render_mode)
        fast = self._fast_step()
        if fast is not None and type(self).step is NativeVectorEnv.step:
            # A plain function without `self` is a third faster at few rows.
            self.step = stand_in(fast, NativeVectorEnv.step)  # type: ignore

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

    def step(self, actions: Any) -> VectorStep:
        """Step every row; see `HyperTokenVectorEnv.step`.

        Returns:
            observations, rewards (float64), terminations, truncations (bool), infos; all yours,
            unless the vector was made with `copy=False`.
        """
        return self.batch.session.endpoint.play(partial(super().step, actions))

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
            self.batch.hear(endpoint.receive())
            shown = self.dress(self.batch.taken())
            endpoint.taken()
            return shown
        except HyperTokenError:
            endpoint.taken()
            raise
        finally:
            endpoint.busy = endpoint.rest

    def render(self) -> tuple[Any, ...] | None:
        """Draw every row in the vector's render mode."""
        if self.render_mode is None:
            return None
        draw, mode = self.batch.session.render, self.render_mode
        agent = self.batch.possible_agents[0]
        return tuple(draw(mode, agent, row) for row in range(self.num_envs))

    def _fast_step(self) -> Callable[[Any], VectorStep] | None:
        """The step of a Discrete action space with one leaf to see; None for other spaces."""
        batch = self.batch
        columns, single = batch.columns, self.single_observation_space
        plain = isinstance(single, (spaces.Box, spaces.Discrete, spaces.MultiBinary))
        plain = plain or isinstance(single, spaces.MultiDiscrete)
        plain = plain and not batch.info_numbers
        if not (plain and isinstance(self.single_action_space, spaces.Discrete)):
            return None
        rows = self.num_envs
        choices = batch.actions["action"].reshape(rows)
        observation = columns["observation"].reshape(rows, *(single.shape or ()))
        reward = columns["reward"].reshape(rows)
        terminated = columns["terminated"].reshape(rows).view(np.bool_)
        truncated = columns["truncated"].reshape(rows).view(np.bool_)
        masks = columns.get("action_mask")
        allowed = None if masks is None else masks.reshape(rows, -1).view(np.int8)
        everyone = np.ones(rows, dtype=np.bool_)
        same_step = self.autoreset_mode is AutoresetMode.SAME_STEP
        shape, dtype, copy, copyto = (rows,), choices.dtype, batch.copy, np.copyto
        endpoint = batch.session.endpoint
        playing = called = native.PLAYING
        call: Callable[[], int] = native.refuse_after_fork

        def exchange(function: Callable[[], int]) -> None:
            nonlocal call, called
            call, called = function, endpoint.called

        batch.session.caller.bind(exchange)

        @native.plays
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
                if code & native.LOOK or batch.infos:
                    batch.hear(code)
                    if batch.infos:
                        return self.dress(batch.taken())
                infos: dict[str, Any] = {}
                if same_step and code & native.ENDED:
                    infos = self._finals(columns, terminated | truncated)
                if code & native.ILLEGAL:
                    self.add_illegal(infos, columns)
                if self.legacy_final_info:
                    self._add_legacy(infos, columns)
                if not copy:
                    if allowed is not None:
                        infos["action_mask"], infos["_action_mask"] = allowed, everyone
                    return observation, reward, terminated, truncated, infos
                if allowed is not None:
                    infos["action_mask"], infos["_action_mask"] = allowed.copy(), everyone.copy()
                return observation.copy(), reward.copy(), terminated.copy(), truncated.copy(), infos
            except BaseException as stopped:
                if endpoint.busy & native.CALLED:
                    endpoint.rest |= native.OWED
                endpoint.stopped(stopped)
                raise
            finally:
                endpoint.busy = endpoint.rest

        return step
