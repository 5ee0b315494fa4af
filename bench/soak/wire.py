"""A client on a bare socket, so that it can stop anywhere: in a frame, in a handshake.

Only what the soak needs of RFC 6455 and of the protocol. It imports nothing that takes long: many
clients are processes of their own.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
from typing import Any, Self

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
RESET, STEP = 1, 2
LOOPBACK = "127.0.0.1"


class ClosedError(OSError):
    """The server ended the connection, with this close code if it sent one."""


def dial(
    port: int, source: str = LOOPBACK, receive_buffer: int | None = None, timeout: float = 5.0
) -> socket.socket:
    """A TCP connection from this loopback address: to the server each is another client's."""
    opened = socket.socket()
    try:
        if receive_buffer is not None:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        opened.settimeout(timeout)
        if source != LOOPBACK:
            opened.bind((source, 0))
        opened.connect((LOOPBACK, port))
    except BaseException:
        opened.close()
        raise
    return opened


def handshake(port: int, path: str = "/") -> bytes:
    """The request that makes a connection a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole message; its mask is zero, which is allowed and leaves the payload as it is."""
    size = len(payload)
    if size < 126:
        head = struct.pack(">BB", 0x80 | opcode, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + bytes(4) + payload


def command(cmd: str, **fields: Any) -> bytes:
    """A command as it goes over the wire."""
    return frame(TEXT, json.dumps({"cmd": cmd, **fields}).encode())


def batch(op: int, columns: list[dict[str, Any]]) -> bytes:
    """A batch's reset of all rows, or its step of action 0; see the header's drawing in `_wire`."""
    size = max(c["offset"] + c["bytes"] for c in columns) + 7 & ~7
    payload = bytearray(size)
    for column in columns:
        if column["name"] == "mask":
            payload[column["offset"] : column["offset"] + column["bytes"]] = b"\1" * column["bytes"]
    return frame(BINARY, struct.pack("<4sHHQQII", b"HTB1", 1, op, 1, 0, 0, size) + payload)


class Peer:
    """One WebSocket connection that asks one question at a time.

    Args:
        port: the server's.
        path: with the query of the URL, such as "/?env=blackjack".
        source: the loopback address to come from.
        receive_buffer: bytes that the kernel keeps for it; small for one that does not read.
        timeout: seconds that connecting, and every reply, may take.
    """

    def __init__(
        self,
        port: int,
        path: str = "/",
        source: str = LOOPBACK,
        receive_buffer: int | None = None,
        timeout: float = 5.0,
    ) -> None:
        self.socket = dial(port, source, receive_buffer, timeout)
        self.layout: dict[str, Any] = {}
        self._unread = bytearray()
        try:
            self.socket.sendall(handshake(port, path))
            answer = self._head()
        except BaseException:
            self.socket.close()
            raise
        if b" 101 " not in answer.split(b"\r\n", 1)[0]:
            self.socket.close()
            raise ClosedError(f"refused: {answer[:80]!r}")

    def _head(self) -> bytes:
        while b"\r\n\r\n" not in self._unread:
            self._more()
        head, _, rest = bytes(self._unread).partition(b"\r\n\r\n")
        self._unread = bytearray(rest)
        return head

    def _more(self) -> None:
        got = self.socket.recv(1 << 16)
        if not got:
            raise ClosedError("the connection ended")
        self._unread += got

    def _take(self, count: int) -> bytes:
        while len(self._unread) < count:
            self._more()
        taken = bytes(self._unread[:count])
        del self._unread[:count]
        return taken

    def receive(self) -> str | bytes:
        """The next message; the server never fragments one.

        Raises:
            ClosedError: there is none.
            TimeoutError: it did not come in time.
        """
        while True:
            first, size = self._take(2)
            if size == 126:
                (size,) = struct.unpack(">H", self._take(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._take(8))
            payload, opcode = self._take(size), first & 15
            if opcode == TEXT:
                return payload.decode()
            if opcode == BINARY:
                return payload
            if opcode == PING:
                self.socket.sendall(frame(PONG, payload))
            elif opcode == CLOSE:
                raise ClosedError(f"closed: {payload[2:].decode(errors='replace') or 'no reason'}")

    def ask(self, cmd: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its reply, also when that is an error."""
        self.socket.sendall(command(cmd, **fields))
        reply: dict[str, Any] = json.loads(self.receive())
        if "layout" in reply:
            self.layout = reply["layout"]
        return reply

    def reset_batch(self) -> bytes:
        """Reset all rows of the open batch; returns the message that steps it."""
        self.socket.sendall(batch(RESET, self.layout["reset"]))
        told = self.receive()
        if isinstance(told, str):
            raise ClosedError(told[:200])
        return batch(STEP, self.layout["step"])

    def drop(self) -> None:
        """Go without a word: no close frame."""
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()


def http_status(port: int, path: str, timeout: float = 5.0) -> tuple[int, str]:
    """GET a path of the server's: status and body, read to the end of the connection."""
    with dial(port, timeout=timeout) as asked:
        asked.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = bytearray()
        while got := asked.recv(1 << 16):
            answer += got
    head, _, body = bytes(answer).partition(b"\r\n\r\n")
    status = head.split(maxsplit=2)
    if len(status) < 2:
        raise ClosedError(f"GET {path} was not answered")
    return int(status[1]), body.decode()
