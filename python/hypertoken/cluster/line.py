"""One actor, as the driver sees it: requests in order, and back to where it was when it dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import ray
from ray.exceptions import (
    GetTimeoutError,
    NodeDiedError,
    ObjectLostError,
    OutOfMemoryError,
    RayActorError,
    RayTaskError,
    WorkerCrashedError,
)

from hypertoken.cluster.actor import About, AstrayError
from hypertoken.cluster.policies import NOTHING
from hypertoken.cluster.replay import Journal, Past, Reset
from hypertoken.errors import EnvironmentFailedError, HyperTokenError, UnavailableError
from hypertoken.log import LOGGER

MOST_DEATHS = 3
"""So often an actor may die in one and the same request."""
_TELL_SECONDS = 10.0

LOST = (
    NodeDiedError,
    ObjectLostError,
    OutOfMemoryError,
    RayActorError,
    WorkerCrashedError,
)


class Request(NamedTuple):
    """A request: the actor's method, what it takes beside the number, and whether the policy's
    state goes along where it is the first after a start.
    """

    method: str
    arguments: tuple[Any, ...]


class Line:
    """Requests to one actor, answered in order. Ray starts the actor anew when it dies; then it is
    brought back by the journal, and what was unanswered is asked again.

    Args:
        name: for messages.
        actor: its handle.
        timeout: seconds without an answer after which it counts as unreachable.
    """

    def __init__(self, name: str, actor: Any, timeout: float) -> None:
        self.name, self.actor, self.timeout = name, actor, timeout
        self.journal = Journal()
        self.state = NOTHING
        self.resumed = 0
        self._proof: int | None = None
        self._began: tuple[int | None, bytes, int] = None, NOTHING, -1
        self._number = self._place = 0
        self._astray = True  # it has to be told its first number
        self._fresh = True
        self._version = -1
        self._asked: deque[tuple[Request, Any]] = deque()

    # --- A call of the pool's: it happens, or it does not ---

    def begin(self) -> None:
        """A call begins."""
        self.journal.begin()
        self._began = self._proof, self.state, self._version
        self._place = self._number

    def take_back(self) -> None:
        """The call did not happen: what of it the actor may have done is undone before it plays
        on.
        """
        self.journal.take_back()
        self._proof, self.state, self._version = self._began
        self._asked.clear()
        self._astray = self._astray or self._number != self._place

    def end(self) -> None:
        """The call has happened."""
        self.journal.end()
        self._place = self._number

    def version(self, number: int) -> None:
        """Another policy has no state of the last one's."""
        if number != self._version:
            self._version = number
            self.renew()

    def renew(self) -> None:
        """The policy begins anew, as it was sent."""
        self.state, self._fresh = NOTHING, True

    def prove(self, proof: int) -> None:
        """Note what is seen after what was answered last."""
        self._proof = proof

    # --- Requests ---

    @property
    def waits_for(self) -> Any:
        """Ray's reference to the oldest answer that is still out."""
        return self._asked[0][1]

    @property
    def in_flight(self) -> int:
        """How many answers are still out."""
        return len(self._asked)

    def send(self, request: Request) -> None:
        """Ask, and return at once."""
        if self._astray:
            self.resume(request)
        self._asked.append((request, self._ask(request)))

    def _ask(self, request: Request) -> Any:
        arguments = request.arguments
        if request.method == "rollout":
            # Only the first after a start needs the policy's state: later ones follow it.
            arguments = (arguments[0], self.state if self._fresh else None, *arguments[1:])
            self._fresh = False
        reference = getattr(self.actor, request.method).remote(self._number, *arguments)
        self._number += 1
        return reference

    def take(self) -> Any:
        """Wait for the oldest answer.

        Raises:
            HyperTokenError: it was refused, and the actor has not moved.
            UnavailableError: it cannot be had.
            Exception: whatever a policy raised.
        """
        deaths = 0
        while True:
            request, reference = self._asked[0]
            try:
                answer = self.answer(reference)
                self._asked.popleft()
                return answer
            except (*LOST, AstrayError) as lost:
                deaths += 1
                if deaths >= MOST_DEATHS:
                    raise UnavailableError(
                        f"{self.name} died {deaths} times in the same request, {request.method}; "
                        f"the last time: {_shortly(lost)}; look into its log (ray logs), give it "
                        "more memory=, or mend what it plays",
                        "unavailable",
                    ) from lost
                LOGGER.warning("%s is lost (%s); it is brought back", self.name, _shortly(lost))
                again = [asked for asked, _ in self._asked]
                self.resume(again[0])
                self._asked = deque((asked, self._ask(asked)) for asked in again)
            except Exception:  # that was the answer
                self._asked.popleft()
                raise

    def refused(self) -> None:
        """The last request was refused: its number is still to come."""
        self._number -= 1

    def answer(self, reference: Any) -> Any:
        """Wait for an answer, and say so from time to time."""
        began = time.monotonic()
        while True:
            left = began + self.timeout - time.monotonic()
            try:
                return ray.get(reference, timeout=min(_TELL_SECONDS, max(left, 0)))
            except GetTimeoutError:
                waited = time.monotonic() - began
                if waited >= self.timeout:
                    raise UnavailableError(
                        f"{self.name} did not answer for {waited:.0f} s; it is stuck, or waits for "
                        "a machine with room; look at `ray status`, or pass a longer timeout=",
                        "unavailable",
                    ) from None
                LOGGER.warning("%s has not answered for %.0f s", self.name, waited)
            except RayTaskError as failed:
                raise _cause(failed) from None

    def resume(self, next_one: Request) -> None:
        """Bring the actor to where the journal leads, wherever it is now.

        Args:
            next_one: what will be asked there; before a seeded reset of all rows anywhere will do.
        Raises:
            UnavailableError: it does not come back, or too much had been done to keep a journal.
            EnvironmentFailedError: it came to another place: its environment does not play the
                same again.
        """
        past, proof = self.journal.past, self._proof
        if not self.journal.complete:
            if _begins_anew(next_one):
                past, proof = Past({}, []), None
            else:
                raise UnavailableError(
                    f"{self.name} cannot be brought back; its environment has no snapshot, and "
                    "more was played since the last seeded reset than replay_bytes= lets the pool "
                    "keep; reset the pool with a seed, and pass more next time",
                    "unavailable",
                )
        self._asked.clear()
        self._number += 1000  # behind all that is still on its way to it
        self._astray = True
        number = self._number
        seen = self.persistently(lambda: self.actor.resume.remote(number, past))
        if proof is not None and seen != proof:
            raise EnvironmentFailedError(
                f"{self.name} came to another place when its actions were played again; its "
                "environment does not play the same from the same seed; mend that (`hypertoken "
                "check`), then reset the pool with a seed",
                "environment_failed",
            )
        self.resumed += self._proof is not None
        self._place = self._number
        self._astray, self._fresh = False, True

    def persistently(self, ask: Callable[[], Any]) -> Any:
        """Ask what needs no place, until the actor that Ray starts is there to answer."""
        began, pause = time.monotonic(), 0.05
        while True:
            try:
                return self.answer(ask())
            except LOST as lost:
                if time.monotonic() - began > self.timeout:
                    raise UnavailableError(
                        f"{self.name} does not start; {_shortly(lost)}; look at `ray status` and "
                        "into its log (ray logs)",
                        "unavailable",
                    ) from lost
                time.sleep(pause)
                pause = min(2 * pause, 2.0)

    def about(self) -> About:
        """What the actor says of itself."""
        told: About = self.persistently(lambda: self.actor.about.remote())
        return told


def _begins_anew(request: Request) -> bool:
    (first, *_) = request.arguments or (None,)
    return isinstance(first, Reset) and first.whole


def _cause(failed: RayTaskError) -> Exception:
    """What the actor raised: an error of ours, or Ray's of another, which shows where it arose."""
    cause: Exception = failed.cause
    return cause if isinstance(cause, (HyperTokenError, AstrayError)) else failed


def _shortly(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
