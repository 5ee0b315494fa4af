"""Servers: start the bundled one, wait until one answers."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import urlsplit

from hypertoken.engine.java import find_jar, find_java, java_flags
from hypertoken.errors import RequestTimeoutError, ServerFailedError
from hypertoken.log import LOGGER
from hypertoken.remote import addresses

_ADDRESS = re.compile(r"wss?://[^\s/]*:(\d+)")
_STOPPING_SECONDS = 6.0


def wait_for_server(url: str = "ws://localhost:9999", timeout: float = 30.0) -> None:
    """Wait until a server accepts connections.

    Args:
        url: the server's URL.
        timeout: seconds to wait.
    Raises:
        BadFieldError: the URL or the timeout can be none.
        RequestTimeoutError: nobody answers there in time.
    """
    addresses.check_address(url, timeout)
    parts = urlsplit(url)
    address = parts.hostname or "localhost", parts.port or (443 if parts.scheme == "wss" else 80)
    deadline, pause = time.monotonic() + timeout, 0.005
    while True:
        try:
            with socket.create_connection(address, timeout=max(timeout, 0.1)):
                return
        except OSError as refused:
            if time.monotonic() + pause > deadline:
                raise RequestTimeoutError(
                    f"{addresses.without_token(url)} did not answer within {timeout:g} s; "
                    f"{refused}; start a server with "
                    "`./hypertoken serve --env blackjack --port 9999`, or mend the URL"
                ) from refused
        time.sleep(pause)
        pause = min(2 * pause, 0.2)


class ServerManager:
    """Runs the bundled server as a child process: `with ServerManager("blackjack") as server: ...`.

    Args:
        env: the environment it serves by default.
        port: 0 takes a free one; `url` and `port` say which.
        host: the address to listen on.
        options: the environment's options, such as `{"agents": 3, "decks": 6}`.
        arguments: further arguments of `hypertoken serve`, such as `["--verbose"]`.
        java, jar: the executable and the jar; searched for when left out.
        timeout: seconds it may take to start.

    The process ends with the `with` block, with `stop()`, and at the latest with this Python,
    however that ends. Ctrl-C in a terminal or a notebook is for Python alone: the server goes on.
    """

    def __init__(
        self,
        env: str = "blackjack",
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        options: Mapping[str, Any] | None = None,
        arguments: Sequence[str] = (),
        java: str | Path | None = None,
        jar: str | Path | None = None,
        timeout: float = 30.0,
    ) -> None:
        self.env = env
        self.port = port
        self.host = host
        self._options = dict(options or {})
        self._arguments = list(arguments)
        self._java, self._jar = java, jar
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._log: deque[str] = deque(maxlen=1000)
        self._changed = threading.Condition()
        self._listening = False
        self._end: weakref.finalize[..., Any] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"ws://{self.host}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The server's process id; None when it does not run."""
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> list[str]:
        """The last 1000 lines the server printed."""
        with self._changed:
            return list(self._log)

    def start(self) -> Self:
        """Start the server and wait until it listens; running already: nothing.

        Raises:
            JavaNotFoundError: there is no Java 25.
            ServerFailedError: it ended or did not listen in time; the message has its first and
                its last lines.
        """
        if self.running:
            return self
        self._listening = False
        process = subprocess.Popen(
            self._command(),
            stdin=subprocess.PIPE,  # its end is the server's
            start_new_session=True,  # a terminal's Ctrl-C does not reach it
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._process = process
        self._end = weakref.finalize(self, _stop, process)
        reader = threading.Thread(
            target=self._read, args=(process.stdout,), name="hypertoken-server-log", daemon=True
        )
        reader.start()
        with self._changed:
            told = self._changed.wait_for(
                lambda: self._listening or process.poll() is not None, self._timeout
            )
        if not told or not self._listening:
            self.stop()
            reader.join(_STOPPING_SECONDS)  # what it printed last may still be on its way
            log = self.log
            shown = (
                log if len(log) <= 20 else [*log[:5], "…", *log[-14:]]
            )  # usage follows a refusal
            lines = "\n".join(f"  {line}" for line in shown) or "  (nothing)"
            raise ServerFailedError(
                f"the server for {self.env!r} did not start; it "
                f"{'ended' if told else f'was not listening after {self._timeout:g} s'}; it "
                f"printed:\n{lines}"
            )
        LOGGER.info("server %d listens on %s", process.pid, self.url)
        return self

    def stop(self) -> int | None:
        """Ask the server to end, wait for it; returns its exit code, None when it never ran."""
        if self._end is not None:
            self._end()
        return None if self._process is None else self._process.poll()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self) -> list[str]:
        flags = [
            argument
            for name, value in self._options.items()
            for argument in (f"--{name.replace('_', '-')}", _text(value))
        ]
        java, jar = Path(self._java or find_java()), Path(self._jar or find_jar())
        return [
            str(java),
            *java_flags(java, jar),
            "-jar",
            str(jar),
            "serve",
            "--env",
            self.env,
            "--host",
            self.host,
            "--port",
            str(self.port),
            "--until-eof",
            *flags,
            *self._arguments,
        ]

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                with self._changed:
                    self._log.append(line.rstrip("\n"))
                    address = None if self._listening else _ADDRESS.search(line)
                    if address:
                        self.port = int(address[1])
                        self._listening = True
                        self._changed.notify_all()
        with self._changed:
            if self._process is not None:
                self._process.wait()
            self._changed.notify_all()


def start_server(env: str = "blackjack", port: int = 0, **arguments: Any) -> ServerManager:
    """Start the bundled server; returns its running manager, whose `stop()` ends it.

    Args:
        env: the environment it serves by default.
        port: 0 takes a free one.
        arguments: see `ServerManager`.
    """
    return ServerManager(env, port, **arguments).start()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _stop(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
