"""Starts Java inside this process, by ctypes, and boots the engine in it."""

from __future__ import annotations

import ctypes
import locale
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypertoken.engine import guards, options, start_archive, trial
from hypertoken.engine.java import Java
from hypertoken.engine.start_archive import Start
from hypertoken.errors import InternalError

_MAGIC = int.from_bytes(b"HYPERTKN", "little")
_TABLE_VERSION = 2


class _VMOption(ctypes.Structure):
    _fields_ = (("text", ctypes.c_char_p), ("extra", ctypes.c_void_p))


class _VMArguments(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int32),
        ("count", ctypes.c_int32),
        ("options", ctypes.POINTER(_VMOption)),
        ("ignore_unknown", ctypes.c_uint8),
    )


_JNI_VERSION = 0x00150000
# Places in JNI's table of functions.
_FIND_CLASS, _EXCEPTION_DESCRIBE, _EXCEPTION_CLEAR = 6, 16, 17
_GET_METHOD, _CALL_VOID, _NEW_STRING, _GET_MODULE = 33, 63, 167, 233
_GET_STATIC_METHOD, _CALL_STATIC_LONG, _CALL_STATIC_VOID = 113, 134, 143
# Places in the table of the machine's own.
_ATTACH, _DETACH = 4, 5
# What the engine's VectorApi needs of java.base: its OPENED.
_OPENED = (b"java.lang", b"jdk.internal.loader")


def java_options(start: Start, archive: Path | None) -> list[str]:
    """The options Java is started with; HYPERTOKEN_JAVA_OPTIONS adds to them."""
    return options.in_process(
        start.options(), start.jar, None if archive is None else start_archive.use(archive)
    )


def start(how: Start, archive: Path | None) -> tuple[int, int]:
    """Start Java and the engine in it, for as long as this process lives.

    On whichever thread asks first, which may end. Interrupted by Ctrl-C it goes on where it was
    when it is called again.

    Returns:
        the addresses of the engine's function and of the words that it reads and writes.
    Raises:
        InternalError: Java did not start, or the jar is another version's.
    """
    java, jar = how.java, how.jar
    library = ctypes.CDLL(str(java.library))
    machine = _running(library)
    if not machine:
        _create(library, java, java_options(how, archive))
        machine = _running(library)
    guards.after_java()
    call = _functions(machine)
    environment = ctypes.c_void_p()
    attach = call(_ATTACH, ctypes.c_int32, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)
    attach(machine, ctypes.byref(environment), None)
    try:
        table = (ctypes.c_int64 * 4).from_address(_boot_host(environment))
    finally:
        if threading.current_thread() is not threading.main_thread():
            # Java would keep a thread that has ended. In calls it attaches itself, and detaches.
            call(_DETACH, ctypes.c_int32)(machine)
    if table[0] != _MAGIC or table[1] != _TABLE_VERSION:
        raise InternalError(
            f"{jar} is not of this package's version; its table is {table[0]:x} version "
            f"{table[1]}, version {_TABLE_VERSION} is needed; build it anew, or reinstall "
            "hypertoken"
        )
    return table[3], table[2]


_created = False
"""Whether the Java in this process is ours: set before it is created, for Ctrl-C may come after."""


def _create(library: ctypes.CDLL, java: Java, texts: list[str]) -> None:
    global _created
    variables = options.for_paths()
    if trial.needed(java):
        trial.run(java, texts, {**os.environ, **variables})
    given = (_VMOption * len(texts))(*(_VMOption(os.fsencode(text), None) for text in texts))
    arguments = _VMArguments(_JNI_VERSION, len(texts), given, 0)
    machine, environment = ctypes.c_void_p(), ctypes.c_void_p()
    guards.before_java()
    _created = True
    with _set(variables):
        code = library.JNI_CreateJavaVM(
            ctypes.byref(machine), ctypes.byref(environment), ctypes.byref(arguments)
        )
    if code != 0:
        _created = False
        raise trial.failed(java, code, "what stands above, on stderr")


