"""HyperToken in Python: environments of a HyperToken server in Gymnasium's and PettingZoo's dress.

Names are imported when first used, so `import hypertoken` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypertoken.aec import HyperTokenAECEnv, HyperTokenEnv
    from hypertoken.async_client import HyperTokenAsyncClient
    from hypertoken.batch import WebSocketBatch
    from hypertoken.client import HyperTokenClient
    from hypertoken.errors import HyperTokenError
    from hypertoken.gym_env import BlackjackGymWrapper, HyperTokenGymEnv, mimic_dealer
    from hypertoken.latency import measure_latency
    from hypertoken.log import enable_logging
    from hypertoken.parallel import HyperTokenParallelEnv
    from hypertoken.server import ServerManager, start_server, wait_for_server
    from hypertoken.spaces import convert_space
    from hypertoken.transport import WebSocketTransport
    from hypertoken.vector import HyperTokenVectorEnv

__version__ = _version("hypertoken")

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
    "ServerManager": "server",
    "WebSocketBatch": "batch",
    "WebSocketTransport": "transport",
    "convert_space": "spaces",
    "enable_logging": "log",
    "measure_latency": "latency",
    "mimic_dealer": "gym_env",
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
    "ServerManager",
    "WebSocketBatch",
    "WebSocketTransport",
    "convert_space",
    "enable_logging",
    "measure_latency",
    "mimic_dealer",
    "start_server",
    "wait_for_server",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'hypertoken' has no attribute {name!r}")
    value = getattr(import_module(f"hypertoken.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
