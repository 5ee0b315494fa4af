"""Gymnasium's environments by id: how one is found, made and described."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

import gymnasium
import numpy as np

from . import spaces
from .gym_rows import MASK, GymRows, mask_in, seen_space
from .imports import UnknownError, import_named


class GymSource:
    """One environment of Gymnasium's registry.

    Args:
        name: an id, `module:id`, or `path/to/file.py:id`.
        kwargs: for the environment's constructor.
    """

    turns = "sequential"

    def __init__(self, name: str, kwargs: Mapping[str, Any]) -> None:
        module, _, id_ = name.rpartition(":")
        if module:
            import_named(module)
        self._kwargs = dict(kwargs)
        try:
            self._spec = gymnasium.spec(id_)
        except gymnasium.error.Error as raised:
            raise UnknownError(str(raised), registered()) from raised
        self._mode = self._render_mode()
        limit = self._spec.max_episode_steps
        # The engine counts steps itself, so that max_episode_steps works as everywhere; but
        # wrappers around Gymnasium's own counter may look at it.
        self.step_limit = 0 if self._spec.additional_wrappers or not limit else limit
        self._limit: dict[str, Any] = {"max_episode_steps": -1} if self.step_limit else {}

    def _creator(self) -> Any:
        entry = self._spec.entry_point
        if not isinstance(entry, str):
            return entry
        return gymnasium.envs.registration.load_env_creator(entry)

    def _modes(self) -> list[str]:
        metadata = getattr(self._creator(), "metadata", None)
        modes = metadata.get("render_modes") if isinstance(metadata, dict) else None
        return [mode for mode in ("rgb_array", "ansi") if mode in (modes or ())]

    def _render_mode(self) -> dict[str, Any]:
        if "render_mode" in self._kwargs:
            return {}
        modes = self._modes()
        return {"render_mode": modes[0]} if modes else {}

    def make(self) -> Any:
        """A new copy."""
        return gymnasium.make(
            self._spec, disable_env_checker=True, **self._limit, **self._mode, **self._kwargs
        )

    def spaces(self, env: Any) -> tuple[list[Any], list[Any], bool]:
        """What it observes, the mask taken out; what it acts; whether a mask was in there."""
        masked = mask_in(env.observation_space, spaces.mask_size(env.action_space))
        return [seen_space(env.observation_space, masked)], [env.action_space], masked

    def rows(self, made: list[Any], columns: Any) -> GymRows:
        """What plays the rows."""
        return GymRows(self.make, made, columns, self.spaces(made[0])[2])

    def agents(self, env: Any) -> list[str]:
        """The one there is, under the name that one agent has here."""
        return ["player_0"]

    def description(self, env: Any) -> dict[str, Any]:
        """What a declaration needs beside the spaces."""
        version = self._spec.version
        return {
            "version": max(1, version or 1),
            "reward_threshold": self._spec.reward_threshold,
            "step_limit": self.step_limit,
            "renders": self._modes(),
            "options": constructor_options(self._creator(), self._spec.kwargs),
            "rules": document(env.unwrapped),
        }

    def probe(self, env: Any) -> dict[str, Any]:
        """Reset it once, to see what infos tell; no step is taken, for a step may have effects."""
        _, info = env.reset(seed=0)
        masked = spaces.mask_size(env.action_space) > 0 and (self.spaces(env)[2] or MASK in info)
        numbers = {
            name: isinstance(value, (int, np.integer))
            for name, value in info.items()
            if isinstance(name, str) and number(value)
        }
        return {"numbers": numbers, "masked": masked}


def number(value: Any) -> bool:
    """Whether an info's value is one number, and no flag."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def registered() -> list[str]:
    """The ids of Gymnasium's registry."""
    return sorted(gymnasium.registry)


def document(bare: Any) -> str:
    """The first paragraph that the class says of itself."""
    text = inspect.cleandoc(type(bare).__doc__ or "")
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip() and not p.startswith("#")]
    return " ".join(paragraphs[0].split())[:1000] if paragraphs else ""


_HIDDEN = {"self", "render_mode"}


def constructor_options(creator: Callable[..., Any], given: Mapping[str, Any]) -> list[Any]:
    """The constructor's keywords, each with its default, as options of a declaration."""
    try:
        parameters = inspect.signature(creator).parameters.values()
    except (TypeError, ValueError):
        return []
    options = []
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            continue
        default = given.get(parameter.name, parameter.default)
        if parameter.name in _HIDDEN or default is parameter.empty:
            continue
        plain = default.item() if isinstance(default, np.generic) else default
        simple = isinstance(plain, (bool, int, float, str))
        options.append({"name": parameter.name, "default": plain if simple else None})
    return options
