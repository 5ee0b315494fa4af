"""Logging of the package: silent until asked, on the standard `logging` module."""

from __future__ import annotations

import logging

LOGGER = logging.getLogger("hypertoken")
LOGGER.addHandler(logging.NullHandler())


def enable_logging(level: int | str = "INFO") -> logging.Logger:
    """Print the package's log to stderr; DEBUG shows one line per message on the wire.

    Args:
        level: a level's name or number of the `logging` module.
    Returns:
        The logger "hypertoken"; calling again only changes the level.
    """
    if not any(type(handler) is logging.StreamHandler for handler in LOGGER.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        LOGGER.addHandler(handler)
    LOGGER.setLevel(level.upper() if isinstance(level, str) else level)
    return LOGGER
