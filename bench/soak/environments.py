"""The jar of environments that misbehave: they sleep, loop, are too wide, or cannot be made."""

from __future__ import annotations

from pathlib import Path

# The package's tests build such a jar too; in a source checkout they can be imported.
from tests.own_jar import compile_jar

_SOURCES = Path(__file__).parent / "java/soak"


def build(folder: Path) -> Path:
    """Compile them into a jar in this folder."""
    return compile_jar(
        {f"soak.{file.stem}": file for file in sorted(_SOURCES.glob("*.java"))},
        folder / "soak-environments.jar",
    )
