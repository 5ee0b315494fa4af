"""A bridge with one small game and faults on demand: what a real server never does on command.

The game counts: each step adds its action to `total`. It is no model of the server; it only keeps
the protocol's promises (ids, `at`, sessions) that the clients lean on.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

Reply = dict[str, Any]
Fault = Callable[[dict[str, Any]], str | None]


class Session:
    """One game: the sum of the actions played, and the last numbered reply."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.total = 0
        self.at = 0
        self.recorded: Reply = {}


class FakeBridge:
    """Serves the counting game on a free loopback port.

    Attributes:
        fault: asked before each request; "drop" closes the connection without playing it,
            "drop after" plays it first, "mute" plays it and never replies, "hold" replies when
            `release` is set, "too big" closes with 1009.
        received: every JSON request, in order.
        connections: how many are open now.
        deadline_s: how long it says that it lets a step take.
    """

    def __init__(self) -> None:
        self.fault: Fault = lambda request: None
        self.release = threading.Event()
        self.received: list[dict[str, Any]] = []
        self.sessions: dict[str, Session] = {}
        self.lease_over = False
        self.connections = 0
        self.deadline_s: float | None = None
        self._server: Server | None = None
        self._lock = threading.Lock()

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
    def totals(self) -> list[int]:
        return [session.total for session in self.sessions.values()]

    def _converse(self, connection: ServerConnection) -> None:
        with self._lock:
            self.connections += 1
        session = self.new_session()
        try:
            for message in connection:
                request = json.loads(message)
                self.received.append(request)
                fault = self.fault(request)
                if fault == "drop":
                    connection.socket.close()
                    return
                if fault == "too big":
                    connection.close(1009, "over 1 MiB")
                    return
                if request["cmd"] == "open":
                    found = None if self.lease_over else self.sessions.get(request["session"])
                    session = found or session
                    reply = (
                        {"session": found.name, "at": found.at, "deadline_s": self.deadline_s}
                        if found
                        else refused("unknown_session", "no such session")
                    )
                else:
                    reply = self._play(session, request)
                if fault == "drop after":
                    connection.socket.close()
                    return
                if fault == "hold":
                    self.release.wait()
                if fault != "mute":
                    connection.send(json.dumps({**reply, "id": request["id"]}))
        except (ConnectionClosed, OSError):
            return
        finally:
            with self._lock:
                self.connections -= 1

    def new_session(self) -> Session:
        with self._lock:
            session = Session(f"s{len(self.sessions)}")
            self.sessions[session.name] = session
        return session

    def _play(self, session: Session, request: dict[str, Any]) -> Reply:
        command = request["cmd"]
        if command in ("step", "reset"):
            return self._numbered(session, request)
        if command == "env_info":
            return {
                "env_type": "counting",
                "session": session.name,
                "observation_spaces": {},
                "action_spaces": {},
            }
        if command == "ping":
            return {"pong": 0}
        if command == "last":
            return {"observation": [session.total, "NaN"], "reward": 0}
        return {"ok": True}

    def _numbered(self, session: Session, request: dict[str, Any]) -> Reply:
        at = request["at"]
        if at == session.at and at > 0:
            return session.recorded
        if at != session.at + 1:
            return refused("bad_step", f"at={at}", expected=session.at + 1)
        if request["cmd"] == "step" and request["action"] == 99:
            return refused("bad_action", "99 is out of range")
        session.at = at
        session.total += request.get("action", 0)
        session.recorded = {"ok": True, "at": at, "total": session.total}
        return session.recorded


def refused(code: str, message: str, **more: Any) -> Reply:
    return {"error": message, "code": code, **more}


def once(command: str, fault: str) -> Fault:
    """A fault for the next request of this command only."""
    left = [fault]

    def choose(request: dict[str, Any]) -> str | None:
        return left.pop() if request["cmd"] == command and left else None

    return choose
