"""What delivery needs of a WebSocket, and what a server's refusal to open one says."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from hypertoken.errors import (
    ConnectionFailedError,
    InternalError,
    TooLargeError,
    UnauthorizedError,
)
from hypertoken.remote.addresses import without_token

T = TypeVar("T")
TOO_BIG = 1009
START_A_SERVER = "start a server with `./hypertoken serve --env blackjack --port 9999`"
"""What to do where no bridge answers."""


def finish(steps: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends; returns its value."""
    try:
        steps.send(None)
    except StopIteration as ended:
        value: T = ended.value
        return value
    raise InternalError("a blocking connection has waited for an event loop")


class Line(Protocol):
    """A WebSocket to one server, or none at present.

    What breaks raises an OSError, what is refused for good a HyperTokenError.
    """

    interruptible: bool
    """Whether it is in order after a `send` or `receive` that was interrupted or cancelled."""

    @property
    def up(self) -> bool:
        """Whether it holds a connection, broken or not."""
        ...

    async def dial(self, timeout: float) -> None:
        """Connect, when it holds no connection.

        Args:
            timeout: seconds it may take.

        Raises:
            ConnectionFailedError: nobody listens there, or no WebSocket.
            UnauthorizedError: the token is wrong or missing.
        """
        ...

    async def send(self, message: str | bytes, patience: float) -> None:
        """Send a message; OSError when it is not out after `patience` seconds."""
        ...

    async def receive(self, deadline: float) -> str | bytes:
        """Wait for the next message.

        Raises:
            TimeoutError: none came before `deadline`, a time of `time.monotonic`.
            OSError: the connection broke.
            TooLargeError: the server closed it for a message above its limit.
        """
        ...

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        ...

    async def close(self) -> None:
        """Say goodbye and drop the connection; also when it is broken."""
        ...

    def abort(self) -> None:
        """Drop the connection at once, without a word."""
        ...

    def give_back(self) -> None:
        """In a forked child: let go of the parent's connection, without a word."""
        ...


def unauthorized(url: str) -> UnauthorizedError:
    """The server wants a token, and this is not it."""
    return UnauthorizedError(
        f"{without_token(url)} refused the connection; the token is wrong or missing; pass "
        "token=... or add ?token=... to the URL"
    )


def not_upgraded(url: str, status: int, body: bytes | bytearray | None) -> ConnectionFailedError:
    """An HTTP answer that is no WebSocket; its body has the server's reason."""
    reason = str(body or b"", "utf-8", "replace").strip() or "it gave no reason"
    return ConnectionFailedError(
        f"{without_token(url)} refused the connection with HTTP {status}; {reason}; mend the URL, "
        "or try again later"
    )


def unreachable(url: str, why: object, proxy: str | None, advice: str) -> ConnectionFailedError:
    """Nobody answered as a WebSocket server does."""
    by = "" if proxy is None else f" by the proxy {urlsplit(proxy).hostname}"
    return ConnectionFailedError(
        f"{without_token(url)} cannot be reached{by}; {why}; {advice}, or mend the URL"
        + ("" if proxy is None else ", or name its host in no_proxy")
    )


def closed_error(code: int, reason: str) -> Exception:
    """What a close by the server means: too large a message is final, all else may be resumed."""
    if code == TOO_BIG:
        return TooLargeError(
            f"the server closed the connection; the message exceeds its limit ({reason or code}); "
            "send less at once, or raise the server's --max-message",
            "too_large",
        )
    return ConnectionResetError(f"closed by the server with code {code} {reason}".rstrip())
