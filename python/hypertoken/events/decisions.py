"""What an agent's hooked methods tell: what it decided, and what it traded."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from hypertoken.events.plain import number, plain
from hypertoken.events.types import EventTypes

Tell = Callable[[str, dict[str, Any]], object]
"""Takes a type of event and its data; never waits, never raises."""

DECIDING = ("sample_action", "act", "predict")
TRADING = "record_trade"

# Words that agents use for a field of the schema.
_MEANT = {
    "action": "action_type",
    "type": "action_type",
    "side": "action_type",
    "item_name": "item",
    "name": "item",
    "qty": "quantity",
    "amount": "quantity",
    "reason": "reasoning",
}
_NUMBERS = frozenset({"price", "quantity", "profit", "tax", "total_value", "item_id"})
_OF_EITHER_SIGN = frozenset({"profit", "total_value"})


class Decisions:
    """Tells what a method that decides has returned."""

    def __init__(self, agent: str, method: str, tell: Tell) -> None:
        self._agent = agent
        self._method = method
        self._tell = tell

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        """It has decided."""
        # An action comes alone, or first of what else was computed: state, probability, value.
        action = result[0] if isinstance(result, tuple) and result else result
        data = meant(action) if isinstance(action, Mapping) else {"action": plain(action)}
        data["agent_id"] = self._agent
        data["method"] = self._method
        if not isinstance(data.get("action_type"), str):
            if "action_type" in data:
                data["action"] = data["action_type"]
            data["action_type"] = "action"
        self._tell(EventTypes.AGENT_DECISION, data)

    def failed(self, failure: Exception) -> None:
        """It has raised."""
        tell_error(self._tell, failure, {"agent_id": self._agent, "method": self._method})


class Trades:
    """Tells what is given to a method that records a trade."""

    def __init__(self, agent: str, method: Callable[..., Any], tell: Tell) -> None:
        self._agent = agent
        self._tell = tell
        self._signature = _signature(method)

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        """It has recorded one."""
        given = named
        if self._signature is not None:
            given = self._signature.bind(*arguments, **named).arguments
        trade: dict[str, Any] = {}
        for name, value in given.items():
            if isinstance(value, Mapping):  # the whole trade, or what was given by name
                trade.update(value)
            else:
                trade[name] = value
        data = meant(trade)
        data["agent_id"] = self._agent
        self._tell(EventTypes.TRADE_EXECUTED, data)

    def failed(self, failure: Exception) -> None:
        """It has raised."""
        tell_error(self._tell, failure, {"agent_id": self._agent, "method": TRADING})


def _signature(method: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(method)
    except (TypeError, ValueError):
        return None  # C code need not say


def meant(said: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of a decision or trade under the schema's names.

    A value that the schema would refuse is told under `said`, so that the rest is not lost.
    """
    data: dict[str, Any] = {}
    odd: dict[str, Any] = {}
    for key, value in said.items():
        name = key if type(key) is str else str(key)
        other = _MEANT.get(name)
        if other is not None and other not in said:
            name = other
        if name == "item" and not isinstance(value, str):
            name = "item_id"  # an index, or an id
        if name in _NUMBERS:
            told = number(value)
            if told is not None and (told >= 0 or name in _OF_EITHER_SIGN):
                data[name] = told
            elif value is not None:
                odd[name] = plain(value)
        elif name == "action_type" and not isinstance(value, str):
            enumerated = getattr(value, "name", None)
            data[name] = enumerated.lower() if isinstance(enumerated, str) else plain(value)
        else:
            data[name] = plain(value)
    if odd:
        data["said"] = odd
    return data


def tell_error(tell: Tell, failure: Exception, details: dict[str, Any]) -> None:
    """Tell that hooked code has raised."""
    tell(
        EventTypes.ERROR,
        {"error_type": type(failure).__name__, "message": plain(str(failure)), "details": details},
    )
