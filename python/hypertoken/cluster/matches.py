"""What Java runs for `hypertoken eval` and `tournament` with `--ray`: it asks, actors play.

Each line of standard input is an object of JSON: first what to open, {"env", "options", "jars",
"actors", "rows"}, then what to play, {"seats", "episodes", "seed"}; a seat is "random" or a
policy's path. Each line of standard output too: {"ready": actors}; {"ended": n} when n more
episodes are over, then {"returns": [agents][episodes], "lengths": [episodes]}; or once, at the end,
{"error": …}.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from pathlib import Path
from typing import Any, TextIO

import ray

import hypertoken.ray  # noqa: F401 - Java's signals, should this process start one
from hypertoken.cluster.evaluation import Evaluator
from hypertoken.cluster.starting import DEFAULT_MEMORY
from hypertoken.engine.session import Opening
from hypertoken.errors import HyperTokenError, UnavailableError
from hypertoken.policy import Policy

_TIMEOUT_SECONDS = 600.0
_LONGEST_END_SECONDS = 10.0


def main() -> int:
    """Answer until standard input ends, which is when Java does; returns the exit code."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # what actors print comes to our output, which is for answers alone
        asked: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(asked,), daemon=True).start()
        try:
            _play(asked, answers)
        except HyperTokenError as error:
            what, why, to_do = [*str(error).split("; ", 2), "", ""][:3]
            sentence = {"what": what, "why": why, "to_do": to_do}
            _tell(answers, {"error": {"code": error.code, **sentence}})
            return 1
        except KeyboardInterrupt:
            return 130
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is on its way out
    return 0


def _play(asked: queue.SimpleQueue[dict[str, Any]], answers: TextIO) -> None:
    first = asked.get()
    actors = first["actors"]
    _connect(actors)
    opening = Opening(
        first["env"],
        first["options"],
        num_envs=first["rows"],
        autoreset="next_step",
        jars=first["jars"],
    )
    with Evaluator(opening, actors, 1, DEFAULT_MEMORY, _TIMEOUT_SECONDS) as evaluator:
        _tell(answers, {"ready": actors})
        agents = evaluator.played.possible_agents
        known: dict[str, dict[str, Any]] = {}
        while True:
            match = asked.get()
            for name in match["seats"]:
                if name not in known:
                    known[name] = _policies(name, evaluator.played)
            seats = dict(zip(agents, match["seats"], strict=True))
            played = evaluator.play(
                {agent: known[name][agent] for agent, name in seats.items()},
                match["episodes"],
                match["seed"],
                lambda count: _tell(answers, {"ended": count}),
            )
            returns, lengths = played.returns.T.tolist(), played.lengths.tolist()
            _tell(answers, {"returns": returns, "lengths": lengths})


def _connect(actors: int) -> None:
    """Find the cluster that RAY_ADDRESS names, or one here, or start one."""
    try:
        ray.init(log_to_driver=False)
    except (ConnectionError, ValueError) as error:
        why = " ".join(str(error).split())
        raise UnavailableError(
            f"could not join a Ray cluster; {why}; see that RAY_ADDRESS is right, or unset it",
            "unavailable",
        ) from error
    there = int(ray.cluster_resources().get("CPU", 0))
    if actors > there and not os.environ.get("RAY_ADDRESS"):  # a named one may grow
        raise UnavailableError(
            f"--ray {actors} was refused; each takes a core, and there are {there} here; pass "
            f"--ray {max(there, 1)}, or name a cluster by RAY_ADDRESS",
            "unavailable",
        )


def _policies(name: str, env: Any) -> dict[str, Any]:
    """Who plays under this name, by agent: one for all, or where there are such, one each."""
    agents = env.possible_agents
    if name == "random":
        return dict.fromkeys(agents, name)
    folder = Path(name)
    if (folder / agents[0] / "policy.json").exists():
        return {agent: Policy.load(folder / agent, env=env) for agent in agents}
    return dict.fromkeys(agents, Policy.load(folder, env=env))


def _tell(answers: TextIO, told: dict[str, Any]) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


def _listen(asked: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Take what is asked; where it ends, end too, whatever is under way."""
    with os.fdopen(os.dup(0), "rb") as lines:
        for line in lines:
            asked.put(json.loads(line))
    last = threading.Timer(_LONGEST_END_SECONDS, os._exit, (1,))
    last.daemon = True
    last.start()
    os.kill(os.getpid(), signal.SIGINT)
