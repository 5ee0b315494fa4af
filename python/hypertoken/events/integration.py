"""Hooks into agents and environments, and tells a hub what they do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any

from hypertoken.errors import BadFieldError
from hypertoken.events.base import URL
from hypertoken.events.client import EventClient
from hypertoken.events.decisions import DECIDING, TRADING, Decisions, Trades
from hypertoken.events.episodes import Episodes
from hypertoken.events.hooks import Listener, hook
from hypertoken.events.outbox import Outbox
from hypertoken.events.plain import plain
from hypertoken.events.sender import Sender
from hypertoken.events.types import EventTypes
from hypertoken.log import LOGGER
from hypertoken.remote import addresses, forks


class Done:
    """What is over already, for whoever awaits it."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_DONE = Done()


class PPOWebSocketIntegration:
    """Tells a hub of the decisions, trades and episodes of what is hooked.

    A hooked method keeps its signature, result and exceptions, and costs some microseconds a call:
    events wait in a bounded queue for a thread that sends them. A full queue drops its oldest; how
    many is told to the hub. While the hub is away events wait; at `disconnect` and at the end of
    the process what is left is sent, for some seconds at most.

    Nothing here raises into hooked code; of what goes wrong there the log `hypertoken` tells. In a
    forked child nothing is sent until it calls `connect` itself.

    Args:
        websocket_url: the hub's address.
        max_slots: how many offers an agent may have in the market at once (8; 3 without
            membership); the hub is told with each agent that is hooked.
        token: the hub's access token.
        timeout: seconds to wait for the hub's replies.
        queue: how many events may wait.

    Attributes:
        agent_hooks: by agent id, `{"agent": the agent, "methods": the names hooked}`.
        env_hooks: by environment id, `{"env": the environment, "methods": the names hooked}`.
    """

    def __init__(
        self,
        websocket_url: str = URL,
        max_slots: int = 8,
        *,
        token: str | None = None,
        timeout: float = 5.0,
        queue: int = 10_000,
    ) -> None:
        addresses.check_address(websocket_url, timeout)
        self.websocket_url = websocket_url
        self.max_slots = max_slots
        self.agent_hooks: dict[str, dict[str, Any]] = {}
        self.env_hooks: dict[str, dict[str, Any]] = {}
        self._ends: dict[tuple[str, str], list[Callable[[], None]]] = {}
        self._token = token
        self._timeout = timeout
        self._outbox = Outbox(queue)
        self._sender: Sender | None = None
        # Events are kept from the first on, also before the first `connect`.
        self._telling = True
        forks.register(self)

    # --- Connecting ---

    async def connect(self) -> None:
        """Connect; connected already: nothing.

        Raises:
            ConnectionFailedError: no hub listens there.
            UnauthorizedError: the token is wrong or missing.
        """
        if self._sender is None or not self._sender.running:
            client = EventClient(
                self.websocket_url,
                self._timeout,
                token=self._token,
                client_type="ppo_integration",
                types=(),
            )
            self._sender = Sender(client, self._outbox)
        await asyncio.wrap_future(self._sender.connected)
        self._telling = True

    async def disconnect(self, timeout: float = 5.0) -> None:
        """Send what is left, for at most `timeout` seconds, and disconnect; hooks stay, mute."""
        self._telling = False
        sender, self._sender = self._sender, None
        if sender is not None:
            await asyncio.to_thread(sender.stop, timeout)

    @property
    def connected(self) -> bool:
        """Whether it sends, or waits for a hub that is away for the moment."""
        sender = self._sender
        return sender is not None and sender.running and sender.began

    @property
    def counts(self) -> dict[str, int]:
        """How many events wait, and were sent, refused by the hub, and lost at the end."""
        sender = self._sender
        told = {"waiting": len(self._outbox), "dropped": self._outbox.dropped}
        for name in ("sent", "refused", "lost"):
            told[name] = 0 if sender is None else getattr(sender, name)
        return told

    # --- Hooking ---

    def hook_agent(self, agent: Any, agent_id: str = "agent_0") -> Done:
        """Tell what an agent decides and trades from now on; may be awaited, and need not be.

        Its `sample_action`, `act` and `predict` are `agent_decision` events, its `record_trade` is
        `trade_executed`. An id that is in use is unhooked first.

        Raises:
            BadFieldError: it has none of these methods, or they cannot be replaced.
        """
        self.unhook_agent(agent_id)
        listeners: dict[str, Listener] = {
            name: Decisions(agent_id, name, self._tell)
            for name in DECIDING
            if callable(getattr(agent, name, None))
        }
        if callable(getattr(agent, TRADING, None)):
            listeners[TRADING] = Trades(agent_id, getattr(agent, TRADING), self._tell)
        self._hook("agent", agent_id, agent, listeners, (*DECIDING, TRADING))
        self.agent_hooks[agent_id] = {"agent": agent, "methods": tuple(listeners)}
        self._tell(
            EventTypes.SYSTEM_STATUS,
            {
                "status": "agent_hooked",
                "message": f"{agent_id} is watched",
                "agent_id": agent_id,
                "max_slots": self.max_slots,
            },
        )
        return _DONE

    def hook_env(self, env: Any, env_id: str = "env_0") -> Done:
        """Tell of an environment's episodes from now on; may be awaited, and need not be.

        An episode that ends is an `episode_finished` event: of the environment, of a vector's row,
        or of an agent. Where a step's info holds data under the name of a market event's type, such
        as `info["trade_executed"]`, that event is told too. An id that is in use is unhooked first.

        Raises:
            BadFieldError: it has neither `step` nor `reset`, or they cannot be replaced.
        """
        self.unhook_env(env_id)
        episodes = Episodes(env, env_id, self._tell)
        wanted: dict[str, Listener] = {"step": episodes.stepped, "reset": episodes.begun}
        listeners = {name: w for name, w in wanted.items() if callable(getattr(env, name, None))}
        self._hook("env", env_id, env, listeners, tuple(wanted))
        self.env_hooks[env_id] = {"env": env, "methods": tuple(listeners)}
        return _DONE

    def _hook(
        self,
        kind: str,
        name: str,
        owner: Any,
        listeners: Mapping[str, Listener],
        known: tuple[str, ...],
    ) -> None:
        if not listeners:
            raise BadFieldError(
                f"{name} was not hooked; a {type(owner).__name__} has none of {', '.join(known)}; "
                "pass an object that has one, or call submit_event yourself",
                "bad_field",
            )
        ends: list[Callable[[], None]] = []
        try:
            for method, listener in listeners.items():
                ends.append(hook(owner, method, listener))
        except BaseException:
            _end_all(ends)
            raise
        self._ends[kind, name] = ends

    def unhook_agent(self, agent_id: str = "agent_0") -> Done:
        """Tell of this agent no more; its methods are what they were. Unknown: nothing."""
        self.agent_hooks.pop(agent_id, None)
        _end_all(self._ends.pop(("agent", agent_id), []))
        return _DONE

    def unhook_env(self, env_id: str = "env_0") -> Done:
        """Tell of this environment no more; its methods are what they were. Unknown: nothing."""
        self.env_hooks.pop(env_id, None)
        _end_all(self._ends.pop(("env", env_id), []))
        return _DONE

    def unhook_all(self) -> Done:
        """Tell of nothing any more."""
        for agent_id in list(self.agent_hooks):
            self.unhook_agent(agent_id)
        for env_id in list(self.env_hooks):
            self.unhook_env(env_id)
        return _DONE

    # --- Telling ---

    def submit_event(self, type: str, data: Mapping[str, Any], priority: int = 0) -> Done:
        """Tell an event of your own; never waits. Higher priorities are sent first, and kept longer
        when the queue is full.
        """
        self._tell(str(type), {str(name): plain(value) for name, value in data.items()}, priority)
        return _DONE

    def price_update(
        self,
        item: str,
        price: float,
        change: float | None = None,
        change_percent: float | None = None,
        volume: float | None = None,
        **more: Any,
    ) -> Done:
        """Tell an item's price; what can be derived may be left out."""
        return self._submit(EventTypes.PRICE_UPDATE, _given(locals()))

    def margin_update(
        self,
        item: str,
        buy_price: float,
        sell_price: float,
        margin: float | None = None,
        margin_percent: float | None = None,
        **more: Any,
    ) -> Done:
        """Tell an item's margin; what can be derived may be left out."""
        return self._submit(EventTypes.MARGIN_UPDATE, _given(locals()))

    def trade_executed(
        self,
        agent_id: str,
        action_type: str,
        item: str,
        price: float,
        quantity: float,
        profit: float | None = None,
        total_value: float | None = None,
        **more: Any,
    ) -> Done:
        """Tell a trade; its total value may be left out."""
        return self._submit(EventTypes.TRADE_EXECUTED, _given(locals()))

    def portfolio_update(
        self,
        agent_id: str,
        gp: float,
        inventory: Mapping[str, float] | None = None,
        total_value: float | None = None,
        inventory_value: float | None = None,
        **more: Any,
    ) -> Done:
        """Tell what an agent owns; the inventory's value may be left out."""
        return self._submit(EventTypes.PORTFOLIO_UPDATE, _given(locals()))

    def agent_decision(
        self,
        agent_id: str,
        action_type: str,
        item: str | None = None,
        price: float | None = None,
        quantity: float | None = None,
        reasoning: str | None = None,
        **more: Any,
    ) -> Done:
        """Tell what an agent has decided."""
        return self._submit(EventTypes.AGENT_DECISION, _given(locals()))

    def system_status(self, status: str, message: str | None = None, **more: Any) -> Done:
        """Tell that something about the system has changed."""
        return self._submit(EventTypes.SYSTEM_STATUS, _given(locals()))

    def error_event(
        self,
        error_type: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Done:
        """Tell that something went wrong; ahead of what else waits."""
        return self._submit(EventTypes.ERROR, _given(locals()), 1)

    def _submit(self, type: str, data: dict[str, Any], priority: int = 0) -> Done:
        return self.submit_event(type, data, priority)

    def _tell(self, type: str, data: dict[str, Any], priority: int = 0) -> None:
        if self._telling:
            self._outbox.put({"type": type, "data": data, "timestamp": time.time()}, priority)

    def _after_fork(self) -> None:
        """Leave what waits, and the thread that sends it, to the process that was forked."""
        self._telling = False
        self._sender = None
        self._outbox.after_fork()


def _given(named: dict[str, Any]) -> dict[str, Any]:
    more = named.pop("more")
    return {
        name: value
        for name, value in {**named, **more}.items()
        if name != "self" and value is not None
    }


def _end_all(ends: list[Callable[[], None]]) -> None:
    for end in reversed(ends):
        try:
            end()
        except Exception as trouble:
            LOGGER.warning("a hook was not taken off: %r", trouble)
