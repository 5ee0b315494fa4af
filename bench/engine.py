"""Measures the engine's steps in Java with JMH.

    ./hypertoken bench engine [--quick] [--env ENV] [--option NAME=VALUE] [--rows N]
                              [--threads N] [--path PATH]

One thread is pinned to one core, JVM and all; two threads have two. Each of the choices may be
repeated; a measurement of everything is written to RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from measure import cores, spread
from results import report, table, verdicts

JAR = Path(__file__).resolve().parent / "target" / "benchmarks.jar"
OUTPUT = JAR.parent / "engine.json"
ENVIRONMENTS = ("CartPole-v1", "casino-blackjack")
WITH_TWINS = ("CartPole-v1",)
ROWS = (1, 64, 4096, 65536)
PATHS = {
    "plain class": (),
    "twin": (),
    "twin, Vector API": (
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
    ),
}


@dataclass(frozen=True)
class Measured:
    """One environment at one size: ns a row-step of JMH's median iteration, bytes a step."""

    environment: str
    path: str
    rows: int
    threads: int
    nanos: float
    spread: float
    allocated: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench engine", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--env", action="append", help="default: CartPole-v1, casino-blackjack")
    parser.add_argument("--option", action="append", default=[], help="of the environments named")
    parser.add_argument("--rows", action="append", type=int, help="default: 1, 64, 4096, 65536")
    parser.add_argument("--threads", action="append", type=int, help="default: 1 and 2")
    parser.add_argument("--path", action="append", choices=PATHS, help="default: all")
    parser.add_argument("--autoreset", default="NEXT_STEP", help="default: NEXT_STEP")
    args = parser.parse_args()
    whole = not (args.quick or args.env or args.option or args.rows or args.threads or args.path)
    measured: list[Measured] = []
    resets: dict[str, float] = {}
    for path in args.path or PATHS:
        for threads in args.threads or (1, 2):
            wanted = args.env or ENVIRONMENTS
            environments = [e for e in wanted if path == "plain class" or e in WITH_TWINS]
            parameters = {
                "environment": environments,
                "options": [";".join(args.option)],
                "rows": args.rows or ((1, 64) if args.quick else ROWS),
                "threads": [threads],
                "twins": ["false" if path == "plain class" else "true"],
                "autoreset": [args.autoreset],
            }
            if environments:
                measured += measure(path, parameters, args.quick, resets)
    report("engine", body(measured, resets), write=whole)


def measure(
    path: str, parameters: dict[str, Any], quick: bool, resets: dict[str, float]
) -> list[Measured]:
    """Run JMH, pinned to as many cores as there are threads."""
    allowed = cores()[-parameters["threads"][0] :]
    command = [
        "taskset", "-c", ",".join(map(str, allowed)),
        f"{os.environ['JAVA_HOME']}/bin/java", "--sun-misc-unsafe-memory-access=allow",
        "-jar", str(JAR), "EngineSteps",
        "-prof", "gc", "-rf", "json", "-rff", str(OUTPUT), "-foe", "true",
        *(["-f", "1", "-wi", "1", "-i", "2", "-w", "100ms", "-r", "100ms"] if quick else []),
    ]  # fmt: skip
    if PATHS[path]:
        # A Vector API kernel takes over when it has proved faster: it needs longer to warm up.
        command += ["-jvmArgsAppend", " ".join(PATHS[path]), *([] if quick else ["-wi", "8"])]
    for name, values in parameters.items():
        command += ["-p", f"{name}={','.join(map(str, values))}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    environment = ""
    for line in process.stdout:
        if told := re.match(r"# Parameters: .*environment = ([\w-]+)", line):
            environment = told[1]
            print(f"{path}: {line.strip()[2:]}", flush=True)
        elif told := re.search(r"# resets: ([\d.]+)", line):
            resets[environment] = float(told[1])
    if process.wait():
        raise SystemExit(f"JMH ended with {process.returncode}: {' '.join(command)}")
    return [_read(path, result) for result in json.loads(OUTPUT.read_text())]


def _read(path: str, result: dict[str, Any]) -> Measured:
    parameters, metric = result["params"], result["primaryMetric"]
    rows = int(parameters["rows"])
    iterations = [nanos for fork in metric["rawData"] for nanos in fork]
    return Measured(
        parameters["environment"],
        path,
        rows,
        int(parameters["threads"]),
        median(iterations) / rows,
        spread(iterations),
        result["secondaryMetrics"]["gc.alloc.rate.norm"]["score"],
    )


def body(measured: list[Measured], resets: dict[str, float]) -> str:
    """Draw the results and what became of the targets."""
    rows = [
        (
            f"{m.environment}, {m.path}",
            f"{m.rows:,}",
            str(m.threads),
            f"{m.nanos:.1f}",
            f"± {m.spread:.0%}",
            f"{1e3 / m.nanos:.1f}",
            f"{m.allocated:.0f}",
        )
        for m in sorted(measured, key=lambda m: (m.environment, m.path, m.threads, m.rows))
    ]
    shares = ", ".join(f"{name} {share:.1%}" for name, share in sorted(resets.items()))
    text = (
        "Random legal actions, recorded once and played again; a step includes copying them in. "
        "With next-step autoreset some row-steps only reset their row; they count as row-steps "
        f"({shares}). The plain class is the generic path: one object a row. JMH counts what all "
        "of the JVM allocates, some kilobytes a second, which is more bytes a step the longer a "
        "step takes; the tests count the stepping threads' own, and it is none.\n\n"
    ) + table(
        (
            "environment, path",
            "rows",
            "threads",
            "ns a row-step",
            "spread",
            "M steps/s",
            "B a step",
        ),
        rows,
    )
    return text + verdicts(_targets(measured))


def _targets(measured: list[Measured]) -> list[tuple[str, float, float]]:
    one_core = {(m.environment, m.path, m.rows): m.nanos for m in measured if m.threads == 1}
    wanted: list[tuple[str, float, float]] = []
    for name, millions in (("CartPole-v1", 25), ("casino-blackjack", 5)):
        if nanos := one_core.get((name, "plain class", 4096)):
            wanted.append((f"{name}, plain class, 4,096 rows, M steps/s", 1e3 / nanos, millions))
    if nanos := one_core.get(("CartPole-v1", "plain class", 4096)):
        wanted.append(("CartPole-v1, plain class, 4,096 rows, ns a row-step", nanos, -36))
    for path in PATHS:
        few, many = (one_core.get(("CartPole-v1", path, rows)) for rows in (64, 65536))
        if few and many:
            what = f"CartPole-v1, {path}, cost a row at 65,536 rows by that at 64"
            wanted.append((what, many / few, -1.5))
    if measured:
        most = max((m.allocated for m in measured if m.rows <= 64), default=0.0)
        wanted.append(("most bytes allocated by a step of up to 64 rows", most, -1.0))
    return wanted


if __name__ == "__main__":
    main()
