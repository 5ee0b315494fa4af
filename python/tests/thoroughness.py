"""How thoroughly to test: quickly, or all that `./hypertoken test --full` does.

Tests marked `full` are left out of a quick run; others take `FULL` for how long they go on.
"""

from __future__ import annotations

import os

FULL = os.environ.get("HYPERTOKEN_TEST_FULL") == "1"
