"""Registers every environment as `hypertoken/<Id>` with Gymnasium and PettingZoo.

Nothing of it starts Java; the entry points below are what Gymnasium and PettingZoo call.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from gymnasium.envs.registration import register, registry

from hypertoken.engine import catalogue
from hypertoken.time_limits import EngineSpec, asked_of_make

NAMESPACE = "hypertoken"


class Creator:
    """What `gym.make` calls for one id; its metadata tells how the environment can be drawn."""

    def __init__(self, id: str, render_modes: list[str]) -> None:
        self.id = id
        # Without "human", Gymnasium shows the pictures in a window of its own.
        text_only = ["human", *render_modes] if render_modes == ["ansi"] else render_modes
        self.metadata = {"render_modes": text_only, "render_fps": 30}

    def __call__(self, **options: Any) -> Any:
        """Make it, as `hypertoken.make` does, with the time limit that Gymnasium was asked for."""
        from hypertoken.making import make

        return make(self.id, **{**asked_of_make(sys._getframe(1)), **options})


class VectorCreator:
    """What `gym.make_vec` calls for one id."""

    def __init__(self, id: str) -> None:
        self.id = id

    def __call__(self, **options: Any) -> Any:
        """Make it, as `hypertoken.make_vec` does."""
        from hypertoken.making import make_vec

        return make_vec(self.id, **options)


class TurnCreator:
    """What `pettingzoo.make` calls for one id: `aec_env` or `parallel_env`."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind = kind
        self.id = id

    def __call__(self, **options: Any) -> Any:
        """Make it, as `hypertoken.aec_env` or `hypertoken.parallel_env` does."""
        from hypertoken import making

        return getattr(making, f"{self.kind}_env")(self.id, **options)


def __getattr__(name: str) -> Any:
    # Entry points are texts such as "hypertoken.registration:make CartPole-v1", which pickle.
    return _creator(name)


@cache
def _creator(name: str) -> Any:
    kind, _, id = name.partition(" ")
    if kind == "make" and id:
        modes = {entry["id"]: entry["render_modes"] for entry in catalogue.entries()}
        return Creator(id, modes.get(id, []))
    if kind == "make_vec" and id:
        return VectorCreator(id)
    if kind in ("aec", "parallel") and id:
        return TurnCreator(kind, id)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def register_gymnasium() -> None:
    """Register every id with Gymnasium.

    Without Gymnasium's own checks around each step: the engine checks actions, order and the time
    limit itself, and reports them as clearly. Where no jar says what there is, the ids known to be
    shipped are registered: making one then says what is missing.
    """
    for entry in catalogue.entries() or catalogue.shipped():
        id, alone = entry["id"], entry["agents"] == 1
        name = f"{NAMESPACE}/{id}"
        if name in registry:
            continue
        register(
            name,
            entry_point=f"{__name__}:make {id}",
            vector_entry_point=f"{__name__}:make_vec {id}" if alone else None,
            reward_threshold=entry.get("reward_threshold"),
            order_enforce=False,
            disable_env_checker=True,
        )
        if alone:  # a seat among several counts its own steps, the engine everybody's
            registry[name] = EngineSpec.of(registry[name], entry.get("max_steps"))


def register_pettingzoo() -> None:
    """Register every id with PettingZoo (1.27 or newer has a registry)."""
    try:
        from pettingzoo.env_registry.registration import (
            aec_registry,
            parallel_registry,
        )
        from pettingzoo.env_registry.registration import register as add
    except ImportError:
        return
    for entry in catalogue.entries() or catalogue.shipped():
        id = f"{NAMESPACE}/{entry['id']}"
        for kind, known in (("aec", aec_registry), ("parallel", parallel_registry)):
            if id not in known:
                add(kind, id, entry_point=f"{__name__}:{kind} {entry['id']}")


class _AfterPettingZoo(MetaPathFinder):
    """Registers with PettingZoo when somebody imports it: that takes longer than all of ours.

    Not by a library such as wrapt, whose import would cost each start more than this file does.
    """

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name != "pettingzoo":
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            self._register_after(spec.loader)
        return spec

    def _register_after(self, loader: Any) -> None:
        # The loader stays what it is, for whoever looks at it; merely to look imports nothing.
        load = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            register_pettingzoo()

        loader.exec_module = exec_module


def register_all() -> None:
    """Register with Gymnasium now, and with PettingZoo now or when it is imported."""
    register_gymnasium()
    if "pettingzoo" in sys.modules:
        register_pettingzoo()
    elif not any(isinstance(finder, _AfterPettingZoo) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterPettingZoo())
