"""The library that talks to the Hub, and what its failures mean."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from hypertoken.errors import HyperTokenError, error_for

if TYPE_CHECKING:
    from huggingface_hub import HfApi

OLDEST = (2, 4)
SILENCE = 60.0
"""Seconds without a byte from the Hub after which a request is given up."""

_NAME = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_T = TypeVar("_T")


def refused(code: str, what: str, why: str, to_do: str) -> HyperTokenError:
    """An error in the words of all of them; its parts are in `details` for Java's."""
    parts = {"what": what, "why": why, "to_do": to_do}
    return error_for(code, "; ".join(parts.values()), details=parts)


def hub_library() -> Any:
    """The module `huggingface_hub`."""
    install = f"{sys.executable} -m pip install 'huggingface_hub>=2.4' pillow"
    try:
        import huggingface_hub as library
    except ImportError:
        raise refused(
            "unavailable",
            "cannot reach the Hub",
            f"the Python {sys.executable} has no huggingface_hub",
            f"run {install}, or uv tool install huggingface_hub, or name another Python by "
            "HYPERTOKEN_PYTHON",
        ) from None
    found = tuple(map(int, re.findall(r"\d+", library.__version__)[:2]))
    if found < OLDEST:
        raise refused(
            "unavailable",
            "cannot reach the Hub",
            f"huggingface_hub {library.__version__} is older than 2.4",
            f"run {install}",
        )
    return library


def checked_repo(repo: str) -> str:
    """A repository's name, if it is one: `user/name`.

    Raises:
        BadFieldError: it is not; nothing was asked of the Hub.
    """
    whole = re.fullmatch(f"{_NAME}/{_NAME}", repo)
    if whole is None or "--" in repo or ".." in repo or repo.endswith(".git"):
        raise refused(
            "bad_field",
            f"refused repository {repo[:120]!r}",
            "it is not user/name, each of letters, digits, '-', '_' and '.'",
            "pass a name such as me/ppo-CartPole-v1",
        )
    return repo


def checked_revision(revision: str | None) -> str | None:
    """A branch, a tag, a commit or `refs/pr/N`; git's own rules for their names.

    Raises:
        BadFieldError: it cannot be one.
    """
    if revision is not None and (
        not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,200}", revision)
        or ".." in revision
        or "//" in revision
        or revision.endswith(("/", ".", ".lock"))
    ):
        raise refused(
            "bad_field",
            f"refused revision {revision[:120]!r}",
            "it is no name of a branch, a tag or a commit",
            "pass one such as main, or leave it out",
        )
    return revision


def writing_api(token: str | None) -> HfApi:
    """The Hub for whoever may write.

    Raises:
        UnavailableError: nobody has said who.
    """
    library = hub_library()
    token = token or library.get_token()
    if not token:
        raise refused(
            "unavailable",
            "cannot write to the Hub",
            "there is no token",
            "set HF_TOKEN to one that may write, or run hf auth login",
        )
    api: HfApi = library.HfApi(token=token, library_name="hypertoken")
    return api


@contextmanager
def patience() -> Iterator[None]:
    """Bounds how long the Hub may say nothing: by itself the library waits for ever."""
    from huggingface_hub import get_session

    session = get_session()
    before = session.timeout
    session.timeout = SILENCE
    try:
        yield
    finally:
        session.timeout = before


def asked(what: str, call: Callable[[], _T]) -> _T:
    """What a call of the library returns; what it throws, in our words.

    The library's exception is left behind, for it holds the request, and that the token.
    """
    try:
        return call()
    except HyperTokenError:
        raise
    except Exception as failure:
        meaning = _meaning(what, failure)
    raise meaning


def status_of(failure: BaseException) -> int | None:
    """The HTTP status of a refusal; None if there was no answer."""
    status = getattr(getattr(failure, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


_BY_STATUS = {
    401: ("the Hub does not know the token", "set HF_TOKEN to a valid one, or run hf auth login"),
    403: ("the token may not do that there", "use a token that may write to that repository"),
    404: (
        "there is no such repository, revision or file, or the token may not see it",
        "correct the name, or set HF_TOKEN to a token that may read it",
    ),
    412: ("others write there all the time", "push again"),
    413: ("the Hub takes no files so large", "push less"),
    429: ("the Hub wants fewer requests", "wait some minutes and run it again"),
}


def _meaning(what: str, failure: Exception) -> HyperTokenError:
    from huggingface_hub import errors

    if isinstance(failure, errors.LocalEntryNotFoundError):
        return refused(
            "unavailable",
            what,
            "the Hub was not reached, and it is not in the cache whole",
            "go online (without HF_HUB_OFFLINE) and run it again",
        )
    if isinstance(failure, errors.OfflineModeIsEnabled):
        return refused("unavailable", what, "HF_HUB_OFFLINE is set", "unset it")
    status = status_of(failure)
    if status is not None:
        why, to_do = _BY_STATUS.get(status, (f"the Hub answered {status}", "run it again later"))
        told = getattr(failure, "server_message", None)
        return refused("unavailable", what, why + (f" ({told[:200]})" if told else ""), to_do)
    if isinstance(failure, (ValueError, TypeError)):
        return refused("bad_field", what, _one_line(failure), "correct it")
    why = _one_line(failure) or type(failure).__name__
    return refused("unavailable", what, why, "see that the Hub can be reached; run it again")


def _one_line(failure: Exception) -> str:
    return " ".join(str(failure).split())[:300]
