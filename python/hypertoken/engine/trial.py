"""Starts Java in a process of its own first, where it might not start: it would end this one.

A JVM that cannot begin writes why and ends its process, whoever's that is: no exception, no
`finally`, exit code 1. JNI's `abort` hook is no way out of that, for it must not return, and it is
called for a crash later on too, when no Python may run. So what is unusual is tried beforehand, by
the same call with the same options; an ordinary start pays nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hypertoken.engine import options
from hypertoken.engine.java import Java
from hypertoken.errors import InternalError

_SECONDS = 60
_BARE = 16 << 20
"""About what a Python that has loaded nothing takes of either limit, bytes."""
_LATER = {"VmSize": 1 << 30, "VmData": 128 << 20}
"""What Java goes on to take once it has started, bytes: its threads' stacks and pools of memory.
A start that only just fits would end in the middle of a step."""

# Run by `python -c`: the library, the options, and how many bytes to take first, of addresses and
# of data. Taking them leaves the limits what they are, by which Java measures its heap.
_START = """
import ctypes, json, os, sys
library, texts, addresses, data = json.loads(sys.stdin.read())
if addresses or data:
    take = ctypes.CDLL(None).mmap
    take.restype, anywhere = ctypes.c_void_p, ctypes.c_void_p(-1).value
    take.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
    private_anonymous_unreserved = 0x4022
    for size, access in ((data, 3), (addresses - data, 0)):
        if size > 0 and take(None, size, access, private_anonymous_unreserved, -1, 0) == anywhere:
            sys.exit("the limit leaves no room for Java")
class Option(ctypes.Structure):
    _fields_ = (("text", ctypes.c_char_p), ("extra", ctypes.c_void_p))
class Arguments(ctypes.Structure):
    _fields_ = (("version", ctypes.c_int32), ("count", ctypes.c_int32),
                ("options", ctypes.POINTER(Option)), ("ignore", ctypes.c_uint8))
given = (Option * len(texts))(*(Option(os.fsencode(text), None) for text in texts))
machine, environment = ctypes.c_void_p(), ctypes.c_void_p()
code = ctypes.CDLL(library).JNI_CreateJavaVM(
    ctypes.byref(machine), ctypes.byref(environment),
    ctypes.byref(Arguments(0x00150000, len(texts), given, 0)))
os._exit(100 - code if code else 0)
"""


def needed(java: Java) -> bool:
    """Whether this start is one that may fail: the user's options, a limit on memory, or a Java
    that is not whole.
    """
    return bool(
        options.said(*options.EVERY_JAVA, options.OWN)
        or _limited()
        or not (java.home / "lib" / "modules").is_file()
    )


def _limited() -> bool:
    if sys.platform == "win32":
        return False
    import resource

    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        if resource.getrlimit(kind)[0] != resource.RLIM_INFINITY:
            return True
    try:
        return Path("/proc/sys/vm/overcommit_memory").read_bytes().startswith(b"2")
    except OSError:
        return False


def run(java: Java, texts: list[str], environment: dict[str, str]) -> None:
    """Start Java with these options in a process of its own, and end it.

    Raises:
        InternalError: it did not start; the message has Java's own words.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return  # there is no Python to try it with
    asked = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _START],
        input=json.dumps([str(java.library), texts, *_taken()]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        timeout=_SECONDS,
        check=False,
    )
    if asked.returncode:
        code = asked.returncode
        raise failed(java, 100 - code if code > 100 else code, asked.stdout)


def failed(java: Java, code: int, words: str) -> InternalError:
    """What a Java that did not start raises.

    Args:
        java: which.
        code: what JNI returned, or the exit code of the process that it ended.
        words: what it wrote.
    """
    lines = (line.strip() for line in words.splitlines())
    why = "; ".join(line for line in lines if line and not line.startswith("Picked up "))
    set_by = options.said(*options.EVERY_JAVA, options.OWN)
    where = " and ".join(f"{name}={text}" for name, text in set_by.items())
    return InternalError(
        f"Java {java.version} of {java.home} did not start in this process (code {code}); it says: "
        f"{why or 'nothing'}; check {where or 'the limits of this process (ulimit -a)'}, or set "
        "HYPERTOKEN_JAVA_HOME to another Java"
    )


def _taken() -> list[int]:
    """The bytes of addresses and of data to take before, where there is a limit on one: what this
    process has beyond a bare Python, and what Java needs later.
    """
    if sys.platform != "linux" or not _limited():
        return [0, 0]
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return [
        max(0, int(told[name].split()[0]) * 1024 - _BARE) + later for name, later in _LATER.items()
    ]
