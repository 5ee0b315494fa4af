"""The environments of the jar, known without starting Java: a file made from the jar, once."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from hypertoken.engine import options
from hypertoken.engine.java import BUNDLED_JAR, find_home, find_jar
from hypertoken.errors import HyperTokenError

_NAME = "catalogue.json"
_SHIPPED = "shipped.txt"


@cache
def entries() -> list[dict[str, Any]]:
    """What the jar declares: id, version, aliases, agents, turn_order, max_steps, render_modes.

    A wheel brings the list beside its jar. In a source checkout it is made again whenever the jar
    is newer, by a Java process of its own. Without a jar or a Java the list is empty.
    """
    try:
        jar = find_jar()
        made = _made_from(jar)
        if made is None:
            made = write(jar)
    except (HyperTokenError, OSError):
        return []
    return made


def shipped() -> list[dict[str, Any]]:
    """What is known of our environments where no jar can be asked: their ids and agents.

    The file beside this one may lag behind a new environment, but names none that is gone.
    """
    lines = Path(__file__).with_name(_SHIPPED).read_text().splitlines()
    known = (line.split() for line in lines if not line.startswith("#"))
    return [{"id": id, "agents": int(agents), "render_modes": []} for id, agents in known]


def declaring_class(name: str) -> str:
    """The Java class that declares the environment of this id or alias; "" when unknown.

    Java then need not look at all environments to find one.
    """
    return _declaring_classes().get(name.partition("@")[0].lower(), "")


@cache
def _declaring_classes() -> dict[str, str]:
    return {
        name.lower(): entry["class"]
        for entry in entries()
        for name in (entry["id"], *entry["aliases"])
    }


def _file_of(jar: Path) -> Path:
    return jar.parent / _NAME


def _made_from(jar: Path) -> list[dict[str, Any]] | None:
    file = _file_of(jar)
    if not file.is_file():
        return None
    told: dict[str, Any] = json.loads(file.read_text())
    if jar != BUNDLED_JAR and told["jar"] != stamp(jar):
        return None
    listed: list[dict[str, Any]] = told["environments"]
    return listed


def stamp(jar: Path) -> list[int]:
    """What tells one build of the jar from another: its size and time."""
    told = jar.stat()
    return [told.st_size, told.st_mtime_ns]


def write(jar: Path) -> list[dict[str, Any]]:
    """Ask the jar for its environments, and keep the answer beside it."""
    import subprocess

    asked = subprocess.run(
        [
            find_home().executable,
            options.COLLECTOR,
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            jar,
            "io.hypertoken.embed.CatalogueFile",
        ],
        capture_output=True,
        text=True,
        check=False,
        env=options.without_users(),
    )
    if asked.returncode != 0:
        return []
    listed: list[dict[str, Any]] = json.loads(asked.stdout)
    file = _file_of(jar)
    fresh = file.with_name(f"{_NAME}.{os.getpid()}")
    try:
        fresh.write_text(json.dumps({"jar": stamp(jar), "environments": listed}, indent=1) + "\n")
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
    return listed
