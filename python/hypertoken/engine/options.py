"""The options that Java is started with: ours, but for those that the user has chosen already."""

from __future__ import annotations

import locale
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

EVERY_JAVA = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS")
"""The variables that each Java reads, in this process or another."""
OWN = "HYPERTOKEN_JAVA_OPTIONS"
"""The variable of those that only the Java in this process gets."""
COMMAND = "JDK_JAVA_OPTIONS"
"""The variable that only the `java` command reads."""

COLLECTOR = "-XX:+UseSerialGC"
_HEAP = "-Xms32m"  # else a 64th of the machine's memory, which fills before it is first cleaned

# What of ours to leave out where the user says something like it: two collectors, or a heap that
# begins larger than it may become, end the process before Java has begun.
_CHOICES = {
    COLLECTOR: re.compile(r"-XX:\+Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC\b"),
    _HEAP: re.compile(r"-X(ms|mx|mn)\d|-XX:\w*(HeapSize|NewSize|RAM)\w*="),
}


def said(*variables: str) -> dict[str, str]:
    """What the user has set these variables to; without those not set."""
    return {name: text for name in variables if (text := os.environ.get(name, "").strip())}


def fitting(options: Iterable[str], *variables: str) -> list[str]:
    """Our options, without those in whose place the user chose others in these variables."""
    chosen = " ".join(said(*variables).values())
    return [o for o in options if o not in _CHOICES or not _CHOICES[o].search(chosen)]


def in_process(start: Iterable[str], jar: Path, archive: str | None) -> list[str]:
    """The options of the Java in this process; the user's own come last, and count.

    Args:
        start: those that its start archive was made with.
        jar: the class path.
        archive: the option that names the start archive.
    """
    options = [
        *start,
        "-Xrs",  # signals are Python's: else Ctrl-C ends the process
        _HEAP,
        f"-Dhypertoken.python={sys.executable}",  # who plays gym: and pz: ids
        "-XX:-UsePerfData",
        "-Xlog:disable",
        "-Xlog:all=error,cds*=off,aot*=off:stderr",  # a cache that does not fit is no news
        f"-XX:ErrorFile={Path(tempfile.gettempdir()) / 'hypertoken-crash-%p.log'}",
        *([archive] if archive else []),
    ]
    words = os.environ.get(OWN, "").split()
    return [f"-Djava.class.path={jar}", *fitting(options, *EVERY_JAVA, OWN), *words]


def for_paths() -> dict[str, str]:
    """The variables under which Java reads and writes paths as Python does.

    Java takes the character set of the locale, which is ASCII under LC_ALL=C: there a path with
    other letters names no file, of the class path or any. Python takes UTF-8 there all the same.
    """
    if sys.platform != "linux" or sys.getfilesystemencoding() != "utf-8":
        return {}
    utf8 = locale.nl_langinfo(locale.CODESET).upper() in ("UTF-8", "UTF8")
    return {} if utf8 else {"LC_ALL": "C.UTF-8"}


def without_users() -> dict[str, str]:
    """The environment of a Java in another process that no option of the user's may change."""
    kept = {k: v for k, v in os.environ.items() if k not in (*EVERY_JAVA, COMMAND)}
    return kept | for_paths()
