"""A jar of environments outside our own: core's fixtures and those under tests/java."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hypertoken.engine.java import find_home, find_jar

_HERE = Path(__file__).parent
_FIXTURES = _HERE.parent.parent / "core/src/test/java/io/hypertoken/fixture"
NAMES = {
    "io.hypertoken.fixture": ("Auction", "Blueprint", "Dials", "Duel", "Fuse", "Mixer"),
    "own": ("Cards", "Door", "Hollow", "Lever", "Snail"),
}


def build(folder: Path) -> Path:
    """Compile the environments, and return the jar of them."""
    sources = {
        f"{package}.{name}": (_FIXTURES if package.startswith("io") else _HERE / "java/own")
        / f"{name}.java"
        for package, names in NAMES.items()
        for name in names
    }
    return compile_jar(sources, folder / "own-environments.jar")


def compile_jar(sources: Mapping[str, Path], jar: Path) -> Path:
    """Compile environments, by class name, into a jar that declares each; classes lie beside it."""
    classes = jar.parent / "classes"
    javac = find_home().executable.with_name("javac")
    subprocess.run(
        [javac, "-nowarn", "-d", classes, "-cp", find_jar(), *sources.values()],
        check=True,
        text=True,
    )
    with zipfile.ZipFile(jar, "w") as archive:
        for file in sorted(classes.rglob("*.class")):
            archive.write(file, file.relative_to(classes).as_posix())
        archive.writestr(
            "META-INF/services/io.hypertoken.env.Environment", "\n".join(sources) + "\n"
        )
    return jar


def java_digest(jar: Path, *words: str) -> str:
    """What `hypertoken digest` prints with the jar's environments on the class path."""
    asked = subprocess.run(
        [
            find_home().executable,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            f"{find_jar()}:{jar}",
            "io.hypertoken.app.Main",
            "digest",
            *words,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()
