"""What the AEC, Parallel and Gymnasium adapters share: masks, options, rendering."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hypertoken.errors import BadOptionError, EpisodeOverError, UnknownAgentError
from hypertoken.options import RenderMode
from hypertoken.spaces import Space, convert_mask, mask_size
from hypertoken.transports.turns import Transport, WebSocketTransport

if TYPE_CHECKING:
    from hypertoken.engine.session import Opening

Mode = TypeVar("Mode", bound=str | None)

_OPENING = ("env", "options", "illegal", "max_episode_steps", "timeout", "token", "client")


def as_method(quick: Any, method: Any) -> Any:
    """Let a function that is called in a method's place show the method's name and help."""
    quick.__name__, quick.__qualname__ = method.__name__, method.__qualname__
    quick.__doc__ = method.__doc__
    return quick


def as_transport(source: str | Transport | Opening, **opening: Any) -> Transport:
    """Open what is to be played, or hand through what is open.

    Args:
        source: a server's URL; or what to open in this process; or a transport.
        opening: for a URL, what `WebSocketTransport` takes (None counts as left out) and the
            environment's options by name; in this process, what `NativeTransport` takes.
    Raises:
        TypeError: a transport is open already, but something was given to open it with; or an
            option was given twice.
    """
    words = {name: opening.pop(name) for name in _OPENING if name in opening}
    words = {name: value for name, value in words.items() if value is not None}
    if isinstance(source, str):
        options = merged_options(words.pop("options", None), opening)
        return WebSocketTransport(source, options=options, **words)
    from hypertoken.engine.session import Opening
    from hypertoken.transports.turns_in_process import NativeTransport

    if isinstance(source, Opening):
        return NativeTransport(source, **words, **opening)
    if words or opening:
        given = ", ".join([*words, *opening])
        raise TypeError(
            f"{given} was refused; {source.name} is open already; give it to the transport, or "
            "pass a URL"
        )
    return source


def merged_options(options: Mapping[str, Any] | None, named: dict[str, Any]) -> dict[str, Any]:
    """An environment's options, given as a mapping, by name, or both.

    Raises:
        TypeError: one is given both ways.
    """
    twice = options.keys() & named.keys() if options else ()
    if twice:
        raise TypeError(
            f"the option {', '.join(sorted(twice))} was given twice; once in options= and once by "
            "name; leave one out"
        )
    return {**(options or {}), **named}


class Reopened:
    """What a copy of an environment is, by pickle or deepcopy: as far as its transport's copies
    play on, so does it; else it is another one, not yet reset.

    A mixin: `_prepare` makes everything anew from `transport`, `render_mode` and `_masks`; whatever
    else a subclass keeps goes into the copy as it is.
    """

    transport: Transport
    render_mode: RenderMode | None
    _masks: Masks

    def _prepare(self) -> None:
        raise NotImplementedError

    def _episode(self) -> Any:
        """What a copy needs beside its transport's to play on."""
        raise NotImplementedError

    def _resume(self, episode: Any) -> None:
        """Play on."""
        raise NotImplementedError

    def _open(
        self,
        source: str | Transport | Opening,
        render_mode: RenderMode | None,
        mask_in_observation: bool,
        **opening: Any,
    ) -> None:
        self.transport = transport = as_transport(source, **opening)
        try:
            self.render_mode = check_render_mode(transport, render_mode)
        except ValueError:
            if transport is not source:
                transport.close()
            raise
        self._masks = Masks(transport, mask_in_observation)
        before = set(vars(self))
        self._prepare()
        self._made_anew = frozenset(vars(self)) - before

    def __getstate__(self) -> dict[str, Any]:
        left_out = {*self._made_anew, "_made_anew"}
        kept = {name: value for name, value in vars(self).items() if name not in left_out}
        return {**kept, "_episode": self._episode() if _begun(self.transport) else None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        own = dict(state)
        transport, masks, episode = (
            own.pop("transport"),
            own.pop("_masks"),
            own.pop("_episode", None),
        )
        self._open(transport, own.pop("render_mode"), masks.in_observation)
        # Version 0.1 wrote down everything, also what is made anew.
        vars(self).update({k: v for k, v in own.items() if k not in self._made_anew})
        if episode is not None and _begun(transport):
            self._resume(episode)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}<{self.transport.name}>>"


def unknown_agent(source: Transport, agent: Any, called: str = "the agent ") -> UnknownAgentError:
    """What a call about an agent that the environment does not have raises."""
    return UnknownAgentError(
        f"{called}{agent!r} was refused; {source.name} has no such agent; its agents are "
        f"{', '.join(source.possible_agents)}",
        "unknown_agent",
    )


def nobody_left(call: str) -> EpisodeOverError:
    """What a call about the acting agent raises when there is none."""
    return EpisodeOverError(
        f"{call} was refused; no agent is left in the episode; call reset() first", "episode_over"
    )


def _begun(transport: Transport) -> bool:
    # A transport that says so is copied with its running episode.
    return bool(getattr(transport, "begun", False))


