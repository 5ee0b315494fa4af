"""Events that wait to be sent: bounded, what is dropped is counted."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

Entry = dict[str, Any]
"""An event as a producer sends it: type, data, timestamp."""


class Outbox:
    """Events of any thread for one that sends them; putting one in never waits.

    Higher priorities are taken first, equal ones in order. A full outbox drops its oldest event of
    its lowest priority; the newest of a lower priority than all is dropped itself.

    Args:
        most: how many events it holds.

    Attributes:
        dropped: how many it has dropped in all.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._begin()

    def _begin(self) -> None:
        # A signal's handler may put an event in while its thread is in here.
        self._lock = threading.RLock()
        self._lanes: dict[int, deque[Entry]] = {0: deque()}
        self._held = 0
        self.dropped = 0
        self._untold = 0
        self._arrival = threading.Event()

    def after_fork(self) -> None:
        """Forget in a forked child what the parent sends."""
        self._begin()

    def __len__(self) -> int:
        return self._held

    def put(self, entry: Entry, priority: int = 0) -> None:
        """Put an event in."""
        with self._lock:
            lane = self._lanes.get(priority)
            if lane is None:
                lane = self._lanes[priority] = deque()
            lane.append(entry)
            if self._held < self._most:
                self._held += 1
            else:
                if len(self._lanes) > 1:
                    lane = self._lanes[min(each for each, held in self._lanes.items() if held)]
                lane.popleft()
                self.dropped += 1
                self._untold += 1
        # Its reader looks anyway some milliseconds after it was last woken.
        if not self._arrival.is_set():
            self._arrival.set()

    def take(self, most: int) -> list[Entry]:
        """Take out up to so many events, those of the highest priority first."""
        taken: list[Entry] = []
        with self._lock:
            self._arrival.clear()
            for priority in sorted(self._lanes, reverse=True):
                lane = self._lanes[priority]
                while lane and len(taken) < most:
                    taken.append(lane.popleft())
                if not lane and priority:
                    del self._lanes[priority]
            self._held -= len(taken)
            if self._held:
                self._arrival.set()
        return taken

    def take_dropped(self) -> int:
        """How many were dropped since it was last asked."""
        with self._lock:
            untold, self._untold = self._untold, 0
        return untold

    def wait(self, seconds: float) -> bool:
        """Wait until there are events, or `wake` is called; returns False after so long."""
        return self._arrival.wait(seconds)

    def wake(self) -> None:
        """End a `wait`."""
        self._arrival.set()
