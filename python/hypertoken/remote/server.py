"""Servers: start the bundled one, wait until one answers."""

from __future__ import annotations

import os
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

from hypertoken.engine import options as java_options
from hypertoken.engine.java import find_jar, find_java, java_flags
from hypertoken.errors import (
    ConnectionFailedError,
    HyperTokenError,
    RequestTimeoutError,
    ServerFailedError,
)
from hypertoken.log import LOGGER
from hypertoken.remote import addresses, forks

_ADDRESS = re.compile(r"wss?://[^\s/]*:(\d+)")
_STOPPING_SECONDS = 6.0
_TOKEN = "HYPERTOKEN_TOKEN"


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
    deadline, pause = time.monotonic() + timeout, 0.005
    while True:
        try:
            _knock(url, max(timeout, 0.1))
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


def _knock(url: str, timeout: float) -> None:
    """Return when somebody accepts connections there; raises OSError when nobody does."""
    if addresses.proxy_for(url) is None:
        with socket.create_connection(addresses.host_and_port(url), timeout=timeout):
            return
    # A proxy accepts connections whoever listens behind it.
    from hypertoken.remote.client import HyperTokenClient

    try:
        HyperTokenClient(url, timeout).connect().close()
    except ConnectionFailedError:
        raise
    except HyperTokenError as answered:
        LOGGER.debug("the server answered: %s", answered)


class ServerManager:
    """Runs the bundled server as a child process: `with ServerManager("blackjack") as server: ...`.

    Args:
        env: the environment it serves by default.
        port: 0 takes a free one; `url` and `port` say which.
        host: the address to listen on, such as "127.0.0.1", "::1" or "0.0.0.0".
        options: the environment's options, such as `{"agents": 3, "decks": 6}`.
        arguments: further arguments of `hypertoken serve`, such as `["--verbose"]`.
        events_port: where it serves events too, such as 5178; 0 for nowhere.
        java, jar: the executable and the jar; searched for when left out.
        timeout: seconds it may take to start.
        token: what clients must show. On a loopback host there is none when left out, whatever
            HYPERTOKEN_TOKEN says to other servers; on others that is then the token.

    The process ends with the `with` block, with `stop()`, and at the latest with this Python,
    however that ends. Ctrl-C in a terminal or a notebook is for Python alone: the server goes on.
    In a forked child it is the parent's: `url` and `running` tell of it, `stop` does nothing.

    Attributes:
        token: what clients must show, as `HyperTokenClient(server.url, token=server.token)` does;
            None when they need none.
    """

    def __init__(
        self,
        env: str = "blackjack",
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        options: Mapping[str, Any] | None = None,
        arguments: Sequence[str] = (),
        events_port: int = 0,
        java: str | Path | None = None,
        jar: str | Path | None = None,
        timeout: float = 30.0,
        token: str | None = None,
    ) -> None:
        self.env = env
        self.port = port
        self.host = host.removeprefix("[").removesuffix("]")
        if token is None and not addresses.is_loopback(self.host):
            token = os.environ.get(_TOKEN)
        self.token = token
        self._options = dict(options or {})
        self._arguments = list(arguments)
        if not any(argument.startswith("--events-port") for argument in arguments):
            self._arguments += ["--events-port", str(events_port)]
        self._java, self._jar = java, jar
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._log: deque[str] = deque(maxlen=1000)
        self._changed = threading.Condition()
        self._listening = False
        self._end: weakref.finalize[..., Any] | None = None
        self._forked = False
        forks.register(self)

    def __repr__(self) -> str:
        state = f"at {self.url}" if self.running else "not running"
        return f"<ServerManager of {self.env!r}, {state}>"

    @property
    def url(self) -> str:
        """Where clients connect; loopback when it listens on all addresses."""
        return addresses.url_of(self.host, self.port)

    @property
    def pid(self) -> int | None:
        """The server's process id; None when it does not run."""
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        if self._forked:
            return self._process is not None and _lives(self._process.pid)
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
            ForkedError: the process that was forked has started it.
        """
        if self._forked:
            raise forks.forked_error(f"this server of {self.env!r}", "it is that")
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
            env=self._environment(),
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
        if self._forked:
            return None
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

    def _after_fork(self) -> None:
        """Leave the server to the process that was forked; called in the child."""
        process = self._process
        self._changed = threading.Condition()  # a thread of the parent may have been in it
        if process is None or self._end is None or not self._end.alive:
            return
        self._forked = True
        self._end.detach()
        process.returncode = 0  # a finalizer must not wait for what is no child of this process
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                forks.give_back(pipe.fileno())

    def _environment(self) -> dict[str, str]:
        # Not in the command, which others on this machine can read.
        variables = {name: value for name, value in os.environ.items() if name != _TOKEN}
        variables |= java_options.for_paths()
        return variables if self.token is None else {**variables, _TOKEN: self.token}

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


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


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
