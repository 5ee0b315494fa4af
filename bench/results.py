"""RESULTS.md: every measurement rewrites its own part and leaves the others.

The numbers that a stranger asks for also go into the README; `python bench/results.py` does only
that.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

from summary import with_summary
from tables import table as table
from tables import verdicts as verdicts

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "RESULTS.md"
README = FOLDER.parent / "README.md"

# The parts in their order in the file.
TITLES = {
    "engine": "The engine, in Java",
    "bridge.turns": "The bridge: messages and turns against a bare echo",
    "bridge.batches": "The bridge: blackjack by binary vector",
    "bridge.start": "The bridge: from start to ready",
    "bridge.memory": "The bridge: memory over a million rounds",
    "peers.single": "In Python: one environment",
    "peers.vectors": "In Python: vectors of CartPole",
    "peers.turns": "In Python: games of turns",
    "peers.tables": "In Python: self-play on many tables",
    "peers.training": "In Python: training with Stable-Baselines3",
    "peers.functions": "In Python: Gymnasium's own performance functions",
    "peers.start": "In Python: the first environment of a process",
    "start": "In Python: the first seconds of a vector",
    "ray": "In Python: on a Ray cluster",
    "events.log": "Events: from producers of the process through the log",
    "events.fanout": "Events: to fifty clients, one of which never reads",
    "events.killed": "Events: killed under load",
    "events.restart": "Events: restart with a long log",
    "events.hooks": "Events: what a hook costs in Python",
    "events.emit": "Events: what emitting costs a step",
    "guests.python": "Guests: rules in a Python process of their own",
    "guests.wasm": "Guests: rules in a WASM module",
    "guests.browser": "Guests: rules in a page",
    "learn.cartpole": "Training: CartPole beside Stable-Baselines3",
    "learn.pendulum": "Training: Pendulum beside RLtools",
    "learn.others": "Training: other trainers",
    "learn.kernels": "Training: matrix products beside numpy's",
    "learn.blackjack": "Training: casino blackjack beside basic strategy",
    "learn.boards": "Training: board games by self-play, and small worlds",
    "flipper": "Trained traders on the grand-exchange beside its baselines",
    "blackjack-values": "Casino blackjack against its exact values",
}

HEAD = """# Results

What the commands of `./hypertoken bench` measured. Each rewrites its own parts of this file and
leaves the others. Ratios hold within one part: both sides ran in the same run on the same machine,
pinned to the same cores, taking turns.
What was learned on the way is in [NOTES.md](NOTES.md).
"""


def report(part: str, body: str, packages: Sequence[str] = (), *, write: bool = True) -> None:
    """Print a part, and put it into RESULTS.md in the place of its last edition.

    Args:
        part: a key of `TITLES`.
        body: Markdown.
        packages: the Python packages whose versions matter.
        write: False only prints.
    """
    text = f"## {TITLES[part]}\n\n{_circumstances(packages)}\n\n{body.strip()}\n"
    print(f"\n{text}", flush=True)
    if write:
        old = RESULTS.read_text() if RESULTS.exists() else ""
        RESULTS.write_text(with_part(old, part, text))
        write_readme()


def with_part(document: str, part: str, text: str) -> str:
    """Return the document with one part exchanged or added, all parts in the order of `TITLES`.

    Remarks on a part, written by hand between `<!-- remarks PART -->` and `<!-- end -->`, stay
    behind it: the profile, what was tried and the bound where a target is missed.
    """
    blocks = {
        (kind, name): content
        for kind, name, content in re.findall(
            r"<!-- (part|remarks) ([\w.-]+) -->\n(.*?)<!-- end -->", document, re.DOTALL
        )
    }
    blocks["part", part] = text
    ordered = (
        f"<!-- {kind} {name} -->\n{blocks[kind, name]}<!-- end -->\n"
        for name in TITLES
        for kind in ("part", "remarks")
        if (kind, name) in blocks
    )
    return "\n".join([HEAD, *ordered])


def write_readme() -> None:
    """Bring the README's section of measured numbers up to date."""
    document = RESULTS.read_text() if RESULTS.exists() else ""
    README.write_text(with_summary(README.read_text(), document))


def _circumstances(packages: Sequence[str]) -> str:
    stem = Path(sys.argv[0]).stem.replace("_", "-")
    # A file ray.py would stand before Ray itself.
    part = "ray" if stem == "cluster" else stem
    command = shlex.join(["./hypertoken", "bench", part, *sys.argv[1:]])
    facts = [
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"`{command}`",
        _commit(),
        f"{_processor()}, {os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        _java(),
        f"Python {platform.python_version()}",
        *(f"{name} {_version(name)}" for name in packages),
    ]
    others = _others()
    if others > 0.1:
        facts.append(f"**others kept {others:.1f} cores busy**")
    return ". ".join((", ".join(facts[:3]), ", ".join(facts[3:]))) + "."


def _others() -> float:
    """How many cores everything else kept busy since the measurement began, as a mean."""
    wall, machine, own = (now - then for now, then in zip(_clocks(), _BEGAN, strict=True))
    return (machine - own) / max(wall, 1e-9)


def _clocks() -> tuple[float, float, float]:
    """Seconds: wall, all cores' busy or stolen ones, and those of this process and its children."""
    try:
        told = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        told = ["0"] * 8
    user, nice, system, _idle, _waiting, hard, soft, stolen = map(int, told)
    machine = (user + nice + system + hard + soft + stolen) / os.sysconf("SC_CLK_TCK")
    return time.monotonic(), machine, sum(os.times()[:4])


_BEGAN = _clocks()


def _commit() -> str:
    # What measuring itself writes does not make a commit another one.
    own = [f":(top,exclude){path}" for path in ("README.md", "bench/*.md", "bench/*.png")]
    head = _git("rev-parse", "--short", "HEAD")
    if head is None:
        return "no commit"
    return f"commit {head}{' and changes' if _git('status', '--porcelain', ':(top)', *own) else ''}"


def _git(*command: str) -> str | None:
    asked = subprocess.run(
        ["git", "-C", FOLDER, *command], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() if asked.returncode == 0 else None


def _processor() -> str:
    try:
        told = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        told = None
    return told[1] if told else platform.processor() or "unknown processor"


def _java() -> str:
    home = os.environ.get("JAVA_HOME", "")
    try:
        told = re.search(r'JAVA_VERSION="(.+)"', (Path(home) / "release").read_text())
    except OSError:
        told = None
    return f"Java {told[1]}" if told else "Java of unknown version"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _stopped(kind: type[BaseException], raised: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        print("stopped; the parts that were not done are as they were", file=sys.stderr)
    else:
        sys.__excepthook__(kind, raised, trace)


sys.excepthook = _stopped


if __name__ == "__main__":
    write_readme()
