"""The model card, and `results.json` beside it, as RL Zoo, CleanRL and Sample Factory write them.

Leaderboards read the metric `mean_reward` of the first result, a text such as "500.00 +/- 0.00";
the tools above name task, dataset and tags alike, so that their lists find ours.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from hypertoken.hub.contents import Contents
from hypertoken.hub.library import hub_library

_TASK = "reinforcement-learning"


def card(contents: Contents, repo: str, curve: str | None) -> bytes:
    """README.md: its head is for machines, the rest for people.

    Args:
        contents: what is pushed.
        repo: where to, for the lines that say how to use it.
        curve: the picture's name in the repository; None if there is none.
    """
    library = hub_library()
    environment = _environment(contents)
    algorithm = _algorithm(contents)
    scores = _scores(contents)
    name = f"{algorithm.upper()} in {environment}"
    data = library.ModelCardData(
        library_name="hypertoken",
        tags=[environment, "deep-reinforcement-learning", _TASK, algorithm],
        model_name=name if scores else None,
        eval_results=[
            library.EvalResult(
                task_type=_TASK,
                task_name=_TASK,
                dataset_type=environment,
                dataset_name=environment,
                metric_type="mean_reward",
                metric_name="mean_reward" if len(scores) == 1 else f"mean_reward, {who}",
                metric_value=_reward(score),
                verified=False,
            )
            for who, score in scores.items()
        ]
        or None,
    )
    parts = [
        f"---\n{data.to_yaml()}\n---",
        f"# {name}",
        f"A policy for `{environment}`, trained by {algorithm.upper()} of HyperToken.",
        _usage(contents, repo),
        _result_table(scores),
        f"## Training\n\n![Mean return by steps]({curve})" if curve else "",
        _table("## The environment", _facts(contents)),
        _table("## Hyper-parameters", contents.run.get("hyperparameters", {})),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def results(contents: Contents, date: datetime) -> bytes:
    """`results.json` with the names that RL Zoo gave them; each seat's under `by_seat`."""
    scores = _scores(contents)
    told: dict[str, Any] = {}
    for score in list(scores.values())[:1]:
        told = {
            "mean_reward": score["mean_reward"],
            "std_reward": score["std_reward"],
            "n_eval_episodes": score.get("episodes"),
            "is_deterministic": True,
        }
    if len(scores) > 1:
        told["by_seat"] = scores
    told["env_id"] = _environment(contents)
    told["eval_datetime"] = date.isoformat(timespec="seconds")
    return (json.dumps(told, indent=2) + "\n").encode()


def _environment(contents: Contents) -> str:
    found = contents.policy.get("environment", {})
    return str(found.get("id", "unknown")) if isinstance(found, dict) else "unknown"


def _algorithm(contents: Contents) -> str:
    trained = contents.policy.get("trained")
    named = trained.get("algorithm") if isinstance(trained, dict) else None
    return str(named or contents.run.get("algorithm") or "ppo")


def _scores(contents: Contents) -> dict[str, dict[str, Any]]:
    """The scores of `policy.json` that are whole, by whom they are of."""
    found = contents.policy.get("scores")
    return {
        str(who): score
        for who, score in (found.items() if isinstance(found, dict) else ())
        if isinstance(score, dict)
        and isinstance(score.get("mean_reward"), int | float)
        and isinstance(score.get("std_reward"), int | float)
    }


def _reward(score: dict[str, Any]) -> str:
    return f"{score['mean_reward']:.2f} +/- {score['std_reward']:.2f}"


def _usage(contents: Contents, repo: str) -> str:
    environment = _environment(contents)
    policy = f"hub:{repo}"
    if contents.seats:
        policy += f"/{contents.seats[0]}"
    return "\n".join(
        (
            "## Use it",
            "",
            "```bash",
            'pip install "hypertoken[hub]"',
            f"hypertoken play {environment} --policy {policy}",
            f"hypertoken eval {environment} --policy {policy} --episodes 500",
            "```",
        )
    )


def _result_table(scores: dict[str, dict[str, Any]]) -> str:
    if not scores:
        return "## Results\n\nIt was not evaluated."
    shares = any("won" in score for score in scores.values())
    lines = [
        "## Results",
        "",
        "| | mean return | episodes |" + (" won | lost |" if shares else ""),
        "|---|---|---|" + ("---|---|" if shares else ""),
    ]
    for who, score in scores.items():
        line = f"| {_cell(who)} | {_reward(score)} | {_cell(score.get('episodes', ''))} |"
        if shares:
            line += f" {score.get('won', 0):.1%} | {score.get('lost', 0):.1%} |"
        lines.append(line)
    return "\n".join(lines)


def _facts(contents: Contents) -> dict[str, Any]:
    environment = contents.policy.get("environment")
    digest = contents.policy.get("digest")
    trained = contents.policy.get("trained")
    facts: dict[str, Any] = {}
    if isinstance(environment, dict):
        facts["id"] = environment.get("id")
        facts["version of its rules"] = environment.get("version")
        for name, value in (environment.get("options") or {}).items():
            facts[f"option {name}"] = value
    if isinstance(digest, dict):
        facts["trajectory digest"] = (
            f"{digest.get('sha256')} (seed {digest.get('seed')}, {digest.get('steps')} steps)"
        )
    if isinstance(trained, dict):
        facts["trained for"] = f"{trained.get('steps')} steps, seed {trained.get('seed')}"
    versions = contents.run.get("versions")
    if isinstance(versions, dict):
        facts["HyperToken"] = versions.get("hypertoken")
    return facts


def _table(heading: str, rows: dict[str, Any]) -> str:
    if not rows:
        return ""
    lines = [f"| {_cell(name)} | `{_cell(value)}` |" for name, value in rows.items()]
    return "\n".join((heading, "", "| | |", "|---|---|", *lines))


def _cell(value: Any) -> str:
    """Text that stays inside its cell."""
    text = " ".join(str(value).split())
    return text.replace("|", "\\|").replace("`", "'").replace("<", "&lt;")
