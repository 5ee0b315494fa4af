"""What of a folder goes to the Hub, and what is read of it there: numbers, text and pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from hypertoken.errors import HyperTokenError
from hypertoken.hub.library import refused

POLICY = "policy.json"
CARD = "README.md"
RESULTS = "results.json"
CURVE = "training.png"
CONFIG = "config.json"
METRICS = "metrics.jsonl"
EVENTS = "events.out.tfevents.*"
READ = ("*.json", "*.jsonl", "*.safetensors", "*.onnx", "*.md", "*.png", EVENTS)
"""Patterns of all that is ever pushed or pulled: no pickle is among them, nor any program."""

_OF_A_RUN = (CONFIG, METRICS, EVENTS)
_PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


@dataclass
class Contents:
    """A policy's folder: its files by their names in the repository, and what they say."""

    files: dict[str, Path]
    policy: dict[str, Any]
    """`policy.json`; where every seat has its own, the first one's."""
    seats: list[str]
    """The folders of the seats that have a policy of their own; none if one plays them all."""
    run: dict[str, Any] = field(default_factory=dict)
    """`config.json` of the run that trained it; empty if there is none."""
    curve: list[tuple[float, float]] = field(default_factory=list)
    """Steps and mean return, as the training told."""


def contents_of(folder: Path) -> Contents:
    """What there is in a policy's folder, or in a run's, whose policy it is then.

    Raises:
        BadFieldError: there is no policy.
    """
    within = folder / "policy" if _is_run(folder) else folder
    run = folder if _is_run(folder) else folder.resolve().parent
    seats = sorted(file.parent.name for file in within.glob(f"*/{POLICY}"))
    if (within / POLICY).is_file():
        seats = []
    elif not seats:
        raise refused(
            "bad_field",
            f"refused {folder}",
            f"it is neither a policy's folder nor a run's: there is no {POLICY}",
            "pass one that hypertoken train has written, such as runs/cartpole-v1/…/policy",
        )
    files = {}
    for place in [within, *(within / seat for seat in seats)]:
        for file in sorted(place.iterdir()):
            if file.is_file() and is_read(file.name):
                files[file.relative_to(within).as_posix()] = file
    contents = Contents(files, read_json(within / (seats[0] if seats else "") / POLICY), seats)
    if _is_run(run):
        files.update(
            (file.name, file)
            for pattern in _OF_A_RUN
            for file in sorted(run.glob(pattern))
            if file.is_file()
        )
        contents.run = read_json(run / CONFIG)
        contents.curve = _curve(run / METRICS)
    return contents


def is_read(name: str) -> bool:
    """Whether a file is of a kind that is pushed and pulled."""
    return any(fnmatch(name, pattern) for pattern in READ)


def refuse_pickle(file: Path) -> None:
    """Refuse a file that loading could run programs from, as its first bytes show.

    Raises:
        BadFieldError: it is a pickle, or an archive such as PyTorch keeps pickles in.
    """
    with file.open("rb") as opened:
        first = opened.read(4)
    if first.startswith(_PICKLES):
        raise refused(
            "bad_field",
            f"refused {file}",
            "it is a pickle, which runs what somebody wrote into it when it is read",
            "keep numbers as safetensors or ONNX",
        )


def read_json(file: Path) -> dict[str, Any]:
    """The object in a file.

    Raises:
        BadFieldError: it holds none.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as unread:
        raise _malformed(file, " ".join(str(unread).split())) from None
    if not isinstance(found, dict):
        raise _malformed(file, "it holds no JSON object")
    return found


def _malformed(file: Path, why: str) -> HyperTokenError:
    return refused("bad_field", f"refused {file}", why, "pass a folder that was written whole")


def _is_run(folder: Path) -> bool:
    return (folder / CONFIG).is_file() and (folder / METRICS).is_file()


def _curve(file: Path) -> list[tuple[float, float]]:
    points = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(line)
            points.append((float(told["step"]), float(told["return"])))
        except (ValueError, KeyError, TypeError):
            continue  # before the first episode's end there is no return; a killed run's last line
    return points
