"""PettingZoo's environments by id or module: how one is found, made and described."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import pettingzoo

from . import spaces
from .gym_rows import mask_in, seen_space
from .gym_source import constructor_options, document
from .imports import UnknownError, import_named
from .pz_rows import AecRows, ParallelRows

_APIS = ("aec", "parallel")


class PzSource:
    """One environment of PettingZoo's registry, or of a module that has `env` or `parallel_env`.

    Where it has both faces and none is named before the id, all alive agents act at once: a round
    is one step then.

    Args:
        name: `classic/tictactoe_v3`, `my_package.my_game_v0`, `path/to/my_game.py`, each after
            `aec:` or `parallel:` where that face is wanted.
        kwargs: for the environment's constructor.
    """

    def __init__(self, name: str, kwargs: Mapping[str, Any]) -> None:
        api, colon, rest = name.partition(":")
        wanted = (api,) if colon and api in _APIS else ("parallel", "aec")
        self._name = rest if colon and api in _APIS else name
        self._kwargs = dict(kwargs)
        found = [(api, create) for api in wanted if (create := self._find(api)) is not None]
        if not found:
            raise UnknownError(f"PettingZoo has no {self._name}", registered())
        self._api, self._create = found[0]
        self.turns = "sequential" if self._api == "aec" else "simultaneous"

    def _find(self, api: str) -> Callable[..., Any] | None:
        registry = getattr(pettingzoo, f"{api}_registry", None)
        if registry is not None and not self._name.endswith(".py"):
            try:
                pettingzoo.spec(api, self._name)
                return lambda **kwargs: pettingzoo.make(api, self._name, **kwargs)
            except Exception:
                pass
        module = self._module()
        return getattr(module, "env" if api == "aec" else "parallel_env", None)

    def _module(self) -> Any:
        if self._name.endswith(".py"):
            return import_named(self._name)
        words = self._name.replace("/", ".").replace("-v", "_v")
        for name in (f"pettingzoo.{words}", words):
            try:
                return importlib.import_module(name)
            except ModuleNotFoundError as raised:
                if raised.name is None or not (name + ".").startswith(raised.name + "."):
                    raise  # it is there, and what it needs is not
        return None

    def _modes(self, env: Any) -> list[str]:
        modes = (getattr(env, "metadata", None) or {}).get("render_modes") or ()
        return [mode for mode in ("rgb_array", "ansi") if mode in modes]

    def make(self) -> Any:
        """A new copy."""
        if "render_mode" in self._kwargs:
            return self._create(**self._kwargs)
        env = self._create(**self._kwargs)
        modes = self._modes(env)
        if not modes:
            return env
        env.close()
        return self._create(render_mode=modes[0], **self._kwargs)

    def agents(self, env: Any) -> list[str]:
        """All that may ever play."""
        return [str(agent) for agent in env.possible_agents]

    def spaces(self, env: Any) -> tuple[list[Any], list[Any], bool]:
        """What each observes, the mask taken out; what each acts; whether masks were in there."""
        agents = env.possible_agents
        acts = [env.action_space(agent) for agent in agents]
        observed = [env.observation_space(agent) for agent in agents]
        masked = all(
            mask_in(space, spaces.mask_size(act)) for space, act in zip(observed, acts, strict=True)
        )
        return [seen_space(space, masked) for space in observed], acts, masked

    def rows(self, made: list[Any], columns: Any) -> AecRows | ParallelRows:
        """What plays the rows."""
        play = AecRows if self._api == "aec" else ParallelRows
        return play(self.make, made, columns, self.spaces(made[0])[2])

    def description(self, env: Any) -> dict[str, Any]:
        """What a declaration needs beside the spaces."""
        version = self._name.replace("-v", "_v").rpartition("_v")[2]
        return {
            "version": max(1, int(version)) if version.isdigit() else 1,
            "reward_threshold": None,
            "step_limit": 0,
            "renders": self._modes(env),
            "options": constructor_options(type(bare(env)), {}),
            "rules": document(bare(env)),
        }

    def probe(self, env: Any) -> dict[str, Any]:
        """A reset, to see whether infos carry masks."""
        env.reset(seed=0)
        masked = self.spaces(env)[2]
        infos = getattr(env, "infos", None) or {}
        told = bool(infos) and all("action_mask" in info for info in infos.values())
        return {"numbers": {}, "masked": masked or told}


def bare(env: Any) -> Any:
    """The environment without wrappers, that which turns one face into the other included."""
    inner = env.unwrapped
    while hasattr(inner, "aec_env"):
        inner = inner.aec_env.unwrapped
    return inner


def registered() -> list[str]:
    """The ids of PettingZoo's registry; none before it had one (1.27)."""
    aec = getattr(pettingzoo, "aec_registry", {})
    return sorted({*aec, *getattr(pettingzoo, "parallel_registry", {})})
