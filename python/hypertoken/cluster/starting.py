"""Starting actors: on a cluster that has room for them, with Java's signals in order."""

from __future__ import annotations

import warnings
from typing import Any

import ray

from hypertoken.cluster import signals
from hypertoken.errors import BadFieldError

DEFAULT_MEMORY = 2**30
"""Bytes an actor asks for: half of it is Java's heap, which holds some 100,000 small games."""


def kind_of(
    what: type, actors: int, cpus: float, memory: int | None, timeout: float, retries: int
) -> Any:
    """The class as Ray's actor; warns where the cluster has no room for so many.

    Args:
        what: the class.
        actors: how many there will be.
        cpus: what each asks Ray for.
        memory: bytes that each asks Ray for.
        timeout: how long it will be waited for them.
        retries: how often Ray itself asks again what an actor that died has not answered.
    """
    if not ray.is_initialized():
        ray.init()
    signals.check()
    there = ray.cluster_resources()
    for name, amount in {"CPU": cpus * actors, "memory": (memory or 0) * actors}.items():
        if amount > there.get(name, 0):
            warnings.warn(
                f"{actors} actors ask for {amount:g} of {name}, and the cluster has "
                f"{there.get(name, 0):g}; they wait up to {timeout:g} s for it to grow; pass fewer "
                "actors=, or less cpus= or memory=, if it does not",
                stacklevel=4,
            )
    return ray.remote(what).options(
        num_cpus=cpus,
        memory=memory,
        max_restarts=-1,
        max_task_retries=retries,
        scheduling_strategy="SPREAD",
    )


def counted(**given: Any) -> None:
    """Refuse what is no whole number from 1 on.

    Raises:
        BadFieldError: one is none.
    """
    for name, count in given.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise BadFieldError(
                f"{name}={count!r} was refused; it is a whole number from 1 on; pass one",
                "bad_field",
            )
