"""Single files on the Hub, under the names that PufferLib-rs gave these calls."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from hypertoken.errors import BadFieldError
from hypertoken.hub.committing import commit_once
from hypertoken.hub.contents import refuse_pickle
from hypertoken.hub.library import (
    asked,
    checked_repo,
    hub_library,
    patience,
    refused,
    writing_api,
)

_RUN_WHEN_READ = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".npy", ".npz", ".zip", ".py")


@dataclass(frozen=True)
class HubConfig:
    """Where a file goes, and who may put it there.

    Attributes:
        repo_id: `user/name`.
        token: who writes; None for HF_TOKEN, or the login. It is never shown.
    """

    repo_id: str
    token: str | None = field(default=None, repr=False)


def push_to_hub(
    model_path: str | os.PathLike[str],
    config: HubConfig,
    commit_message: str,
    *,
    path_in_repo: str = "model.bin",
) -> str:
    """Put one file into a repository, made if it is not there; returns the repository's URL.

    Raises:
        BadFieldError: there is no such file, it is a pickle, or a name cannot be one.
        UnavailableError: the Hub cannot be reached, or refuses.
    """
    checked_repo(config.repo_id)
    _check_name(path_in_repo)
    model = Path(model_path)
    if not model.is_file():
        raise refused("bad_field", f"refused {model}", "there is no such file", "correct the path")
    refuse_pickle(model)
    api = writing_api(config.token)
    addition = hub_library().CommitOperationAdd(path_in_repo, str(model))

    def pushed() -> str:
        with patience():
            api.create_repo(config.repo_id, exist_ok=True)
            commit_once(api, config.repo_id, [addition], commit_message, None, False)
        return f"{api.endpoint}/{config.repo_id}"

    return asked(f"could not push {model} to {config.repo_id}", pushed)


def pull_from_hub(
    repo_id: str,
    filename: str,
    local_dir: str | os.PathLike[str] | None = None,
    *,
    token: str | None = None,
) -> Path:
    """Get one file; returns its path, in `local_dir` or, without one, in the cache.

    Raises:
        BadFieldError: a name cannot be one, or the file is a pickle: it is removed then.
        UnavailableError: the Hub cannot be reached, or refuses, and it is not in the cache.
    """
    checked_repo(repo_id)
    _check_name(filename)
    library = hub_library()

    def pulled() -> Path:
        with patience():
            return Path(
                library.hf_hub_download(repo_id, filename, local_dir=local_dir, token=token)
            )

    path = asked(f"could not pull {filename} of {repo_id}", pulled)
    try:
        refuse_pickle(path)
    except BadFieldError:
        path.resolve().unlink()
        path.unlink(missing_ok=True)
        raise
    return path


def _check_name(name: str) -> None:
    parts = name.split("/")
    if not name or "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        raise refused(
            "bad_field",
            f"refused file name {name[:120]!r}",
            "it leads out of the repository, or nowhere",
            "pass one such as model.bin or weights/policy.safetensors",
        )
    if name.lower().endswith(_RUN_WHEN_READ):
        raise refused(
            "bad_field",
            f"refused file name {name[:120]!r}",
            "files of that kind may run what somebody wrote into them when they are read",
            "keep numbers as safetensors or ONNX",
        )
