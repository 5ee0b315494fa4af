"""Java inside this process: calls its table of C functions, and starts it at the first call.

Each function is `int call(void)`; what a call does stands in a block of 8-byte words shared with
Java (`ControlBlock` in the engine's `embed` room draws it). Nothing here knows an environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from hypertoken.engine import jvm, start_archive
from hypertoken.engine.java import find_home, find_jar
from hypertoken.engine.start_archive import Start
from hypertoken.errors import (
    BadOptionError,
    ForkedError,
    HyperTokenError,
    JavaNotFoundError,
    error_for,
)
from hypertoken.log import LOGGER

# --- The words shared with Java, and the operations: ControlBlock, Host and Session ---

WORDS = 16
BLOCK_BYTES = 8 * WORDS
OPERATION, ROW, AGENT, TEXT, TEXT_BYTES, REPLY, REPLY_BYTES, RESULT = range(8)

DESCRIBE, OPEN, CLOSE, CATALOGUE, ABOUT = range(1, 6)
RESET, SEND, RECV, TELL, OBSERVE, DRAW_TEXT, DRAW_FRAME, SAVE, RESTORE, SEED = range(1, 11)

ENDED, INFOS, SLOW, REWARDED, ILLEGAL = 1, 2, 4, 8, 16
FAILED, BUSY = -1, -2
PENDING = 1 << 16
LOOK = INFOS | SLOW | PENDING
"""What an outcome says that needs a second look; a failure is negative, so it has one of these."""
TOLD = INFOS | ILLEGAL
"""What an outcome says when some agent was told something."""
IN_BACKGROUND, AWAIT = 1 << 8, 1 << 9

# A call that keeps the interpreter's lock costs 0.1 µs less than one that lets it go.
_HELD = ctypes.PYFUNCTYPE(ctypes.c_int)
_RELEASED = ctypes.CFUNCTYPE(ctypes.c_int)

_QUICK_SECONDS = 0.01
_QUICK_CALLS = 2


class Endpoint:
    """One C function and its words. One caller at a time; a failed call raises Java's error."""

    def __init__(self, function: int, words: memoryview[int]) -> None:
        self.held: Callable[[], int] = _HELD(function)
        self.released: Callable[[], int] = _RELEASED(function)
        self.words = words
        self._running = False
        self._inside = 0  # the thread in a call that lets others run meanwhile

    def perform(self, operation: int, text: bytes = b"", row: int = 0, agent: int = 0) -> int:
        """Do an operation; returns its code. The reply stays readable until the next one."""
        if _runtime.forked:
            refuse_after_fork()
        if not self._enter():
            raise self.error(BUSY)
        try:
            if self._running:
                self._finish()
            words = self.words
            words[ROW], words[AGENT] = row, agent
            if text:
                words[TEXT] = ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0
            words[TEXT_BYTES] = len(text)
            words[OPERATION] = operation
            code = self.released()
        finally:
            self._inside = 0
        if code < 0:
            raise self.error(code)
        return code

    def interruptibly(self) -> int:
        """Do what the words ask on a Java thread, and let Ctrl-C through while it runs.

        An interrupted operation goes on; the next one waits for it.
        """
        asked = self.words[OPERATION]
        if not self._enter():
            return BUSY
        try:
            if self._running:
                self._finish()
            self.words[OPERATION] = asked | IN_BACKGROUND
            code = self.held()
            if code != PENDING:
                return code
            self._running = True
            return self._finish()
        finally:
            self._inside = 0

    def _enter(self) -> bool:
        """Whether no other thread is inside; no lock, so that Ctrl-C cannot leave one behind."""
        thread = threading.get_ident()
        if self._inside not in (0, thread):
            return False
        self._inside = thread
        return True

    def _finish(self) -> int:
        # Returns the code of the operation that runs on a Java thread, failed or not.
        while True:
            self.words[OPERATION] = AWAIT
            code = self.released()
            if code != PENDING:
                self._running = False
                return code

    @property
    def reply(self) -> bytes:
        """A copy of the bytes of the last answer."""
        return ctypes.string_at(self.words[REPLY], self.words[REPLY_BYTES])

    @property
    def result(self) -> int:
        """The last answer that was one number."""
        return self.words[RESULT]

    def error(self, code: int) -> HyperTokenError:
        """The error of the call that has just failed with this code."""
        if code == BUSY:
            if self.words[OPERATION] != AWAIT:  # which the other thread has just written
                self.words[OPERATION] = 0  # what was refused must not be done by the next step
            return error_for(
                "bad_step",
                "a call of this environment is under way; another thread is in it, and it has one "
                "caller at a time; wait until that call returns",
            )
        told: dict[str, str] = json.loads(self.reply)
        error = error_for(told["code"], told["message"])
        if os.environ.get("HYPERTOKEN_DEBUG") == "1":
            error.add_note(told["stack"])
        return error


