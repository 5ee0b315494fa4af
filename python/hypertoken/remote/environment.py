"""An environment of a server, as the faces hold it: opened again where the server has lost it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hypertoken.description import refused_name
from hypertoken.engine.session import closed_error
from hypertoken.errors import (
    BadOptionError,
    ConnectionFailedError,
    HyperTokenError,
    NotConnectedError,
    SessionLostError,
    UnknownSessionError,
)
from hypertoken.remote.addresses import without_token
from hypertoken.remote.client import HyperTokenClient

_GONE = (UnknownSessionError, SessionLostError, NotConnectedError)
_LOST = (*_GONE, ConnectionFailedError)
_OF_A_SESSION = ("session", "server", "seed")
"""What `env_info` tells of a session, not of its environment."""

T = TypeVar("T")
Read = Callable[[dict[str, Any], dict[str, Any]], None]


class RemoteEnvironment:
    """What a client has opened, and the words to open it with again.

    A face has no `connect()`: a loss costs the episode, and its `reset` begins another, in a new
    session where need be. So errors say here what the user of a face can do.

    Args:
        client: what it is reached by; connected, and closed when this fails.
        env: what to open; the server's own when left out.
        options: its options.
        read: is told the `env_info`, and the reply to `open` ({} when nothing was opened).
        how: further fields of `open`; None are left out.
    """

    def __init__(
        self,
        client: HyperTokenClient,
        env: str | None,
        options: Mapping[str, Any] | None,
        read: Read,
        **how: Any,
    ) -> None:
        self.client = client
        self.options = dict(options or {})
        self._read = read
        self._how = how
        self._info: dict[str, Any] = {}
        self._closed = False
        client.connect()
        try:
            words = env is not None or self.options or any(how.values())
            info = client.env_info() if env is None else {}
            if env is None:
                # Who names no environment means the server's, with its options but for those given.
                self.options = {**info["env_options"], **self.options}
            self._env = str(info["env_type"]) if env is None else env
            if words:
                self._open_first()
            else:
                self._take(info, {})
        except BaseException:
            client.close()
            raise

    def __repr__(self) -> str:
        rows = self._how.get("num_envs")
        told = f"{rows} rows of {self.name}" if rows else self.name
        return f"<RemoteEnvironment {told} at {self._where!r}>"

    def open(self, options: dict[str, Any]) -> None:
        """Open it in a new session, with these options from now on."""
        opened = self.client.open(self._env, options=options, **self._how)
        self.options = options
        self._take(self.client.env_info(), opened)

    def _open_first(self) -> None:
        try:
            self.open(self.options)
        except BadOptionError as refused:
            self.client.open(self._env)
            declared = self.client.env_info()["env_options"]

            def give(name: str) -> None:
                self.client.open(self._env, options={name: ""})

            raise refused_name(refused, self.options, declared, give) from None

    def _take(self, info: dict[str, Any], opened: dict[str, Any]) -> None:
        self._info = info
        self._read(info, opened)

    def ask(self, call: Callable[..., T], *arguments: Any) -> T:
        """Make a call of an episode; a lost one is told in a face's words."""
        try:
            return call(*arguments)
        except _LOST as lost:
            raise self._in_a_faces_words(lost) from lost

    def begin(self, call: Callable[..., T], seed: Any, *arguments: Any) -> T:
        """Make a call that begins episodes: nothing is lost by making it in a new session."""
        if self._closed:
            raise closed_error(self.name)
        try:
            try:
                return call(seed, *arguments)
            except _GONE:
                opened = self._come_back()
                if opened and seed is None:
                    warnings.warn(
                        f"the server at {self._where} had lost the session of {self.name}; another "
                        "one was opened, whose episodes do not follow from an earlier seed; pass "
                        "one to reset() to repeat them",
                        RuntimeWarning,
                        stacklevel=4,
                    )
                return call(seed, *arguments)
        except _LOST as lost:
            raise self._in_a_faces_words(lost) from lost

    def _come_back(self) -> bool:
        """Connect again, and resume the session or open another; returns whether it is another."""
        client = self.client
        if not client.connected:
            resumable = client.session is not None
            try:
                client.connect()
            except (UnknownSessionError, SessionLostError):
                resumable = False
                client.connect()
            if resumable:
                return False
        before = self._info
        self.open(self.options)
        if _environment(before) != _environment(self._info):
            client.close()
            self._closed = True
            raise SessionLostError(
                f"{self.name} was not opened again; the server at {self._where} gives it other "
                "spaces or options than before; make the environment anew",
                "session_lost",
            )
        return True

    def _in_a_faces_words(self, lost: HyperTokenError) -> HyperTokenError:
        if self._closed:
            return lost if "make the environment anew" in lost.message else closed_error(self.name)
        if isinstance(lost, NotConnectedError):
            what = f"{self.name} was not reached; its connection to {self._where} was lost"
        else:
            what = lost.message.rpartition("; ")[0]  # all but what a client's user can do
        rows = self._how.get("num_envs") or 1
        episode = "the episode" if rows == 1 else f"the episodes of all {rows} rows"
        return type(lost)(
            f"{what}; {episode} of {self.name} cannot go on: call reset() to begin anew, "
            "when the server is there",
            lost.code,
            lost.details,
        )

    @property
    def name(self) -> str:
        """The environment's id."""
        return str(self._info.get("env_type", self._env))

    @property
    def _where(self) -> str:
        return without_token(self.client.url)

    def close(self) -> None:
        """End the session and the connection; every later call is refused."""
        self._closed = True
        self.client.close()


def _environment(info: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in info.items() if name not in _OF_A_SESSION}
