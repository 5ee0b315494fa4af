"""Starts Java inside this process, by ctypes, and boots the engine in it."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypertoken.engine import start_archive
from hypertoken.engine.start_archive import Start
from hypertoken.errors import InternalError
from hypertoken.log import LOGGER

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
# What the engine's VectorApi needs of java.base: its OPENED.
_OPENED = (b"java.lang", b"jdk.internal.loader")


def java_options(start: Start, archive: Path | None) -> list[str]:
    """The options Java is started with; HYPERTOKEN_JAVA_OPTIONS adds to them."""
    options = [
        f"-Djava.class.path={start.jar}",
        *start.options(),
        "-Xrs",  # signals are Python's: else Ctrl-C ends the process
        "-Xms32m",  # else a 64th of the machine's memory, which fills before it is first cleaned
        "-XX:-UsePerfData",
        "-Xlog:disable",
        "-Xlog:all=error,cds*=off,aot*=off:stderr",  # a cache that does not fit is no news
        f"-XX:ErrorFile={Path(tempfile.gettempdir()) / 'hypertoken-crash-%p.log'}",
    ]
    if archive is not None:
        options.append(start_archive.use(archive))
    return options + os.environ.get("HYPERTOKEN_JAVA_OPTIONS", "").split()


def start(how: Start, archive: Path | None) -> tuple[int, int]:
    """Start Java and the engine in it, for as long as this process lives.

    Returns:
        the addresses of the engine's function and of the words that it reads and writes.
    Raises:
        InternalError: Java did not start, or the jar is another version's.
    """
    _prepare_signals()
    java, jar = how.java, how.jar
    library = ctypes.CDLL(str(java.library))
    _refuse_another_java(library)
    texts = java_options(how, archive)
    options = (_VMOption * len(texts))(*(_VMOption(os.fsencode(text), None) for text in texts))
    arguments = _VMArguments(_JNI_VERSION, len(texts), options, 0)
    machine, environment = ctypes.c_void_p(), ctypes.c_void_p()
    code = library.JNI_CreateJavaVM(
        ctypes.byref(machine), ctypes.byref(environment), ctypes.byref(arguments)
    )
    if code != 0:
        raise InternalError(
            f"Java {java.version} of {java.home} did not start in this process (code {code}); it "
            "says why on stderr; check HYPERTOKEN_JAVA_OPTIONS, or set HYPERTOKEN_JAVA_HOME to "
            "another Java"
        )
    table = (ctypes.c_int64 * 4).from_address(_boot_host(environment))
    if table[0] != _MAGIC or table[1] != _TABLE_VERSION:
        raise InternalError(
            f"{jar} is not of this package's version; its table is {table[0]:x} version "
            f"{table[1]}, version {_TABLE_VERSION} is needed; build it anew, or reinstall "
            "hypertoken"
        )
    return table[3], table[2]


def _prepare_signals() -> None:
    """Let faulthandler install its handlers before Java does.

    Java meets null references by catching the signal of the bad address; handlers put over its own
    would end the process instead. Enabled before, faulthandler.enable() later does nothing.
    """
    import faulthandler

    if not faulthandler.is_enabled() and sys.__stderr__ is not None:
        try:
            faulthandler.enable(sys.__stderr__)
        except (OSError, ValueError, RuntimeError):  # a stderr that is no file
            LOGGER.debug("faulthandler could not be enabled before Java")


def _refuse_another_java(library: ctypes.CDLL) -> None:
    machines, count = ctypes.c_void_p(), ctypes.c_int32()
    library.JNI_GetCreatedJavaVMs(ctypes.byref(machines), 1, ctypes.byref(count))
    if count.value:
        raise InternalError(
            "HyperToken cannot start Java; another package has started one in this process, and "
            "there can be one only; use the two in separate processes"
        )


def _boot_host(environment: ctypes.c_void_p) -> int:
    pointer = ctypes.c_void_p
    table = ctypes.cast(
        ctypes.cast(environment, ctypes.POINTER(pointer))[0], ctypes.POINTER(pointer)
    )

    def jni(place: int, result: Any, *kinds: Any) -> Any:
        return ctypes.CFUNCTYPE(result, pointer, *kinds)(table[place] or 0)

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
