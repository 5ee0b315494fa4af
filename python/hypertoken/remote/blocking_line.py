"""A WebSocket for threads, of websocket-client."""

from __future__ import annotations

import struct
import time
from typing import Any
from urllib.parse import unquote, urlsplit

import websocket
from websocket import ABNF, WebSocket, WebSocketBadStatusException, WebSocketTimeoutException

from hypertoken.log import LOGGER
from hypertoken.remote import addresses, forks
from hypertoken.remote.line import (
    START_A_SERVER,
    closed_error,
    not_upgraded,
    unauthorized,
    unreachable,
)


class BlockingLine:
    """A WebSocket of websocket-client; see `hypertoken.remote.line.Line`."""

    interruptible = False  # half a frame may be out, or read
    advice = START_A_SERVER

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
            raise unreachable(self._url, why, proxy, self.advice) from why

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
        opcode, data = self._received(whatever=False)
        return bytes(data) if opcode == ABNF.OPCODE_BINARY else str(data, "utf-8")

    def _received(self, *, whatever: bool) -> tuple[int, bytes]:
        """The next message's kind and data; or `whatever` is next, such as a ping, answered."""
        try:
            opcode, data = self._opened().recv_data(control_frame=whatever)
        except WebSocketTimeoutException as late:
            raise TimeoutError from late
        except websocket.WebSocketException as broken:
            raise ConnectionResetError(str(broken)) from broken
        if opcode == ABNF.OPCODE_CLOSE:
            code = struct.unpack_from("!H", data)[0] if len(data) >= 2 else 1005
            raise closed_error(code, str(data[2:], "utf-8", "replace"))
        return opcode, data

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
