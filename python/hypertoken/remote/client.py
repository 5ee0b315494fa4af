"""The synchronous client: every command of the bridge protocol, over one WebSocket."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import websocket
from websocket import ABNF, WebSocket, WebSocketBadStatusException, WebSocketTimeoutException

from hypertoken.log import LOGGER
from hypertoken.remote import addresses, forks
from hypertoken.remote.commands import Command, Commands, Waits
from hypertoken.remote.conversation import closed_error
from hypertoken.remote.delivery import Delivery, finish
from hypertoken.remote.line import not_upgraded, unauthorized, unreachable


class BlockingLine:
    """A WebSocket of websocket-client; see `hypertoken.remote.line.Line`."""

    interruptible = False  # half a frame may be out, or read

    def __init__(self, url: str, token: str | None) -> None:
        self.socket: WebSocket | None = None
        self._url = url
        self._token = token

    @property
    def up(self) -> bool:
        """Whether it holds a connection, broken or not."""
        return self.socket is not None

    async def dial(self, timeout: float) -> None:
        """Connect."""
        proxy = addresses.proxy_for(self._url)
        try:
            self.socket = websocket.create_connection(
                addresses.without_session(self._url),
                timeout=timeout,
                header=[f"Authorization: Bearer {self._token}"] if self._token else [],
                enable_multithread=False,  # the client's own lock orders the calls
                skip_utf8_validation=True,  # json.loads validates
                suppress_origin=True,
                **_by_proxy(proxy),
            )
        except WebSocketBadStatusException as refused:
            if refused.status_code == 401:
                raise unauthorized(self._url) from refused
            raise not_upgraded(self._url, refused.status_code, refused.resp_body) from refused
        except Exception as why:  # its errors about proxies have no class of their own
            raise unreachable(self._url, why, proxy) from why

    async def send(self, message: str | bytes, patience: float) -> None:
        """Send a message."""
        opened = self._opened()
        if opened.gettimeout() != patience:
            opened.settimeout(patience)
        try:
            if isinstance(message, bytes):
                opened.send_binary(message)
            else:
                opened.send(message)
        except WebSocketTimeoutException as half_sent:
            # Half a frame may be out: this connection can carry no other one.
            raise ConnectionResetError("a message could not be sent in time") from half_sent
        except websocket.WebSocketException as broken:
            raise ConnectionResetError(str(broken)) from broken

    async def receive(self, deadline: float) -> str | bytes:
        """Wait for the next message, each time as long as the last `send` was to wait."""
        if time.monotonic() > deadline:
            raise TimeoutError
        try:
            opcode, data = self._opened().recv_data()
        except WebSocketTimeoutException as late:
            raise TimeoutError from late
        except websocket.WebSocketException as broken:
            raise ConnectionResetError(str(broken)) from broken
        if opcode == ABNF.OPCODE_CLOSE:
            code = struct.unpack_from("!H", data)[0] if len(data) >= 2 else 1005
            raise closed_error(code, str(data[2:], "utf-8", "replace"))
        return bytes(data) if opcode == ABNF.OPCODE_BINARY else str(data, "utf-8")

    def _opened(self) -> WebSocket:
        if self.socket is None:
            raise ConnectionResetError("the connection is gone")
        return self.socket

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    async def close(self) -> None:
        """Say goodbye and drop the connection."""
        opened, self.socket = self.socket, None
        if opened is not None:
            try:
                opened.close(timeout=1)
            except (websocket.WebSocketException, OSError):
                LOGGER.debug("the connection was gone before it was closed")

    def abort(self) -> None:
        """Drop the connection at once."""
        opened, self.socket = self.socket, None
        if opened is not None:
            opened.shutdown()  # type: ignore[no-untyped-call]

    def give_back(self) -> None:
        """Let go of the parent's connection."""
        if self.socket is not None and self.socket.sock is not None:
            forks.give_back(self.socket.sock.fileno())


