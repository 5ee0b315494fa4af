"""Errors: one class per code, catchable as the built-in a caller would try."""

from __future__ import annotations

import pickle

import pytest
import websocket

from hypertoken import errors
from hypertoken.errors import HyperTokenError, error_for


@pytest.mark.parametrize(
    ("code", "builtin"),
    [
        ("bad_json", ValueError),
        ("unknown_command", ValueError),
        ("missing_field", ValueError),
        ("bad_field", ValueError),
        ("unknown_agent", KeyError),
        ("not_your_turn", RuntimeError),
        ("bad_action", ValueError),
        ("illegal_action", ValueError),
        ("bad_step", RuntimeError),
        ("not_reset", RuntimeError),
        ("episode_over", RuntimeError),
        ("unknown_environment", KeyError),
        ("bad_option", ValueError),
        ("unknown_session", KeyError),
        ("session_lost", ConnectionError),
        ("too_large", ValueError),
        ("rate_limited", RuntimeError),
        ("environment_failed", RuntimeError),
        ("unavailable", RuntimeError),
        ("internal", RuntimeError),
    ],
)
def test_each_code_is_a_class_of_its_own_and_a_builtin(code: str, builtin: type[Exception]) -> None:
    error = error_for(code, "what; why; what to do", {"expected": 3})

    assert type(error) is not HyperTokenError
    assert isinstance(error, HyperTokenError)
    assert isinstance(error, RuntimeError)
    assert isinstance(error, builtin)
    assert (error.code, str(error), error.details) == (
        code,
        "what; why; what to do",
        {"expected": 3},
    )


def test_a_code_of_a_newer_server_is_still_an_error_with_its_code() -> None:
    error = error_for("too_sunny", "what")

    assert (type(error), error.code) == (HyperTokenError, "too_sunny")


def test_errors_survive_pickling_between_processes() -> None:
    error = pickle.loads(pickle.dumps(error_for("bad_step", "what", {"expected": 3})))

    assert (type(error), error.code, error.details) == (
        errors.BadStepError,
        "bad_step",
        {"expected": 3},
    )


def test_a_timeout_is_websocket_clients_own_too() -> None:
    assert issubclass(errors.RequestTimeoutError, websocket.WebSocketTimeoutException)
    assert issubclass(errors.RequestTimeoutError, TimeoutError)
    assert errors.RequestTimeoutError("late").code == "timeout"
