"""Putting a policy on the Hub, with its card."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypertoken.hub.card import card, results
from hypertoken.hub.committing import commit_once
from hypertoken.hub.contents import (
    CARD,
    CURVE,
    POLICY,
    RESULTS,
    Contents,
    contents_of,
    is_read,
)
from hypertoken.hub.curve import picture
from hypertoken.hub.library import (
    asked,
    checked_repo,
    checked_revision,
    hub_library,
    patience,
    writing_api,
)

if TYPE_CHECKING:
    from huggingface_hub import HfApi


def push(
    folder: str | os.PathLike[str],
    repo: str,
    *,
    private: bool | None = None,
    revision: str | None = None,
    create_pr: bool = False,
    message: str | None = None,
    token: str | None = None,
) -> str:
    """Push a policy's folder, or a run's, and its model card; returns the commit's URL.

    All of it becomes one commit, once, even if the Hub's answer is lost; what an earlier push
    left in the repository and the folder has no longer is removed by it. If it fails, there is no
    commit; a repository that was made for it stays, empty.

    Args:
        folder: what `hypertoken train` has written. Only safetensors, ONNX, JSON, Markdown,
            pictures and TensorBoard's curves go; a README.md in it is used in place of ours.
        repo: `user/name`; made if it is not there.
        private: whether a repository that is made is private; None for the account's default.
        revision: the branch that is committed to, made if it is not there; None for main.
        create_pr: open a pull request instead of committing to the branch.
        message: the commit's first line.
        token: who writes; None for HF_TOKEN, or the login.

    Raises:
        BadFieldError: the folder holds no policy, or a name cannot be one.
        UnavailableError: the Hub cannot be reached, or refuses; the message says why.
    """
    url, _ = push_with_request(
        folder,
        repo,
        private=private,
        revision=revision,
        create_pr=create_pr,
        message=message,
        token=token,
    )
    return url


def push_with_request(
    folder: str | os.PathLike[str],
    repo: str,
    *,
    private: bool | None = None,
    revision: str | None = None,
    create_pr: bool = False,
    message: str | None = None,
    token: str | None = None,
) -> tuple[str, str | None]:
    """As `push`; returns the pull request's URL too, if one was opened."""
    checked_repo(repo)
    checked_revision(revision)
    contents = contents_of(Path(folder))
    hub_library()  # before the card, which is made by it
    made = _made(contents, repo)
    api = writing_api(token)
    return asked(
        f"could not push {folder} to {repo}",
        lambda: _pushed(
            api,
            repo,
            {**contents.files, **made},
            message or f"Push a policy for {contents.policy['environment']['id']}",
            private,
            revision,
            create_pr,
        ),
    )


def _made(contents: Contents, repo: str) -> dict[str, bytes]:
    when = contents.files[next(name for name in contents.files if name.endswith(POLICY))]
    date = datetime.fromtimestamp(when.stat().st_mtime, UTC)
    made = {RESULTS: results(contents, date)}
    drawn = picture(contents.curve)
    if drawn is not None:
        made[CURVE] = drawn
    if CARD not in contents.files:
        made[CARD] = card(contents, repo, CURVE if drawn is not None else None)
    return made


def _pushed(
    api: HfApi,
    repo: str,
    files: dict[str, Any],
    message: str,
    private: bool | None,
    revision: str | None,
    create_pr: bool,
) -> tuple[str, str | None]:
    library = hub_library()
    with patience():
        api.create_repo(repo, private=private, exist_ok=True)
        if revision is not None and not create_pr and not revision.startswith("refs/"):
            api.create_branch(repo, branch=revision, exist_ok=True)
        there = api.list_repo_files(repo, revision=revision)
        operations = [
            library.CommitOperationAdd(
                name, content if isinstance(content, bytes) else str(content)
            )
            for name, content in sorted(files.items())
        ]
        operations += [
            library.CommitOperationDelete(name)
            for name in there
            if name not in files and _ours(name)
        ]
        return commit_once(api, repo, operations, message, revision, create_pr)


def _ours(name: str) -> bool:
    """Whether an earlier push may have left a file: a stale network must not stay beside a new."""
    return name.count("/") <= 1 and is_read(name.rsplit("/", 1)[-1])
