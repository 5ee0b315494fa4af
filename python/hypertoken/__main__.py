"""`python -m hypertoken`: the package's own small commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from hypertoken.errors import HyperTokenError

VIAS = ("aec", "classic", "parallel", "gym", "vector", "batch")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `demo`, `latency` or `digest`; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["demo"]:
        from hypertoken.demo import main as demo

        demo(words[1:])
        return 0
    parser = argparse.ArgumentParser(prog="hypertoken", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="play and learn blackjack; starts its own server")
    latency = commands.add_parser("latency", help="ping a server and print the times")
    latency.add_argument("url", nargs="?", default="ws://localhost:9999")
    latency.add_argument("--samples", type=int, default=1000)
    digest = commands.add_parser("digest", help="print the trajectory digest of scripted actions")
    digest.add_argument("env")
    digest.add_argument("--url", default="ws://localhost:9999")
    digest.add_argument("--via", choices=VIAS, default="aec")
    digest.add_argument("--seed", type=int, default=0)
    digest.add_argument("--steps", type=int, default=1000, help="real steps of each row")
    digest.add_argument("--envs", type=int, default=1, help="rows; with vector and batch only")
    digest.add_argument(
        "--autoreset", choices=("next_step", "same_step", "disabled"), default="next_step"
    )
    digest.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="may be repeated"
    )
    parsed = parser.parse_args(words)
    try:
        print(_latency(parsed) if parsed.command == "latency" else _digest(parsed))
    except (HyperTokenError, ValueError) as refused:
        print(f"hypertoken: {refused}", file=sys.stderr)
        return 1
    return 0


def _latency(parsed: argparse.Namespace) -> str:
    from hypertoken.latency import measure_latency

    return str(measure_latency(parsed.url, parsed.samples))


def _digest(parsed: argparse.Namespace) -> str:
    import json

    from hypertoken.far_ends import digest_via

    options = {}
    for named in parsed.option:
        name, _, value = named.partition("=")
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return digest_via(
        parsed.via,
        parsed.url,
        parsed.env,
        seed=parsed.seed,
        steps=parsed.steps,
        envs=parsed.envs,
        autoreset=parsed.autoreset,
        options=options,
    )


if __name__ == "__main__":
    sys.exit(main())