class Masks:
    """Turns a transport's flat masks into what info, observations and `action_mask()` show."""

    def __init__(self, transport: Transport, in_observation: bool) -> None:
        self._actions = {a: transport.action_space(a) for a in transport.possible_agents}
        self._sizes = {
            agent: mask_size(space) if transport.masked else 0
            for agent, space in self._actions.items()
        }
        self._in_observation = in_observation

    @property
    def in_observation(self) -> bool:
        """Whether agents are shown their mask beside what they see, where they have one."""
        return self._in_observation

    def has(self, agent: str) -> bool:
        """Whether this agent is told which actions are legal."""
        return self._sizes[agent] > 0

    def space(self, agent: str, plain: Space) -> Space:
        """The space of what this agent is shown."""
        if not (self._in_observation and self.has(agent)):
            return plain
        return spaces.Dict({"observation": plain, "action_mask": _mask_space(self._actions[agent])})

    def flags(self, agent: str, mask: Any) -> NDArray[np.int8]:
        """The flat int8 mask; without one (an agent that has ended) nothing is legal."""
        if mask is None:
            return np.zeros(self._sizes[agent], dtype=np.int8)
        return np.array(mask, dtype=np.int8)

    def info(self, agent: str, info: dict[str, Any], mask: Any) -> dict[str, Any]:
        """The info with `action_mask` in it, as `Space.sample(mask)` wants it."""
        if not self._sizes[agent]:
            return dict(info)
        flags = convert_mask(self._actions[agent], self.flags(agent, mask))
        return {**info, "action_mask": flags}

    def observation(self, agent: str, plain: Any, mask: Any) -> Any:
        """What this agent is shown: the observation, or PettingZoo's classic Dict with the mask, as
        its action space's `sample` takes it.
        """
        if not (self._in_observation and self._sizes[agent]):
            return plain
        flags = convert_mask(self._actions[agent], self.flags(agent, mask))
        return {"observation": plain, "action_mask": flags}


def _mask_space(action_space: Space) -> Space:
    """Where the mask of an action space lies: flags, or a tuple of them by dimension."""
    if isinstance(action_space, spaces.MultiDiscrete) and action_space.nvec.ndim == 1:
        counts = action_space.nvec.tolist()
        return spaces.Tuple([spaces.Box(0, 1, (count,), np.int8) for count in counts])
    return spaces.Box(0, 1, (mask_size(action_space),), np.int8)


class Drawable(Protocol):
    """What says how it can be drawn."""

    @property
    def name(self) -> str:
        """Its id."""
        ...

    @property
    def render_modes(self) -> list[str]:
        """How it can be drawn: "ansi", "rgb_array"."""
        ...


class Drawn(Drawable, Protocol):
    """What can be drawn: a transport, or a session in this process."""

    def render(self, mode: str, agent: str | None = None) -> Any:
        """Draw it as text ("ansi", "human") or as an RGB frame ("rgb_array")."""
        ...


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def options(self) -> frozenset[str]: ...


class DeclaredOptions:
    """Keeps the reset options an environment declares, and warns once about each other one.

    PettingZoo's and Gymnasium's own checkers send options no environment knows.
    """

    def __init__(self, source: _Named) -> None:
        self._source = source
        self._warned: set[str] = set()

    def of(self, options: Any) -> dict[str, Any] | None:
        """The declared ones among `options`; None when there are none.

        Raises:
            BadOptionError: they are no dict.
        """
        if not options:
            return None
        if not isinstance(options, Mapping):
            raise BadOptionError(
                f"{self._source.name} refused the reset options {options!r}; options have names; "
                "pass a dict",
                "bad_option",
            )
        declared = self._source.options
        for name in options.keys() - declared - self._warned:
            self._warned.add(name)
            known = ", ".join(sorted(declared)) or "none"
            warnings.warn(
                f"the reset option {name!r} was ignored; {self._source.name} does not declare "
                f"it; its options are: {known}",
                stacklevel=3,
            )
        return {name: value for name, value in options.items() if name in declared} or None


def check_render_mode(transport: Drawable, mode: Mode) -> Mode:
    """Accept None or a mode of the environment.

    Raises:
        ValueError: the environment cannot be drawn that way.
    """
    modes = render_modes(transport)
    if mode is not None and mode not in modes:
        raise ValueError(
            f"render_mode={mode!r} was refused; {transport.name} can be drawn as "
            f"{', '.join(modes) or 'nothing'}; pass one of these or leave it out"
        )
    return mode


def render_modes(transport: Drawable) -> list[str]:
    """The render modes a framework may ask for: text can also be printed for a human."""
    modes = list(transport.render_modes)
    return ["human", *modes] if "ansi" in modes else modes


def draw(transport: Drawn, mode: str | None, agent: str | None = None) -> Any:
    """Render as Gymnasium means it: print for "human", return text or pixels otherwise.

    Args:
        transport: what is drawn.
        mode: the render mode.
        agent: whose view a text is; a spectator's when left out.
    """
    if mode is None:
        warnings.warn(
            "render() was called without a render mode; pass render_mode=... to the environment",
            stacklevel=3,
        )
        return None
    picture = transport.render(mode, agent)
    if mode == "human":
        print(picture)
        return None
    return picture
