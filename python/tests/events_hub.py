"""A real hub in a process of its own, which may be killed and started again at its address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any, Self

from hypertoken.engine.java import find_jar, find_java, java_flags


class EventsHub:
    """`hypertoken events serve` on a free port of loopback.

    Args:
        folder: where its log is; None keeps it in memory.
        arguments: further ones.
    """

    def __init__(self, folder: Path | None = None, *arguments: str, **variables: str) -> None:
        self.port = 0
        self._arguments = [*arguments]
        if folder is not None:
            self._arguments += ["--events-log", str(folder)]
        self._variables = variables
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Self:
        """Start it, and wait until it listens."""
        java, jar = find_java(), find_jar()
        words = ["events", "serve", "--port", str(self.port), *self._arguments]
        self._process = subprocess.Popen(
            [str(java), *java_flags(java, jar), "-jar", str(jar), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **self._variables},
        )
        printed = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            printed.append(line)
            address = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if address:
                self.port = int(address[1])
                return self
        raise AssertionError(f"the hub did not start:\n{''.join(printed)}")

    def kill(self) -> None:
        """End it as a machine's fault would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(20)
            assert process.stdout is not None
            process.stdout.close()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: Any) -> None:
        self.stop()
