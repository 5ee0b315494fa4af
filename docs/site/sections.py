"""Lets Griffe see a docstring's sections where no blank line stands above them, as in our style."""

from __future__ import annotations

import re
from typing import Any

import griffe

_BEGINS = re.compile(r"(?<!\n)\n(?=(?:Args|Attributes|Raises|Returns|Yields):\n)")


class Sections(griffe.Extension):
    """Puts a blank line above each section before the docstring is read."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Griffe has found an object, and its docstring as it is written."""
        if obj.docstring is not None:
            obj.docstring.value = _BEGINS.sub("\n\n", obj.docstring.value)
