"""A hub with a small log and faults on demand: what a real hub never does on command.

It keeps the hub's promises that the clients lean on: replies by id, replay from a place in the log,
publications counted once by their `event_id`. It filters by types alone.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

Message = dict[str, Any]
Fault = Callable[[Message], str | None]


class FakeHub:
    """Serves its log on a free loopback port.

    Attributes:
        fault: asked before each request; "drop" closes the connection and does nothing, "drop
            after" does it and closes instead of replying, "mute" does it and never replies, "hold"
            replies when `release` is set.
        log: the events.
        received: every request, in order.
        first: the seq of the oldest event that it still knows.
    """

    def __init__(self) -> None:
        self.fault: Fault = lambda request: None
        self.release = threading.Event()
        self.log: list[Message] = []
        self.received: list[Message] = []
        self.epoch = "e1"
        self.first = 1
        self._seen: dict[str, int] = {}
        self._clients: dict[ServerConnection, list[str]] = {}
        self._server: Server | None = None
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        self._server = serve(self._converse, "127.0.0.1", 0, compression=None)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        assert self._server is not None
        self._server.shutdown()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    @property
    def connections(self) -> int:
        with self._lock:
            return len(self._clients)

    def emit(self, *numbers: int, type: str = "tick") -> None:
        """Log an event for each number, and send them."""
        with self._lock:
            for number in numbers:
                self._store({"type": type, "data": {"n": number}, "timestamp": 1.0})

    def drop_all(self) -> None:
        """Close every connection without a word."""
        with self._lock:
            for client in self._clients:
                client.socket.close()

    def demand(self, **fields: Any) -> None:
        """Ask every client something."""
        with self._lock:
            for client in self._clients:
                client.send(json.dumps({"timestamp": 1.0, **fields}))

    def _store(self, event: Message) -> int:
        seq = self.first + len(self.log)
        stored = {**event, "seq": seq, "epoch": self.epoch}
        self.log.append(stored)
        for client, types in list(self._clients.items()):
            self._send(client, types, stored)
        return seq

    def _send(self, client: ServerConnection, types: list[str], event: Message) -> None:
        if not types or event["type"] in types:
            try:
                client.send(json.dumps(event))
            except (ConnectionClosed, OSError):
                self._clients.pop(client, None)

    def _converse(self, connection: ServerConnection) -> None:
        try:
            connection.send(json.dumps({"type": "system_status", "data": {"status": "connected"}}))
            for message in connection:
                request = json.loads(message)
                self.received.append(request)
                fault = self.fault(request)
                if fault == "drop":
                    connection.socket.close()
                    return
                with self._lock:
                    reply, then = self._answer(connection, request)
                if fault == "drop after":
                    connection.socket.close()
                    return
                if fault == "hold":
                    self.release.wait()
                with self._lock:
                    if fault != "mute" and reply is not None:
                        told = {"type": "reply", "timestamp": 1.0, "id": request.get("id"), **reply}
                        connection.send(json.dumps(told))
                    then()
        except (ConnectionClosed, OSError):
            return
        finally:
            with self._lock:
                self._clients.pop(connection, None)

    def _answer(
        self, connection: ServerConnection, request: Message
    ) -> tuple[Message | None, Callable[[], None]]:
        action = request["action"]
        if action in ("register", "subscribe"):
            return self._register(connection, request)
        if action == "publish":
            kinds = [event["type"] for event in request["events"]]
            if "bad" in kinds:
                told = {
                    "status": "error",
                    "code": "bad_field",
                    "message": "refused the event bad; nobody wants it; send another",
                    "index": kinds.index("bad"),
                }
                return told, _nothing
            for event in request["events"]:
                name = event.pop("event_id")
                if name not in self._seen:
                    self._seen[name] = self._store(event)
            return {"status": "success", "seq": self._seen[name], "epoch": self.epoch}, _nothing
        if action == "command":
            result = {"params": request["params"], "clients": len(self._clients)}
            reply = {"status": "command_result", "command": request["command"], "result": result}
            return reply, _nothing
        return None, _nothing

    def _register(
        self, connection: ServerConnection, request: Message
    ) -> tuple[Message, Callable[[], None]]:
        types = request["subscriptions"].get("types", [])
        newest = self.first + len(self.log) - 1
        reply = {"status": "registered", "epoch": self.epoch, "seq": newest}
        since, seq = request.get("since"), newest
        if "last" in request:
            seq = newest - request["last"]
        elif since is not None:
            seq = since["seq"]
            if since["epoch"] != self.epoch or seq < self.first - 1:
                reply["recovered"], reply["first_seq"], seq = False, self.first, newest

        def replay() -> None:
            for event in self.log[max(0, seq + 1 - self.first) :]:
                self._send(connection, types, event)
            self._clients[connection] = types

        return reply, replay


def _nothing() -> None:
    pass


def once(action: str, fault: str) -> Fault:
    """A fault for the next request of this kind only."""
    left = [fault]

    def choose(request: Message) -> str | None:
        return left.pop() if request["action"] == action and left else None

    return choose
