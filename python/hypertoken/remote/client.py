"""The synchronous client: every command of the bridge protocol, over one WebSocket."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from hypertoken.remote import addresses, forks
from hypertoken.remote.blocking_line import BlockingLine
from hypertoken.remote.commands import Command, Commands, Waits
from hypertoken.remote.delivery import Delivery
from hypertoken.remote.line import finish


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
