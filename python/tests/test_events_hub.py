"""The clients and the integration against a real hub."""

from __future__ import annotations

import ast
import asyncio
import json
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import websocket

import hypertoken
from hypertoken.errors import (
    MissingFieldError,
    UnauthorizedError,
    UnknownAgentError,
    UnknownCommandError,
)
from hypertoken.events import (
    AsyncEventClient,
    EventClient,
    EventTypes,
    PPOWebSocketIntegration,
    scripts,
)
from tests.events_hub import EventsHub
from tests.test_events_integration import Flipper

pytestmark = pytest.mark.server
SCHEMA = (
    Path(__file__).parents[2]
    / "server/src/main/resources/io/hypertoken/server/events/schema/events.schema.json"
)


def numbers(client: EventClient, count: int) -> list[int]:
    """What the next events say."""
    heard = [client.next(timeout=20) for _ in range(count)]
    return [-1 if event is None else event.data.get("n", -2) for event in heard]


def test_the_types_are_those_of_the_schema() -> None:
    schema = json.loads(SCHEMA.read_text())
    ours = {value for name, value in vars(EventTypes).items() if name.isupper()}

    assert ours == set(schema["$defs"])
    assert all(vars(EventTypes)[name.upper()] == name for name in schema["$defs"])


def test_a_client_hears_what_another_publishes_and_what_is_derived(events_hub: EventsHub) -> None:
    with (
        EventClient(events_hub.url, types=[EventTypes.PRICE_UPDATE]) as hearing,
        EventClient(events_hub.url, types=[], client_id="teller") as telling,
    ):
        telling.publish("own", {"n": 1})
        seq = telling.publish(EventTypes.PRICE_UPDATE, {"item": "Coal", "price": 200, "change": 10})
        event = hearing.next(20)

        assert event is not None
        assert (event.type, event.seq, event.source) == ("price_update", seq, "teller")
        assert event.data["change_percent"] == 0.05
        assert hearing.position == event.position
        assert telling.next(0.05) is None, "who names an empty list of types hears nothing"
        with pytest.raises(MissingFieldError, match="price"):
            telling.publish(EventTypes.PRICE_UPDATE, {"item": "Coal"})


def test_filters_and_replays_are_the_hubs(events_hub: EventsHub) -> None:
    with EventClient(events_hub.url, types=["none"]) as client:
        for n in range(6):
            client.publish("filtered", {"n": n, "agent_id": f"a{n % 2}", "item_id": n % 3})
        last = client.publish("filtered", {"n": 6})

        client.subscribe(["filtered"], last=2)
        assert numbers(client, 2) == [5, 6]
        client.subscribe(["filtered"], agents=["a1"], last=3)
        assert numbers(client, 3) == [1, 3, 5]
        epoch = client.position.epoch if client.position else ""
        client.subscribe(["filtered"], items=[2], since=(epoch, last - 7))
        assert numbers(client, 2) == [2, 5]
        client.subscribe(["filtered"])
        client.publish("filtered", {"n": 7})
        assert numbers(client, 1) == [7]


def test_commands_are_answered_by_the_hub_and_by_other_clients(events_hub: EventsHub) -> None:
    speeds: list[Any] = []

    def control(agent: str, command: str, params: Any) -> dict[str, Any]:
        speeds.append((agent, command, params.get("speed")))
        return {"speed": params["speed"]}

    owner = EventClient(
        events_hub.url,
        types=[],
        client_id="owner",
        controls={"agent_7": ["speed"]},
        on_control=control,
        commands={"double": lambda params: 2 * params["n"]},
    )
    with owner, EventClient(events_hub.url, types=[]) as asking:
        serving = threading.Thread(target=lambda: list(owner))
        serving.start()

        assert asking.command("get_status")["clients"] >= 2
        assert "owner" in [each["client_id"] for each in asking.command("list_clients")]
        assert asking.command("set_speed", agent_id="agent_7", speed=3) == {"speed": 3}
        assert speeds == [("agent_7", "set_speed", 3)]
        assert asking.command("double", n=21) == 42
        with pytest.raises(hypertoken.HyperTokenError, match="KeyError: 'n'"):
            asking.command("double")
        with pytest.raises(UnknownAgentError):
            asking.command("pause_agent", agent_id="agent_8")
        with pytest.raises(UnknownCommandError):
            asking.command("no_such_command")
        owner.disconnect()
        serving.join(10)
        assert not serving.is_alive()


