"""The synchronous client against a bridge that drops, mutes and delays."""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import websocket

from hypertoken import (
    HyperTokenAsyncClient,
    HyperTokenClient,
    HyperTokenError,
    enable_logging,
    measure_latency,
)
from hypertoken.errors import (
    BadActionError,
    BadFieldError,
    BadStepError,
    ConnectionFailedError,
    NotConnectedError,
    RequestTimeoutError,
    TooLargeError,
    UnknownSessionError,
)
from tests.fake_bridge import FakeBridge, once


@pytest.fixture
def bridge() -> Iterator[FakeBridge]:
    with FakeBridge() as running:
        yield running


@pytest.fixture
def client(bridge: FakeBridge) -> Iterator[HyperTokenClient]:
    with HyperTokenClient(bridge.url, timeout=5.0) as connected:
        yield connected


def test_a_command_before_connect_says_what_to_do() -> None:
    client = HyperTokenClient("ws://localhost:9")

    with pytest.raises(RuntimeError) as refused:
        client.reset(seed=1)

    assert str(refused.value) == "Not connected. Call connect() first."
    assert isinstance(refused.value, NotConnectedError)


def test_nobody_listening_is_one_sentence_with_the_command_that_helps() -> None:
    client = HyperTokenClient("ws://127.0.0.1:9?token=secret")

    with pytest.raises(ConnectionFailedError) as refused:
        client.connect()

    assert str(refused.value) == (
        "ws://127.0.0.1:9 cannot be reached; [Errno 111] Connection refused; start a server with "
        "`./hypertoken serve --env blackjack --port 9999`, or mend the URL"
    )
    assert not client.connected


@pytest.mark.parametrize("client", [HyperTokenClient, HyperTokenAsyncClient])
@pytest.mark.parametrize(
    "url", ["http://localhost:9999", "localhost:9999", "ws://", "ws://localhost:port", "", None]
)
def test_an_address_that_is_no_websockets_is_refused_at_once(
    client: Callable[..., Any], url: Any
) -> None:
    with pytest.raises(BadFieldError) as refused:
        client(url)

    assert str(refused.value) == (
        f"the server's address {url!r} was refused; it is no WebSocket address; pass one such as "
        "ws://localhost:9999"
    )


def test_a_refused_address_does_not_show_its_token() -> None:
    with pytest.raises(BadFieldError) as refused:
        HyperTokenClient("http://localhost:9999/?token=secret")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("timeout", [0, -1, "30", None, float("nan")])
def test_a_timeout_that_is_no_time_is_refused_at_once(timeout: Any) -> None:
    with pytest.raises(BadFieldError) as refused:
        HyperTokenClient("ws://localhost:9", timeout)

    assert str(refused.value) == (
        f"timeout={timeout!r} was refused; it must be a number of seconds above 0; pass one such "
        "as 30.0"
    )