def _by_proxy(proxy: str | None) -> dict[str, Any]:
    """How websocket-client is told of a proxy, or of none."""
    if proxy is None:
        # By itself it asks the environment, for localhost too, unless some proxy was named.
        return {"http_proxy_host": "nobody", "http_proxy_port": 1, "http_no_proxy": ["*"]}
    parts = urlsplit(proxy)
    told: dict[str, Any] = {
        "http_proxy_host": parts.hostname,
        "http_proxy_port": parts.port or (1080 if parts.scheme.startswith("socks") else 80),
        "proxy_type": parts.scheme,
    }
    if parts.username:
        told["http_proxy_auth"] = unquote(parts.username), unquote(parts.password or "")
    return told


def _called(command: Command[..., Any]) -> Callable[..., Any]:
    """The method that sends a command and waits for its reply."""
    ask = command.ask

    def call(self: HyperTokenClient, *arguments: Any, **named: Any) -> Any:
        asked = ask(self, *arguments, **named)
        delivery = self._delivery
        delivery.check_fork()
        with self._lock:
            reply = finish(delivery.deliver(asked.fields, asked.writer))
        return asked.read(reply)

    return call


class HyperTokenClient(Commands, Waits, method=_called):
    """A connection to a HyperToken server, one request and one reply at a time.

    A dropped connection is resumed by itself within the session's lease, and a step is never
    played twice. A client may be shared between threads: calls wait for each other. It stays with
    its process: a forked child's calls raise ForkedError, and its `close` does nothing.

    Proxies of the environment (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`) lead to other
    machines, never to this one.

    Args:
        url: `ws://host:port`, with `?env=blackjack&agents=3` to choose the environment.
        timeout: seconds to wait for a reply, and for a lost connection to come back. Where the
            server says how long it lets a step take, replies to steps are waited for longer.
        token: the server's access token, sent as `Authorization: Bearer`.
    Raises:
        BadFieldError: the URL or the timeout can be none.
        ConnectionFailedError: from `connect`, when nobody listens there.
        UnauthorizedError: from `connect`, when the token is wrong or missing.
    """

    def __init__(
        self,
        url: str = "ws://localhost:9999",
        timeout: float = 30.0,
        *,
        token: str | None = None,
    ) -> None:
        addresses.check_address(url, timeout)
        self.url = url
        self._line = BlockingLine(url, token)
        self._delivery = Delivery(self._line, url, timeout)
        self._lock = threading.RLock()
        forks.register(self)

    def __repr__(self) -> str:
        return repr_of(self, self._delivery)

    def connect(self) -> Self:
        """Connect, or resume this client's session after `disconnect`; connected already: nothing.

        Returns:
            This client, so that `HyperTokenClient(url).connect()` is one expression.
        """
        with self._lock:
            finish(self._delivery.connect())
        return self

    def disconnect(self) -> None:
        """Drop the connection; the server keeps the session for its lease, `connect` resumes it."""
        with self._lock:
            finish(self._delivery.disconnect())

    def close(self) -> None:
        """End the session and the connection; a client not connected stays so."""
        with self._lock:
            finish(self._delivery.close())

    @property
    def timeout(self) -> float:
        """Seconds to wait for a reply, and for a lost connection to come back."""
        return self._delivery.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        addresses.check_address(self.url, seconds)
        self._delivery.timeout = seconds

    @property
    def connected(self) -> bool:
        """Whether `connect` was called, and neither `disconnect` nor `close` since."""
        return self._delivery.wanted

    @property
    def session(self) -> str | None:
        """This connection's session id: what `?session=` or `open(session=...)` resumes."""
        return self._delivery.conversation.session

    def __enter__(self) -> Self:
        return self.connect()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _after_fork(self) -> None:
        """Leave connection and session to the process that was forked; called in the child."""
        self._lock = threading.RLock()  # another thread of the parent may have been in a call
        self._delivery.after_fork()


def repr_of(client: object, delivery: Delivery) -> str:
    """A client as it is shown: its server, and what it has open there."""
    opened = delivery.conversation.environment
    state = "connected" if delivery.wanted else "not connected"
    told = f" to {opened}" if delivery.wanted and opened else ""
    return f"<{type(client).__name__} {addresses.without_token(delivery.url)!r}, {state}{told}>"
