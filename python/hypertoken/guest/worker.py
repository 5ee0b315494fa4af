"""A worker's life: it dials Java, says what it hosts, and plays batches until Java is gone."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib.metadata
import os
import platform
import signal
import sys
import threading
import time
from typing import Any

from .channel import Channel, GoneError
from .failures import failure
from .imports import RefusedError, import_named, missing

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """Serve whoever HYPERTOKEN_GUEST names, to the end."""
    parent = os.getppid()
    channel = Channel(os.environ.pop("HYPERTOKEN_GUEST"), os.environ.pop("HYPERTOKEN_GUEST_KEY"))
    prepare(parent)
    with contextlib.suppress(GoneError):
        serve(channel)


def prepare(parent: int) -> None:
    """What must hold before anything of others' is imported.

    No output may reach the channel or wait in a buffer, Ctrl-C is Java's, and this process ends
    with the one that started it.
    """
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True, errors="backslashreplace")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    if os.name != "posix":
        return
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def source_of(asked: dict[str, Any]) -> Any:
    """What finds and makes the environments that Java asks for."""
    for name in asked.get("imports", ()):
        import_named(name)
    if asked["kind"] == "gym":
        from .gym_source import GymSource

        return GymSource(asked["name"], asked["kwargs"])
    from .pz_source import PzSource

    return PzSource(asked["name"], asked["kwargs"])


def listed(kind: str) -> list[str]:
    """The ids that Java may complete."""
    if kind == "gym":
        from .gym_source import registered
    else:
        from .pz_source import registered
    return registered()


def hello(source: Any, env: Any, probes: bool) -> dict[str, Any]:
    """What Java is told before the first step."""
    from . import spaces

    observed, acts, masked = source.spaces(env)
    told = {
        "hello": 1,
        "python": platform.python_version(),
        "versions": versions(),
        "agents": source.agents(env),
        "turns": source.turns,
        "observation_spaces": [spaces.described(space) for space in observed],
        "action_spaces": [spaces.described(space) for space in acts],
        "mask_in_observation": masked,
    }
    if probes:
        told |= source.description(env) | source.probe(env)
    return told


def versions() -> dict[str, str]:
    """Of the packages that matter, as far as they are installed."""
    found = {}
    for package in ("gymnasium", "numpy", "pettingzoo"):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def serve(channel: Channel) -> None:
    """Say hello, then play; what fails before the first step is told and ends this process."""
    made: list[Any] = []
    try:
        _, asked = channel.receive()
        if asked.get("list"):
            channel.send(b"H", {"hello": 1, "known": listed(asked["kind"])})
            return
        source = source_of(asked)
        made += (source.make() for _ in range(asked["rows"]))
        channel.send(b"H", hello(source, made[0], asked["probe"]))
        kind, told = channel.receive()
        if kind != b"M":
            return
        from .columns import Columns

        observed, acts, _ = source.spaces(made[0])
        columns = Columns(told, len(source.agents(made[0])), (acts[0], observed[0]))
        rows = source.rows(made, columns)
    except GoneError:
        raise
    except RefusedError as refused:
        channel.send(b"E", refused.told)
        return
    except BaseException as raised:
        channel.send(b"E", missing(raised) or {"code": "failed", "message": failure(raised)})
        return
    channel.send(b"R", {})
    gc.collect()
    gc.freeze()  # what was imported is here to stay: no collection need look at it
    play(channel, rows, asked["spin"])


def play(channel: Channel, rows: Any, spin: bool) -> None:
    """Play batches until Java says X, or is gone."""
    wait, done = channel.waiter(spin)
    batch, infos, errors = rows.play, rows.infos, rows.errors
    while True:
        kind = wait()
        if kind == b"G":
            batch()
            if infos or errors:
                channel.send(b"I", _told(infos, errors))
                infos.clear()
                errors.clear()
            done()
        elif kind == b"N":
            rows.options = _json(channel.take())
        elif kind == b"V":
            _draw(channel, rows, _json(channel.take()))
        elif kind == b"X":
            rows.close()
            return
        else:
            return


def _json(text: bytes) -> Any:
    import json

    return json.loads(text)


def _told(infos: dict[int, str], errors: dict[int, str]) -> bytes:
    import json

    told = ",".join(f'"{row}":{info}' for row, info in infos.items())
    return f'{{"infos":{{{told}}},"errors":{json.dumps(errors)}}}'.encode()


def _draw(channel: Channel, rows: Any, asked: dict[str, Any]) -> None:
    import numpy as np

    try:
        drawn = rows.draw(asked["row"], asked["mode"])
        if isinstance(drawn, str):
            channel.send(b"T", drawn.encode())
            return
        pixels = np.ascontiguousarray(drawn, dtype=np.uint8)
        if pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError(f"render() gave {pixels.shape}, no picture of (height, width, 3)")
        size = np.array(pixels.shape[:2], dtype="<u4").tobytes()
        channel.send(b"P", size + pixels.tobytes())
    except BaseException as raised:
        channel.send(b"E", missing(raised) or {"code": "failed", "message": failure(raised)})
