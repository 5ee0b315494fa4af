"""The protocol's commands as plain data: what to send, and what of the reply to hand back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from hypertoken.errors import BadFieldError
from hypertoken.spaces import encode_action, fill_infinite, restore_numbers

Fields = dict[str, Any]


def command(name: str, **fields: Any) -> Fields:
    """A request of this command; fields that are None are left out."""
    return {"cmd": name, **{key: value for key, value in fields.items() if value is not None}}


def step(action: Any, reply: str | None = None) -> Fields:
    """The step request; a dead agent's None is sent as null."""
    return {**command("step", reply=reply), "action": encode_action(action)}


def step_all(actions: dict[str, Any]) -> Fields:
    """The request that steps all agents at once."""
    return command("step_all", actions={a: encode_action(x) for a, x in actions.items()})


def finite_bounds(description: dict[str, Any]) -> dict[str, Any]:
    """Replace the nulls in a described space's bounds by -inf and +inf, in place and below."""
    if "low" in description:
        description["low"] = fill_infinite(description["low"], float("-inf"))
        description["high"] = fill_infinite(description["high"], float("inf"))
    parts = description.get("spaces", [])
    for part in parts.values() if isinstance(parts, dict) else parts:
        finite_bounds(part)
    return description


def restore_observation(reply: dict[str, Any]) -> dict[str, Any]:
    """Turn a reply's "NaN" and "Infinity" observations back into floats, in place."""
    reply["observation"] = restore_numbers(reply.get("observation"))
    return reply


def of_the_server(info: Fields, options: Fields | None) -> tuple[str, Fields]:
    """What the server gives who names no environment, by its env_info: its id and its options,
    but for those given here.
    """
    return str(info["env_type"]), {**info["env_options"], **(options or {})}


def check_address(url: Any, timeout: Any) -> None:
    """Refuse what no server can be reached by.

    Raises:
        BadFieldError: the URL is none of a WebSocket, or the timeout no time.
    """
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        fits = parts is not None and parts.scheme in ("ws", "wss") and bool(parts.hostname)
        fits = fits and (parts is None or parts.port is None or parts.port > 0)
    except ValueError:
        fits = False  # its port is no number
    if not fits:
        shown = without_token(url) if isinstance(url, str) else url
        raise BadFieldError(
            f"the server's address {shown!r} was refused; it is no WebSocket address; pass one "
            "such as ws://localhost:9999",
            "bad_field",
        )
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise BadFieldError(
            f"timeout={timeout!r} was refused; it must be a number of seconds above 0; pass one "
            "such as 30.0",
            "bad_field",
        )


def session_in(url: str) -> str | None:
    """The session a URL asks to resume, or None."""
    return next(iter(parse_qs(urlsplit(url).query).get("session", [])), None)


def without_session(url: str) -> str:
    """The URL without its `session`: a reconnect resumes by command, so that it learns `at`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    query.pop("session", None)
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))


def without_token(url: str) -> str:
    """The URL as logs and errors may show it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    query.pop("token", None)
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