def test_a_hub_that_is_killed_and_comes_back_costs_nothing(tmp_path: Path) -> None:
    hub = EventsHub(tmp_path / "log").start()
    told: list[int] = []
    done = threading.Event()

    def tell() -> None:
        with EventClient(hub.url, timeout=60, types=[]) as telling:
            while not done.is_set():
                telling.publish("tick", {"n": len(told)})
                told.append(len(told))

    heard: list[int] = []
    with EventClient(hub.url, timeout=60, types=["tick"], slow="disconnect") as hearing:
        telling = threading.Thread(target=tell)
        telling.start()
        heard += numbers(hearing, 200)
        hub.kill()
        hub.start()
        heard += numbers(hearing, 200)
        done.set()
        telling.join(60)
        heard += numbers(hearing, len(told) - len(heard))
        assert hearing.recovered
    hub.stop()

    assert heard == list(range(len(told)))


def test_a_log_that_was_lost_is_told_and_the_new_one_is_read_from_its_beginning() -> None:
    hub = EventsHub().start()
    with (
        EventClient(hub.url, timeout=60, types=["tick"]) as hearing,
        EventClient(hub.url, timeout=60, types=[]) as telling,
    ):
        telling.publish("tick", {"n": 1})
        assert numbers(hearing, 1) == [1]
        hub.kill()
        hub.start()
        telling.publish("tick", {"n": 2})

        told = hearing.next(20)
        assert told is not None
        assert told.data["status"] == "not_recovered"
        assert not hearing.recovered
        assert numbers(hearing, 1) == [2]
        telling.publish("tick", {"n": 3})
        assert numbers(hearing, 1) == [3]
    hub.stop()


def test_who_reads_slowly_and_wants_all_misses_nothing(events_hub: EventsHub) -> None:
    """The hub closes its connection as often as it likes; it goes on at its place."""
    count = 3000
    with (
        EventClient(
            events_hub.url, types=["flood"], slow="disconnect", queue=16, buffer=100
        ) as slow,
        EventClient(events_hub.url, types=[]) as telling,
    ):
        blob = "x" * 500
        for start in range(0, count, 100):
            batch = [
                {"type": "flood", "data": {"n": n, "blob": blob}} for n in range(start, start + 100)
            ]
            telling.publish_all(batch)
        assert numbers(slow, count) == list(range(count))


def test_the_asyncio_client_works_with_a_real_hub(events_hub: EventsHub) -> None:
    async def play() -> list[int]:
        async with AsyncEventClient(events_hub.url, types=["async"]) as client:
            hearing = asyncio.ensure_future(client.next(20))
            for n in range(3):
                await client.publish("async", {"n": n})
            status = await client.command("get_status")
            assert status["clients"] >= 1
            events = [await hearing, await client.next(20), await client.next(20)]
            return [event.data["n"] for event in events if event]

    assert asyncio.run(play()) == [0, 1, 2]


def test_the_originals_test_client_gets_what_it_expects_while_events_flow(
    events_hub: EventsHub,
) -> None:
    """It registers twice, reads a frame for each, asks for the status, reads one more."""
    flowing = threading.Event()

    def flow() -> None:
        with EventClient(events_hub.url, types=[]) as client:
            while not flowing.is_set():
                client.publish_all([{"type": "flow", "data": {}} for _ in range(20)])
                time.sleep(0.02)

    thread = threading.Thread(target=flow)
    thread.start()
    try:
        for _ in range(5):
            raw = websocket.create_connection(events_hub.url, timeout=20)
            assert json.loads(raw.recv())["data"]["status"] == "connected"
            register = {"action": "register", "client_id": "test_client", "client_type": "test"}
            raw.send(json.dumps(register))
            raw.send(json.dumps(register))
            assert json.loads(raw.recv())["status"] == "registered"
            raw.send(json.dumps({"action": "command", "command": "get_status", "params": {}}))
            reply = json.loads(raw.recv())
            assert (reply["type"], reply["command"]) == ("reply", "get_status")
            assert json.loads(raw.recv())["type"] == "flow"
            raw.close()
    finally:
        flowing.set()
        thread.join()


