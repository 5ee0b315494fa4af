"""Where servers are reached: proxies, IPv6, tokens."""

from __future__ import annotations

import asyncio
import select
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from hypertoken import HyperTokenAsyncClient, HyperTokenClient, ServerManager, wait_for_server
from hypertoken.errors import ConnectionFailedError, RequestTimeoutError, UnauthorizedError
from hypertoken.remote.addresses import proxy_for, url_of
from tests.fake_bridge import FakeBridge

NOBODY = "http://127.0.0.1:9"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


class Proxy:
    """An HTTP proxy that knows one machine: every tunnel asked for leads there."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.asked: list[str] = []
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                inner, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(inner,), daemon=True).start()

    def _tunnel(self, inner: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += inner.recv(4096)
        self.asked.append(head.split(b"\r\n")[0].decode())
        with inner, socket.create_connection(self._target) as outer:
            inner.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            other = {inner: outer, outer: inner}
            while True:
                for readable in select.select(list(other), [], [])[0]:
                    data = readable.recv(65536)
                    if not data:
                        return
                    other[readable].sendall(data)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def bridge() -> Iterator[FakeBridge]:
    with FakeBridge() as running:
        yield running


@pytest.fixture
def proxy(bridge: FakeBridge) -> Iterator[Proxy]:
    opened = Proxy(("127.0.0.1", int(bridge.url.rpartition(":")[2])))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("url", "set_to", "chosen"),
    [
        ("ws://lab.example", {}, None),
        ("ws://lab.example", {"http_proxy": "http://p:1"}, "http://p:1"),
        ("wss://lab.example", {"http_proxy": "http://p:1"}, None),
        ("wss://lab.example", {"https_proxy": "http://p:2"}, "http://p:2"),
        ("ws://lab.example", {"all_proxy": "socks5h://p:3"}, "socks5h://p:3"),
        ("ws://lab.example", {"http_proxy": "p:1"}, "http://p:1"),
        ("ws://lab.example", {"http_proxy": "http://p:1", "no_proxy": "lab.example"}, None),
        ("ws://a.lab.example", {"http_proxy": "http://p:1", "no_proxy": ".lab.example"}, None),
        ("ws://localhost:9999", {"http_proxy": "http://p:1", "all_proxy": "http://p:1"}, None),
        ("ws://127.0.0.2:9999", {"http_proxy": "http://p:1", "no_proxy": "other"}, None),
        ("ws://[::1]:9999", {"http_proxy": "http://p:1"}, None),
        ("ws://a.localhost:9999", {"http_proxy": "http://p:1"}, None),
        ("ws://localhost.example", {"http_proxy": "http://p:1"}, "http://p:1"),
    ],
)
def test_a_proxy_leads_to_other_machines_only(
    no_proxies: pytest.MonkeyPatch, url: str, set_to: dict[str, str], chosen: str | None
) -> None:
    for name, value in set_to.items():
        no_proxies.setenv(name, value)

    assert proxy_for(url) == chosen


def ping(client: Any) -> float:
    """Connect, ping and close, by whichever client it is."""
    if isinstance(client, HyperTokenClient):
        with client:
            return client.ping()

    async def awaited() -> float:
        async with client:
            told: float = await client.ping()
            return told

    return asyncio.run(awaited())


@pytest.mark.parametrize("client", [HyperTokenClient, HyperTokenAsyncClient])
@pytest.mark.parametrize("variable", ["http_proxy", "HTTPS_PROXY", "all_proxy"])
def test_a_server_on_this_machine_is_reached_whatever_proxy_is_set(
    no_proxies: pytest.MonkeyPatch, bridge: FakeBridge, client: Any, variable: str
) -> None:
    no_proxies.setenv(variable, NOBODY)

    wait_for_server(bridge.url, timeout=5.0)

    assert ping(client(bridge.url)) > 0


@pytest.mark.parametrize("client", [HyperTokenClient, HyperTokenAsyncClient])
def test_a_server_behind_a_proxy_is_reached_by_it(
    no_proxies: pytest.MonkeyPatch, proxy: Proxy, client: Any
) -> None:
    no_proxies.setenv("http_proxy", proxy.url)

    wait_for_server("ws://lab.invalid:4711", timeout=5.0)

    assert ping(client("ws://lab.invalid:4711")) > 0
    assert proxy.asked == ["CONNECT lab.invalid:4711 HTTP/1.1"] * 2


@pytest.mark.parametrize("client", [HyperTokenClient, HyperTokenAsyncClient])
def test_a_proxy_that_is_not_there_is_named(no_proxies: pytest.MonkeyPatch, client: Any) -> None:
    no_proxies.setenv("http_proxy", NOBODY)

    with pytest.raises(ConnectionFailedError) as failed:
        ping(client("ws://lab.invalid:4711"))
    with pytest.raises(RequestTimeoutError):
        wait_for_server("ws://lab.invalid:4711", timeout=0.1)

    assert str(failed.value).startswith(
        "ws://lab.invalid:4711 cannot be reached by the proxy 127.0.0.1; "
    )
    assert str(failed.value).endswith("or mend the URL, or name its host in no_proxy")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("::1", "ws://[::1]:4711"),
        ("lab.example", "ws://lab.example:4711"),
        ("0.0.0.0", "ws://127.0.0.1:4711"),
        ("::", "ws://[::1]:4711"),
    ],
)
def test_a_servers_url_is_one_that_clients_can_connect_to(host: str, url: str) -> None:
    assert url_of(host, 4711) == url


def ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.server
@pytest.mark.skipif(not ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("client", [HyperTokenClient, HyperTokenAsyncClient])
def test_a_server_on_ipv6s_loopback_is_reached(client: Any) -> None:
    with ServerManager("CartPole", host="[::1]") as server:
        wait_for_server(server.url)

        assert server.url == f"ws://[::1]:{server.port}"
        assert ping(client(server.url)) > 0


@pytest.mark.server
def test_a_token_for_another_server_locks_nobody_out(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("HYPERTOKEN_TOKEN", "for-another-server")

    with ServerManager("CartPole") as server:
        assert server.token is None
        assert ping(HyperTokenClient(server.url)) > 0


@pytest.mark.server
def test_a_server_asks_for_the_token_it_was_given() -> None:
    with ServerManager("CartPole", token="mine-alone") as server:
        with pytest.raises(UnauthorizedError):
            ping(HyperTokenClient(server.url))

        assert ping(HyperTokenClient(server.url, token=server.token)) > 0
        assert ping(HyperTokenAsyncClient(server.url, token=server.token)) > 0
        assert "mine-alone" not in repr(server) + server.url
        assert "mine-alone" not in " ".join(server._command())


@pytest.mark.server
def test_a_server_for_other_machines_keeps_the_exported_token(
    no_proxies: pytest.MonkeyPatch,
) -> None:
    no_proxies.setenv("HYPERTOKEN_TOKEN", "for-all-of-them")

    with ServerManager("CartPole", host="0.0.0.0") as server:
        assert server.token == "for-all-of-them"
        with pytest.raises(UnauthorizedError):
            ping(HyperTokenClient(server.url))
        assert ping(HyperTokenClient(server.url, token=server.token)) > 0
