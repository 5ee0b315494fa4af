"""The synchronous client: every command of the bridge protocol, over one WebSocket."""

from __future__ import annotations

import logging
import struct
import threading
import time
from types import TracebackType
from typing import Any, Self

import websocket
from websocket import ABNF, WebSocket, WebSocketBadStatusException, WebSocketTimeoutException

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

_BROKEN = (websocket.WebSocketException, ConnectionError, OSError)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0


class HyperTokenClient:
    """A connection to a HyperToken server, one request and one reply at a time.

    A dropped connection is resumed by itself within the session's lease, and a step is never
    played twice. A client may be shared between threads: calls wait for each other.

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
        commands.check_address(url, timeout)
        self.url = url
        self.timeout = timeout
        self._token = token
        self._socket: WebSocket | None = None
        self._conversation = Conversation()
        self._interrupted = False
        self._lock = threading.RLock()

    # --- Connection ---

    def connect(self) -> Self:
        """Connect, or resume this client's session after `disconnect`; connected already: nothing.

        Returns:
            This client, so that `HyperTokenClient(url).connect()` is one expression.
        """
        with self._lock:
            if self._socket is not None:
                return self
            session = self._conversation.session or commands.session_in(self.url)
            self._interrupted = False
            self._socket = self._dial()
            try:
                if session is not None:
                    self._resume(session, None)
                else:
                    self._conversation.session = self.env_info().get("session")
            except BaseException:
                self.disconnect()
                raise
        return self

    def disconnect(self) -> None:
        """Drop the connection; the server keeps the session for its lease, `connect` resumes it."""
        with self._lock:
            self._drop()
            self._interrupted = False

    def _drop(self) -> None:
        opened, self._socket = self._socket, None
        if opened is not None:
            try:
                opened.close(timeout=1)
            except _BROKEN:
                LOGGER.debug("the connection was gone before it was closed")

    def close(self) -> None:
        """End the session and the connection; a client not connected stays so."""
        with self._lock:
            try:
                if self._interrupted:
                    self._recover()
                if self._socket is not None:
                    self._once(self._conversation.request(commands.command("close")))
            except (HyperTokenError, *_BROKEN) as gone:
                LOGGER.debug("the session was gone before it was closed: %s", gone)
            self.disconnect()
            self._conversation = Conversation()

    @property
    def connected(self) -> bool:
        """Whether `connect` was called, and neither `disconnect` nor `close` since."""
        return self._socket is not None

    @property
    def session(self) -> str | None:
        """This connection's session id: what `?session=` or `open(session=...)` resumes."""
        return self._conversation.session

    def __enter__(self) -> Self:
        return self.connect()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- Commands of one environment ---

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Start an episode; returns `{ok, at}`.

        Args:
            seed: 0 … 2^53-1; the same seed and actions give the same trajectory everywhere.
            options: the environment's episode options.
        """
        return self.call(commands.command("reset", seed=seed, options=options))

    def step(self, action: Any) -> dict[str, Any]:
        """Play the acting agent's action (None for a dead agent); returns `{ok, at}`."""
        return self.call(commands.step(action))

    def observe(self, agent: str) -> Any:
        """Return what this agent sees: a number, nested lists or a dict, as its space says."""
        reply = self.call(commands.command("observe", agent=agent))
        return commands.restore_observation(reply)["observation"]

    def last(self) -> dict[str, Any]:
        """Return `{observation, reward, terminated, truncated, info}` of the acting agent.

        The reward is what it gained since it last acted.
        """
        return commands.restore_observation(self.call(commands.command("last")))

    def agents(self) -> list[str]:
        """List the agents still in the episode; [] before the first reset."""
        return list(self.call(commands.command("agents"))["agents"])

    def possible_agents(self) -> list[str]:
        """List all agents there can be."""
        return list(self.call(commands.command("possible_agents"))["possible_agents"])

    def agent_selection(self) -> str | None:
        """Return the agent that acts now; None before the first reset."""
        agent: str | None = self.call(commands.command("agent_selection"))["agent"]
        return agent

    def observation_space(self, agent: str) -> dict[str, Any]:
        """Describe this agent's observations; infinite bounds are ±inf. See `convert_space`."""
        reply = self.call(commands.command("observation_space", agent=agent))
        return commands.finite_bounds(reply["space"])

    def action_space(self, agent: str) -> dict[str, Any]:
        """Describe this agent's actions; infinite bounds are ±inf. See `convert_space`."""
        reply = self.call(commands.command("action_space", agent=agent))
        return commands.finite_bounds(reply["space"])

    def action_mask(self, agent: str) -> list[bool] | None:
        """Tell which actions are legal: all False when the agent cannot act, None without masks."""
        mask: list[bool] | None = self.call(commands.command("action_mask", agent=agent))["mask"]
        return mask

    def rewards(self) -> dict[str, float]:
        """Return each agent's reward of the last step."""
        return dict(self.call(commands.command("rewards"))["rewards"])

    def terminations(self) -> dict[str, bool]:
        """Tell for each agent whether it has terminated."""
        return dict(self.call(commands.command("terminations"))["terminations"])

    def truncations(self) -> dict[str, bool]:
        """Tell for each agent whether it was cut off by a limit."""
        return dict(self.call(commands.command("truncations"))["truncations"])

    def infos(self) -> dict[str, dict[str, Any]]:
        """Return each agent's info of the last step."""
        return dict(self.call(commands.command("infos"))["infos"])

    def render(self, agent: str | None = None, mode: str | None = None) -> dict[str, Any]:
        """Draw as `mode` "text" (default) or "frame"; returns `{ok, text?, frame?}`."""
        return self.call(commands.command("render", agent=agent, mode=mode))

    def ping(self) -> float:
        """Measure one round trip; returns milliseconds."""
        started = time.perf_counter()
        self.call(commands.command("ping"))
        return (time.perf_counter() - started) * 1000.0

    def env_info(self) -> dict[str, Any]:
        """Return everything about the environment in one message.

        Keys: env_type, env_options (those it was opened with), episode_options (those a reset may
        give, with their defaults), possible_agents, observation_spaces, action_spaces, protocol,
        server, session, seed, max_steps, turn_order, action_names, rules.
        """
        info = self.call(commands.command("env_info"))
        for space in (*info["observation_spaces"].values(), *info["action_spaces"].values()):
            commands.finite_bounds(space)
        return info

    # --- Turn and parallel forms: one message for a whole step ---

    def reset_turn(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Reset, and return all the agent that acts first needs, as `step_turn` does."""
        return self.call(commands.command("reset", seed=seed, options=options, reply="turn"))

    def step_turn(self, action: Any) -> dict[str, Any]:
        """Step, and return all the agent that acts next needs.

        Returns:
            {ok, at, agents, agent_selection, observation, reward, terminated, truncated, info,
            rewards, terminations, truncations} and, when agents ended,
            `final: {agent: {observation, info, reward}}`.
        """
        return self.call(commands.step(action, reply="turn"))

    def reset_parallel(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Reset, and return `{at, observations, infos, agents, …}` of all agents."""
        return self.call(commands.command("reset", seed=seed, options=options, reply="parallel"))

    def step_all(self, actions: dict[str, Any]) -> dict[str, Any]:
        """Step all agents at once.

        Args:
            actions: an action for each living agent; on a turn game only the acting one's counts.
        Returns:
            {at, observations, rewards, terminations, truncations, infos, agents}.
        """
        return self.call(commands.step_all(actions))

    # --- Sessions ---

    def hello(self, client: str = "hypertoken-python") -> dict[str, Any]:
        """Introduce this client; returns `{protocol, server, version, environments, limits}`."""
        return self.call(commands.command("hello", protocol=1, client=client))

    def open(
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
        """Open an environment in place of this connection's session, or resume `session`.

        Args:
            env: the environment's id or alias, `blackjack@1` to pin a version.
            options: its options, such as `{"agents": 3, "decks": 6}`.
            num_envs: rows of the batch; more than 1 are stepped by binary frames only.
            autoreset: "next_step", "same_step" or "disabled".
            illegal: what happens to masked actions: "fallback", "strict" or "terminate".
            digest: whether the server keeps the trajectory's digest.
            lease_s: seconds the session outlives its connection.
            session: the id of a session to resume, instead of all the above.
        Returns:
            {session, at, num_envs, spec, layout, deadline_s}.
        """
        with self._lock:
            reply = self.call(
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

    def state(self) -> str:
        """Return a snapshot of the environment, base64."""
        return str(self.call(commands.command("state"))["snapshot"])

    def restore(self, snapshot: str) -> dict[str, Any]:
        """Put the environment back to a snapshot of `state`."""
        return self.call(commands.command("restore", snapshot=snapshot))

    def digest(self) -> dict[str, Any]:
        """Return `{digest, steps}` of a session opened with `digest=True`."""
        return self.call(commands.command("digest"))

    # --- Binary batches ---

    def exchange(self, writer: FrameWriter) -> Frame:
        """Send a reset or step frame; returns the reply's frame, whose bytes belong to you."""
        with self._lock:
            reply = self._deliver({}, writer)
        if isinstance(reply, Frame):
            return reply
        raise InternalError("a binary request was answered with JSON; the server is not ours")

    def call(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Send any command and return its reply without the id.

        Raises:
            NotConnectedError: before `connect`.
            RequestTimeoutError: no reply within `timeout`.
            HyperTokenError: the server's refusal; its class follows the protocol's code.
        """
        with self._lock:
            reply = self._deliver(fields)
        if isinstance(reply, Frame):
            raise InternalError("a JSON request was answered with a frame; the server is not ours")
        return reply

    # --- One request on the wire ---

    def _deliver(
        self, fields: dict[str, Any], writer: FrameWriter | None = None
    ) -> dict[str, Any] | Frame:
        if self._interrupted:
            self._recover()
        if self._socket is None:
            raise NotConnectedError
        self._interrupted = True
        request = self._conversation.request(fields, writer)
        try:
            reply = self._once(request)
        except HyperTokenError:
            self._interrupted = False
            raise
        except _BROKEN as broken:
            LOGGER.info("the connection broke (%s); resuming the session", broken)
            try:
                reply = self._deliver_again(request, broken)
            except HyperTokenError:
                self._interrupted = False
                raise
        self._interrupted = False
        return reply

    def _recover(self) -> None:
        """Go on after a call that Ctrl-C ended, or any error not ours, at whatever point of it.

        A frame may be half sent or half read, and the session may have counted the call or not:
        a new connection knows neither, and the session tells its count.
        """
        opened, self._socket = self._socket, None
        if opened is not None:
            opened.shutdown()  # type: ignore[no-untyped-call]
        session = self._conversation.session
        if session is not None:
            self._socket = self._dial()
            self._resume(session, None)
        self._interrupted = False

    def _deliver_again(self, request: Request, broken: Exception) -> dict[str, Any] | Frame:
        session = self._conversation.session
        if session is None:
            self._drop()
            raise ConnectionFailedError(
                f"the connection to {commands.without_token(self.url)} broke ({broken}); it had no "
                "session to resume; call connect() again"
            ) from broken
        deadline, pause = time.monotonic() + self.timeout, _FIRST_PAUSE
        while True:
            self._drop()
            try:
                self._socket = self._dial()
                self._resume(session, request)
                return self._once(request)
            except _BROKEN as failure:
                if isinstance(failure, HyperTokenError) and failure.code != "connection_failed":
                    raise
                if time.monotonic() + pause > deadline:
                    self._drop()
                    raise ConnectionFailedError(
                        f"the connection to {commands.without_token(self.url)} broke and did not "
                        f"come back within {self.timeout:g} s ({failure}); the session "
                        f"{session} lives on for its lease; call connect() to try again"
                    ) from failure
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _resume(self, session: str, waiting: Request | None) -> None:
        try:
            reply = self._once(Request(0, commands.command("open", session=session, id=0)))
        except (UnknownSessionError, SessionLostError):
            self._drop()
            self._conversation = Conversation()
            raise
        if isinstance(reply, Frame):
            raise InternalError("`open` was answered with a frame; the server is not ours")
        self._conversation.resumed(reply, waiting)

    def _once(self, request: Request) -> dict[str, Any] | Frame:
        sent_at = request.at
        self._send(self._conversation.encode(request))
        patience = self._conversation.patience(request, self.timeout)
        if self._open_socket().gettimeout() != patience:
            self._open_socket().settimeout(patience)
        deadline = time.monotonic() + patience
        while True:
            message = self._receive(request, deadline)
            try:
                reply = self._conversation.accept(request, message)
            except BadStepError:
                if request.at == sent_at:
                    raise
                # A late refusal arrived in between and moved our number: send it once more.
                return self._once(request)
            if reply is not None:
                return reply

    def _send(self, message: str | bytes) -> None:
        opened = self._open_socket()
        if LOGGER.isEnabledFor(logging.DEBUG):
            LOGGER.debug("-> %s", _shown(message))
        try:
            if isinstance(message, bytes):
                opened.send_binary(message)
            else:
                opened.send(message)
        except WebSocketTimeoutException as half_sent:
            # Half a frame may be out: this connection can carry no other one.
            raise ConnectionResetError("a message could not be sent in time") from half_sent

    def _receive(self, request: Request, deadline: float) -> str | bytes:
        opened = self._open_socket()
        try:
            if time.monotonic() > deadline:
                raise TimeoutError
            opcode, data = opened.recv_data()
        except (WebSocketTimeoutException, TimeoutError) as late:
            self._conversation.give_up(request)
            patience = self._conversation.patience(request, self.timeout)
            raise RequestTimeoutError(
                f"no reply to {request.fields.get('cmd', 'a binary batch')} within "
                f"{patience:g} s; the server is busy or the network slow; wait longer with "
                f"timeout={2 * patience:g}"
            ) from late
        if opcode == ABNF.OPCODE_CLOSE:
            raise closed_error(*_close_frame(data))
        if LOGGER.isEnabledFor(logging.DEBUG):
            LOGGER.debug("<- %s", _shown(data))
        return bytes(data) if opcode == ABNF.OPCODE_BINARY else str(data, "utf-8")

    def _open_socket(self) -> WebSocket:
        if self._socket is None:
            raise NotConnectedError
        return self._socket

    def _dial(self) -> WebSocket:
        shown = commands.without_token(self.url)
        try:
            opened = websocket.create_connection(
                commands.without_session(self.url),
                timeout=self.timeout,
                header=[f"Authorization: Bearer {self._token}"] if self._token else [],
                enable_multithread=False,  # our own lock orders the calls
                skip_utf8_validation=True,  # json.loads validates
                suppress_origin=True,
            )
        except WebSocketBadStatusException as refused:
            if refused.status_code == 401:
                raise UnauthorizedError(
                    f"{shown} refused the connection; the token is wrong or missing; pass "
                    "token=... or add ?token=... to the URL"
                ) from refused
            raise ConnectionFailedError(
                f"{shown} refused the connection with HTTP {refused.status_code}; "
                f"{_reason(refused.resp_body)}; mend the URL, or try again later"
            ) from refused
        except _BROKEN as unreachable:
            raise ConnectionFailedError(
                f"{shown} cannot be reached; {unreachable}; start a server with "
                "`./hypertoken serve --env blackjack --port 9999`, or mend the URL"
            ) from unreachable
        return opened


def _reason(body: bytes | None) -> str:
    return str(body or b"", "utf-8", "replace").strip() or "it gave no reason"


def _close_frame(data: bytes) -> tuple[int, str]:
    code = struct.unpack_from("!H", data)[0] if len(data) >= 2 else 1005
    return code, str(data[2:], "utf-8", "replace")


def _shown(message: str | bytes | bytearray) -> str:
    if isinstance(message, (bytes, bytearray)) and message[:1] != b"{":
        return f"{len(message)} bytes"
    return message if isinstance(message, str) else str(message, "utf-8", "replace")
