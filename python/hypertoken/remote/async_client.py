"""The asyncio client: the same commands as `HyperTokenClient`, awaited."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
)

from hypertoken.errors import (
    BadStepError,
    ConnectionFailedError,
    HyperTokenError,
    InternalError,
    NotConnectedError,
    RequestTimeoutError,
    SessionLostError,
    UnauthorizedError,
    UnknownSessionError,
)
from hypertoken.log import LOGGER
from hypertoken.remote import commands
from hypertoken.remote.wire import Conversation, Frame, FrameWriter, Request, closed_error

_BROKEN = (ConnectionClosed, ConnectionError, OSError)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


class HyperTokenAsyncClient:
    """A connection to a HyperToken server for asyncio; calls wait for each other.

    It resumes a dropped connection and never steps twice, as `HyperTokenClient` does; a cancelled
    call's late reply is dropped.

    Args:
        url: `ws://host:port`, with `?env=blackjack&agents=3` to choose the environment.
        timeout: seconds to wait for a reply, and for a lost connection to come back.
        token: the server's access token, sent as `Authorization: Bearer`.
    """

    def __init__(
        self,
        url: str = "ws://localhost:9999",
        timeout: float = 30.0,
        *,
        token: str | None = None,
    ) -> None:
        commands.check_address(url, timeout)
        self.url = url
        self.timeout = timeout
        self._token = token
        self._socket: ClientConnection | None = None
        self._conversation = Conversation()
        self._lock = asyncio.Lock()

    # --- Connection ---

    async def connect(self) -> Self:
        """Connect, or resume this client's session; connected already: nothing."""
        if self._socket is not None:
            return self
        session = self._conversation.session or commands.session_in(self.url)
        self._socket = await self._dial()
        try:
            if session is not None:
                await self._resume(session, None)
            else:
                self._conversation.session = (await self.env_info()).get("session")
        except BaseException:
            await self.disconnect()
            raise
        return self

    async def disconnect(self) -> None:
        """Drop the connection; the server keeps the session for its lease, `connect` resumes it."""
        opened, self._socket = self._socket, None
        if opened is not None:
            await opened.close()

    async def close(self) -> None:
        """End the session and the connection; a client not connected stays so."""
        if self._socket is not None:
            try:
                async with self._lock:
                    await self._once(self._conversation.request(commands.command("close")))
            except (HyperTokenError, *_BROKEN) as gone:
                LOGGER.debug("the session was gone before it was closed: %s", gone)
        await self.disconnect()
        self._conversation = Conversation()

    @property
    def connected(self) -> bool:
        """Whether `connect` was called, and neither `disconnect` nor `close` since."""
        return self._socket is not None

    @property
    def session(self) -> str | None:
        """This connection's session id."""
        return self._conversation.session

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    # --- Commands: see HyperTokenClient for what each returns ---

    async def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Start an episode; returns `{ok, at}`."""
        return await self.call(commands.command("reset", seed=seed, options=options))

    async def step(self, action: Any) -> dict[str, Any]:
        """Play the acting agent's action; returns `{ok, at}`."""
        return await self.call(commands.step(action))

    async def observe(self, agent: str) -> Any:
        """Return what this agent sees."""
        reply = await self.call(commands.command("observe", agent=agent))
        return commands.restore_observation(reply)["observation"]

    async def last(self) -> dict[str, Any]:
        """Return `{observation, reward, terminated, truncated, info}` of the acting agent."""
        return commands.restore_observation(await self.call(commands.command("last")))

    async def agents(self) -> list[str]:
        """List the agents still in the episode."""
        return list((await self.call(commands.command("agents")))["agents"])

    async def possible_agents(self) -> list[str]:
        """List all agents there can be."""
        return list((await self.call(commands.command("possible_agents")))["possible_agents"])

    async def agent_selection(self) -> str | None:
        """Return the agent that acts now; None before the first reset."""
        agent: str | None = (await self.call(commands.command("agent_selection")))["agent"]
        return agent

    async def observation_space(self, agent: str) -> dict[str, Any]:
        """Describe this agent's observations; infinite bounds are ±inf."""
        reply = await self.call(commands.command("observation_space", agent=agent))
        return commands.finite_bounds(reply["space"])

    async def action_space(self, agent: str) -> dict[str, Any]:
        """Describe this agent's actions; infinite bounds are ±inf."""
        reply = await self.call(commands.command("action_space", agent=agent))
        return commands.finite_bounds(reply["space"])

    async def action_mask(self, agent: str) -> list[bool] | None:
        """Tell which actions are legal: all False when the agent cannot act, None without masks."""
        reply = await self.call(commands.command("action_mask", agent=agent))
        mask: list[bool] | None = reply["mask"]
        return mask

    async def rewards(self) -> dict[str, float]:
        """Return each agent's reward of the last step."""
        return dict((await self.call(commands.command("rewards")))["rewards"])

    async def terminations(self) -> dict[str, bool]:
        """Tell for each agent whether it has terminated."""
        return dict((await self.call(commands.command("terminations")))["terminations"])

    async def truncations(self) -> dict[str, bool]:
        """Tell for each agent whether it was cut off by a limit."""
        return dict((await self.call(commands.command("truncations")))["truncations"])

    async def infos(self) -> dict[str, dict[str, Any]]:
        """Return each agent's info of the last step."""
        return dict((await self.call(commands.command("infos")))["infos"])

    async def render(self, agent: str | None = None, mode: str | None = None) -> dict[str, Any]:
        """Draw as `mode` "text" (default) or "frame"; returns `{ok, text?, frame?}`."""
        return await self.call(commands.command("render", agent=agent, mode=mode))

    async def ping(self) -> float:
        """Measure one round trip; returns milliseconds."""
        started = time.perf_counter()
        await self.call(commands.command("ping"))
        return (time.perf_counter() - started) * 1000.0

    async def env_info(self) -> dict[str, Any]:
        """Return everything about the environment in one message."""
        info = await self.call(commands.command("env_info"))
        for space in (*info["observation_spaces"].values(), *info["action_spaces"].values()):
            commands.finite_bounds(space)
        return info

    async def reset_turn(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Reset, and return all the agent that acts first needs."""
        return await self.call(commands.command("reset", seed=seed, options=options, reply="turn"))

    async def step_turn(self, action: Any) -> dict[str, Any]:
        """Step, and return all the agent that acts next needs."""
        return await self.call(commands.step(action, reply="turn"))

    async def reset_parallel(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Reset, and return what all agents need."""
        return await self.call(
            commands.command("reset", seed=seed, options=options, reply="parallel")
        )

    async def step_all(self, actions: dict[str, Any]) -> dict[str, Any]:
        """Step all agents at once."""
        return await self.call(commands.step_all(actions))

    async def hello(self, client: str = "hypertoken-python-asyncio") -> dict[str, Any]:
        """Introduce this client; returns `{protocol, server, version, environments, limits}`."""
        return await self.call(commands.command("hello", protocol=1, client=client))

    async def open(
        self,
        env: str | None = None,
        *,
        options: dict[str, Any] | None = None,
        num_envs: int | None = None,
        autoreset: str | None = None,
        illegal: str | None = None,
        digest: bool | None = None,
        lease_s: float | None = None,
        session: str | None = None,
    ) -> dict[str, Any]:
        """Open an environment in place of this connection's session, or resume `session`."""
        reply = await self.call(
            commands.command(
                "open",
                env=env,
                options=options,
                num_envs=num_envs,
                autoreset=autoreset,
                illegal=illegal,
                digest=digest,
                lease_s=lease_s,
                session=session,
            )
        )
        self._conversation.resumed(reply, None)
        return reply

    async def state(self) -> str:
        """Return a snapshot of the environment, base64."""
        return str((await self.call(commands.command("state")))["snapshot"])

    async def restore(self, snapshot: str) -> dict[str, Any]:
        """Put the environment back to a snapshot of `state`."""
        return await self.call(commands.command("restore", snapshot=snapshot))

    async def digest(self) -> dict[str, Any]:
        """Return `{digest, steps}` of a session opened with `digest=True`."""
        return await self.call(commands.command("digest"))

    async def exchange(self, writer: FrameWriter) -> Frame:
        """Send a reset or step frame; returns the reply's frame."""
        reply = await self._deliver({}, writer)
        if isinstance(reply, Frame):
            return reply
        raise InternalError("a binary request was answered with JSON; the server is not ours")

    async def call(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Send any command and return its reply without the id; see `HyperTokenClient.call`."""
        reply = await self._deliver(fields)
        if isinstance(reply, Frame):
            raise InternalError("a JSON request was answered with a frame; the server is not ours")
        return reply

    # --- One request on the wire ---

    async def _deliver(
        self, fields: dict[str, Any], writer: FrameWriter | None = None
    ) -> dict[str, Any] | Frame:
        async with self._lock:
            if self._socket is None:
                raise NotConnectedError
            request = self._conversation.request(fields, writer)
            try:
                return await self._once(request)
            except HyperTokenError:
                raise
            except _BROKEN as broken:
                LOGGER.info("the connection broke (%s); resuming the session", broken)
                return await self._deliver_again(request, broken)

    async def _deliver_again(self, request: Request, broken: Exception) -> dict[str, Any] | Frame:
        session = self._conversation.session
        if session is None:
            await self.disconnect()
            raise ConnectionFailedError(
                f"the connection to {commands.without_token(self.url)} broke ({broken}); it had no "
                "session to resume; call connect() again"
            ) from broken
        deadline, pause = time.monotonic() + self.timeout, _FIRST_PAUSE
        while True:
            await self.disconnect()
            try:
                self._socket = await self._dial()
                await self._resume(session, request)
                return await self._once(request)
            except _BROKEN as failure:
                if isinstance(failure, HyperTokenError) and failure.code != "connection_failed":
                    raise
                if time.monotonic() + pause > deadline:
                    await self.disconnect()
                    raise ConnectionFailedError(
                        f"the connection to {commands.without_token(self.url)} broke and did not "
                        f"come back within {self.timeout:g} s ({failure}); the session "
                        f"{session} lives on for its lease; call connect() to try again"
                    ) from failure
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _resume(self, session: str, waiting: Request | None) -> None:
        try:
            reply = await self._once(Request(0, commands.command("open", session=session, id=0)))
        except (UnknownSessionError, SessionLostError):
            await self.disconnect()
            self._conversation = Conversation()
            raise
        if isinstance(reply, Frame):
            raise InternalError("`open` was answered with a frame; the server is not ours")
        self._conversation.resumed(reply, waiting)

    async def _once(self, request: Request) -> dict[str, Any] | Frame:
        if self._socket is None:
            raise NotConnectedError
        sent_at, answered = request.at, False
        message = self._conversation.encode(request)
        patience = self._conversation.patience(request, self.timeout)
        try:
            async with asyncio.timeout(patience):
                await self._socket.send(message)
                while True:
                    received = await self._socket.recv()
                    reply = self._conversation.accept(request, received)
                    if reply is not None:
                        answered = True
                        return reply
        except BadStepError:
            answered = True
            if request.at == sent_at:
                raise
            # A late refusal arrived in between and moved our number: send it once more.
            return await self._once(request)
        except HyperTokenError:
            answered = True
            raise
        except ConnectionClosed as closed:
            received_close = closed.rcvd
            code, reason = (
                (received_close.code, received_close.reason) if received_close else (1006, "")
            )
            raise closed_error(code, reason) from closed
        except TimeoutError as late:
            raise RequestTimeoutError(
                f"no reply to {request.fields.get('cmd', 'a binary batch')} within "
                f"{patience:g} s; the server is busy or the network slow; wait longer with "
                f"timeout={2 * patience:g}"
            ) from late
        finally:
            if not answered:
                self._conversation.give_up(request)

    async def _dial(self) -> ClientConnection:
        shown = commands.without_token(self.url)
        try:
            return await connect(
                commands.without_session(self.url),
                additional_headers={"Authorization": f"Bearer {self._token}"}
                if self._token
                else {},
                open_timeout=self.timeout,
                close_timeout=1,
                compression=None,
                max_size=None,
                ping_interval=None,
                proxy=None,
            )
        except InvalidStatus as refused:
            if refused.response.status_code == 401:
                raise UnauthorizedError(
                    f"{shown} refused the connection; the token is wrong or missing; pass "
                    "token=... or add ?token=... to the URL"
                ) from refused
            raise ConnectionFailedError(
                f"{shown} refused the connection with HTTP {refused.response.status_code}; it is "
                "busy or serves no WebSocket there; mend the URL, or try again later"
            ) from refused
        except (InvalidHandshake, InvalidURI, TimeoutError, *_BROKEN) as unreachable:
            raise ConnectionFailedError(
                f"{shown} cannot be reached; {unreachable}; start a server with "
                "`./hypertoken serve --env blackjack --port 9999`, or mend the URL"
            ) from unreachable
