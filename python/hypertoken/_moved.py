"""Where modules of the first release went: their old names still import, and so do pickles that
hold them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_NEW_NAMES = {
    "demo": "cli.demo",
    "doctor": "cli.doctor",
    "_catalogue": "engine.catalogue",
    "_java": "engine.java",
    "_jvm": "engine.jvm",
    "_native": "engine.runtime",
    "_session": "engine.session",
    "_start_archive": "engine.start_archive",
    "aec": "envs.aec",
    "native_aec": "envs.aec",
    "_adapting": "envs.common",
    "native_env": "envs.env",
    "_rows": "envs.infos",
    "multi_vector": "envs.multi_agent_vector",
    "parallel": "envs.parallel",
    "gym_env": "envs.single_agent",
    "vector": "envs.vector",
    "native_vector": "envs.vector_in_process",
    "in_process": "making",
    "_registry": "registration",
    "async_client": "remote.async_client",
    "client": "remote.client",
    "_commands": "remote.commands",
    "latency": "remote.latency",
    "server": "remote.server",
    "_wire": "remote.wire",
    "_seeds": "seeding",
    "digest": "testing.digest",
    "far_ends": "testing.paths",
    "_play_agents": "testing.play_agents",
    "_play_rows": "testing.play_rows",
    "batch": "transports.batches",
    "native_batch": "transports.batches_in_process",
    "transport": "transports.turns",
    "native_transport": "transports.turns_in_process",
}


class _Finder(MetaPathFinder):
    """Finds `hypertoken.<old name>` as the module that it has become."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, old = fullname.partition(".")
        if package != "hypertoken" or old not in _NEW_NAMES:
            return None
        return ModuleSpec(fullname, _Alias(f"hypertoken.{_NEW_NAMES[old]}"))


class _Alias(Loader):
    """Gives a module a second name, and leaves the module as it is."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # Importing put the spec of the old name here; the module was executed under its own.
        module.__spec__ = self._spec


def install() -> None:
    """Let old names be found, after everything else was looked at."""
    sys.meta_path.append(_Finder())
