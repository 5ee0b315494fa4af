"""Plays casino blackjack's known strategies and compares what they win with the exact values.

    ./hypertoken bench blackjack-values [--rounds 100000000] [--seed 0] [--threads 2]

Arguments are those of the jar's command; with fewer rounds than its default nothing is written.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from results import report

JAR = Path(__file__).resolve().parent.parent / "app" / "target" / "hypertoken.jar"


def main() -> None:
    command = [
        f"{os.environ['JAVA_HOME']}/bin/java", "-XX:+UseSerialGC", "-jar", str(JAR),
        "bench", "blackjack-values", *(a for a in sys.argv[1:] if a != "--quick"),
        *(["--rounds", "100000"] if "--quick" in sys.argv else []),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    if process.wait() == 0 and not any(a in ("--quick", "--help", "-h") for a in sys.argv):
        whole = not any(argument.startswith("--rounds") for argument in sys.argv)
        text = (
            "Chips won in a round divided by the bet, for each seat, beside the exact value and "
            "how many standard errors lie between.\n\n```text\n" + "".join(lines) + "```"
        )
        report("blackjack-values", text, write=whole)
    raise SystemExit(process.returncode)


if __name__ == "__main__":
    main()
