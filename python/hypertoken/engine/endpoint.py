"""One C function of Java's and its words, and who may use them when.

Each function is `int call(void)`; what a call does stands in a block of 8-byte words shared with
Java (see `control`). Nothing here knows an environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import NoReturn, TypeVar

from hypertoken.engine import guards
from hypertoken.engine.control import (
    AGENT,
    AWAIT,
    AWAITED,
    BUSY,
    CALLED,
    CLOSED,
    IN_BACKGROUND,
    INSIDE,
    LOOKING,
    OPERATION,
    OWED,
    PENDING,
    PLAYING,
    PLAYS,
    RECV,
    REPLY,
    REPLY_BYTES,
    RESULT,
    ROW,
    RUNNING,
    SEND,
    SENT,
    STEP_OUTCOME,
    TEXT,
    TEXT_BYTES,
    WANTED,
)
from hypertoken.errors import (
    SPAWN_WORKERS,
    BadStepError,
    ForkedError,
    HyperTokenError,
    error_for,
)

_LOOK_SECONDS = 0.0002  # between two tries of a thread that waits for another
_YIELDS = 20  # so many of these a thread that plays on leaves to one that waits to look

# A call that keeps the interpreter's lock costs 0.1 µs less than one that lets it go.
_HELD = ctypes.PYFUNCTYPE(ctypes.c_int)
_RELEASED = ctypes.CFUNCTYPE(ctypes.c_int)

_T = TypeVar("_T")
_plays: set[CodeType] = set()


def plays(function: Callable[..., _T]) -> Callable[..., _T]:
    """Note that a function with a name `endpoint` is inside it while it runs."""
    _plays.add(function.__code__)
    return function


class Endpoint:
    """One C function and its words, and the rule that keeps a call whole: from writing what to play
    until everything was read, one thread is inside.

    A thread that plays (step, reset, send, restore) beside another that plays is refused; one that
    only looks (render, snapshot) waits for a play and is waited for. A play that is interrupted,
    as by Ctrl-C, after Java was asked is played to its end: `rest` says that it still runs, or
    that its result is owed. Code that plays often does by hand what `play` does::

        if endpoint.busy:
            endpoint.enter()
        endpoint.busy = PLAYING
        try:
            ...  # write the actions
            endpoint.busy = endpoint.called
            ...  # call Java, read what it wrote
        except BaseException as stopped:
            if endpoint.busy & CALLED:
                endpoint.rest |= OWED
            endpoint.stopped(stopped)
            raise
        finally:
            endpoint.busy = endpoint.rest

    Attributes:
        busy: who is inside; else `rest`. Asked before anything is written.
        rest: what `busy` becomes when the one inside leaves.
        called: what `busy` becomes right before the call of Java: CALLED where that is the C
            function itself, so that no Ctrl-C comes between; else the function called sees to it.
        name: whose it is, for messages.
    """

    # CPython changes threads and runs signal handlers between calls of functions only, never
    # between asking `busy` and setting it: so there is no lock to pay for, nor one to leave locked.
    # (Under a tracer written in Python it may; Java's own guard then refuses the second call.)

    forked = False
    """Whether this process is a fork of the one that Java runs in."""
    careful = False
    """Whether there may be threads whose stack is too small for Java."""

    def __init__(self, function: int, words: memoryview[int], name: str = "the engine") -> None:
        self.held: Callable[[], int] = _HELD(function)
        self.released: Callable[[], int] = _RELEASED(function)
        self.words = words
        self.name = name
        self.busy = self.rest = 0
        self.called = PLAYING
        self._looker = 0
        self._closed: HyperTokenError | None = None

    # --- Going inside ---

    def enter(self, *, passes_over: bool = True) -> None:
        """Let this thread inside to play; call it where `busy` is not 0.

        Waits for a thread that looks, and for what Java still runs.

        Args:
            passes_over: whether a result that is owed may be lost; else it must be reset first.
        Raises:
            BadStepError: another thread plays, a step was sent, or a result is owed.
            EpisodeOverError: it was closed.
            ForkedError: this process is a fork.
        """
        self._refuse()
        self._let_look()
        if self.busy & INSIDE:
            raise self.error(BUSY)
        self.busy = PLAYING
        endpoint = self
        try:
            self._refuse()
            if self.rest & SENT:
                raise BadStepError(
                    "a step is under way; send() began it; call recv() before anything else",
                    "bad_step",
                )
            if self.rest & RUNNING:
                self._finish()
            if self.rest & OWED and not passes_over:
                raise BadStepError(
                    f"{self.name} lost its place; a step was interrupted after it was played and "
                    "before it was shown; reset it",
                    "bad_step",
                )
            self.rest &= ~OWED
        except BaseException as stopped:
            endpoint.busy = endpoint.rest
            self._tell(stopped, "has not played this step")
            raise

    def enter_to_take(self) -> None:
        """Let this thread inside to take what was sent, or interrupted; see `receive`.

        Raises:
            BadStepError: another thread plays.
        """
        self._refuse()
        self._let_look()
        if self.busy & INSIDE:
            raise self.error(BUSY)
        self.busy = PLAYING

    def stopped(self, error: BaseException) -> None:
        """Note what became of the step that this error ends; an interruption's notes tell it."""
        if isinstance(error, HyperTokenError):
            self.taken()  # it was refused
        elif self.busy & CALLED:
            error.add_note(
                f"{self.name} plays this step to its end; the next step or reset waits for that "
                "and goes on from there, and a vector's recv() returns its result"
            )
        else:
            self._tell(error, "has not played this step")

    def _tell(self, error: BaseException, fate: str) -> None:
        if not isinstance(error, Exception):  # Ctrl-C, sys.exit(): not what was wrong with the step
            error.add_note(f"{self.name} {fate}")

    def play(self, work: Callable[[], _T]) -> _T:
        """Do `work`, which writes, asks and reads, with this thread inside.

        Raises:
            BadStepError: another thread plays, or a step was sent; nothing was done.
        """
        endpoint = self
        if endpoint.busy:
            endpoint.enter()
        endpoint.busy = PLAYING
        try:
            return work()
        except BaseException as stopped:
            if endpoint.busy & CALLED:
                endpoint.rest |= OWED
            endpoint.stopped(stopped)
            raise
        finally:
            endpoint.busy = endpoint.rest

    def look(self, operation: int, row: int = 0, agent: int = 0) -> tuple[bytes, int]:
        """Do an operation that plays nothing, when no other thread is inside.

        Returns:
            the reply's bytes, and the result; what does not answer in one of these leaves the last.
        """
        endpoint, me = self, threading.get_ident()
        self._refuse()
        waited, yields = False, _YIELDS
        while self.busy & INSIDE or (self.busy & AWAITED and yields and not waited):
            if not self.busy & INSIDE:
                yields -= 1
            elif self._is_inside():
                raise BadStepError(
                    f"{self.name} cannot be looked at from inside one of its own calls; a signal "
                    "handler or a finalizer interrupted it; look at it afterwards",
                    "bad_step",
                )
            else:
                waited = True
                self.rest |= WANTED
            time.sleep(_LOOK_SECONDS)
        endpoint.busy = LOOKING
        self._looker = me
        self.rest &= ~(WANTED if yields else WANTED | AWAITED)
        try:
            self._refuse()
            if self.rest & RUNNING:
                self._finish()
            self.ask(operation, b"", row, agent)
            return self.reply, self.result
        finally:
            endpoint.busy = endpoint.rest

    def _let_look(self) -> None:
        """Wait for the thread that looks, and for one that waited to before: else neither would
        ever get in beside a loop of the other's calls.
        """
        waited, yields = False, _YIELDS
        while not self.busy & PLAYS and (
            self.busy & LOOKING or (self.busy & WANTED and yields and not waited)
        ):
            if not self.busy & LOOKING:
                yields -= 1
            elif self._looker == threading.get_ident():
                break
            else:
                waited = True
                self.rest |= AWAITED
            time.sleep(_LOOK_SECONDS)
        self.rest &= ~(AWAITED if yields else AWAITED | WANTED)  # or it has given up

    def _is_inside(self) -> bool:
        """Whether this very thread is, further down its stack. Only asked by who would wait."""
        if self.busy & LOOKING:
            return self._looker == threading.get_ident()
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            if frame.f_code in _plays and frame.f_locals.get("endpoint") is self:
                return True
            frame = frame.f_back
        return False

    def _refuse(self) -> None:
        if Endpoint.forked:
            refuse_after_fork()
        if self._closed is not None:
            raise self._closed

    def close(self, error: HyperTokenError) -> None:
        """Refuse everything from now on with this error; who is inside ends its call."""

        # The C function is freed too, and must never be called again.
        def refuse() -> int:
            raise error

        self._closed = error
        self.held = self.released = refuse
        self.rest |= CLOSED
        self.busy |= CLOSED

    # --- Asking Java, from inside ---

    def ask(self, operation: int, text: bytes = b"", row: int = 0, agent: int = 0) -> int:
        """Do an operation; returns its code. The reply stays readable until the next one.

        Raises:
            HyperTokenError: Java refused it, or failed.
        """
        if Endpoint.careful:
            refuse_small_stack()
        words = self.words
        words[ROW], words[AGENT] = row, agent
        if text:
            words[TEXT] = ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0
        words[TEXT_BYTES] = len(text)
        words[OPERATION] = operation
        code = self.released()
        if code < 0:
            raise self.error(code)
        return code

    def interruptibly(self, operation: int) -> int:
        """Do an operation on a Java thread, and let Ctrl-C through while it runs.

        An interrupted one goes on, and whoever enters next waits for it.
        """
        if Endpoint.careful:
            refuse_small_stack()
        self.words[OPERATION] = operation | IN_BACKGROUND
        self.rest |= RUNNING
        self.busy = CALLED
        code = self.held()
        if code != PENDING:
            self.rest &= ~RUNNING
            return code
        return self._finish()

    def _finish(self) -> int:
        # Returns the code of the operation that runs on a Java thread, failed or not.
        if Endpoint.careful:
            refuse_small_stack()
        while True:
            self.words[OPERATION] = AWAIT
            code = self.released()
            if code != PENDING:
                self.rest &= ~RUNNING
                return code

    def receive(self) -> int:
        """Wait for the step that was sent, or for one that was interrupted.

        The caller is inside, and takes the result; then `taken` says that it has.

        Returns:
            the step's outcome, negative when it failed.
        Raises:
            BadStepError: there is none.
        """
        if not self.rest & (SENT | OWED):
            raise BadStepError(
                "nothing to receive; no step was sent; call send() first", "bad_step"
            )
        if self.rest & RUNNING:
            self._finish()
        elif self.rest & SENT and self.words[STEP_OUTCOME] == PENDING:
            return self.interruptibly(RECV)
        return self.words[STEP_OUTCOME]

    def send(self) -> None:
        """Begin to play what was written; from inside. `receive` ends it.

        Raises:
            HyperTokenError: an action was refused; nothing was sent.
        """
        self.words[STEP_OUTCOME] = PENDING
        self.busy = CALLED
        self.rest |= SENT
        try:
            self.ask(SEND)
        except HyperTokenError:
            self.taken()
            raise

    def taken(self) -> None:
        """The result of the step that was sent or interrupted is handed out."""
        self.rest &= ~(SENT | OWED)

    def settle(self, deadline: float) -> None:
        """Wait until Java runs nothing here, or `deadline` of time.monotonic() is past."""
        while self.rest & (RUNNING | SENT) and not self.busy & INSIDE:
            if time.monotonic() > deadline or self._closed is not None:
                return
            if not self.rest & RUNNING:
                if self.words[STEP_OUTCOME] != PENDING:
                    return
                self.words[OPERATION] = RECV | IN_BACKGROUND
                self.rest |= RUNNING
            else:
                self.words[OPERATION] = AWAIT
            if self.released() != PENDING:
                self.rest &= ~RUNNING

    @property
    def reply(self) -> bytes:
        """A copy of the bytes of the last answer."""
        return ctypes.string_at(self.words[REPLY], self.words[REPLY_BYTES])

    @property
    def result(self) -> int:
        """The last answer that was one number."""
        return self.words[RESULT]

    def error(self, code: int) -> HyperTokenError:
        """The error of the call that has just failed with this code."""
        if code == BUSY:
            if self._closed is not None:  # in the middle of the call, by another thread
                return self._closed
            return error_for(
                "bad_step",
                "a call of this environment is under way; another thread is in it, and it has one "
                "caller at a time; wait until that call returns",
            )
        told: dict[str, str] = json.loads(self.reply)
        error = error_for(told["code"], told["message"])
        if os.environ.get("HYPERTOKEN_DEBUG") == "1":
            error.add_note(told["stack"])
        return error


_plays.update({Endpoint.enter.__code__, Endpoint.play.__code__})


def refuse_small_stack() -> None:
    """Say that Java cannot run on this thread, where its stack is too small.

    Raises:
        InternalError: it is.
    """
    error = guards.stack_error()
    if error is not None:
        raise error


def refuse_after_fork() -> NoReturn:
    """Say why nothing works in a forked process.

    Raises:
        ForkedError: always.
    """
    raise ForkedError(
        "HyperToken cannot be used in this forked process; Java was started before the fork and "
        f"its threads were left behind; {SPAWN_WORKERS}"
    )