def test_seeds_and_options_drawn_by_numpy_travel_as_numbers(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    seed: Any = np.int64(7)

    client.reset(seed, {"bet": np.float32(0.5), "decks": np.array([1, 2])})

    assert (
        bridge.received[-1].items()
        >= {
            "seed": 7,
            "options": {"bet": 0.5, "decks": [1, 2]},
        }.items()
    )


def test_every_reset_and_step_carries_the_next_number(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset(seed=1)
    client.step(2)
    client.last()
    client.step(3)

    numbered = [request["at"] for request in bridge.received if "at" in request]
    assert numbered == [1, 2, 3]
    assert bridge.totals == [5]


@pytest.mark.parametrize("fault", ["drop", "drop after"])
def test_a_dropped_connection_is_resumed_and_the_step_is_played_once(
    bridge: FakeBridge, client: HyperTokenClient, fault: str
) -> None:
    client.reset()
    bridge.fault = once("step", fault)

    reply = client.step(7)

    assert reply == {"ok": True, "at": 2, "total": 7}
    assert bridge.sessions["s0"].total == 7
    assert client.session == "s0"
    assert client.step(1)["total"] == 8


def test_a_session_whose_lease_ran_out_is_reported_and_forgotten(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset()
    bridge.fault = once("step", "drop")
    bridge.lease_over = True

    with pytest.raises(UnknownSessionError, match="no such session"):
        client.step(7)

    assert not client.connected
    assert client.connect().session not in (None, "s0")


def test_disconnect_keeps_the_session_and_connect_resumes_it(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset()
    client.step(4)
    client.disconnect()

    client.connect()

    assert client.step(5) == {"ok": True, "at": 3, "total": 9}


def test_a_url_with_a_session_resumes_it_at_its_own_count(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset()
    client.step(4)
    client.disconnect()

    with HyperTokenClient(f"{bridge.url}/?session=s0") as second:
        assert second.step(5) == {"ok": True, "at": 3, "total": 9}


def test_a_timeout_is_every_exception_a_caller_may_expect(bridge: FakeBridge) -> None:
    with HyperTokenClient(bridge.url, timeout=0.05) as client:
        bridge.fault = once("ping", "mute")

        with pytest.raises(websocket.WebSocketTimeoutException) as late:
            client.ping()

        assert isinstance(late.value, RequestTimeoutError | TimeoutError | HyperTokenError)
        assert str(late.value) == (
            "no reply to ping within 0.05 s; the server is busy or the network slow; wait longer "
            "with timeout=0.1"
        )


def test_a_step_is_waited_for_longer_than_the_server_gives_it(bridge: FakeBridge) -> None:
    bridge.deadline_s = 1
    with HyperTokenClient(f"{bridge.url}/?session=s0", timeout=0.2) as client:
        bridge.fault = once("step", "hold")
        threading.Timer(0.5, bridge.release.set).start()

        assert client.step(7)["total"] == 7
        bridge.fault = once("ping", "mute")
        with pytest.raises(RequestTimeoutError) as late:
            client.ping()

    assert "no reply to ping within 0.2 s" in str(late.value)


def test_after_a_timeout_the_next_call_gets_its_own_reply(bridge: FakeBridge) -> None:
    with HyperTokenClient(bridge.url, timeout=0.2) as client:
        client.reset()
        bridge.fault = once("step", "hold")
        with pytest.raises(RequestTimeoutError):
            client.step(1)
        bridge.release.set()

        reply = client.step(10)

        assert reply == {"ok": True, "at": 3, "total": 11}


def test_an_open_that_was_late_is_followed_by_the_next_call(bridge: FakeBridge) -> None:
    with HyperTokenClient(bridge.url, timeout=0.2) as client:
        client.reset()
        other = bridge.new_session()
        bridge.fault = once("open", "hold")
        with pytest.raises(RequestTimeoutError):
            client.open(session=other.name)
        bridge.release.set()

        assert client.step(10) == {"ok": True, "at": 1, "total": 10}
        assert (client.session, other.total) == (other.name, 10)


def test_a_client_shows_its_server_and_what_is_open_there(bridge: FakeBridge) -> None:
    client = HyperTokenClient(f"{bridge.url}?token=secret")
    assert repr(client) == f"<HyperTokenClient '{bridge.url}', not connected>"
    with client:
        assert repr(client) == f"<HyperTokenClient '{bridge.url}', connected to counting>"


def test_both_clients_have_the_same_commands_with_the_same_words() -> None:
    names = [name for name in dir(HyperTokenClient) if not name.startswith("_")]
    for name in names:
        called, awaited = getattr(HyperTokenClient, name), getattr(HyperTokenAsyncClient, name)
        if callable(called):
            assert inspect.signature(called) == inspect.signature(awaited)
            assert inspect.iscoroutinefunction(awaited)
            assert not inspect.iscoroutinefunction(called)
            assert called.__doc__
    assert {"reset", "step", "step_turn", "open", "exchange", "call", "close"} <= {*names}
    assert inspect.getdoc(HyperTokenClient.observe) == inspect.getdoc(HyperTokenAsyncClient.observe)


def test_a_late_refusal_moves_the_number_of_the_step_behind_it(bridge: FakeBridge) -> None:
    with HyperTokenClient(bridge.url, timeout=0.2) as client:
        client.reset()
        bridge.fault = once("step", "hold")
        with pytest.raises(RequestTimeoutError):
            client.step(99)  # out of range: the session will not count it
        bridge.release.set()

        reply = client.step(10)

        assert reply == {"ok": True, "at": 2, "total": 10}


@pytest.mark.parametrize("moment", ["not yet sent", "half sent", "half read"])
def test_control_c_in_the_middle_of_a_call_costs_that_call_alone(
    bridge: FakeBridge, client: HyperTokenClient, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    client.reset()
    opened = client._line.socket
    assert opened is not None
    assert opened.sock is not None
    wire = opened.sock

    def control_c(*_: object, **__: object) -> None:
        if moment == "half sent":
            wire.send(b"\x81\xfe")
        if moment == "half read":
            wire.recv(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(opened, "recv_data" if moment == "half read" else "send", control_c)
    with pytest.raises(KeyboardInterrupt):
        client.step(7)

    reply = client.step(10)

    played = 7 if moment == "half read" else 0
    assert reply == {"ok": True, "at": 3 if played else 2, "total": played + 10}
    assert client.session == "s0"


def test_a_client_disconnected_after_control_c_says_so(
    client: HyperTokenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def control_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(client._line.socket, "send", control_c)
    with pytest.raises(KeyboardInterrupt):
        client.ping()
    client.disconnect()

    with pytest.raises(NotConnectedError):
        client.ping()
    assert client.connect().reset()["at"] == 1


def test_a_refused_step_leaves_the_number_for_the_next_one(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset()

    with pytest.raises(BadActionError) as refused:
        client.step(99)

    assert (refused.value.code, str(refused.value)) == ("bad_action", "99 is out of range")
    assert isinstance(refused.value, ValueError)
    assert client.step(1)["at"] == 2


def test_a_session_stepped_by_someone_else_says_which_number_it_expects(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset()
    bridge.sessions["s0"].at = 5

    with pytest.raises(BadStepError) as refused:
        client.step(1)

    assert refused.value.details == {"expected": 6}
    assert client.step(1)["at"] == 6


def test_what_json_cannot_hold_is_refused_before_it_is_sent(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    with pytest.raises(BadFieldError) as refused:
        client.reset(options={"bet": float("nan")})

    assert str(refused.value) == (
        "reset cannot be sent; a field holds what JSON does not know, such as NaN or an object; "
        "pass finite numbers, strings, lists and dicts"
    )
    assert client.reset()["at"] == 1


def test_a_message_over_the_limit_is_final_but_the_session_lives(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    client.reset()
    bridge.fault = once("step", "too big")

    with pytest.raises(TooLargeError, match="over 1 MiB"):
        client.step(1)

    assert client.step(2) == {"ok": True, "at": 2, "total": 2}


def test_non_finite_observations_come_back_as_floats(client: HyperTokenClient) -> None:
    first, second = client.last()["observation"]

    assert first == 0
    assert second != second


def test_latency_is_measured_in_milliseconds_over_the_samples_asked_for(
    bridge: FakeBridge, client: HyperTokenClient
) -> None:
    latency = measure_latency(client, samples=20, warmup=2)

    assert latency.samples == 20
    assert 0 < latency.minimum <= latency.median <= latency.p99 <= latency.maximum
    assert sum(request["cmd"] == "ping" for request in bridge.received) == 22


def test_debug_logging_shows_one_line_a_message(
    client: HyperTokenClient, caplog: pytest.LogCaptureFixture
) -> None:
    logger = enable_logging("debug")
    try:
        client.ping()
    finally:
        logger.setLevel(logging.NOTSET)

    lines = [record.getMessage() for record in caplog.records]
    assert lines == ['-> {"cmd":"ping","id":2}', '<- {"pong": 0, "id": 2}']
