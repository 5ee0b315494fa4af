"""An open vector of the engine in this process: its memory, its columns, its operations."""

from __future__ import annotations

import ctypes
import json
import weakref
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypertoken.description import Described
from hypertoken.engine import catalogue, control
from hypertoken.engine.described import Column, described
from hypertoken.engine.endpoint import Endpoint
from hypertoken.engine.fields import encode_fields, jar_field, option_fields
from hypertoken.engine.runtime import Caller, runtime
from hypertoken.errors import BadFieldError, EpisodeOverError, UnknownEnvironmentError
from hypertoken.options import Autoreset, Illegal
from hypertoken.seeding import Seeds, write_seeds

Columns = dict[str, NDArray[Any]]
Jars = Iterable[str]
_KEEPS_LOCK = 512
"""Up to so many rows a step is shorter than what letting the interpreter's lock go costs."""


class Opening:
    """What a vector is opened with; kept so that a copy in another process can be opened.

    Args:
        env: id or alias, `blackjack@1` to pin a version, also with `hypertoken/` before it.
        options: the environment's construction options.
        num_envs, autoreset, illegal, threads: how its rows are run.
        observes_all: whether all living agents are shown after each step.
        max_episode_steps: after how many steps an episode is truncated; -1 for never, None for the
            environment's own limit.
        jars: jars of environments beside our own.
    """

    max_episode_steps: int | None = None  # for those pickled before there was a choice

    def __init__(
        self,
        env: Any,
        options: Mapping[str, Any],
        *,
        num_envs: int = 1,
        autoreset: Autoreset = "disabled",
        illegal: Illegal = "fallback",
        threads: int = 1,
        observes_all: bool = False,
        max_episode_steps: int | None = None,
        jars: Jars = (),
    ) -> None:
        if not isinstance(env, str):
            raise UnknownEnvironmentError(
                f"there is no environment {env!r}; ids are texts; pass one such as 'CartPole-v1'",
                "unknown_environment",
            )
        # Registries know it by the longer name.
        self.env = env.removeprefix("hypertoken/")
        self.options = dict(options)
        self.num_envs = _count("num_envs", num_envs)
        self.autoreset: Autoreset = autoreset
        self.illegal = illegal
        self.threads = _count("threads", threads)
        self.observes_all = observes_all
        self.max_episode_steps = _limit(max_episode_steps)
        self.jars = tuple(str(jar) for jar in ([jars] if isinstance(jars, str) else jars))

    def how(self) -> tuple[int, str, str, int, bool, int]:
        """How its rows are run."""
        return (
            self.num_envs,
            str(self.autoreset),
            str(self.illegal),
            self.threads,
            bool(self.observes_all),
            self.max_episode_steps or 0,
        )

    def fields(self, options: Mapping[str, Any] | None = None) -> dict[str, str]:
        """The fields of the request that opens it, or that opens it with other options."""
        num_envs, autoreset, illegal, threads, observes_all, limit = self.how()
        return {
            "env": self.env,
            "class": catalogue.declaring_class(self.env),
            "jars": jar_field(self.jars),
            "num_envs": str(num_envs),
            "autoreset": autoreset,
            "illegal": illegal,
            "threads": str(threads),
            "observes_all": "1" if observes_all else "0",
            "max_episode_steps": str(limit),
            **option_fields(self.env, self.options if options is None else options),
        }


def _count(name: str, given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)):
        raise BadFieldError(
            f"{name}={given!r} was refused; it must be an integer; pass 1 or more", "bad_field"
        )
    return int(given)


def _limit(given: Any) -> int | None:
    if given is None:
        return None
    steps = _count("max_episode_steps", given)
    if steps < 1 and steps != -1:
        raise BadFieldError(
            f"max_episode_steps={given!r} was refused; an episode has at least one step; pass 1 or "
            "more, -1 for no limit, or leave it out for the environment's own",
            "bad_field",
        )
    return steps


