"""What a browser page costs as an environment: a step's way there and back, and steps a second.

Needs Node, the SDK's modules and a Chromium, as `./hypertoken test sdk` does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import IO

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from tables import table, verdicts  # noqa: E402

PAGES = ROOT / "web/sdk/e2e/bench"
JAR = os.environ.get("HYPERTOKEN_JAR", str(ROOT / "app/target/hypertoken.jar"))


def line(stream: IO[str] | None, pattern: str) -> re.Match[str]:
    """Read lines until one matches."""
    for each in stream or ():
        found = re.search(pattern, each)
        if found:
            return found
    raise RuntimeError(f"it ended before it said {pattern}")


@contextmanager
def relay() -> Iterator[str]:
    """Run a relay that serves the pages; its address."""
    java = Path(os.environ["JAVA_HOME"]) / "bin/java"
    command = [
        str(java),
        "-XX:+UseSerialGC",
        "-jar",
        JAR,
        "relay",
        "--port",
        "0",
        "--pages",
        str(PAGES),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield line(process.stdout, r"relay at ws://(\S+)")[1]
        finally:
            process.terminate()


@contextmanager
def pages(address: str, query: str, count: int, echoes: int = 0) -> Iterator[float]:
    """Hold pages open; the microseconds of the first one's own echo, 0 if it was not asked for."""
    command = [
        "node",
        str(PAGES / "pages.mjs"),
        f"http://{address}/?{query}",
        str(count),
        str(echoes),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        said = json.loads(line(process.stdout, r"^\{.*")[0])
        yield said["echo_us"] or 0.0
        if process.stdin:
            process.stdin.close()


def microseconds(step: Callable[[], object], count: int) -> float:
    """Take the median of a call's time."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        step()
        took.append(time.perf_counter() - began)
    return 1e6 * median(took)


def rate(name: str, rows: int, seconds: float) -> float:
    """Play a vector of a hosted game; rows a second."""
    import hypertoken

    envs = hypertoken.make_vec(f"browser:{name}", num_envs=rows)
    envs.reset(seed=1)
    actions = np.zeros(rows, dtype=np.int64)
    for warm in (True, False):
        batches, began = 0, time.perf_counter()
        while time.perf_counter() - began < (seconds / 2 if warm else seconds):
            envs.step(actions)
            batches += 1
        took = time.perf_counter() - began
    envs.close()
    return rows * batches / took


def classic(address: str, count: int) -> float:
    """Step by websocket-client and JSON at the relay's root; microseconds."""
    import websocket

    socket = websocket.create_connection(f"ws://{address}/?env=browser:echo")

    def ask(message: dict[str, object]) -> None:
        socket.send(json.dumps(message))
        socket.recv()

    ask({"type": "reset"})
    microseconds(lambda: ask({"type": "step", "action": 0}), count)
    took = microseconds(lambda: ask({"type": "step", "action": 0}), count)
    socket.close()
    return took


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md.

    Args:
        quick: only show that everything runs.
    """
    count, seconds = (200, 0.2) if quick else (3000, 3.0)
    with relay() as address:
        os.environ["HYPERTOKEN_RELAY"] = address
        import hypertoken

        with pages(address, "name=echo&instances=2", 1, count) as echo:
            env = hypertoken.make("browser:echo")
            env.reset(seed=1)
            microseconds(lambda: env.step(0), count)
            step = microseconds(lambda: env.step(0), count)
            env.close()
            root = classic(address, count)
        rates = {}
        for what, query, number, rows in (
            ("1 page", "name=one", 1, 1),
            ("1 page × 16 instances", "name=sixteen&instances=16", 1, 16),
            ("8 pages", "name=eight", 8, 8),
            ("8 pages × 16 instances", "name=many&instances=16", 8, 128),
            ("1 page under the clock, a frame a step", "name=clocked&clock", 1, 1),
        ):
            with pages(address, query, number):
                rates[what] = rate(re.search(r"name=(\w+)", query)[1], rows, seconds)  # type: ignore[index]
    trips = table(
        ("there and back", "µs"),
        [
            ("a page's own echo at the relay", f"{echo:,.0f}"),
            ("Python (in-process) → relay → page → back", f"{step:,.0f}"),
            ("Python (websocket-client, JSON) → relay → page → back", f"{root:,.0f}"),
        ],
    )
    speeds = table(
        ("steps a second", "rows"), [(what, f"{each:,.0f}") for what, each in rates.items()]
    )
    bounds = (2_500, 30_000, 6_000, 60_000, 1_500)
    targets = [
        ("an in-process step in echoes", step / echo, -2.0),
        ("a websocket-client step in echoes", root / echo, -2.0),
    ]
    targets += [
        (what, each, float(bound))
        for (what, each), bound in zip(rates.items(), bounds, strict=True)
    ]
    return f"{trips}\n\n{speeds}\n{verdicts(targets)}"
