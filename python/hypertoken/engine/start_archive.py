"""An archive of what Java loads first and what its compiler learnt, made once on each machine: it
halves the time Java takes to start, and to get fast.

It fits the very Java and jar it was made with. Whatever goes wrong, Java starts without it. Making
one removes those that are no longer used.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hypertoken.engine.java import Java
from hypertoken.engine.options import COLLECTOR, without_users
from hypertoken.log import LOGGER

_FORMAT = 5
_CLAIM_SECONDS = 600
# The process that finds none is then through with its own start.
_HEAD_START_SECONDS = 5
_UNUSED_SECONDS = 30 * 24 * 3600
# About 20 MB each; whoever builds the jar all day leaves one for each build.
_MOST = 16
TRAINED_ON = ("CartPole-v1", "casino-blackjack")


@dataclass(frozen=True, slots=True)
class Start:
    """What a JVM in this process is started as: an archive fits one such start only."""

    java: Java
    jar: Path

    def options(self) -> list[str]:
        """The JVM's options that its archive must be made with too."""
        return [COLLECTOR, "-Djava.awt.headless=true"]


def folder() -> Path:
    """Where archives lie: HYPERTOKEN_CACHE, else the user's cache folder."""
    given = os.environ.get("HYPERTOKEN_CACHE")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "hypertoken"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "hypertoken"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hypertoken"


def wanted() -> bool:
    """Whether archives are used: HYPERTOKEN_ARCHIVE=off says no."""
    return os.environ.get("HYPERTOKEN_ARCHIVE") != "off"


def path(start: Start) -> Path:
    """Where the archive of this start lies, made or not."""
    told = start.jar.stat()
    fits = (
        f"{_FORMAT} {start.java.home} {start.java.version} {start.jar} {told.st_size} "
        f"{told.st_mtime_ns}"
    )
    return folder() / f"start-{hashlib.sha256(fits.encode()).hexdigest()[:16]}.aot"


def use(archive: Path) -> str:
    """The option that starts Java with an archive."""
    return f"-XX:AOTCache={archive}"


def find(start: Start) -> Path | None:
    """The archive, or None when there is none yet."""
    if not wanted():
        return None
    try:
        archive = path(start)
        return archive if archive.is_file() and archive.stat().st_size else None
    except (OSError, RuntimeError):
        return None


def make(start: Start) -> subprocess.Popen[bytes] | None:
    """Begin to make the archive in a process of its own; the next start finds it."""
    if not wanted():
        return None
    try:
        archive = path(start)
        if archive.exists():
            return None  # empty: it could not be made
        archive.parent.mkdir(parents=True, exist_ok=True)
        claim = archive.with_suffix(".making")
        if claim.exists() and time.time() - claim.stat().st_mtime > _CLAIM_SECONDS:
            claim.unlink(missing_ok=True)  # its maker was killed
        try:
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return None  # another process is at it
        maker = subprocess.Popen(
            [sys.executable, "-m", __name__, str(archive), *command(start, "")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        maker.returncode = 0  # nobody waits for it
        return maker
    except (OSError, RuntimeError) as failed:
        LOGGER.debug("no start archive could be made: %s", failed)
        return None


def command(start: Start, archive: str) -> list[str]:
    """The command that makes an archive, whose path ends its first option."""
    return [
        str(start.java.executable),
        f"-XX:AOTCacheOutput={archive}",
        *start.options(),
        "-Xlog:disable",
        "-cp",
        str(start.jar),
        "io.hypertoken.embed.StartTraining",
        *TRAINED_ON,
    ]


def forget_unused(archives: Path) -> None:
    """Keep the archives that were used last, and in the last month: the others' jars are gone."""
    used = {}
    for archive in archives.glob("start-*"):
        with suppress(OSError):
            told = archive.stat()
            used[archive] = max(told.st_atime, told.st_mtime)
    for place, archive in enumerate(sorted(used, key=used.__getitem__, reverse=True)):
        if place >= _MOST or time.time() - used[archive] > _UNUSED_SECONDS:
            with suppress(OSError):
                archive.unlink()


def main(archive: str, java: str, kind: str, *rest: str) -> None:
    """Make an archive beside its place, then move it there; an empty one when it fails."""
    if hasattr(os, "nice"):
        os.nice(10)
    forget_unused(Path(archive).parent)
    fresh, claim = Path(f"{archive}.{os.getpid()}"), Path(archive).with_suffix(".making")
    try:
        # Made for Java as we start it: an option of the user's, as another collector, may end it.
        subprocess.run(
            [java, f"{kind}{fresh}", *rest], check=False, timeout=120, env=without_users()
        )
        fresh.touch()  # where nothing was made: do not try again
        fresh.replace(archive)
    finally:
        claim.unlink(missing_ok=True)


if __name__ == "__main__":
    time.sleep(_HEAD_START_SECONDS)
    main(*sys.argv[1:])