def test_a_token_is_needed_where_the_hub_wants_one() -> None:
    with EventsHub(None, HYPERTOKEN_TOKEN="secret") as hub:
        with pytest.raises(UnauthorizedError, match="refused the connection"):
            EventClient(hub.url, token="wrong").connect()
        with EventClient(hub.url, token="secret") as client:
            assert client.command("get_status")["clients"] == 1


SAMPLES = Path(__file__).parent / "samples"


def run_sample(name: str, hub: EventsHub, names: dict[str, Any]) -> None:
    """Run a sample as it is printed, but for the hub's port, in a program of asyncio."""
    text = (SAMPLES / f"{name}.py").read_text()
    text = text.replace("PPOWebSocketIntegration()", f"PPOWebSocketIntegration({hub.url!r})")
    code = compile(text, f"{name}.py", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    done = eval(code, names)
    if asyncio.iscoroutine(done):
        asyncio.run(done)


@pytest.mark.parametrize("module", ["hypertoken.events", "ppo_websocket_integration"])
def test_the_seeds_samples_hook_agents_and_environments(
    events_hub: EventsHub, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(scripts.__file__).parent))
    agent: Any = Flipper()
    env = hypertoken.make("CartPole")
    original, step = agent.act.__func__, env.step
    names: dict[str, Any] = {"agent": agent, "env": env}
    exec(f"from {module} import PPOWebSocketIntegration", names)
    with EventClient(events_hub.url, types=["agent_decision", "episode_finished"]) as client:
        run_sample("events_hook_agent", events_hub, names)
        hooked_agent = names["integration"]
        run_sample("events_hook_env", events_hub, names)
        hooked_env = names["integration"]
        assert hooked_agent.agent_hooks["agent_0"]["agent"] is agent
        agent.act(None)
        env.reset(seed=1)
        while not env.step(0)[2]:
            pass

        told = [client.next(20), client.next(20)]
        assert {event.type for event in told if event} == {"agent_decision", "episode_finished"}
    for integration in (hooked_agent, hooked_env):
        run_sample("events_unhook", events_hub, {"integration": integration})
        asyncio.run(integration.disconnect())
    assert agent.act.__func__ is original
    assert env.step is step


def test_what_hooks_tell_is_what_the_hubs_schema_takes(events_hub: EventsHub) -> None:
    integration = PPOWebSocketIntegration(events_hub.url)
    agent, env = Flipper(), hypertoken.make_vec("CartPole", 8)
    with EventClient(events_hub.url) as client:
        asyncio.run(integration.connect())
        integration.hook_agent(agent, "agent_0")
        integration.hook_env(env, "poles")
        agent.sample_action(None)
        agent.act(None)
        agent.predict(None)
        agent.record_trade("Coal", "buy", 150, 4)
        env.reset(seed=1)
        for k in range(60):
            env.step(np.full(8, k % 2))
        integration.price_update("Coal", 155, change=5)
        integration.margin_update(item="Coal", buy_price=150, sell_price=156)
        integration.trade_executed("agent_0", "sell", "Coal", 156, 4, profit=12.0)
        integration.portfolio_update("agent_0", gp=1000, inventory={"Coal": 4}, total_value=1600)
        integration.agent_decision(agent_id="agent_0", action_type="hold", reasoning="calm")
        integration.system_status("started", "all is well")
        integration.error_event("test", "nothing is wrong", details={"n": 1})
        counts = integration.counts
        sender = integration._sender
        asyncio.run(integration.disconnect())

        assert sender is not None
        assert (sender.refused, sender.lost, counts["dropped"]) == (0, 0, 0)
        kinds: dict[str, int] = {}
        while event := client.next(0.5):
            kinds[event.type] = kinds.get(event.type, 0) + 1
            if event.type == "portfolio_update":
                assert event.data["inventory_value"] == 600
    assert kinds.pop("episode_finished") > 3
    assert kinds == {
        "agent_decision": 4,
        "error": 1,
        "margin_update": 1,
        "portfolio_update": 1,
        "price_update": 1,
        "system_status": 2,
        "trade_executed": 2,
    }
