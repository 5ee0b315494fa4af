"""The words shared with Java: places in a control block, operations, outcomes; and who is inside.

`ControlBlock`, `Host` and `VectorEndpoint` in the engine's `embed` room say the same in Java.
"""

from __future__ import annotations

WORDS = 16
BLOCK_BYTES = 8 * WORDS
OPERATION, ROW, AGENT, TEXT, TEXT_BYTES, REPLY, REPLY_BYTES, RESULT, STEP_OUTCOME = range(9)

DESCRIBE, OPEN, CLOSE, CATALOGUE, ABOUT = range(1, 6)
RESET, SEND, RECV, TELL, OBSERVE, DRAW_TEXT, DRAW_FRAME, SAVE, RESTORE, SEED = range(1, 11)
CHOOSE = 11

ENDED, INFOS, SLOW, REWARDED, ILLEGAL = 1, 2, 4, 8, 16
FAILED, BUSY = -1, -2
PENDING = 1 << 16
LOOK = INFOS | SLOW | PENDING
"""What an outcome says that needs a second look; a failure is negative, so it has one of these."""
TOLD = INFOS | ILLEGAL
"""What an outcome says when some agent was told something."""
IN_BACKGROUND, AWAIT = 1 << 8, 1 << 9

# --- What `Endpoint.busy` and `Endpoint.rest` say, as a sum ---

PLAYING, CALLED, LOOKING = 1, 2, 4
"""A thread is inside: it writes what to play; it has handed that to Java; it only looks."""
WANTED, AWAITED, RUNNING, SENT, OWED, CLOSED = 8, 16, 32, 64, 128, 256
"""Nobody need be inside: a thread waits to look in; one waits to play; Java runs what was
interrupted; a step was sent; an interrupted step's result was not handed out; it is closed."""
PLAYS = PLAYING | CALLED
INSIDE = PLAYS | LOOKING
