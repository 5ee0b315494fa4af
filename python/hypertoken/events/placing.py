"""Puts a function in the place of one object's method, and takes it away again."""

from __future__ import annotations

import copyreg
from abc import ABCMeta
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, Generic, Protocol

from hypertoken.errors import BadFieldError

_MISSING: Any = object()
_OURS = "_hypertoken_placed"


def place(owner: Any, name: str, function: FunctionType) -> Callable[[], None]:
    """Make `owner.name` a bound method of this function; returns what undoes it.

    The object gets a class of its own, between it and its class: so nothing is in its `__dict__`
    that copies, pickles or models saved would take along, and `__slots__` are no hindrance. Where
    the object has a function of its own in the method's place, or its class minds being
    subclassed, the function becomes an attribute of the object.

    Raises:
        BadFieldError: the object takes neither.
    """
    own = getattr(owner, "__dict__", {}).get(name, _MISSING)
    if own is _MISSING and _on_class(owner, name, function):
        return lambda: _off_class(owner, name)
    original = getattr(owner, name)
    try:
        setattr(owner, name, MethodType(function, owner))
    except (AttributeError, TypeError) as refused:
        raise BadFieldError(
            f"{name} of a {type(owner).__name__} was not hooked; its methods cannot be replaced "
            f"({refused}); wrap the object in one of Python, or call submit_event yourself",
            "bad_field",
        ) from refused

    def undo() -> None:
        if own is _MISSING:
            delattr(owner, name)
            if not hasattr(owner, name):  # as a mock's, which makes it up when first asked for
                setattr(owner, name, original)
        else:
            setattr(owner, name, own)

    return undo


def _on_class(owner: Any, name: str, function: FunctionType) -> bool:
    """Put it on the object's own class, which it is given unless it has one; False: it cannot."""
    kind = type(owner)
    if _OURS not in kind.__dict__:
        if not _may_be_subclassed(kind):
            return False
        try:
            kind = _class_of_its_own(kind)
            # Not by the class's own rules, which a mock makes of its own.
            object.__setattr__(owner, "__class__", kind)
        except (AttributeError, TypeError):
            return False
    setattr(kind, name, function)
    kind.__dict__[_OURS].add(name)
    return True


def _off_class(owner: Any, name: str) -> None:
    kind = type(owner)
    delattr(kind, name)
    kind.__dict__[_OURS].discard(name)
    if not kind.__dict__[_OURS]:
        object.__setattr__(owner, "__class__", kind.__base__)


def _may_be_subclassed(kind: type[Any]) -> bool:
    """Whether nobody hears of a subclass: a registry of them, say."""
    harmless = (object, Generic, Protocol)
    heard = any(
        "__init_subclass__" in base.__dict__ for base in kind.__mro__ if base not in harmless
    )
    return type(kind) in (type, ABCMeta) and not heard


def _class_of_its_own(kind: type[Any]) -> type[Any]:
    def reduced(self: Any, protocol: Any) -> Any:
        # A copy is of the class as it was.
        made = super(own, self).__reduce_ex__(protocol)
        if not isinstance(made, tuple):
            return made
        parts = tuple(kind if part is own else part for part in made[1])
        # What makes a new object insists on the class that this one has now.
        make = _new if made[0] is copyreg.__newobj__ else made[0]  # type: ignore[attr-defined]
        return (kind if make is own else make, parts, *made[2:])

    names: dict[str, Any] = {
        "__slots__": (),
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        "__doc__": kind.__doc__,
        "__reduce_ex__": reduced,
        _OURS: set(),
    }
    own: type[Any] = type(kind)(kind.__name__, (kind,), names)  # type: ignore[misc]
    return own


def _new(kind: type[Any], *arguments: Any) -> Any:
    return kind.__new__(kind, *arguments)
