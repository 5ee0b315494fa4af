"""HyperToken in Python: environments for Gymnasium and PettingZoo, here or behind a server.

Importing this registers every environment as `hypertoken/<Id>` with Gymnasium and PettingZoo;
Java starts when the first one is made. Other names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypertoken.envs.aec import HyperTokenAECEnv, HyperTokenEnv
    from hypertoken.envs.env import NativeEnv
    from hypertoken.envs.multi_agent_vector import MultiAgentVectorEnv
    from hypertoken.envs.parallel import HyperTokenParallelEnv
    from hypertoken.envs.single_agent import BlackjackGymWrapper, HyperTokenGymEnv, mimic_dealer
    from hypertoken.envs.vector import HyperTokenVectorEnv
    from hypertoken.envs.vector_in_process import NativeVectorEnv
    from hypertoken.errors import HyperTokenError
    from hypertoken.log import enable_logging
    from hypertoken.making import aec_env, list_envs, make, make_multi_vec, make_vec, parallel_env
    from hypertoken.policy import Policy
    from hypertoken.remote.async_client import HyperTokenAsyncClient
    from hypertoken.remote.client import HyperTokenClient
    from hypertoken.remote.latency import measure_latency
    from hypertoken.remote.server import ServerManager, start_server, wait_for_server
    from hypertoken.spaces import convert_space
    from hypertoken.transports.batches import WebSocketBatch
    from hypertoken.transports.turns import WebSocketTransport

__version__: str

_HOMES = {
    "BlackjackGymWrapper": "envs.single_agent",
    "HyperTokenAECEnv": "envs.aec",
    "HyperTokenAsyncClient": "remote.async_client",
    "HyperTokenClient": "remote.client",
    "HyperTokenEnv": "envs.aec",
    "HyperTokenError": "errors",
    "HyperTokenGymEnv": "envs.single_agent",
    "HyperTokenParallelEnv": "envs.parallel",
    "HyperTokenVectorEnv": "envs.vector",
    "MultiAgentVectorEnv": "envs.multi_agent_vector",
    "NativeEnv": "envs.env",
    "NativeVectorEnv": "envs.vector_in_process",
    "Policy": "policy",
    "ServerManager": "remote.server",
    "WebSocketBatch": "transports.batches",
    "WebSocketTransport": "transports.turns",
    "aec_env": "making",
    "convert_space": "spaces",
    "enable_logging": "log",
    "list_envs": "making",
    "make": "making",
    "make_multi_vec": "making",
    "make_vec": "making",
    "measure_latency": "remote.latency",
    "mimic_dealer": "envs.single_agent",
    "parallel_env": "making",
    "start_server": "remote.server",
    "wait_for_server": "remote.server",
}

# A file for each framework, which is imported with its framework.
_FRAMEWORKS = ("hub", "puffer", "ray", "rllib", "sb3")

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
    "Policy",
    "ServerManager",
    "WebSocketBatch",
    "WebSocketTransport",
    "aec_env",
    "convert_space",
    "enable_logging",
    "list_envs",
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
    if name in _FRAMEWORKS:
        return import_module(f"hypertoken.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'hypertoken' has no attribute {name!r}")
    value = getattr(import_module(f"hypertoken.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_FRAMEWORKS})


def _install() -> None:
    from hypertoken import _moved, registration

    _moved.install()
    registration.register_all()


_install()
