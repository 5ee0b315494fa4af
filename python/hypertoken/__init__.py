"""HyperToken in Python: its environments in Gymnasium's and PettingZoo's dress, inside this process
or behind a server.

Importing this registers every environment as `hypertoken/<Id>` with Gymnasium and PettingZoo;
Java starts when the first one is made. Other names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypertoken.aec import HyperTokenAECEnv, HyperTokenEnv
    from hypertoken.async_client import HyperTokenAsyncClient
    from hypertoken.batch import WebSocketBatch
    from hypertoken.client import HyperTokenClient
    from hypertoken.errors import HyperTokenError
    from hypertoken.gym_env import BlackjackGymWrapper, HyperTokenGymEnv, mimic_dealer
    from hypertoken.in_process import aec_env, make, make_multi_vec, make_vec, parallel_env
    from hypertoken.latency import measure_latency
    from hypertoken.log import enable_logging
    from hypertoken.multi_vector import MultiAgentVectorEnv
    from hypertoken.native_env import NativeEnv
    from hypertoken.native_vector import NativeVectorEnv
    from hypertoken.parallel import HyperTokenParallelEnv
    from hypertoken.server import ServerManager, start_server, wait_for_server
    from hypertoken.spaces import convert_space
    from hypertoken.transport import WebSocketTransport
    from hypertoken.vector import HyperTokenVectorEnv

__version__: str

_HOMES = {
    "BlackjackGymWrapper": "gym_env",
    "HyperTokenAECEnv": "aec",
    "HyperTokenAsyncClient": "async_client",
    "HyperTokenClient": "client",
    "HyperTokenEnv": "aec",
    "HyperTokenError": "errors",
    "HyperTokenGymEnv": "gym_env",
    "HyperTokenParallelEnv": "parallel",
    "HyperTokenVectorEnv": "vector",
    "MultiAgentVectorEnv": "multi_vector",
    "NativeEnv": "native_env",
    "NativeVectorEnv": "native_vector",
    "ServerManager": "server",
    "WebSocketBatch": "batch",
    "WebSocketTransport": "transport",
    "aec_env": "in_process",
    "convert_space": "spaces",
    "enable_logging": "log",
    "make": "in_process",
    "make_multi_vec": "in_process",
    "make_vec": "in_process",
    "measure_latency": "latency",
    "mimic_dealer": "gym_env",
    "parallel_env": "in_process",
    "start_server": "server",
    "wait_for_server": "server",
}

__all__ = [
    "BlackjackGymWrapper",
    "HyperTokenAECEnv",
    "HyperTokenAsyncClient",
    "HyperTokenClient",
    "HyperTokenEnv",
    "HyperTokenError",
    "HyperTokenGymEnv",
    "HyperTokenParallelEnv",
    "HyperTokenVectorEnv",
    "MultiAgentVectorEnv",
    "NativeEnv",
    "NativeVectorEnv",
    "ServerManager",
    "WebSocketBatch",
    "WebSocketTransport",
    "aec_env",
    "convert_space",
    "enable_logging",
    "make",
    "make_multi_vec",
    "make_vec",
    "measure_latency",
    "mimic_dealer",
    "parallel_env",
    "start_server",
    "wait_for_server",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("hypertoken")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'hypertoken' has no attribute {name!r}")
    value = getattr(import_module(f"hypertoken.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _register() -> None:
    from hypertoken import _registry

    _registry.register_all()


_register()
