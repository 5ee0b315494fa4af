"""Answers what the hub asks of a client: to control an agent, to carry out a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypertoken.errors import HyperTokenError, error_for
from hypertoken.events.talk import Fields
from hypertoken.log import LOGGER

OnControl = Callable[[str, str, Mapping[str, Any]], Any]
"""Takes an agent's id, what to do (such as "pause_agent") and its parameters; returns what whoever
asked is told. An asyncio client awaits what is awaitable.
"""
OnCommand = Callable[[Mapping[str, Any]], Any]
"""Takes a command's parameters; returns its result."""


class Answers:
    """Whom the hub's demands are handed to.

    Args:
        controls: what each agent of this client can be told: "pause", "speed".
        on_control: does it.
        commands: the commands that this client adds to the hub's, by name.
    """

    def __init__(
        self,
        controls: Mapping[str, Sequence[str]] | None,
        on_control: OnControl | None,
        commands: Mapping[str, OnCommand] | None,
    ) -> None:
        self.controls = {agent: tuple(words) for agent, words in (controls or {}).items()}
        self.commands = dict(commands or {})
        if self.controls and on_control is None:
            raise error_for(
                "missing_field",
                "controls were refused; nothing carries them out; pass on_control=, which takes "
                "the agent, the command and its parameters",
            )
        self._on_control = on_control

    def carry_out(self, demand: Mapping[str, Any]) -> Any:
        """Hand a demand on; returns what was returned."""
        command = str(demand.get("command"))
        params = demand.get("params") or {}
        agent = demand.get("agent_id")
        if agent is not None and self._on_control is not None:
            return self._on_control(str(agent), command, params)
        return self.commands[command](params)


def answer(demand: Mapping[str, Any], result: Any) -> Fields:
    """The message that tells a demand's result."""
    return {"action": "answer", "request": demand.get("request"), "result": result}


def refusal(demand: Mapping[str, Any], failure: Exception) -> Fields:
    """The message that tells that a demand was not met."""
    LOGGER.warning("%s was not carried out: %r", demand.get("command"), failure)
    said = str(failure)
    if not isinstance(failure, HyperTokenError):
        said = f"{type(failure).__name__}: {said}"
    return {"action": "answer", "request": demand.get("request"), "error": said}