# --- The runtime: one for the process, started when first needed ---


class Runtime:
    """The JVM of this process. It cannot be stopped, nor started again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.endpoint: Endpoint | None = None
        self.start: Start | None = None
        self.boot_seconds = 0.0
        self.archive: Path | None = None
        self.forked = False
        self.callers: weakref.WeakSet[Caller] = weakref.WeakSet()
        self.abandoned: list[Any] = []
        self._closing: deque[tuple[int, Any]] = deque()

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
            endpoint = self.endpoint or self._boot(_rows_of(fields))
            text = fields if isinstance(fields, bytes) else encode_fields(fields)
            endpoint.perform(operation, text)
            answer = endpoint.reply if operation != CLOSE else b"", endpoint.result
        self._drain()
        return answer

    def close(self, address: int, memory: Any) -> None:
        """Close the vector at this address; safe to call from a finalizer, at any moment."""
        if not self.forked:
            self._closing.append((address, memory))
            self._drain()

    def _drain(self) -> None:
        # A finalizer may run inside request(), which then does this when it is done.
        while self._closing and self.lock.acquire(blocking=False):
            try:
                address, memory = self._closing.popleft()
                endpoint = self.endpoint
                assert endpoint is not None
                endpoint.perform(CLOSE, encode_fields({"memory": str(address)}))
                if not endpoint.result:
                    self.abandoned.append(memory)  # an interrupted step still writes to it
            except IndexError:
                pass
            finally:
                self.lock.release()

    def _boot(self, rows: int) -> Endpoint:
        began = time.perf_counter()
        jar, java = find_jar(), find_home()
        if not java.library.is_file():
            raise JavaNotFoundError(
                f"Java cannot run in this process; {java.home} (found by {java.place}) has no "
                f"{java.library.relative_to(java.home)}; install a whole JDK {java.version}, or "
                "set HYPERTOKEN_JAVA_HOME to the folder of one"
            )
        start = Start(java, jar, jvm.wants_vector_api(java, rows))
        archive = start_archive.find(start)
        function, words = jvm.start(start, archive)
        block = (ctypes.c_int64 * WORDS).from_address(words)
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
        self._direct = direct
        self._quick = 0
        self._listeners: list[Callable[[Callable[[], int]], None]] = []
        self.call: Callable[[], int] = self._watched
        _runtime.callers.add(self)

    def bind(self, listener: Callable[[Callable[[], int]], None]) -> None:
        """Hand `listener` the function, now and whenever it is exchanged."""
        self._listeners.append(listener)
        listener(self.call)

    def exchange(self, call: Callable[[], int]) -> None:
        """Use another function from now on."""
        self.call = call
        for listener in self._listeners:
            listener(call)

    def slow(self) -> None:
        """The engine says that the last call took long: let Ctrl-C through during the next."""
        if self.call is self._direct:
            self._quick = 0
            self.exchange(self._watched)

    def _watched(self) -> int:
        began = time.perf_counter()
        code = self.endpoint.interruptibly()
        self._quick = self._quick + 1 if time.perf_counter() - began < _QUICK_SECONDS else 0
        if self._quick >= _QUICK_CALLS and self.call == self._watched:
            self.exchange(self._direct)
        return code


_runtime = Runtime()


def runtime() -> Runtime:
    """The runtime of this process, started or not."""
    return _runtime


def refuse_after_fork() -> NoReturn:
    """Say why nothing works in a forked process.

    Raises:
        ForkedError: always.
    """
    raise ForkedError(
        "HyperToken cannot be used in this forked process; Java was started before the fork and "
        "its threads were left behind; start workers by spawn: "
        'multiprocessing.get_context("spawn"), AsyncVectorEnv(..., context="spawn"), '
        'SubprocVecEnv(..., start_method="spawn")'
    )


def _after_fork() -> None:
    if _runtime.endpoint is None:
        return
    _runtime.forked = True
    _runtime.lock = threading.Lock()
    for caller in list(_runtime.callers):
        caller.exchange(refuse_after_fork)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


# --- Requests ---


def _rows_of(fields: Mapping[str, str] | bytes) -> int:
    return 1 if isinstance(fields, bytes) else int(fields.get("num_envs", 1))


def encode_fields(fields: Mapping[str, str]) -> bytes:
    """Names and values, each ended by a NUL."""
    return "".join(f"{name}\0{value}\0" for name, value in fields.items()).encode()


def option_fields(env: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Environment options as fields whose values begin with a letter for their type.

    Raises:
        BadOptionError: a value is no number, flag or text.
    """
    return {f"option.{name}": _typed(env, name, value) for name, value in options.items()}


