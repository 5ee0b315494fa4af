"""`python -m hypertoken.hub`: what Java runs, and people may.

Standard output is one line of JSON: {"url": …, "pull_request": …}, {"path": …}, or {"error": …}
with a code and the sentence's parts. Everything else is told on standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from typing import Any

from hypertoken.errors import HyperTokenError
from hypertoken.hub import HubConfig, pull, pull_from_hub, push_to_hub
from hypertoken.hub.pushing import push_with_request

CALLER = "HYPERTOKEN_HUB_CALLER"
"""Set by a caller whose end, seen at standard input, is to be ours."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    if os.environ.pop(CALLER, ""):
        threading.Thread(target=_end_with_caller, daemon=True).start()
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    parsed = _parser().parse_args(arguments)
    try:
        told, code = _done(parsed), 0
    except HyperTokenError as error:
        told, code = {"error": {"code": error.code, "message": str(error), **error.details}}, 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(told), flush=True)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hypertoken.hub", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("push", help="a policy's folder, or a run's")
    one.add_argument("folder")
    one.add_argument("repo")
    one.add_argument("--private", action="store_true", default=None)
    one.add_argument("--revision")
    one.add_argument("--create-pr", action="store_true")
    one.add_argument("--message")
    one = commands.add_parser("pull", help="a policy")
    one.add_argument("repo")
    one.add_argument("--revision")
    one.add_argument("--out")
    one = commands.add_parser("push-file", help="one file")
    one.add_argument("file")
    one.add_argument("repo")
    one.add_argument("name")
    one.add_argument("--message", required=True)
    one = commands.add_parser("pull-file", help="one file")
    one.add_argument("repo")
    one.add_argument("name")
    one.add_argument("--out")
    return parser


def _done(parsed: argparse.Namespace) -> dict[str, Any]:
    if parsed.command == "push":
        print(f"pushing {parsed.folder} to {parsed.repo} ...", file=sys.stderr, flush=True)
        url, request = push_with_request(
            parsed.folder,
            parsed.repo,
            private=parsed.private,
            revision=parsed.revision,
            create_pr=parsed.create_pr,
            message=parsed.message,
        )
        if request is not None:
            print(f"opened {request}", file=sys.stderr, flush=True)
        return {"url": url, "pull_request": request}
    if parsed.command == "pull":
        return {"path": str(pull(parsed.repo, revision=parsed.revision, out=parsed.out))}
    if parsed.command == "push-file":
        config = HubConfig(parsed.repo)
        return {"url": push_to_hub(parsed.file, config, parsed.message, path_in_repo=parsed.name)}
    return {"path": str(pull_from_hub(parsed.repo, parsed.name, parsed.out))}


def _end_with_caller() -> None:
    while os.read(0, 1024):  # not by sys.stdin, whose lock would be held when Python ends
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
