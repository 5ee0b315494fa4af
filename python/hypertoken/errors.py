"""Errors: one class per protocol code, each also the built-in a caller would catch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from websocket import WebSocketTimeoutException


class HyperTokenError(RuntimeError):
    """A refused or failed call: `message` says what, why and what to do; `code` names the kind.

    Attributes:
        code: the protocol's code, such as "bad_action"; tests and programs match on it.
        message: the server's sentence, unchanged.
        details: further fields of the server's reply, such as the `expected` number of bad_step.
    """

    code: str = "internal"

    def __init__(
        self, message: str, code: str | None = None, details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details or {}
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        # KeyError would show the message's repr.
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.code, self.details)


# --- Codes of the bridge protocol ---


class BadJsonError(HyperTokenError, ValueError):
    """bad_json: a text frame holds no JSON object."""


class UnknownCommandError(HyperTokenError, ValueError):
    """unknown_command: the server has no such `cmd`."""


class MissingFieldError(HyperTokenError, ValueError):
    """missing_field: a command lacks a field it needs."""


class BadFieldError(HyperTokenError, ValueError):
    """bad_field: a known field has the wrong type or shape."""


class UnknownAgentError(HyperTokenError, KeyError):
    """unknown_agent: the environment has no agent of that name."""


class NotYourTurnError(HyperTokenError):
    """not_your_turn: another agent acts now."""


class BadActionError(HyperTokenError, ValueError):
    """bad_action: the action lies outside the action space; nothing has moved."""


class IllegalActionError(HyperTokenError, ValueError):
    """illegal_action: the mask forbids the action and the session is strict; nothing has moved."""


class BadStepError(HyperTokenError):
    """bad_step: the request's number is neither the next nor the last one."""


class NotResetError(HyperTokenError):
    """not_reset: the environment was not reset yet."""


class EpisodeOverError(HyperTokenError):
    """episode_over: all agents are gone; reset first."""


class UnknownEnvironmentError(HyperTokenError, KeyError):
    """unknown_environment: the server hosts no environment of that name."""


class BadOptionError(HyperTokenError, ValueError):
    """bad_option: an option is not declared, or its value is out of range."""


class UnknownOptionError(BadOptionError, TypeError):
    """bad_option: a keyword that the environment does not declare, said in Python's own words."""

    code = "bad_option"


class UnknownSessionError(HyperTokenError, KeyError):
    """unknown_session: no session has that id, or its lease ran out."""


class SessionLostError(HyperTokenError, ConnectionError):
    """session_lost: the server no longer holds this session's state."""


class TooLargeError(HyperTokenError, ValueError):
    """too_large: a count or a message exceeds the server's limit."""


class RateLimitedError(HyperTokenError):
    """rate_limited: more requests a second than the server allows."""


class EnvironmentFailedError(HyperTokenError):
    """environment_failed: the environment's own code threw."""


class UnavailableError(HyperTokenError):
    """unavailable: a disk, a server or a process that is needed does not work now."""


class InternalError(HyperTokenError):
    """internal: a defect of the server."""


# --- Raised on this side of the wire ---


class NotConnectedError(HyperTokenError, ConnectionError):
    """not_connected: a command was given before `connect()`."""

    code = "not_connected"

    def __init__(
        self,
        message: str = "Not connected. Call connect() first.",
        code: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code, details)


class ConnectionFailedError(HyperTokenError, ConnectionError):
    """connection_failed: the server cannot be reached, or is gone for longer than the lease."""

    code = "connection_failed"


class UnauthorizedError(HyperTokenError, PermissionError):
    """unauthorized: the server wants a token, and this is not it."""

    code = "unauthorized"


class ServerFailedError(HyperTokenError):
    """server_failed: a server process could not be started or has died."""

    code = "server_failed"


class JavaNotFoundError(HyperTokenError, FileNotFoundError):
    """java_not_found: no Java of version 25 or newer; the message lists where we looked."""

    code = "java_not_found"


class ForkedError(HyperTokenError):
    """forked: Java, or a connection, is of the process that this one was forked from."""

    code = "forked"


SPAWN_WORKERS = (
    'start workers by spawn: multiprocessing.get_context("spawn"), AsyncVectorEnv(..., '
    'context="spawn"), SubprocVecEnv(..., start_method="spawn")'
)
"""What a ForkedError tells to do."""


if TYPE_CHECKING:

    class RequestTimeoutError(HyperTokenError, WebSocketTimeoutException, TimeoutError):
        """timeout: no reply in time; the next call still gets its own reply."""

        code: str = "timeout"


def __getattr__(name: str) -> Any:
    # Made when first asked for: who stays in this process needs no WebSocket library.
    if name != "RequestTimeoutError":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from websocket import WebSocketTimeoutException

    class RequestTimeoutError(HyperTokenError, WebSocketTimeoutException, TimeoutError):
        """timeout: no reply in time; the next call still gets its own reply."""

        code: str = "timeout"

    RequestTimeoutError.__qualname__ = "RequestTimeoutError"
    globals()[name] = RequestTimeoutError
    return RequestTimeoutError


_BY_CODE: dict[str, type[HyperTokenError]] = {
    "bad_json": BadJsonError,
    "unknown_command": UnknownCommandError,
    "missing_field": MissingFieldError,
    "bad_field": BadFieldError,
    "unknown_agent": UnknownAgentError,
    "not_your_turn": NotYourTurnError,
    "bad_action": BadActionError,
    "illegal_action": IllegalActionError,
    "bad_step": BadStepError,
    "not_reset": NotResetError,
    "episode_over": EpisodeOverError,
    "unknown_environment": UnknownEnvironmentError,
    "bad_option": BadOptionError,
    "unknown_session": UnknownSessionError,
    "session_lost": SessionLostError,
    "too_large": TooLargeError,
    "rate_limited": RateLimitedError,
    "environment_failed": EnvironmentFailedError,
    "unavailable": UnavailableError,
    "internal": InternalError,
}


def error_for(code: str, message: str, details: dict[str, Any] | None = None) -> HyperTokenError:
    """The error of a protocol code; a code from a newer server is a plain HyperTokenError."""
    return _BY_CODE.get(code, HyperTokenError)(message, code, details)
