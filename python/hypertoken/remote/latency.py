"""Latency: how long one message to the server and back takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hypertoken.remote.client import HyperTokenClient


@dataclass(frozen=True, slots=True)
class Latency:
    """Round-trip times in milliseconds over `samples` pings."""

    samples: int
    mean: float
    median: float
    p99: float
    minimum: float
    maximum: float

    def __str__(self) -> str:
        return (
            f"{self.samples} pings: mean {self.mean:.3f} ms, median {self.median:.3f} ms, "
            f"p99 {self.p99:.3f} ms, min {self.minimum:.3f} ms, max {self.maximum:.3f} ms"
        )


def measure_latency(
    server: str | HyperTokenClient = "ws://localhost:9999",
    samples: int = 100,
    *,
    warmup: int = 10,
) -> Latency:
    """Ping a server, warmed up first.

    Args:
        server: its URL, or a connected client, which stays connected.
        samples: pings to measure, at least 1.
        warmup: pings before these.
    """
    if samples < 1:
        raise ValueError(f"samples={samples} was refused; a mean needs at least 1; pass 100")
    if isinstance(server, str):
        with HyperTokenClient(server) as client:
            return measure_latency(client, samples, warmup=warmup)
    for _ in range(warmup):
        server.ping()
    times = np.array([server.ping() for _ in range(samples)])
    return Latency(
        samples=samples,
        mean=float(times.mean()),
        median=float(np.median(times)),
        p99=float(np.quantile(times, 0.99)),
        minimum=float(times.min()),
        maximum=float(times.max()),
    )
