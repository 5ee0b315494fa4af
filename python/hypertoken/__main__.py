"""The `hypertoken` command of the Python package: the engine's commands, and a few of its own.

`hypertoken serve`, `hypertoken envs` and every other word beside OWN_COMMANDS run the bundled jar.
`python -m hypertoken` is the same command.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from hypertoken.errors import HyperTokenError

OWN_COMMANDS = {
    "demo": "Play blackjack through PettingZoo, then train an agent over the wire.",
    "doctor": "Tell what this machine runs on, and test it for a few seconds: for bug reports.",
    "latency": "Ping a server.",
    "wire-digest": "Play scripted actions over the wire and print the trajectory digest.",
}
VIAS = ("aec", "classic", "parallel", "gym", "vector", "batch")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code, where it does not become the Java process."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words in ([], ["-h"], ["help"]):
        words = ["--help"]
    command = words[0]
    try:
        if command == "demo":
            from hypertoken.cli.demo import main as demo

            demo(words[1:])
        elif command == "latency":
            print(_latency(words[1:]))
        elif command == "doctor":
            from hypertoken.cli.doctor import report

            print(report())
        elif command == "wire-digest":
            print(_wire_digest(words[1:]))
        else:
            if words == ["--help"]:
                listed = (f"  {name:<11} {about}" for name, about in OWN_COMMANDS.items())
                print("Commands of the Python package:", *listed, "", sep="\n", flush=True)
            _become_java(words)
    except (HyperTokenError, ValueError) as refused:
        print(f"hypertoken: {refused}", file=sys.stderr)
        return 1
    return 0


def _become_java(words: list[str]) -> None:
    from hypertoken.engine.java import find_jar, find_java, java_flags

    java, jar = find_java(), find_jar()
    # Java's own "did you mean" then knows ours too.
    ours = f"-Dhypertoken.launcher.commands={' '.join(OWN_COMMANDS)}"
    os.execv(java, [str(java), *java_flags(java, jar), ours, "-jar", str(jar), *words])


def _latency(words: list[str]) -> str:
    from hypertoken.remote.latency import measure_latency

    parser = argparse.ArgumentParser(prog="hypertoken latency", description="Ping a server.")
    parser.add_argument("url", nargs="?", default="ws://localhost:9999")
    parser.add_argument("--samples", type=int, default=1000)
    parsed = parser.parse_args(words)
    return str(measure_latency(parsed.url, parsed.samples))


def _wire_digest(words: list[str]) -> str:
    from hypertoken.testing.paths import digest_via

    parser = argparse.ArgumentParser(
        prog="hypertoken wire-digest",
        description="Play scripted actions over the wire and print the trajectory digest: the "
        "same as `hypertoken digest` prints without a wire.",
    )
    parser.add_argument("env")
    parser.add_argument("--url", default="ws://localhost:9999")
    parser.add_argument("--via", choices=VIAS, default="aec")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=10_000, help="steps of each row")
    parser.add_argument("--envs", type=int, default=1, help="rows; with vector and batch only")
    parser.add_argument(
        "--autoreset", choices=("next_step", "same_step", "disabled"), default="next_step"
    )
    parser.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="may be repeated"
    )
    parsed = parser.parse_args(words)
    return digest_via(
        parsed.via,
        parsed.url,
        parsed.env,
        seed=parsed.seed,
        steps=parsed.steps,
        envs=parsed.envs,
        autoreset=parsed.autoreset,
        options=dict(_option(named) for named in parsed.option),
    )


def _option(named: str) -> tuple[str, Any]:
    name, _, value = named.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    sys.exit(main())
