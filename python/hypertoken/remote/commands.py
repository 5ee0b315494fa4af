"""The commands of the bridge protocol, once for both clients: what each sends and hands back.

A command is a function that returns an `Ask`: the request, and how its reply is read. A client
makes a method of it that waits for the reply (`HyperTokenClient`) or that is awaited
(`HyperTokenAsyncClient`); names, arguments and help are the same on both.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Generic, Literal, ParamSpec, Self, TypeVar, overload

from hypertoken.errors import InternalError
from hypertoken.remote.wire import Frame, FrameWriter
from hypertoken.spaces import encode_action, fill_infinite, restore_numbers

P = ParamSpec("P")
R = TypeVar("R")
Fields = dict[str, Any]
Reply = dict[str, Any]
Autoreset = Literal["next_step", "same_step", "disabled"]
Illegal = Literal["fallback", "strict", "terminate"]


@dataclass(slots=True)
class Ask(Generic[R]):
    """A request, or the frame in its place, and what of the reply its caller gets."""

    fields: Fields
    read: Callable[[Any], R]
    writer: FrameWriter | None = None


class Waits:
    """A client whose methods return when the reply is there."""


class Awaited:
    """A client whose methods are awaited."""


class Command(Generic[P, R]):
    """One command; as an attribute of a client, the method that gives it."""

    def __init__(self, ask: Callable[Concatenate[Any, P], Ask[R]]) -> None:
        self.ask = ask

    @overload
    def __get__(self, client: None, owner: Any = None) -> Self: ...

    @overload
    def __get__(self, client: Waits, owner: Any = None) -> Callable[P, R]: ...

    @overload
    def __get__(
        self, client: Awaited, owner: Any = None
    ) -> Callable[P, Coroutine[Any, Any, R]]: ...

    def __get__(self, client: object, owner: Any = None) -> Any:
        """Only for the type checker: clients have methods in its place, see `Commands`."""
        return self

    def dress(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """Let a client's method show the command's name, arguments and help."""
        shown = wraps(self.ask)(method)
        signature = inspect.signature(self.ask)
        returned = signature.return_annotation.removeprefix("Ask[").removesuffix("]")
        shown.__annotations__ = {**self.ask.__annotations__, "return": returned}
        shown.__signature__ = signature.replace(  # type: ignore[attr-defined]
            return_annotation=returned
        )
        return shown


def command(name: str, **fields: Any) -> Fields:
    """A request of this command; fields that are None are left out."""
    return {"cmd": name, **{key: value for key, value in fields.items() if value is not None}}


def step(action: Any, reply: str | None = None) -> Fields:
    """The step request; a dead agent's None is sent as null."""
    return {**command("step", reply=reply), "action": encode_action(action)}


