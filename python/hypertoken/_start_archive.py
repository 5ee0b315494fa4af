"""An ahead-of-time cache that halves the time Java takes to start; made once on each machine.

It fits the very Java and jar it was made with. Whatever goes wrong, Java starts without it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from hypertoken._java import Java
from hypertoken.log import LOGGER

_FORMAT = 3
_CLAIM_SECONDS = 600
TRAINED_ON = ("CartPole-v1", "casino-blackjack")


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


def path(java: Java, jar: Path) -> Path:
    """Where the archive of this Java and this jar lies, made or not."""
    told = jar.stat()
    fits = f"{_FORMAT} {java.home} {java.version} {jar} {told.st_size} {told.st_mtime_ns}"
    return folder() / f"start-{hashlib.sha256(fits.encode()).hexdigest()[:16]}.aot"


def find(java: Java, jar: Path) -> Path | None:
    """The archive, or None when there is none yet."""
    if not wanted():
        return None
    try:
        archive = path(java, jar)
        return archive if archive.is_file() and archive.stat().st_size else None
    except (OSError, RuntimeError):
        return None


def make(java: Java, jar: Path) -> subprocess.Popen[bytes] | None:
    """Begin to make the archive in a process of its own; the next start finds it."""
    if not wanted():
        return None
    try:
        archive = path(java, jar)
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
            [sys.executable, "-m", __name__, str(java.executable), str(jar), str(archive)],
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


def command(java: str, jar: str, archive: str) -> list[str]:
    """The command that makes an archive."""
    return [
        java,
        f"-XX:AOTCacheOutput={archive}",
        "-XX:+UseSerialGC",
        "-Xlog:disable",
        "-Djava.awt.headless=true",
        "-cp",
        jar,
        "io.hypertoken.embed.StartTraining",
        *TRAINED_ON,
    ]


def _main(java: str, jar: str, archive: str) -> None:
    if hasattr(os, "nice"):
        os.nice(10)
    fresh, claim = Path(f"{archive}.{os.getpid()}"), Path(archive).with_suffix(".making")
    try:
        subprocess.run(command(java, jar, str(fresh)), check=False, timeout=120)
        if not fresh.is_file():
            fresh.touch()  # an empty archive: do not try again
        fresh.replace(archive)
    finally:
        claim.unlink(missing_ok=True)


if __name__ == "__main__":
    _main(*sys.argv[1:4])
