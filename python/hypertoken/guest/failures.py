"""What was raised, in a line; it needs no package, for a package may be what is missing."""

from __future__ import annotations

import traceback

_LONGEST = 2000


def failure(raised: BaseException) -> str:
    """What was raised and where, in a line: `ValueError: no such door (my_env.py:12 in step)`."""
    try:
        said = "".join(traceback.format_exception_only(raised)).strip()
    except Exception:
        said = type(raised).__name__
    frames = traceback.extract_tb(raised.__traceback__)
    outside = [frame for frame in frames if not frame.filename.startswith(_OWN)]
    if not outside:
        return said[:_LONGEST]
    last = outside[-1]
    name = last.filename.replace("\\", "/").rpartition("/")[2]
    return f"{said[:_LONGEST]} ({name}:{last.lineno} in {last.name})"


_OWN = failure.__code__.co_filename.rpartition("failures")[0]
"""What the file names of the worker's own modules begin with, wherever they came from."""
