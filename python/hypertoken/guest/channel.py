"""The socket to Java: one byte a message, where there is more to say a length and the text."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

_LENGTH = struct.Struct("<I")
_SPIN_SECONDS = 0.001
_SLOW_YIELD_SECONDS = 0.001
_MOST_SKIPPED = 1024


class GoneError(Exception):
    """Java has closed its end."""


class Channel:
    """What is said, either way.

    To Java: `D` a batch is done, `I` infos and errors of a batch are here (then `D`), `H` hello,
    `R` ready, `T` a drawing as text, `P` one as pixels, `E` what was asked failed. From Java: `O`
    open, `M` where the columns are, `N` options of the next resets, `G` go, `V` draw, `X` end.
    """

    def __init__(self, address: str, key: str) -> None:
        kind, _, rest = address.partition(":")
        if kind == "unix":
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(rest)
            self._forget(rest)
        else:
            host, _, port = rest.rpartition(":")
            self._socket = socket.create_connection((host, int(port)))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(key.encode())
        self._skip = 0
        self._skipped = 0

    @staticmethod
    def _forget(path: str) -> None:
        """Both ends do this, so that whoever is killed in between leaves nothing."""
        with contextlib.suppress(OSError):
            os.unlink(path)
            os.rmdir(os.path.dirname(path))

    def receive(self) -> tuple[bytes, Any]:
        """The next message: its kind, and for all but G and X what it says."""
        kind = self._socket.recv(1)
        if not kind:
            raise GoneError
        return kind, None if kind in b"GX" else json.loads(self.take())

    def take(self) -> bytes:
        """The bytes of a message whose kind has been read."""
        (length,) = _LENGTH.unpack(self._exactly(4))
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part:
                raise GoneError
            parts += part
        return bytes(parts)

    def send(self, kind: bytes, text: Any) -> None:
        """Say something longer than a byte; whatever is not bytes becomes JSON."""
        content = text if isinstance(text, bytes) else json.dumps(text).encode()
        self._socket.sendall(kind + _LENGTH.pack(len(content)) + content)

    def waiter(self, spin: bool) -> tuple[Callable[[], bytes], Callable[[], None]]:
        """The two calls of every batch: one that waits for a byte, one that says `D`."""
        descriptor = self._socket.fileno()
        if os.name == "nt":
            return lambda: self._socket.recv(1), lambda: self._socket.sendall(b"D")

        def done() -> None:
            os.write(descriptor, b"D")

        def wait() -> bytes:
            return os.read(descriptor, 1)

        return (lambda: self._spun() or wait()) if spin else wait, done

    def _spun(self) -> bytes:
        """Look for a byte and let others run, for a while; b"" for none.

        Where yielding takes long, others need the core: then it is not tried for the next few
        batches, twice as many each time.
        """
        if self._skipped < self._skip:
            self._skipped += 1
            return b""
        self._skipped = 0
        receive, dontwait, clock = self._socket.recv, socket.MSG_DONTWAIT, time.perf_counter
        give_way = os.sched_yield
        began = now = clock()
        while now - began < _SPIN_SECONDS:
            try:
                byte = receive(1, dontwait)
            except BlockingIOError:
                pass
            else:
                if not byte:
                    raise GoneError
                self._skip = 0 if now - began < _SLOW_YIELD_SECONDS else self._skip
                return byte
            give_way()
            last, now = now, clock()
            if now - last > _SLOW_YIELD_SECONDS:
                self._skip = min(2 * self._skip or 1, _MOST_SKIPPED)
                return b""
        return b""
