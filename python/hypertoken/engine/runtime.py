"""Java inside this process: started at the first call, asked for vectors, left at the end."""

from __future__ import annotations

import atexit
import ctypes
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypertoken.engine import guards, jvm, start_archive
from hypertoken.engine.control import CALLED, CLOSE, OPERATION, PLAYING, WORDS
from hypertoken.engine.endpoint import Endpoint, refuse_after_fork, refuse_small_stack
from hypertoken.engine.fields import encode_fields
from hypertoken.engine.java import find_home, find_jar
from hypertoken.engine.start_archive import Start
from hypertoken.errors import JavaNotFoundError
from hypertoken.log import LOGGER

_QUICK_SECONDS = 0.01
_QUICK_CALLS = 2
_EXIT_SECONDS = 10.0
"""So long Python's exit waits for steps that Java still runs; they go on in memory that stays."""


class Runtime:
    """The JVM of this process. It cannot be stopped, nor started again. Any thread may ask it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.endpoint: Endpoint | None = None
        self.start: Start | None = None
        self.boot_seconds = 0.0
        self.archive: Path | None = None
        self.forked = False
        self.careful = False
        self.callers: weakref.WeakSet[Caller] = weakref.WeakSet()
        self._closing: deque[tuple[int, Any]] = deque()
        self._unfinished: deque[tuple[int, Any]] = deque()  # Java still steps in these
        self._leaving = False

    def request(self, operation: int, fields: Mapping[str, str] | bytes) -> tuple[bytes, int]:
        """Ask the host; starts Java when this is the first time.

        Args:
            operation: what for.
            fields: names and values, or what `encode_fields` has made of them.
        Returns:
            the reply's bytes, and the result.
        """
        if self.forked:
            refuse_after_fork()
        with self.lock:
            endpoint = self.endpoint or self._boot()
            text = fields if isinstance(fields, bytes) else encode_fields(fields)
            endpoint.ask(operation, text)
            answer = endpoint.reply, endpoint.result
        self._drain()
        return answer

    def take_care(self) -> None:
        """Look at the stack of whichever thread calls Java, from now on."""
        if not self.careful:
            self.careful = Endpoint.careful = True
            for caller in list(self.callers):
                caller.take_care()

    def lend(self, memory: Any) -> None:
        """Keep memory that Java is about to write to until `close` has had it back: for good, if
        this process ends first. It is Java's own reference, which no teardown of Python's takes.
        """
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(memory))

    def close(self, address: int, memory: Any) -> None:
        """Close the vector at this address, whose memory was lent; safe to call from a finalizer,
        at any moment.
        """
        if not (self.forked or self._leaving):
            self._closing.append((address, memory))
            if not (self.careful and guards.stack_error()):  # else another thread does it
                self._drain()

    def _drain(self) -> None:
        # A finalizer may run inside request(), which then does this when it is done.
        for _ in range(len(self._unfinished)):
            with suppress(IndexError):  # another thread took it
                self._closing.append(self._unfinished.popleft())
        while self._closing and self.lock.acquire(blocking=False):
            try:
                # It stays in the queue until it is done, so that Ctrl-C does not lose it.
                while self._closing:
                    address, memory = self._closing[0]
                    done = self._asked_to_close(address)
                    self._closing.popleft()
                    if done:
                        ctypes.pythonapi.Py_DecRef(ctypes.py_object(memory))
                    else:
                        self._unfinished.append((address, memory))
            finally:
                self.lock.release()

    def _asked_to_close(self, address: int) -> bool:
        assert self.endpoint is not None
        self.endpoint.ask(CLOSE, encode_fields({"memory": str(address)}))
        return bool(self.endpoint.result)

    def leave(self) -> None:
        """Wait for the steps that Java still runs, before this process ends; Ctrl-C ends the wait.

        Steps that threads of Python's are in are theirs to wait for.
        """
        self._leaving = True
        if self.forked:
            return
        deadline = time.monotonic() + _EXIT_SECONDS
        with suppress(KeyboardInterrupt):
            for caller in list(self.callers):
                caller.endpoint.settle(deadline)
            while self._unfinished and time.monotonic() < deadline:
                self._drain()
                time.sleep(0.001)

    def _boot(self) -> Endpoint:
        began = time.perf_counter()
        jar, java = find_jar(), find_home()
        if not java.library.is_file():
            raise JavaNotFoundError(
                f"Java cannot run in this process; {java.home} (found by {java.place}) has no "
                f"{java.library.relative_to(java.home)}; install a whole JDK {java.version}, or "
                "set HYPERTOKEN_JAVA_HOME to the folder of one"
            )
        start = Start(java, jar)
        archive = start_archive.find(start)
        refuse_small_stack()
        function, words = jvm.start(start, archive)
        guards.watch_stacks(self.take_care)
        block = (ctypes.c_int64 * WORDS).from_address(words)
        atexit.register(self.leave)
        self.endpoint = Endpoint(function, memoryview(block).cast("B").cast("q"))
        self.start, self.archive = start, archive
        self.boot_seconds = time.perf_counter() - began
        LOGGER.info("Java %s of %s runs in this process", java.version, java.home)
        if archive is None:
            start_archive.make(start)
        return self.endpoint


class Caller:
    """Chooses the function that does an endpoint's plain operation, and tells who calls it often.

    Until a few calls were quick, and after one that was slow, calls run on a Java thread that
    Ctrl-C need not wait for. A fork or a close exchanges the function for one that refuses, so
    that the others need not ask before each call.

    Attributes:
        call: the function; returns the outcome, negative when the call failed.
    """

    def __init__(self, endpoint: Endpoint, direct: Callable[[], int]) -> None:
        self.endpoint = endpoint
        self._direct = self._c_function = direct
        self._quick = 0
        self._listeners: list[Callable[[Callable[[], int]], None]] = []
        self.call: Callable[[], int] = self._watched
        _runtime.callers.add(self)
        if _runtime.careful:
            self.take_care()

    def bind(self, listener: Callable[[Callable[[], int]], None]) -> None:
        """Hand `listener` the function, now and whenever it is exchanged."""
        self._listeners.append(listener)
        listener(self.call)

    def exchange(self, call: Callable[[], int]) -> None:
        """Use another function from now on."""
        self.call = call
        self.endpoint.called = CALLED if call is self._c_function else PLAYING
        for listener in self._listeners:
            listener(call)

    def take_care(self) -> None:
        """Look at the calling thread's stack before each call."""
        direct, was = self._direct, self.call is self._direct

        def careful() -> int:
            refuse_small_stack()
            self.endpoint.busy = CALLED  # see `Endpoint.called`
            return direct()

        self._direct = careful
        if was:
            self.exchange(careful)

    def slow(self) -> None:
        """The engine says that the last call took long: let Ctrl-C through during the next."""
        if self.call is self._direct:
            self._quick = 0
            self.exchange(self._watched)

    def _watched(self) -> int:
        began = time.perf_counter()
        code = self.endpoint.interruptibly(self.endpoint.words[OPERATION])
        self._quick = self._quick + 1 if time.perf_counter() - began < _QUICK_SECONDS else 0
        if self._quick >= _QUICK_CALLS and self.call == self._watched:
            self.exchange(self._direct)
        return code


_runtime = Runtime()


def runtime() -> Runtime:
    """The runtime of this process, started or not."""
    return _runtime


def _after_fork() -> None:
    if _runtime.endpoint is None:
        return
    _runtime.forked = Endpoint.forked = True
    _runtime.lock = threading.Lock()
    for caller in list(_runtime.callers):
        caller.exchange(refuse_after_fork)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
