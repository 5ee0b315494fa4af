"""Past one machine: vectors, rollouts and evaluation in the processes of a Ray cluster."""

from __future__ import annotations

try:
    import ray as _ray  # noqa: F401
except ImportError as missing:
    raise ImportError(
        'hypertoken.ray needs Ray, which is not installed; pip install "hypertoken[ray]"'
    ) from missing

from hypertoken.cluster import signals
from hypertoken.cluster.evaluation import Evaluation, evaluate
from hypertoken.cluster.pool import VectorPool
from hypertoken.cluster.rollouts import Rollout

signals.keep()

__all__ = ["Evaluation", "Rollout", "VectorPool", "evaluate"]
