"""The asyncio client against a bridge that drops, mutes and delays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
import websocket

from hypertoken import HyperTokenAsyncClient
from hypertoken.errors import (
    BadActionError,
    BadStepError,
    ConnectionFailedError,
    NotConnectedError,
)
from tests.fake_bridge import FakeBridge, once


@pytest.fixture
def bridge() -> Iterator[FakeBridge]:
    with FakeBridge() as running:
        yield running


def test_a_command_before_connect_says_what_to_do() -> None:
    with pytest.raises(NotConnectedError, match=r"^Not connected\. Call connect\(\) first\.$"):
        asyncio.run(HyperTokenAsyncClient().ping())


def test_nobody_listening_is_a_connection_error() -> None:
    with pytest.raises(ConnectionFailedError, match=r"^ws://127\.0\.0\.1:9 cannot be reached; "):
        asyncio.run(HyperTokenAsyncClient("ws://127.0.0.1:9").connect())


@pytest.mark.parametrize("fault", ["drop", "drop after"])
def test_a_dropped_connection_is_resumed_and_the_step_is_played_once(
    bridge: FakeBridge, fault: str
) -> None:
    async def play() -> list[object]:
        async with HyperTokenAsyncClient(bridge.url, timeout=5.0) as client:
            await client.reset(seed=1)
            bridge.fault = once("step", fault)
            return [await client.step(7), await client.step(1)]

    assert asyncio.run(play()) == [
        {"ok": True, "at": 2, "total": 7},
        {"ok": True, "at": 3, "total": 8},
    ]


def test_a_step_is_waited_for_longer_than_the_server_gives_it(bridge: FakeBridge) -> None:
    bridge.deadline_s = 1

    async def play() -> object:
        async with HyperTokenAsyncClient(f"{bridge.url}/?session=s0", timeout=0.2) as client:
            bridge.fault = once("step", "hold")
            asyncio.get_running_loop().call_later(0.5, bridge.release.set)
            return await client.step(7)

    assert asyncio.run(play()) == {"ok": True, "at": 1, "total": 7}


def test_after_a_timeout_the_next_call_gets_its_own_reply(bridge: FakeBridge) -> None:
    async def play() -> object:
        async with HyperTokenAsyncClient(bridge.url, timeout=0.2) as client:
            await client.reset()
            bridge.fault = once("step", "hold")
            with pytest.raises(websocket.WebSocketTimeoutException):
                await client.step(1)
            bridge.release.set()
            return await client.step(10)

    assert asyncio.run(play()) == {"ok": True, "at": 3, "total": 11}


def test_a_cancelled_call_does_not_disturb_the_next_one(bridge: FakeBridge) -> None:
    async def play() -> object:
        async with HyperTokenAsyncClient(bridge.url, timeout=5.0) as client:
            await client.reset()
            bridge.fault = once("step", "hold")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.step(1), 0.1)
            bridge.release.set()
            return await client.step(10)

    assert asyncio.run(play()) == {"ok": True, "at": 3, "total": 11}


def test_calls_made_at_once_wait_for_each_other(bridge: FakeBridge) -> None:
    async def play() -> list[int]:
        async with HyperTokenAsyncClient(bridge.url) as client:
            await client.reset()
            replies = await asyncio.gather(*(client.step(1) for _ in range(20)))
            return [reply["total"] for reply in replies]

    assert asyncio.run(play()) == list(range(1, 21))


def test_a_refused_step_leaves_the_number_for_the_next_one(bridge: FakeBridge) -> None:
    async def play() -> object:
        async with HyperTokenAsyncClient(bridge.url) as client:
            await client.reset()
            with pytest.raises(BadActionError, match="99 is out of range"):
                await client.step(99)
            return await client.step(1)

    assert asyncio.run(play()) == {"ok": True, "at": 2, "total": 1}


def test_a_second_event_loop_goes_on_with_the_session_of_the_first(bridge: FakeBridge) -> None:
    client = HyperTokenAsyncClient(bridge.url, timeout=5.0)
    asyncio.run(client.connect())
    asyncio.run(client.step(7))

    assert client.connected
    assert asyncio.run(client.step(1)) == {"ok": True, "at": 2, "total": 8}
    asyncio.run(client.close())
    assert client.session is None
    eventually(lambda: bridge.connections == 0)


def test_a_loop_that_closed_nothing_leaves_no_connection_behind(bridge: FakeBridge) -> None:
    client = HyperTokenAsyncClient(bridge.url, timeout=5.0)
    first = asyncio.new_event_loop()
    first.run_until_complete(client.connect())  # and no shutdown_asyncgens

    assert asyncio.run(client.step(7)) == {"ok": True, "at": 1, "total": 7}

    eventually(lambda: bridge.connections == 0)  # asyncio.run ended the second
    first.run_until_complete(first.shutdown_asyncgens())
    first.close()


def test_a_client_in_use_by_a_running_loop_is_refused_to_another(bridge: FakeBridge) -> None:
    async def play() -> None:
        async with HyperTokenAsyncClient(bridge.url, timeout=5.0) as client:
            with pytest.raises(BadStepError) as refused:
                await asyncio.to_thread(asyncio.run, client.step(1))
            assert str(refused.value) == (
                "a call of this client was refused; it is connected in another event loop that "
                "still runs, and is of one at a time; make a client for each loop, or disconnect() "
                "it there first"
            )
            assert (await client.step(7))["at"] == 1

    asyncio.run(play())


def test_two_connects_at_once_make_one_connection(bridge: FakeBridge) -> None:
    async def play() -> int:
        client = HyperTokenAsyncClient(bridge.url, timeout=5.0)
        await asyncio.gather(client.connect(), client.connect(), client.connect())
        await client.close()
        return len(bridge.sessions)

    assert asyncio.run(play()) == 1
    eventually(lambda: bridge.connections == 0)


@pytest.mark.parametrize("turns", range(1, 30, 3))
def test_a_cancelled_connect_leaves_no_connection(bridge: FakeBridge, turns: int) -> None:
    async def play() -> None:
        client = HyperTokenAsyncClient(bridge.url, timeout=5.0)
        connecting = asyncio.ensure_future(client.connect())
        for _ in range(turns):
            await asyncio.sleep(0)
        connecting.cancel()
        await asyncio.wait([connecting])
        if connecting.cancelled():
            assert not client.connected
            await asyncio.to_thread(eventually, lambda: bridge.connections == 0)
            await client.connect()
        assert (await client.step(7))["total"] == 7
        await client.close()

    asyncio.run(play())
    eventually(lambda: bridge.connections == 0)


def test_a_call_cancelled_while_it_reconnects_costs_that_call_alone(bridge: FakeBridge) -> None:
    faults = iter([None, "drop", "hold"])  # reset, step, open

    async def play() -> object:
        client = HyperTokenAsyncClient(bridge.url, timeout=5.0)
        await client.connect()
        bridge.fault = lambda request: next(faults, None)
        await client.reset()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.step(7), 0.3)
        bridge.release.set()
        assert client.connected
        reply = await client.step(10)
        await client.close()
        return reply

    assert asyncio.run(play()) == {"ok": True, "at": 2, "total": 10}
    eventually(lambda: bridge.connections == 0)


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until it holds; fail after some seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never held"
        time.sleep(0.002)
