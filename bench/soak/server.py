"""The server under test: a process of the built jar on a free loopback port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from hypertoken.engine.java import find_home, find_jar, java_flags

from soak.wire import http_status

HEAP_MB, DIRECT_MB = 256, 4_096
START_SECONDS = 30.0
_ADDRESS = re.compile(r"ws://[^\s/]*:(\d+)")
_PROBLEM = re.compile(r"\bERROR\b|OutOfMemoryError|StackOverflowError")


class Server:
    """Starts with its constructor and is ended by `stop`, or by the end of this process.

    Its heap has a fixed size and stands in memory from the start, so that what grows is what the
    server itself keeps outside: columns, buffers, connections.

    Args:
        log: the file its standard error goes to.
        arguments: of `hypertoken serve`.
    """

    def __init__(self, log: Path, arguments: Sequence[str] = ()) -> None:
        java, jar = find_home().executable, find_jar()
        heap = [f"-Xms{HEAP_MB}m", f"-Xmx{HEAP_MB}m", "-XX:+AlwaysPreTouch"]
        # Buffers outside the heap are bounded by the server, or the phases see it.
        heap.append(f"-XX:MaxDirectMemorySize={DIRECT_MB}m")
        self.log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [
                    str(java),
                    *java_flags(java, jar),
                    *heap,
                    *("-jar", str(jar), "serve", "--port", "0", "--until-eof", *arguments),
                ],
                stdin=subprocess.PIPE,  # its end is the server's, however this process ends
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,  # Ctrl-C is for this process, which then ends the server
            )
        self.pid = self._process.pid
        self.port = 0
        try:
            self.port = self._told_port()
        except BaseException:
            self.stop()
            raise

    def _told_port(self) -> int:
        assert self._process.stdout is not None
        late = threading.Timer(START_SECONDS, self._process.kill)
        late.start()
        try:
            for line in self._process.stdout:
                if told := _ADDRESS.search(line):
                    return int(told[1])
        finally:
            late.cancel()
        raise OSError(f"the server did not start:\n{self.log.read_text()[:2000]}")

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def resident(self) -> float:
        """Its resident memory in MB; NaN when it is gone."""
        return self._status("VmRSS") / 1024

    def threads(self) -> float:
        """How many threads it has; NaN when it is gone."""
        return self._status("Threads")

    def _status(self, name: str) -> float:
        try:
            told = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return float("nan")
        line = next((line for line in told.splitlines() if line.startswith(name)), f"{name}: nan")
        return float(line.split()[1])

    def descriptors(self) -> float:
        """How many files and sockets it holds; NaN when it is gone."""
        try:
            return len(os.listdir(f"/proc/{self.pid}/fd"))
        except OSError:
            return float("nan")

    def metrics(self, timeout: float = 5.0) -> dict[str, float]:
        """What `/metrics` says, summed over labels.

        Raises:
            OSError: it does not answer in time.
        """
        told: dict[str, float] = {}
        for line in http_status(self.port, "/metrics", timeout)[1].splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                name = name.partition("{")[0]
                told[name] = told.get(name, 0.0) + float(value)
        return told

    def live_heap(self) -> float:
        """MB of heap that a full collection leaves; NaN where this Java has no jcmd."""
        jcmd = find_home().executable.with_name("jcmd")
        if not jcmd.is_file():
            return float("nan")
        for asked in ("GC.run", "GC.heap_info"):
            told = subprocess.run(
                [jcmd, str(self.pid), asked], capture_output=True, text=True, check=False
            ).stdout
        return sum(int(used) for used in re.findall(r"generation .*used (\d+)K", told)) / 1024

    def problems(self) -> list[str]:
        """The lines of its log that nobody should have to read."""
        return [
            line
            for line in self.log.read_text(errors="replace").splitlines()
            if _PROBLEM.search(line)
        ]

    def terminate(self, patience: float) -> tuple[float, int | None]:
        """Send SIGTERM; returns the seconds it took, and the exit code, None if it did not end."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return time.monotonic() - began, None
        return time.monotonic() - began, code

    def stop(self) -> None:
        """End it, asking first."""
        if self.running and self.terminate(5.0)[1] is None:
            self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
