"""Keeps what others do to this process from killing the Java in it: signal handlers that go over
Java's, and threads whose stack is too small for it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import functools
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from hypertoken.errors import InternalError
from hypertoken.log import LOGGER

LEAST_STACK = 256 * 1024
"""Bytes of a thread's stack that Java needs: below 128 KiB the process ends by SIGSEGV, and an
overflow is an error rather than a crash from here on."""

# --- Signals ---

# Java meets null references, safepoints and divisions by these: they are its working, not faults.
_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL")
    if hasattr(signal, name)
)
_ACTION_BYTES = 256  # more than any system's struct sigaction
_POINTER = ctypes.sizeof(ctypes.c_void_p)  # the handler comes first; not all behind it is written
_RESET_AFTER_ONE = 0x80000000  # SA_RESETHAND of Linux
_javas: dict[int, Any] = {}
"""What Java has its signals do, once it runs: by number, the bytes of the struct sigaction."""
_keepers: set[Any] = set()


class _LinuxAction(ctypes.Structure):
    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_ubyte * 128),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def before_java() -> None:
    """Let faulthandler stand below Java's handlers, which hand on to it what is not theirs.

    Once each: a faulthandler that is switched off later returns at once, and the fault would be
    met again for ever. After that one Java tells of the crash itself.
    """
    if not faulthandler.is_enabled() and sys.__stderr__ is not None:
        try:
            faulthandler.enable(sys.__stderr__)
        except (OSError, ValueError, RuntimeError):  # a stderr that is no file
            LOGGER.debug("faulthandler could not be enabled before Java")
    if sys.platform == "linux":
        for number, saved in _actions().items():
            action = ctypes.cast(saved, ctypes.POINTER(_LinuxAction))[0]
            if action.handler and action.handler > 1:  # neither the default nor ignored
                action.flags |= ctypes.c_int(_RESET_AFTER_ONE).value
                ctypes.CDLL(None).sigaction(number, saved, None)


def after_java() -> None:
    """Keep Java's handlers in place whenever faulthandler puts its own, or those it had met.

    `faulthandler.disable()` brings back the handlers from before it was enabled, which is before
    Java; `enable()` after it goes over Java's. pytest does both at its end.
    """
    if sys.platform == "win32" or _javas:
        return
    _javas.update(_actions())
    keep_over(faulthandler, "enable", "disable")
    if "ray" in sys.modules:  # else hypertoken.ray sees to it
        keep_over(sys.modules["ray"], "init", "shutdown")


def keep_over(module: Any, *names: str) -> None:
    """Put Java's handlers back, once it has some, after these functions of a module."""

    def keeping(changed: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(changed)
        def change(*arguments: Any, **named: Any) -> Any:
            try:
                return changed(*arguments, **named)
            finally:
                put_back()

        _keepers.add(change)
        return change

    for name in names:
        if getattr(module, name) not in _keepers:
            setattr(module, name, keeping(getattr(module, name)))


def put_back() -> bool:
    """Put Java's handlers back where others stand; returns whether there were any."""
    if not _javas:
        return False
    now = _actions()
    others = [n for n, action in _javas.items() if now[n].raw[:_POINTER] != action.raw[:_POINTER]]
    for number in others:
        ctypes.CDLL(None).sigaction(number, _javas[number], None)
    return bool(others)


def _actions() -> dict[int, Any]:
    """What each of Java's signals does now: the bytes of its struct sigaction."""
    actions = {}
    for number in _SIGNALS:
        actions[int(number)] = ctypes.create_string_buffer(_ACTION_BYTES)
        ctypes.CDLL(None).sigaction(number, None, actions[int(number)])
    return actions


# --- Stacks ---


def watch_stacks(careful: Callable[[], None]) -> None:
    """Call `careful` once threads may have a stack too small for Java: now, or when
    `threading.stack_size` says so.
    """
    ask = threading.stack_size
    before = ask()  # which sets it to 0, too
    ask(before)
    if 0 < before < LEAST_STACK:
        careful()

    @functools.wraps(ask)
    def stack_size(size: int = 0, /) -> int:
        if 0 < size < LEAST_STACK:
            careful()
        return ask(size)

    threading.stack_size = stack_size


def stack_error() -> InternalError | None:
    """What a call of Java's on this thread raises; None where its stack is large enough."""
    size = _stack_bytes()
    if size is None or size >= LEAST_STACK:
        return None
    return InternalError(
        f"HyperToken cannot run in this thread; its stack of {size >> 10} KiB is too small for "
        f"Java; call threading.stack_size({LEAST_STACK}) or more before it starts, or use another "
        "thread"
    )


def _stack_bytes() -> int | None:
    """The size of this thread's stack; None where it cannot be told, and of the main thread."""
    if sys.platform != "linux" or threading.current_thread() is threading.main_thread():
        return None
    library = ctypes.CDLL(None)
    attributes, size = ctypes.create_string_buffer(128), ctypes.c_size_t()
    if library.pthread_getattr_np(ctypes.c_ulong(threading.get_ident()), attributes):
        return None
    library.pthread_attr_getstacksize(attributes, ctypes.byref(size))
    library.pthread_attr_destroy(attributes)
    return size.value
