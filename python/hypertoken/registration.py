"""Registers every environment as `hypertoken/<Id>` with Gymnasium and PettingZoo.

Nothing of it starts Java; the entry points below are what Gymnasium and PettingZoo call.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from gymnasium.envs.registration import register, registry

from hypertoken.engine import catalogue

NAMESPACE = "hypertoken"


class Creator:
    """What `gym.make` calls for one id; its metadata tells how the environment can be drawn."""

    def __init__(self, id: str, render_modes: list[str]) -> None:
        self.id = id
        # Without "human", Gymnasium shows the pictures in a window of its own.
        text_only = ["human", *render_modes] if render_modes == ["ansi"] else render_modes
        self.metadata = {"render_modes": text_only, "render_fps": 30}

    def __call__(self, **options: Any) -> Any:
        """Make it, as `hypertoken.make` does."""
        from hypertoken.making import make

        return make(self.id, **options)


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
    limit itself, and reports them as clearly.
    """
    for entry in catalogue.entries():
        id = entry["id"]
        if f"{NAMESPACE}/{id}" not in registry:
            register(
                f"{NAMESPACE}/{id}",
                entry_point=f"{__name__}:make {id}",
                vector_entry_point=f"{__name__}:make_vec {id}" if entry["agents"] == 1 else None,
                order_enforce=False,
                disable_env_checker=True,
            )


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
    for entry in catalogue.entries():
        id = f"{NAMESPACE}/{entry['id']}"
        for kind, known in (("aec", aec_registry), ("parallel", parallel_registry)):
            if id not in known:
                add(kind, id, entry_point=f"{__name__}:{kind} {entry['id']}")


class _AfterPettingZoo(MetaPathFinder, Loader):
    """Registers with PettingZoo when somebody imports it: that takes longer than all of ours."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name != "pettingzoo" or self not in sys.meta_path:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is None or spec.loader is None:
            return None
        self._loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None
        spec.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        register_pettingzoo()


def register_all() -> None:
    """Register with Gymnasium now, and with PettingZoo now or when it is imported."""
    register_gymnasium()
    if "pettingzoo" in sys.modules:
        register_pettingzoo()
    elif not any(isinstance(finder, _AfterPettingZoo) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterPettingZoo())
