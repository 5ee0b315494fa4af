"""Measures the engine's steps in Java with JMH.

    ./hypertoken bench engine [--quick] [--only REGEX of parameters, such as CartPole]

One thread is pinned to one core, JVM and all; two threads have two.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from measure import cores
from results import report, table, verdicts

JAR = Path(__file__).resolve().parent / "target" / "benchmarks.jar"
OUTPUT = JAR.parent / "engine.json"
ENVIRONMENTS = ("CartPole-v1", "casino-blackjack")
ROWS = (1, 64, 4096, 65536)


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypertoken bench engine", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="only show that it runs; write nothing"
    )
    parser.add_argument("--env", action="append", help="an environment; may be repeated")
    parser.add_argument("--rows", action="append", type=int, help="rows; may be repeated")
    parser.add_argument("--threads", action="append", type=int, help="threads; may be repeated")
    parser.add_argument("--autoreset", default="NEXT_STEP", help="default NEXT_STEP")
    args = parser.parse_args()
    whole = not (args.quick or args.env or args.rows or args.threads)
    results: list[dict[str, Any]] = []
    resets: dict[str, float] = {}
    for threads in args.threads or (1, 2):
        parameters = {
            "environment": args.env or ENVIRONMENTS,
            "rows": args.rows or ((1, 64) if args.quick else ROWS),
            "threads": [threads],
            "autoreset": [args.autoreset],
        }
        results += measure(parameters, threads, args.quick, resets)
    report("engine", body(results, resets), write=whole)


def measure(
    parameters: dict[str, Any], threads: int, quick: bool, resets: dict[str, float]
) -> list[dict[str, Any]]:
    """Run JMH, pinned to as many cores as there are threads; returns its results."""
    allowed = cores()[-threads:]
    command = [
        "taskset", "-c", ",".join(map(str, allowed)),
        f"{os.environ['JAVA_HOME']}/bin/java", "-jar", str(JAR), "EngineSteps",
        "-prof", "gc", "-rf", "json", "-rff", str(OUTPUT), "-foe", "true",
        *(["-f", "1", "-wi", "1", "-i", "2", "-w", "100ms", "-r", "100ms"] if quick else []),
    ]  # fmt: skip
    for name, values in parameters.items():
        command += ["-p", f"{name}={','.join(map(str, values))}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    environment = ""
    for line in process.stdout:
        if told := re.match(r"# Parameters: .*environment = ([\w-]+)", line):
            environment = told[1]
            print(line.strip()[2:], flush=True)
        elif told := re.search(r"# resets: ([\d.]+)", line):
            resets[environment] = float(told[1])
    if process.wait():
        raise SystemExit(f"JMH ended with {process.returncode}: {' '.join(command)}")
    loaded: list[dict[str, Any]] = json.loads(OUTPUT.read_text())
    return loaded


def body(results: list[dict[str, Any]], resets: dict[str, float]) -> str:
    """Draw the results and what became of the targets."""
    rows, by_parameters = [], {}
    for result in results:
        named = result["params"]
        key = (named["environment"], int(named["rows"]), int(named["threads"]))
        nanos = result["primaryMetric"]["score"] / key[1]
        error = result["primaryMetric"]["scoreError"]
        allocated = result["secondaryMetrics"]["gc.alloc.rate.norm"]["score"]
        by_parameters[key] = nanos
        rows.append(
            (
                key[0],
                f"{key[1]:,}",
                str(key[2]),
                f"{nanos:.1f}",
                "" if error == "NaN" else f"± {float(error) / key[1]:.1f}",
                f"{1e3 / nanos:.1f}",
                f"{allocated:.0f}" if allocated >= 1 else "0",
            )
        )
    shares = ", ".join(f"{name} {share:.1%}" for name, share in sorted(resets.items()))
    text = (
        "Generic path: the plain class, one object a row. Random legal actions, recorded once and "
        "played again; a step includes copying them in. With next-step autoreset some row-steps "
        f"only reset their row ({shares}); they count as row-steps.\n\n"
    ) + table(
        ("environment", "rows", "threads", "ns a row-step", "99.9 %", "M steps/s", "B a step"),
        rows,
    )
    return f"{text}{verdicts(_targets(by_parameters))}"


def _targets(nanos: dict[tuple[str, int, int], float]) -> list[tuple[str, float, float]]:
    wanted: list[tuple[str, float, float]] = []
    for environment, millions in (("CartPole-v1", 25), ("casino-blackjack", 5)):
        if one := nanos.get((environment, 4096, 1)):
            wanted.append((f"{environment}, 4096 rows, one core, M steps/s", 1e3 / one, millions))
    if one := nanos.get(("CartPole-v1", 4096, 1)):
        wanted.append(("CartPole-v1, 4096 rows, one core, ns a row-step", one, -36))
    few, many = (nanos.get(("CartPole-v1", rows, 1)) for rows in (64, 65536))
    if few and many:
        wanted.append(("CartPole-v1, cost a row at 65,536 rows by that at 64", many / few, -1.5))
    return wanted


if __name__ == "__main__":
    main()
