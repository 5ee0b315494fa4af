"""The clients of a hub that drops, mutes and delays."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hypertoken.errors import (
    BadFieldError,
    BadStepError,
    ConnectionFailedError,
    NotConnectedError,
    RequestTimeoutError,
)
from hypertoken.events import AsyncEventClient, EventClient, Position
from tests.fake_hub import FakeHub, once


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as running:
        yield running


@pytest.fixture
def client(hub: FakeHub) -> Iterator[EventClient]:
    with EventClient(hub.url, timeout=5.0) as connected:
        yield connected


def numbers(client: EventClient, count: int) -> list[int]:
    """What the next events say."""
    heard = [client.next(timeout=5) for _ in range(count)]
    return [-1 if event is None else event.data["n"] for event in heard]


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until it holds; fail after some seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never held"
        time.sleep(0.002)


# --- Connecting ---


def test_nobody_listening_is_one_sentence_with_the_command_that_helps() -> None:
    with pytest.raises(ConnectionFailedError) as refused:
        EventClient("ws://127.0.0.1:9?token=secret").connect()

    assert str(refused.value) == (
        "ws://127.0.0.1:9 cannot be reached; [Errno 111] Connection refused; start a hub with "
        "`./hypertoken events serve`, or mend the URL"
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.next(0),
        lambda client: client.publish("tick", {}),
        lambda client: client.command("get_status"),
        lambda client: client.subscribe(["tick"]),
        lambda client: next(client),
    ],
)
def test_a_call_before_connect_says_what_to_do(call: Callable[[EventClient], Any]) -> None:
    with pytest.raises(NotConnectedError, match=r"^Not connected\. Call connect\(\) first\.$"):
        call(EventClient())


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ({"types": "trade_executed"}, "types='trade_executed' was refused; it must be a list"),
        ({"items": [4151, None]}, r"items=\[4151, None\] was refused; it must be a list of names"),
        ({"last": -1}, "last=-1 was refused; it must be a count of events"),
        ({"since": 7}, r"since=7 was refused; it must be a place in the log: \(epoch, seq\)"),
        ({"since": ("e", 7), "last": 1}, "since and last=.* was refused; it must be one of them"),
        ({"controls": {"a": ["pause"]}}, "controls were refused; nothing carries them out"),
    ],
)
def test_an_argument_that_is_none_is_refused_by_name(argument: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        EventClient(**argument)


# --- Hearing ---


def test_events_come_in_order_with_their_places(client: EventClient, hub: FakeHub) -> None:
    hub.emit(1, 2, 3)

    events = [client.next(5) for _ in range(3)]

    assert [event and event.position for event in events] == [("e1", 1), ("e1", 2), ("e1", 3)]
    assert client.position == Position("e1", 3)
    assert client.next(0) is None


def test_what_was_there_before_is_heard_when_asked_for(hub: FakeHub) -> None:
    hub.emit(1, 2, 3)

    with EventClient(hub.url, since=("e1", 1)) as client:
        assert numbers(client, 2) == [2, 3]
    with EventClient(hub.url, last=1) as client:
        assert numbers(client, 1) == [3]
    with EventClient(hub.url) as client:
        assert client.next(0.05) is None
        assert client.position == ("e1", 3)


def test_a_broken_connection_costs_no_event_and_repeats_none(
    client: EventClient, hub: FakeHub
) -> None:
    hub.emit(1, 2)
    assert numbers(client, 1) == [1]
    hub.drop_all()
    hub.emit(3)

    assert numbers(client, 2) == [2, 3]
    hub.emit(4)
    assert numbers(client, 1) == [4]
    assert client.next(0) is None


def test_a_connection_that_breaks_before_the_first_event_goes_on_where_it_registered(
    client: EventClient, hub: FakeHub
) -> None:
    hub.drop_all()
    hub.emit(1)

    assert numbers(client, 1) == [1]


def test_disconnecting_keeps_the_place(client: EventClient, hub: FakeHub) -> None:
    hub.emit(1, 2)
    assert numbers(client, 1) == [1]
    client.disconnect()
    hub.emit(3)

    assert numbers(client.connect(), 2) == [2, 3]


@pytest.mark.parametrize("epoch", ["e1", "e2"])
def test_a_place_that_the_log_has_not_any_more_is_told_where_events_are_missing(
    client: EventClient, hub: FakeHub, epoch: str
) -> None:
    hub.emit(1, 2)
    assert numbers(client, 2) == [1, 2]
    hub.log.clear()
    hub.first, hub.epoch = 5, epoch
    hub.drop_all()
    hub.emit(5, 6)

    told = client.next(5)
    assert told is not None
    assert (told.type, told.data["status"]) == ("system_status", "not_recovered")
    assert told.data["since"] == {"epoch": "e1", "seq": 2}
    assert told.data["first_seq"] == 5
    assert not client.recovered
    assert numbers(client, 2) == [5, 6]
    hub.drop_all()
    hub.emit(7)
    assert numbers(client, 1) == [7]
    assert client.recovered


def test_a_hub_that_stays_away_is_an_error_and_connect_goes_on_afterwards(hub: FakeHub) -> None:
    client = EventClient(hub.url, timeout=0.3).connect()
    hub.emit(1)
    hub.fault = lambda request: "drop"
    hub.drop_all()

    with pytest.raises(ConnectionFailedError, match=r"did not come back within 0\.3 s"):
        numbers(client, 2)
    assert not client.connected
    hub.fault = lambda request: None
    client.connect()
    hub.emit(2)
    assert numbers(client, 1)[-1] in (1, 2)
    client.disconnect()


def test_a_loop_over_a_client_ends_when_it_is_closed(client: EventClient, hub: FakeHub) -> None:
    hub.emit(1, 2, 3)

    heard = []
    for event in client:
        heard.append(event.data["n"])
        if event.data["n"] == 2:
            client.close()

    assert heard == [1, 2]


def test_a_loop_in_one_thread_ends_when_another_closes(client: EventClient, hub: FakeHub) -> None:
    heard: list[int] = []
    hearing = threading.Thread(target=lambda: heard.extend(event.data["n"] for event in client))
    hearing.start()
    hub.emit(1)
    eventually(lambda: heard == [1])

    client.disconnect()

    hearing.join(10)
    assert not hearing.is_alive()


def test_subscribing_to_something_else_leaves_out_what_waits(
    client: EventClient, hub: FakeHub
) -> None:
    hub.emit(1, 2)
    hub.emit(3, type="tock")
    client.command("get_status")  # what came meanwhile waits here

    client.subscribe(["tock"])
    hub.emit(4)
    hub.emit(5, type="tock")

    assert numbers(client, 2) == [3, 5]


def test_subscribing_from_a_place_on_begins_there(client: EventClient, hub: FakeHub) -> None:
    hub.emit(1, 2, 3)
    assert numbers(client, 3) == [1, 2, 3]

    client.subscribe(since=("e1", 1))
    assert numbers(client, 2) == [2, 3]
    client.subscribe(last=1)
    assert numbers(client, 1) == [3]
    hub.drop_all()
    assert client.next(0.1) is None


# --- Asking and telling ---


def test_a_reply_is_found_behind_many_events_and_they_are_kept(
    client: EventClient, hub: FakeHub
) -> None:
    hub.emit(*range(1, 501))

    assert client.command("get_status", deep=True)["params"] == {"deep": True}
    assert numbers(client, 500) == list(range(1, 501))


def test_events_beyond_the_buffer_are_read_again_from_the_log(hub: FakeHub) -> None:
    with EventClient(hub.url, timeout=5.0, buffer=10) as client:
        hub.emit(*range(1, 101))
        client.command("get_status")
        assert len(client._talk.ready) == 10
        hub.emit(101)

        assert numbers(client, 101) == list(range(1, 102))


@pytest.mark.parametrize("fault", ["drop", "drop after"])
def test_a_publication_over_a_broken_connection_counts_once(
    client: EventClient, hub: FakeHub, fault: str
) -> None:
    hub.fault = once("publish", fault)

    assert client.publish("tick", {"n": 1}) == 1
    assert client.publish("tick", {"n": 2}) == 2
    assert [event["data"]["n"] for event in hub.log] == [1, 2]
    assert numbers(client, 2) == [1, 2]


def test_a_publication_that_timed_out_can_be_repeated_by_its_name(
    hub: FakeHub,
) -> None:
    with EventClient(hub.url, timeout=0.3) as client:
        hub.fault = once("publish", "mute")
        with pytest.raises(RequestTimeoutError, match=r"no reply to publish within 0\.3 s"):
            client.publish("tick", {"n": 1}, event_id="mine")

        assert client.publish("tick", {"n": 1}, event_id="mine") == 1
        assert len(hub.log) == 1


def test_after_a_timeout_the_next_call_gets_its_own_reply(hub: FakeHub) -> None:
    with EventClient(hub.url, timeout=0.3) as client:
        hub.fault = once("command", "hold")
        with pytest.raises(RequestTimeoutError):
            client.command("get_status", n=1)
        hub.release.set()

        assert client.command("get_status", n=2)["params"] == {"n": 2}


def test_a_command_that_changes_something_is_not_sent_twice(
    client: EventClient, hub: FakeHub
) -> None:
    hub.fault = once("command", "drop after")

    with pytest.raises(ConnectionFailedError, match="it may have been carried out or not"):
        client.command("pause_agent", agent_id="agent_0")
    assert client.command("get_status")["clients"] == 1
    hub.fault = once("command", "drop after")
    assert client.command("get_status")["clients"] == 1

    sent = [request["command"] for request in hub.received if request["action"] == "command"]
    assert sent == ["pause_agent", "get_status", "get_status", "get_status"]


def test_what_the_hub_refuses_is_an_error_of_its_code(client: EventClient, hub: FakeHub) -> None:
    with pytest.raises(BadFieldError, match="refused the event bad; nobody wants it"):
        client.publish("bad", {})
    with pytest.raises(BadFieldError, match="a field holds what JSON does not know"):
        client.publish("tick", {"n": float("nan")})
    assert client.publish("tick", {"n": 1}) == 1


def test_demands_are_carried_out_while_events_are_read(hub: FakeHub) -> None:
    asked = []

    def control(agent: str, command: str, params: Any) -> str:
        asked.append((agent, command, dict(params)))
        return "paused"

    with EventClient(
        hub.url,
        controls={"agent_0": ["pause"]},
        on_control=control,
        commands={"double": lambda params: 2 * params["n"]},
    ) as client:
        hub.demand(type="control", request=1, agent_id="agent_0", command="pause_agent", params={})
        hub.demand(type="control", request=2, command="double", params={"n": 4})
        hub.demand(type="control", request=3, command="double", params={})
        hub.emit(1)
        assert numbers(client, 1) == [1]

        assert asked == [("agent_0", "pause_agent", {})]
        eventually(lambda: len(hub.received) >= 4)
        assert [answer.get("result") for answer in hub.received[1:4]] == ["paused", 8, None]
        assert hub.received[3]["error"] == "KeyError: 'n'"
        registered = hub.received[0]
        assert registered["agents"] == [{"id": "agent_0", "controls": ["pause"]}]
        assert registered["handles"] == ["double"]


def test_a_client_waited_on_in_one_thread_answers_another_at_once(
    client: EventClient, hub: FakeHub
) -> None:
    heard: list[int] = []
    hearing = threading.Thread(target=lambda: heard.extend(numbers(client, 200)))
    hearing.start()

    for n in range(1, 101):
        assert client.publish("tick", {"n": 2 * n - 1}) == 2 * n - 1
        hub.emit(2 * n)

    hearing.join(10)
    assert heard == list(range(1, 201))


def test_two_threads_share_the_events_each_once(client: EventClient, hub: FakeHub) -> None:
    heard: list[list[int]] = [[], []]

    def hear(mine: list[int]) -> None:
        while sum(map(len, heard)) < 400:
            event = client.next(0.01)
            if event is not None:
                mine.append(event.data["n"])

    threads = [threading.Thread(target=hear, args=(mine,)) for mine in heard]
    for thread in threads:
        thread.start()
    for start in range(1, 400, 40):
        hub.emit(*range(start, start + 40))
        if start % 80 == 1:
            hub.drop_all()
    for thread in threads:
        thread.join(20)

    assert sorted(heard[0] + heard[1]) == list(range(1, 401))
    assert all(mine == sorted(mine) for mine in heard)


def test_a_handler_that_calls_from_inside_a_call_is_refused(hub: FakeHub) -> None:
    client = EventClient(hub.url, timeout=5.0).connect()
    client._inside = True  # as in a signal's handler, in the midst of a call

    with pytest.raises(BadStepError, match="it came from inside one of its own calls"):
        client.publish("tick", {})
    client._inside = False
    client.close()


# --- asyncio ---


def test_the_asyncio_client_hears_publishes_and_asks(hub: FakeHub) -> None:
    async def play() -> list[int]:
        async with AsyncEventClient(hub.url, timeout=5.0) as client:
            for n in range(1, 4):
                assert await client.publish("tick", {"n": n}) == n
            hub.fault = once("publish", "drop after")
            await client.publish("tick", {"n": 4})
            assert (await client.command("get_status"))["clients"] == 1
            hub.drop_all()
            hub.emit(5)
            heard = []
            async for event in client:
                heard.append(event.data["n"])
                if heard[-1] == 5:
                    await client.close()
            return heard

    assert asyncio.run(play()) == [1, 2, 3, 4, 5]


def test_a_task_that_waits_for_events_lets_another_ask(hub: FakeHub) -> None:
    async def play() -> tuple[int, float]:
        async with AsyncEventClient(hub.url, timeout=5.0) as client:
            hearing = asyncio.ensure_future(client.next())
            await asyncio.sleep(0.05)
            began = time.monotonic()
            for _ in range(20):
                await client.command("get_status")
            took = time.monotonic() - began
            hub.emit(7)
            event = await hearing
            assert event is not None
            return event.data["n"], took

    number, took = asyncio.run(play())
    assert number == 7
    assert took < 2


def test_a_cancelled_wait_costs_no_event(hub: FakeHub) -> None:
    async def play() -> list[int]:
        heard: list[int] = []
        async with AsyncEventClient(hub.url, timeout=5.0) as client:
            for n in range(1, 101):
                hearing = asyncio.ensure_future(client.next())
                await asyncio.sleep(0)
                hub.emit(n)
                for _ in range(n % 7):
                    await asyncio.sleep(0.0005)
                hearing.cancel()
                await asyncio.wait([hearing])
                if not hearing.cancelled():
                    event = hearing.result()
                    assert event is not None
                    heard.append(event.data["n"])
            while len(heard) < 100:
                event = await client.next(5)
                assert event is not None
                heard.append(event.data["n"])
        return heard

    assert asyncio.run(play()) == list(range(1, 101))


def test_a_second_event_loop_goes_on_where_the_first_ended(hub: FakeHub) -> None:
    client = AsyncEventClient(hub.url, timeout=5.0)
    asyncio.run(client.connect())
    hub.emit(1)
    event = asyncio.run(client.next(5))
    assert event is not None
    hub.emit(2)
    following = asyncio.run(client.next(5))

    assert following is not None
    assert (event.data["n"], following.data["n"]) == (1, 2)
    asyncio.run(client.close())
    eventually(lambda: hub.connections == 0)


def test_an_asyncio_client_carries_out_demands_by_coroutines(hub: FakeHub) -> None:
    async def doubled(params: Any) -> int:
        await asyncio.sleep(0)
        return 2 * int(params["n"])

    async def play() -> None:
        async with AsyncEventClient(hub.url, commands={"double": doubled}) as client:
            hub.demand(type="control", request=2, command="double", params={"n": 4})
            assert await client.next(0.3) is None

    asyncio.run(play())
    assert hub.received[1]["result"] == 8
