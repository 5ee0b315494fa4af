"""Measures CartPole as a WASM module beside the same rules in Java, with JMH.

The Java processes take turns on one core, in an order that is reversed each time: a machine's speed
drifts, and whoever ran all of one first would measure the drift.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from statistics import median

from measure import cores, spread
from tables import table, verdicts

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "bench" / "target" / "benchmarks.jar"
OUTPUT = JAR.parent / "wasm.json"
MODULE = f"wasm:{ROOT / 'examples' / 'wasm-cartpole' / 'cartpole.wasm'}"
ROWS = (1, 64, 4096)
PLAIN, TWIN, WASM = "Java, plain class", "Java, twin", "C, as a WASM module"
CONTESTANTS = {
    PLAIN: ("CartPole-v1", False),
    TWIN: ("CartPole-v1", True),
    WASM: (MODULE, False),
}


def main(quick: bool) -> str:
    """Measure everything; the body of a part of RESULTS.md."""
    nanos: dict[tuple[str, int], list[float]] = {}
    for turn in range(1 if quick else 4):
        for name in list(CONTESTANTS)[:: -1 if turn % 2 else 1]:
            print(f"wasm: {name}, turn {turn + 1}", flush=True)
            for rows, measured in _measure(name, quick).items():
                nanos.setdefault((name, rows), []).extend(measured)
    return _body(nanos)


def _measure(name: str, quick: bool) -> dict[int, list[float]]:
    """Nanoseconds a row-step of each iteration, by the number of rows."""
    environment, twins = CONTESTANTS[name]
    length = "100ms" if quick else "1s"
    command = [
        "taskset", "-c", str(cores()[-1]),
        f"{os.environ['JAVA_HOME']}/bin/java", "--sun-misc-unsafe-memory-access=allow",
        "-jar", str(JAR), "EngineSteps", "-rf", "json", "-rff", str(OUTPUT), "-foe", "true",
        "-f", "1", *(["-wi", "1", "-i", "2"] if quick else ["-wi", "3", "-i", "3"]),
        "-w", length, "-r", length,
        "-p", f"environment={environment}", "-p", f"twins={str(twins).lower()}",
        "-p", "threads=1", "-p", f"rows={','.join(map(str, ROWS))}",
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return {
        int(result["params"]["rows"]): [
            each / int(result["params"]["rows"])
            for fork in result["primaryMetric"]["rawData"]
            for each in fork
        ]
        for result in json.loads(OUTPUT.read_text())
    }


def _body(nanos: dict[tuple[str, int], list[float]]) -> str:
    rows = [
        (name, f"{count:,}", f"{median(each):.1f}", f"± {spread(each):.0%}", f"{ratio:.2f}")
        for (name, count), each in sorted(nanos.items(), key=lambda item: item[0][1])
        for ratio in [median(each) / median(nanos[PLAIN, count])]
    ]
    text = (
        "CartPole by random actions, next-step autoreset, one thread. The module is "
        "examples/wasm-cartpole, made to JVM code; its digest is that of the rules in Java.\n\n"
    ) + table(("rules", "rows", "ns a row-step", "spread", "by the plain class"), rows)
    most = median(nanos[WASM, 4096]) / median(nanos[PLAIN, 4096])
    return text + verdicts([("WASM by the plain class, 4,096 rows", most, -2.0)])