def _typed(env: str, name: str, value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "btrue" if value else "bfalse"
    if isinstance(value, (int, np.integer)):
        return f"i{int(value)}"
    if isinstance(value, (float, np.floating)):
        return f"f{_java_float(float(value))}"
    if value is None:
        return "s"  # no text: so Gymnasium's FrozenLake means its desc
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        value = [_row(item) for item in value]
        if all(isinstance(item, (str, int, float)) for item in value):
            value = ",".join(map(str, value))
    if isinstance(value, str) and "\0" not in value and "\0" not in name:
        return f"s{value}"
    raise BadOptionError(
        f"{env} refused option {name}={value!r}; an option is a number, True or False, a text, or "
        "a list of these; pass one of these",
        "bad_option",
    )


def _row(item: Any) -> Any:
    """An item of a list: bytes are text, and so is a list of characters, as Gymnasium's maps go."""
    if isinstance(item, np.ndarray):
        item = item.tolist()
    if isinstance(item, (bytes, np.bytes_)):
        return item.decode("latin-1")
    if isinstance(item, (list, tuple)) and item:
        characters = [_row(part) for part in item]
        if all(isinstance(one, str) and len(one) == 1 for one in characters):
            return "".join(characters)
    return item


def _java_float(value: float) -> str:
    if value != value:
        return "NaN"
    return repr(value).replace("inf", "Infinity")


def jar_field(jars: Iterable[str | os.PathLike[str]]) -> str:
    """The jars beside our own, one a line: those given and those of HYPERTOKEN_JARS."""
    named = os.environ.get("HYPERTOKEN_JARS", "").split(os.pathsep)
    paths = [*(os.fspath(jar) for jar in jars), *(jar for jar in named if jar)]
    return "\n".join(dict.fromkeys(str(Path(path).expanduser().resolve()) for path in paths))


def aligned_memory(size: int) -> tuple[NDArray[np.uint8], int]:
    """Zeros whose first byte is 64-byte aligned, and its address; numpy owns them."""
    block = np.zeros(size + 64, dtype=np.uint8)
    # A fifth of the time of `block.ctypes.data`.
    first = ctypes.addressof(ctypes.c_char.from_buffer(block.data))
    start = -first % 64
    return block[start : start + size], first + start
