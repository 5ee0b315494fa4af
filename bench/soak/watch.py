"""Watches a server from outside: memory, descriptors and threads by /proc, sessions by /metrics."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from soak.server import Server

PERIOD = 0.5
MOST_MB = 3_000
"""A server that takes more is ended, before the machine is in need."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a server held at a moment; NaN where it did not say."""

    at: float
    megabytes: float
    descriptors: float
    threads: float
    sessions: float
    connections: float


class Watch:
    """Looks at a server again and again until it is told to stop."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.samples: list[Sample] = []
        self.tripped = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.look()
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(PERIOD):
            self.look()

    def look(self) -> Sample:
        """Take a sample now."""
        server = self.server
        megabytes = server.resident()
        if megabytes > MOST_MB:
            self.tripped = True
            server.kill()
        try:
            told = server.metrics(timeout=1.0)
        except (OSError, ValueError):
            told = {}
        sample = Sample(
            time.monotonic(),
            megabytes,
            server.descriptors(),
            server.threads(),
            told.get("hypertoken_sessions", float("nan")),
            told.get("hypertoken_connections", float("nan")),
        )
        self.samples.append(sample)
        return sample

    def since(self, begin: float) -> list[Sample]:
        """The samples from a moment on, while the server lived."""
        return [s for s in list(self.samples) if s.at >= begin and s.megabytes == s.megabytes]

    def peak(self, begin: float = 0.0) -> float:
        """The most memory in MB since then."""
        return max((s.megabytes for s in self.since(begin)), default=float("nan"))

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join(2)
