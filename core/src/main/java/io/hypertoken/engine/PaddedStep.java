package io.hypertoken.engine;

import io.hypertoken.env.Step;

/// A step that begins with room that nothing uses.
///
/* Each thread writes to a cursor of its own at every row. Cursors made one after the other shared a cache line, and two
threads waited for each other: 43 to 64 ns a CartPole row-step, and 26 to 32 with this room between. A class's fields
lie behind those of the class above it, so it keeps the next cursor's fields away; small arrays have it at their end. */
@SuppressWarnings("UnusedVariable")
abstract class PaddedStep extends Step {
    /// Two cache lines, in bytes: processors fetch them in pairs.
    static final int PADDING = 128;

    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
