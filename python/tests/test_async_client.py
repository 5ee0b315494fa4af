"""The asyncio client against a bridge that drops, mutes and delays."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import websocket

from hypertoken import HyperTokenAsyncClient
from hypertoken.errors import BadActionError, ConnectionFailedError, NotConnectedError
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
