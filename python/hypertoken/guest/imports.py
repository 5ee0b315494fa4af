"""Modules and files that register environments of one's own, and what is said where one is not."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any


class RefusedError(Exception):
    """What was asked for cannot be had; `told` goes to Java."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told["message"])
        self.told = told


class UnknownError(RefusedError):
    """There is no environment of this name."""

    def __init__(self, message: str, known: list[str]) -> None:
        super().__init__({"code": "unknown", "message": message, "known": known})


def import_named(name: str) -> Any:
    """Import a module by its name, or a file ending in .py by its path."""
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = os.path.abspath(name)
    module = "hypertoken_guest_file_" + "".join(c if c.isalnum() else "_" for c in path)
    if module in sys.modules:
        return sys.modules[module]
    spec = importlib.util.spec_from_file_location(module, path)
    if spec is None or spec.loader is None or not os.path.exists(path):
        raise UnknownError(f"there is no file {path}", [])
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[module] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def missing(raised: BaseException) -> dict[str, Any] | None:
    """What Java is told where a package is not installed: its name, as pip knows it."""
    name = getattr(raised, "name", None) if isinstance(raised, ImportError) else None
    if not name:
        return None
    package = name.partition(".")[0]
    return {"code": "missing", "message": f"{type(raised).__name__}: {raised}", "package": package}
