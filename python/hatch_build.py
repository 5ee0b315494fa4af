"""Puts the built jar, and the list of its environments, into the wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_HERE = Path(__file__).resolve().parent
_BUILT = _HERE.parent / "app" / "target" / "hypertoken.jar"
_FOLDER = _HERE / "hypertoken" / "_jar"
# Java is looked for where ./hypertoken looks; a source distribution has the list already.
_ASK = """
root=$1
source "$root/launcher/java.sh"
find_java runtime
exec "$JAVA_HOME/bin/java" -cp "$2" io.hypertoken.embed.CatalogueFile
"""


class JarHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel or a source distribution is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Copy the newest jar beside the package's code; an editable install needs none."""
        jar = _FOLDER / "hypertoken.jar"
        if version == "editable":
            return
        if _BUILT.is_file() and (not jar.is_file() or newer(_BUILT, jar)):
            _FOLDER.mkdir(exist_ok=True)
            shutil.copy2(_BUILT, jar)
        if not jar.is_file():
            raise FileNotFoundError(
                f"the wheel cannot be built; neither {_BUILT} nor {jar} is there; run "
                "`./hypertoken envs` in the source checkout, which builds it"
            )
        catalogue = _FOLDER / "catalogue.json"
        if not catalogue.is_file() or newer(jar, catalogue):
            catalogue.write_text(self.catalogue(jar))

    def catalogue(self, jar: Path) -> str:
        """What the jar's environments are, as `hypertoken.engine.catalogue` reads it."""
        asked = subprocess.run(
            ["bash", "-c", _ASK, "bash", _HERE.parent, jar],
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode != 0:
            sys.stderr.write(asked.stderr)
            raise RuntimeError(
                f"the wheel cannot be built; Java, as the launcher finds it, could not list the "
                f"environments of {jar} (it says why above); set JAVA_HOME to a Java 25"
            )
        return f'{{"jar": null, "environments": {asked.stdout.strip()}}}\n'


def newer(one: Path, other: Path) -> bool:
    """Whether a file was written after another."""
    return one.stat().st_mtime_ns > other.stat().st_mtime_ns