class Session(Described):
    """One open vector. Its columns are views of memory that numpy owns and the engine writes.

    Any thread may look (`text`, `frame`, `snapshot`, `used_seed`, `observe`) or close; who writes
    columns is inside its endpoint first: see `Endpoint`.

    Attributes:
        endpoint: the C function and its words; a plain call is a step.
        requests: the columns a reset reads, "seeds" and "mask".
        actions: the columns a step reads.
        replies: the columns both write, each [envs, agents, *leaf shape].
    """

    def __init__(self, opening: Opening) -> None:
        known = described(opening)
        self.opening = opening
        self.describe(known.description.unshared())
        self.memory, self.address = _aligned_memory(known.bytes)
        java = runtime()
        java.lend(self.memory)
        # Before it is opened, so that one whose opening is interrupted is closed too.
        self._end = weakref.finalize(self, java.close, self.address, self.memory)
        self._end.atexit = False  # the process frees it faster than we do
        memory = encode_fields({"memory": str(self.address)})
        _, function = java.request(control.OPEN, known.request + memory)
        words = self.memory[: control.BLOCK_BYTES].view(np.int64).data
        self.endpoint = Endpoint(function, words, self.name)
        endpoint = self.endpoint
        few = opening.num_envs <= _KEEPS_LOCK
        self.caller = Caller(endpoint, endpoint.held if few else endpoint.released)
        self.requests, self.actions, self.replies = map(self._columns, known.groups)

    def _columns(self, group: Iterable[Column]) -> Columns:
        block, array = self.memory.data, np.ndarray
        return {name: array(shape, dtype, block, at) for name, shape, dtype, at in group}

    def close(self) -> None:
        """Free the vector; every later operation is refused.

        From any thread, at any moment: a call under way in another ends as if it were open, and
        frees it then; so does a step that Java still runs.
        """
        error = closed_error(self.name)
        self.endpoint.close(error)
        self.caller.exchange(raiser(error))
        self._end()

    def write_seeds(self, seeds: Seeds) -> None:
        """Write the seeds of the next reset: see `hypertoken.seeding.write_seeds`."""
        write_seeds(self.requests["seeds"], seeds)

    def reset(self, options: Mapping[str, Any] | None) -> int:
        """Reset the rows whose "mask" is set, with the seeds written; returns the outcome.

        From inside, as what writes the seeds is: see `Endpoint.play`.
        """
        text = encode_fields(option_fields(self.name, options)) if options else b""
        return self.endpoint.ask(control.RESET, text)

    def infos(self) -> tuple[dict[int, dict[int, Any]], dict[int, dict[int, Any]]]:
        """What agents were told in the last call, and at an episode's end: row, agent, info.

        From inside, as the call was.
        """
        self.endpoint.ask(control.TELL)
        told = json.loads(self.endpoint.reply)
        return _nested(told["infos"]), _nested(told["finals"])

    def observe(self, row: int, agent: int) -> None:
        """Show an agent anew in its columns."""
        self.endpoint.look(control.OBSERVE, row, agent)

    def text(self, row: int, agent: int = -1) -> str | None:
        """The row drawn as text for an agent, or for a spectator (-1)."""
        drawn, there = self.endpoint.look(control.DRAW_TEXT, row, agent)
        return drawn.decode() if there else None

    def frame(self, row: int) -> NDArray[np.uint8] | None:
        """The row as a picture, (height, width, 3) uint8, yours."""
        drawn, _ = self.endpoint.look(control.DRAW_FRAME, row)
        if not drawn:
            return None
        width, height = np.frombuffer(drawn, np.int32, 2).tolist()
        return np.frombuffer(drawn, np.uint8, offset=8).reshape(height, width, 3).copy()

    def render(self, mode: str, agent: str | None = None, row: int = 0) -> Any:
        """Draw a row as a render mode means it: pixels for "rgb_array", else text for an agent."""
        if mode == "rgb_array":
            return self.frame(row)
        of = -1 if agent is None else self.possible_agents.index(agent)
        return self.text(row, of)

    def choose(self, row: int, agent: int, policy: str) -> None:
        """Write what a policy that the environment declares would play into the action's columns.

        From inside: see `Endpoint.play`.
        """
        self.endpoint.ask(control.CHOOSE, policy.encode(), row, agent)

    def snapshot(self, row: int) -> bytes:
        """The row's whole state."""
        return self.endpoint.look(control.SAVE, row)[0]

    def restore(self, row: int, snapshot: bytes) -> None:
        """Bring back what `snapshot` returned; it plays, as a step does."""
        self.endpoint.play(partial(self.put, row, snapshot))

    def put(self, row: int, snapshot: bytes) -> None:
        """Bring back what `snapshot` returned, from inside."""
        self.endpoint.ask(control.RESTORE, bytes(snapshot), row=row)

    def saved(self) -> dict[int, bytes]:
        """Each row that stands in an episode or at its end, for `load` in a session like this.

        Raises:
            BadFieldError: there is such a row, and its rules cannot be saved.
        """
        return {row: self.snapshot(row) for row in self.begun()}

    def begun(self) -> list[int]:
        """The rows that stand in an episode or at its end."""
        if not self._end.alive:  # it was closed
            return []
        alive, lengths = self.replies["alive"], self.replies["episode_length"].reshape(-1)
        rows: list[int] = np.flatnonzero(alive.any(axis=1) | (lengths > 0)).tolist()
        return rows

    def load(self, saved: Mapping[int, bytes]) -> None:
        """Bring back what `saved` returned."""
        for row, snapshot in saved.items():
            self.restore(row, snapshot)

    def used_seed(self, row: int) -> int | None:
        """The seed the row's generator was last seeded with; None before the first reset."""
        _, seed = self.endpoint.look(control.SEED, row)
        return None if seed < 0 else seed


def _nested(told: list[list[Any]]) -> dict[int, dict[int, Any]]:
    nested: dict[int, dict[int, Any]] = {}
    for row, agent, info in told:
        nested.setdefault(row, {})[agent] = info
    return nested


def closed_error(name: str) -> EpisodeOverError:
    """What a call on a closed environment raises."""
    return EpisodeOverError(
        f"{name} cannot be used any more; it was closed; make another", "episode_over"
    )


def raiser(error: Exception) -> Any:
    """A function that takes anything and raises this error."""
    return partial(_raise, error)


def _raise(error: Exception, *_: Any, **__: Any) -> Any:
    raise error


def _aligned_memory(size: int) -> tuple[NDArray[np.uint8], int]:
    """Zeros whose first byte is 64-byte aligned, and its address; numpy owns them."""
    block = np.zeros(size + 64, dtype=np.uint8)
    # A fifth of the time of `block.ctypes.data`.
    first = ctypes.addressof(ctypes.c_char.from_buffer(block.data))
    start = -first % 64
    return block[start : start + size], first + start
