"""How the Java of an actor is started: as large as the actor is."""

from __future__ import annotations

import math
import os

import ray

from hypertoken.engine.options import OWN
from hypertoken.engine.runtime import runtime

HEAP_SHARE = 0.5
"""Of the actor's memory; the rest is for Python, the columns, the code and the threads of Java."""
LEAST_HEAP_MEBIBYTES = 32


def options_for(cpus: float, memory: int | None) -> list[str]:
    """Java's options in an actor of so many CPUs and bytes of memory; its collector is the serial
    one anyway.
    """
    options = [f"-XX:ActiveProcessorCount={max(1, math.ceil(cpus))}"]
    if memory:
        heap = max(LEAST_HEAP_MEBIBYTES, int(memory * HEAP_SHARE) >> 20)
        options += [f"-Xms{LEAST_HEAP_MEBIBYTES}m", f"-Xmx{heap}m"]
    return options


def prepare(cpus: float, memory: int | None) -> None:
    """Let the Java that this process is going to start be so large; what the user says in
    HYPERTOKEN_JAVA_OPTIONS counts more.
    """
    words = [*options_for(cpus, memory), os.environ.get(OWN, "")]
    os.environ[OWN] = " ".join(words).strip()


def prepare_here() -> None:
    """The same by what Ray has given the actor that this process is; elsewhere nothing."""
    context = ray.get_runtime_context() if ray.is_initialized() else None
    if context is None or context.get_actor_id() is None or runtime().endpoint is not None:
        return
    given = context.get_assigned_resources()
    prepare(given.get("CPU", 1), int(given.get("memory", 0)) or None)
