"""Hooks methods of single objects: the original is called, then whoever listens is told.

A method is replaced once, on the object itself, and has a list of listeners: so hooks stack and
come off in any order, and the last puts back what was there. What somebody else has put over it
meanwhile is left alone; ours, without listeners, then only calls through.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, Protocol

from hypertoken.events.placing import place
from hypertoken.log import LOGGER

_LOCK = threading.RLock()


class Listener(Protocol):
    """Who is told of a method's calls, in the thread that made them."""

    def returned(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        """A call has returned."""
        ...

    def failed(self, failure: Exception) -> None:
        """A call has raised, and raises on."""
        ...


def hook(owner: Any, name: str, listener: Listener) -> Callable[[], None]:
    """Have a listener told of every call of an object's method; returns what ends that.

    Raises:
        BadFieldError: the object's methods cannot be replaced.
    """
    with _LOCK:
        hooked = _hooked(owner, name)
        if hooked is None:
            hooked = HookedMethod(owner, name)
            hooked.put_back = place(owner, name, hooked.function)
        hooked.listeners = (*hooked.listeners, listener)
    return functools.partial(_unhook, hooked, listener)


def _unhook(hooked: HookedMethod, listener: Listener) -> None:
    with _LOCK:
        hooked.listeners = tuple(each for each in hooked.listeners if each is not listener)
        if not hooked.listeners and _hooked(hooked.owner, hooked.name) is hooked:
            hooked.put_back()


def _hooked(owner: Any, name: str) -> HookedMethod | None:
    """The hook that a call of the method enters first, or None."""
    function = getattr(getattr(owner, name, None), "__func__", None)
    hooked = getattr(function, "_hypertoken_hook", None)
    # Who wraps our function by functools.wraps copies its attributes.
    fits = isinstance(hooked, HookedMethod) and hooked.function is function
    return hooked if fits and hooked is not None and hooked.owner is owner else None


class HookedMethod:
    """A method of one object, and who is told of its calls.

    Attributes:
        original: what it was, called without `self`.
        function: what stands in its place.
        put_back: undoes that.
    """

    put_back: Callable[[], None]

    def __init__(self, owner: Any, name: str) -> None:
        self.owner = owner
        self.name = name
        self.original: Callable[..., Any] = getattr(owner, name)
        self.listeners: tuple[Listener, ...] = ()
        self._troubled = False
        made = _async_call if inspect.iscoroutinefunction(self.original) else _call
        self.function = made(self)
        _look_like(self.function, self.original, name)
        self.function._hypertoken_hook = self  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy of the object, by pickle or cloudpickle, is not hooked: nobody could unhook it.
        return _of_a_copy, (self.name,)

    def tell(self, arguments: tuple[Any, ...], named: dict[str, Any], result: Any) -> None:
        """Tell every listener of a call; what goes wrong there is no concern of the caller's."""
        for listener in self.listeners:
            try:
                listener.returned(arguments, named, result)
            except Exception as trouble:
                self._log(trouble)

    def tell_failure(self, failure: Exception) -> None:
        """Tell every listener that a call has raised."""
        for listener in self.listeners:
            try:
                listener.failed(failure)
            except Exception as trouble:
                self._log(trouble)

    def of(self, another: Any) -> Callable[..., Any]:
        """The method of another object, such as a copy, that has got the function."""
        method: Callable[..., Any] = getattr(type(another), self.name).__get__(another)
        return method

    def _log(self, trouble: Exception) -> None:
        if not self._troubled:
            self._troubled = True
            kind = type(self.owner).__name__
            LOGGER.warning("calls of %s.%s are not told: %r", kind, self.name, trouble)


def _of_a_copy(name: str) -> HookedMethod:
    hooked = HookedMethod.__new__(HookedMethod)
    hooked.owner, hooked.name, hooked.listeners = None, name, ()
    return hooked


def _call(hooked: HookedMethod) -> FunctionType:
    def call(self: Any, /, *arguments: Any, **named: Any) -> Any:
        if self is not hooked.owner:
            return hooked.of(self)(*arguments, **named)
        try:
            result = hooked.original(*arguments, **named)
        except Exception as failure:
            hooked.tell_failure(failure)
            raise
        hooked.tell(arguments, named, result)
        return result

    return call  # type: ignore[return-value]


def _async_call(hooked: HookedMethod) -> FunctionType:
    async def call(self: Any, /, *arguments: Any, **named: Any) -> Any:
        if self is not hooked.owner:
            return await hooked.of(self)(*arguments, **named)
        try:
            result = await hooked.original(*arguments, **named)
        except Exception as failure:
            hooked.tell_failure(failure)
            raise
        hooked.tell(arguments, named, result)
        return result

    return call  # type: ignore[return-value]


def _look_like(function: FunctionType, original: Any, name: str) -> None:
    """Give a function the name, help and signature of the method in whose place it stands."""
    functools.update_wrapper(function, getattr(original, "__func__", original))
    function.__name__ = name  # by which pickle finds a bound method
    if not isinstance(original, MethodType):
        # It is called without `self`, which a bound method's signature leaves out.
        try:
            shown = inspect.signature(original)
        except (TypeError, ValueError):
            return  # C code need not say
        first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        parameters = [first, *shown.parameters.values()]
        function.__signature__ = shown.replace(parameters=parameters)  # type: ignore[attr-defined]