@contextmanager
def _set(variables: dict[str, str]) -> Iterator[None]:
    """Set variables of the environment for a while, as C sees it too; then the locale, which Java
    changes as it starts, is again what it was.
    """
    before = {name: os.environ.get(name) for name in variables}
    known = locale.setlocale(locale.LC_ALL)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        locale.setlocale(locale.LC_ALL, known)


def _running(library: ctypes.CDLL) -> ctypes.c_void_p:
    """The Java that runs in this process, if it is ours; else there is none."""
    machine, count = ctypes.c_void_p(), ctypes.c_int32()
    library.JNI_GetCreatedJavaVMs(ctypes.byref(machine), 1, ctypes.byref(count))
    if count.value and not _created:
        raise InternalError(
            "HyperToken cannot start Java; another package has started one in this process, and "
            "there can be one only; use the two in separate processes"
        )
    return machine


def _functions(of: ctypes.c_void_p) -> Callable[..., Any]:
    """What makes C functions of the places in the table of functions that JNI puts first in `of`,
    each of which takes `of` first.
    """
    pointer = ctypes.c_void_p
    table = ctypes.cast(ctypes.cast(of, ctypes.POINTER(pointer))[0], ctypes.POINTER(pointer))

    def function(place: int, result: Any, *kinds: Any) -> Any:
        return ctypes.CFUNCTYPE(result, pointer, *kinds)(table[place] or 0)

    return function


def _boot_host(environment: ctypes.c_void_p) -> int:
    pointer, jni = ctypes.c_void_p, _functions(environment)
    find_class = jni(_FIND_CLASS, pointer, ctypes.c_char_p)
    find_method = jni(_GET_STATIC_METHOD, pointer, pointer, ctypes.c_char_p, ctypes.c_char_p)
    # What --enable-native-access=ALL-UNNAMED would do; with that option Java leaves half of its
    # start archive aside. Should a later Java lack the method, it only warns.
    module = find_class(environment, b"java/lang/Module")
    enable = find_method(environment, module, b"implAddEnableNativeAccessToAllUnnamed", b"()V")
    if enable:
        jni(_CALL_STATIC_VOID, None, pointer, pointer, pointer)(environment, module, enable, None)
    else:
        jni(_EXCEPTION_CLEAR, None)(environment)
    _open_java_base(environment, jni, module)
    host = find_class(environment, b"io/hypertoken/embed/Host")
    address = 0
    if host:
        method = find_method(environment, host, b"boot", b"()J")
        if method:
            call = jni(_CALL_STATIC_LONG, ctypes.c_int64, pointer, pointer, pointer)
            address = call(environment, host, method, None)
    if not address:
        jni(_EXCEPTION_DESCRIBE, None)(environment)
        jni(_EXCEPTION_CLEAR, None)(environment)
        raise InternalError(
            "the engine did not start; Java says why on stderr; build hypertoken.jar anew, or "
            "reinstall hypertoken"
        )
    return int(address)


def _open_java_base(environment: ctypes.c_void_p, jni: Any, module: Any) -> None:
    """Open packages of java.base to the jar, as `--add-opens` would.

    By JNI, for a start with that option leaves Java's archived modules aside, and the start archive
    with them. Where a later Java lacks the method, the engine goes without the Vector API.
    """
    pointer = ctypes.c_void_p
    method = jni(_GET_METHOD, pointer, pointer, ctypes.c_char_p, ctypes.c_char_p)(
        environment, module, b"implAddOpensToAllUnnamed", b"(Ljava/lang/String;)V"
    )
    if method:
        base = jni(_GET_MODULE, pointer, pointer)(environment, module)
        call = jni(_CALL_VOID, None, pointer, pointer, ctypes.POINTER(pointer))
        for package in _OPENED:
            name = pointer(jni(_NEW_STRING, pointer, ctypes.c_char_p)(environment, package))
            call(environment, base, method, ctypes.byref(name))
    jni(_EXCEPTION_CLEAR, None)(environment)