class Commands:
    """The methods that clients share; see each client for how it waits."""

    def __init_subclass__(
        cls, method: Callable[[Command[..., Any]], Callable[..., Any]] | None = None
    ) -> None:
        """Give a client its methods, made of the commands by `method`."""
        super().__init_subclass__()
        if method is not None:
            for name, given in vars(Commands).items():
                if isinstance(given, Command):
                    setattr(cls, name, given.dress(method(given)))

    # --- One environment ---

    @Command
    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> Ask[dict[str, Any]]:
        """Start an episode; returns `{ok, at}`.

        Args:
            seed: 0 … 2^53-1; the same seed and actions give the same trajectory everywhere.
            options: the environment's episode options.
        """
        return Ask(command("reset", seed=seed, options=options), _all)

    @Command
    def step(self, action: Any) -> Ask[dict[str, Any]]:
        """Play the acting agent's action (None for a dead agent); returns `{ok, at}`."""
        return Ask(step(action), _all)

    @Command
    def observe(self, agent: str) -> Ask[Any]:
        """Return what this agent sees: a number, nested lists or a dict, as its space says."""
        return Ask(command("observe", agent=agent), lambda reply: _restored(reply)["observation"])

    @Command
    def choose(self, policy: str) -> Ask[Any]:
        """Return what a policy that the environment declares would play for the acting agent."""
        return Ask(command("choose", policy=policy), lambda reply: reply["action"])

    @Command
    def last(self) -> Ask[dict[str, Any]]:
        """Return `{observation, reward, terminated, truncated, info}` of the acting agent.

        The reward is what it gained since it last acted.
        """
        return Ask(command("last"), _restored)

    @Command
    def agents(self) -> Ask[list[str]]:
        """List the agents still in the episode; [] before the first reset."""
        return Ask(command("agents"), _one("agents", list))

    @Command
    def possible_agents(self) -> Ask[list[str]]:
        """List all agents there can be."""
        return Ask(command("possible_agents"), _one("possible_agents", list))

    @Command
    def agent_selection(self) -> Ask[str | None]:
        """Return the agent that acts now; None before the first reset."""
        return Ask(command("agent_selection"), _one("agent", _same))

    @Command
    def observation_space(self, agent: str) -> Ask[dict[str, Any]]:
        """Describe this agent's observations; infinite bounds are ±inf. See `convert_space`."""
        return Ask(command("observation_space", agent=agent), _one("space", finite_bounds))

    @Command
    def action_space(self, agent: str) -> Ask[dict[str, Any]]:
        """Describe this agent's actions; infinite bounds are ±inf. See `convert_space`."""
        return Ask(command("action_space", agent=agent), _one("space", finite_bounds))

    @Command
    def action_mask(self, agent: str) -> Ask[list[bool] | None]:
        """Tell which actions are legal: all False when the agent cannot act, None without masks."""
        return Ask(command("action_mask", agent=agent), _one("mask", _same))

    @Command
    def rewards(self) -> Ask[dict[str, float]]:
        """Return each agent's reward of the last step."""
        return Ask(command("rewards"), _one("rewards", dict))

    @Command
    def terminations(self) -> Ask[dict[str, bool]]:
        """Tell for each agent whether it has terminated."""
        return Ask(command("terminations"), _one("terminations", dict))

    @Command
    def truncations(self) -> Ask[dict[str, bool]]:
        """Tell for each agent whether it was cut off by a limit."""
        return Ask(command("truncations"), _one("truncations", dict))

    @Command
    def infos(self) -> Ask[dict[str, dict[str, Any]]]:
        """Return each agent's info of the last step."""
        return Ask(command("infos"), _one("infos", dict))

    @Command
    def render(
        self, agent: str | None = None, mode: Literal["text", "frame"] | None = None
    ) -> Ask[dict[str, Any]]:
        """Draw as `mode` "text" (default) or "frame"; returns `{ok, text?, frame?}`."""
        return Ask(command("render", agent=agent, mode=mode), _all)

    @Command
    def ping(self) -> Ask[float]:
        """Measure one round trip; returns milliseconds."""
        started = time.perf_counter()
        return Ask(command("ping"), lambda _: (time.perf_counter() - started) * 1000.0)

    @Command
    def env_info(self) -> Ask[dict[str, Any]]:
        """Return everything about the environment in one message.

        Keys: env_type, env_options (those it was opened with), episode_options (those a reset may
        give, with their defaults), possible_agents, observation_spaces, action_spaces, protocol,
        server, session, seed, max_steps, turn_order, action_names, rules.
        """
        return Ask(command("env_info"), _info)

    # --- Turn and parallel forms: one message for a whole step ---

    @Command
    def reset_turn(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> Ask[dict[str, Any]]:
        """Reset, and return all the agent that acts first needs, as `step_turn` does."""
        return Ask(command("reset", seed=seed, options=options, reply="turn"), _all)

    @Command
    def step_turn(self, action: Any) -> Ask[dict[str, Any]]:
        """Step, and return all the agent that acts next needs.

        Returns:
            {ok, at, agents, agent_selection, observation, reward, terminated, truncated, info,
            rewards, terminations, truncations} and, when agents ended,
            `final: {agent: {observation, info, reward}}`.
        """
        return Ask(step(action, reply="turn"), _all)

    @Command
    def reset_parallel(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> Ask[dict[str, Any]]:
        """Reset, and return `{at, observations, infos, agents, …}` of all agents."""
        return Ask(command("reset", seed=seed, options=options, reply="parallel"), _all)

    @Command
    def step_all(self, actions: dict[str, Any]) -> Ask[dict[str, Any]]:
        """Step all agents at once.

        Args:
            actions: an action for each living agent; on a turn game only the acting one's counts.
        Returns:
            {at, observations, rewards, terminations, truncations, infos, agents}.
        """
        encoded = {agent: encode_action(action) for agent, action in actions.items()}
        return Ask(command("step_all", actions=encoded), _all)

    # --- Sessions ---

    @Command
    def hello(self, client: str | None = None) -> Ask[dict[str, Any]]:
        """Introduce this client; returns `{protocol, server, version, environments, limits}`.

        Args:
            client: how it calls itself; by its library and kind when left out.
        """
        kind = "-asyncio" if isinstance(self, Awaited) else ""
        client = f"hypertoken-python{kind}" if client is None else client
        return Ask(command("hello", protocol=1, client=client), _all)

    @Command
    def open(
        self,
        env: str | None = None,
        *,
        options: dict[str, Any] | None = None,
        num_envs: int | None = None,
        autoreset: Autoreset | None = None,
        illegal: Illegal | None = None,
        max_episode_steps: int | None = None,
        digest: bool | None = None,
        lease_s: float | None = None,
        session: str | None = None,
    ) -> Ask[dict[str, Any]]:
        """Open an environment in place of this connection's session, or resume `session`.

        Args:
            env: the environment's id or alias, `blackjack@1` to pin a version.
            options: its options, such as `{"agents": 3, "decks": 6}`.
            num_envs: rows of the batch; more than 1 are stepped by binary frames only.
            autoreset: "next_step", "same_step" or "disabled".
            illegal: what happens to masked actions: "fallback", "strict" or "terminate".
            max_episode_steps: after how many steps an episode is truncated, -1 for never; the
                environment's own limit when left out.
            digest: whether the server keeps the trajectory's digest.
            lease_s: seconds the session outlives its connection.
            session: the id of a session to resume, instead of all the above.
        Returns:
            {session, at, num_envs, spec, layout, deadline_s}.
        """
        asked = command(
            "open",
            env=env,
            options=options,
            num_envs=num_envs,
            autoreset=autoreset,
            illegal=illegal,
            max_episode_steps=max_episode_steps,
            digest=digest,
            lease_s=lease_s,
            session=session,
        )
        return Ask(asked, _all)

    @Command
    def state(self) -> Ask[str]:
        """Return a snapshot of the environment, base64."""
        return Ask(command("state"), _one("snapshot", str))

    @Command
    def restore(self, snapshot: str) -> Ask[dict[str, Any]]:
        """Put the environment back to a snapshot of `state`."""
        return Ask(command("restore", snapshot=snapshot), _all)

    @Command
    def digest(self) -> Ask[dict[str, Any]]:
        """Return `{digest, steps}` of a session opened with `digest=True`."""
        return Ask(command("digest"), _all)

    # --- Binary batches, and whatever else ---

    @Command
    def exchange(self, writer: FrameWriter) -> Ask[Frame]:
        """Send a reset or step frame; returns the reply's frame, whose bytes belong to you."""
        return Ask({}, _frame, writer)

    @Command
    def call(self, fields: dict[str, Any]) -> Ask[dict[str, Any]]:
        """Send any command and return its reply without the id.

        Raises:
            NotConnectedError: before `connect`.
            RequestTimeoutError: no reply within `timeout`.
            HyperTokenError: the server's refusal; its class follows the protocol's code.
        """
        return Ask(fields, _all)


# --- Replies ---


def _same(value: Any) -> Any:
    return value


def _all(reply: Any) -> Reply:
    if isinstance(reply, Frame):
        raise InternalError("a JSON request was answered with a frame; the server is not ours")
    told: Reply = reply
    return told


def _frame(reply: Any) -> Frame:
    if isinstance(reply, Frame):
        return reply
    raise InternalError("a binary request was answered with JSON; the server is not ours")


def _one(name: str, read: Callable[[Any], R]) -> Callable[[Any], R]:
    return lambda reply: read(_all(reply)[name])


def _restored(reply: Any) -> Reply:
    """Turn a reply's "NaN" and "Infinity" observations back into floats, in place."""
    told = _all(reply)
    told["observation"] = restore_numbers(told.get("observation"))
    return told


def _info(reply: Any) -> Reply:
    info = _all(reply)
    for space in (*info["observation_spaces"].values(), *info["action_spaces"].values()):
        finite_bounds(space)
    return info


def finite_bounds(description: dict[str, Any]) -> dict[str, Any]:
    """Replace the nulls in a described space's bounds by -inf and +inf, in place and below."""
    if "low" in description:
        description["low"] = fill_infinite(description["low"], float("-inf"))
        description["high"] = fill_infinite(description["high"], float("inf"))
    parts = description.get("spaces", [])
    for part in parts.values() if isinstance(parts, dict) else parts:
        finite_bounds(part)
    return description
