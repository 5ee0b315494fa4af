"""Whose handler meets a fault in this process: Java's must, for faults are how it works; Ray puts
its own over it.
"""

from __future__ import annotations

import warnings

import ray

from hypertoken.engine import guards


def keep() -> None:
    """Keep Java's handlers where Ray would put its own (`ray.init`) or none (`ray.shutdown`)."""
    guards.keep_over(ray, "init", "shutdown")


def check() -> None:
    """Put Java's handlers back where others stand before them, and say how that came."""
    if guards.put_back():
        warnings.warn(
            "an environment was made before ray.init(), and Ray put its handler of SIGSEGV before "
            "Java's: the next null reference in Java would have ended this process; Java's was put "
            "back; call ray.init() before the first environment, or import hypertoken.ray before "
            "that (RAY_DISABLE_FAILURE_SIGNAL_HANDLER=1 alone leaves it to faulthandler)",
            RuntimeWarning,
            stacklevel=4,
        )
