"""Getting a policy from the Hub."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypertoken.hub.contents import POLICY, READ
from hypertoken.hub.library import (
    asked,
    checked_repo,
    checked_revision,
    hub_library,
    patience,
    refused,
)


def pull(
    repo: str,
    *,
    revision: str | None = None,
    out: str | os.PathLike[str] | None = None,
    token: str | None = None,
) -> Path:
    """Get a policy; returns its folder.

    What was got once is kept in huggingface_hub's cache and not got again; without a network, or
    with HF_HUB_OFFLINE=1, it comes from there. Only files that hold numbers, text or pictures are
    got: whatever else lies in the repository stays there.

    Args:
        repo: `user/name`.
        revision: a branch, a tag or a commit; None for main.
        out: a new folder to put it into; None to use it in the cache, where nobody may change it.
        token: who reads; None for HF_TOKEN, the login, or nobody.

    Raises:
        BadFieldError: a name cannot be one, the repository holds no policy, or `out` is in use.
        UnavailableError: the Hub cannot be reached or refuses, and it is not in the cache.
    """
    checked_repo(repo)
    checked_revision(revision)
    target = None if out is None else Path(out)
    if target is not None and target.exists() and any(target.iterdir()):
        raise refused(
            "bad_field", f"refused {target}", "there is something in it", "name a new folder"
        )
    library = hub_library()

    def downloaded() -> Path:
        with patience():
            return Path(
                library.snapshot_download(
                    repo,
                    revision=revision,
                    token=token,
                    allow_patterns=list(READ),
                    library_name="hypertoken",
                )
            )

    folder = asked(f"could not pull {repo}", downloaded)
    if not (folder / POLICY).is_file() and not any(folder.glob(f"*/{POLICY}")):
        raise refused(
            "bad_field",
            f"refused {repo}",
            f"it holds no {POLICY}, so that nobody can say what it plays",
            "pull one that hypertoken hub push has written",
        )
    return folder if target is None else _copied(folder, target)


def _copied(folder: Path, target: Path) -> Path:
    """A copy that is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        whole = aside / "policy"
        shutil.copytree(folder, whole)  # the cache's links become files
        if target.exists():
            target.rmdir()
        whole.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target
