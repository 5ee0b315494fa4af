"""One commit, whatever becomes of the Hub's answers: it is there once, or not at all."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from hypertoken.hub.library import status_of

if TYPE_CHECKING:
    from huggingface_hub import CommitInfo, HfApi

TRIES = 6
_LONGEST_WAIT = 120.0  # seconds, of what a Retry-After may ask for
_PULL_REQUESTS = 20  # how many of the newest a lost one is looked for among


def commit_once(
    api: HfApi,
    repo: str,
    operations: Sequence[Any],
    message: str,
    revision: str | None,
    create_pr: bool,
) -> tuple[str, str | None]:
    """Commit; returns the commit's URL and its pull request's.

    The library does not repeat the request that commits, since it cannot know whether one whose
    answer was lost came through. Here each carries an id and the commit that it builds on: before
    it is repeated we look whether a commit with our id is there, and the Hub refuses (412) what
    does not build on the newest one, so that of two only one can be taken.
    """
    additions = [each for each in operations if hasattr(each, "path_or_fileobj")]
    api.preupload_lfs_files(repo, additions, revision=revision, create_pr=create_pr)
    push_id = f"Push-Id: {uuid.uuid4().hex}"
    parent = api.repo_info(repo, revision=revision).sha
    for attempt in range(TRIES):
        try:
            made: CommitInfo = api.create_commit(
                repo,
                operations,
                commit_message=message,
                commit_description=push_id,
                revision=revision,
                create_pr=create_pr,
                parent_commit=parent,
            )
            return str(made.commit_url), made.pr_url
        except Exception as failure:
            wait = _wait(failure, attempt)
            if wait is None or attempt == TRIES - 1:
                raise
        time.sleep(wait)
        if create_pr:
            found = _pull_request(api, repo, push_id)
            if found is not None:
                return found
            continue
        # One listing tells both, so that nothing can come between.
        commits = api.list_repo_commits(repo, revision=revision)
        for each in commits:
            if push_id in each.message:
                return _commit_url(api, repo, each.commit_id), None
        parent = commits[0].commit_id if commits else parent
    raise AssertionError("the last try returns or raises")


def _wait(failure: Exception, attempt: int) -> float | None:
    """Seconds before another try; None if there is no sense in one."""
    status = status_of(failure)
    if status is None:
        return float(2**attempt) if _lost(failure) else None
    if status == 412:
        return 0.0
    if status != 429 and status < 500:
        return None
    asked_for = getattr(failure, "response").headers.get("Retry-After", "")  # noqa: B009
    seconds = float(asked_for) if asked_for.isdigit() else float(2**attempt)
    return min(seconds, _LONGEST_WAIT)


def _lost(failure: Exception) -> bool:
    """Whether no answer came: the library's own transport has these for its root."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    return isinstance(failure, HfHubHTTPError.__bases__) and not isinstance(
        failure, OfflineModeIsEnabled
    )


def _pull_request(api: HfApi, repo: str, push_id: str) -> tuple[str, str | None] | None:
    requests = api.get_repo_discussions(repo, discussion_type="pull_request")
    for request in islice(requests, _PULL_REQUESTS):
        for each in api.list_repo_commits(repo, revision=request.git_reference):
            if push_id in each.message:
                return _commit_url(api, repo, each.commit_id), request.url
    return None


def _commit_url(api: HfApi, repo: str, commit: str) -> str:
    return f"{api.endpoint}/{repo}/commit/{commit}"
