package io.hypertoken.guests.python;

import io.hypertoken.env.Options;
import java.time.Duration;

/// How long a worker may take: for each row's step, and for its start or a row's reset.
///
/// @param stepNanos from one row's answer to the next
/// @param resetNanos the same where an episode begins
record Deadlines(long stepNanos, long resetNanos) {
    private static final double NANOS = 1e9;

    static Deadlines of(Options opened) {
        return new Deadlines((long) (NANOS * opened.number(PythonOptions.STEP_DEADLINE)), (long)
                (NANOS * opened.number(PythonOptions.RESET_DEADLINE)));
    }

    /// The longest that a batch of so many rows takes, whatever happens.
    Duration batch(int rows) {
        return Duration.ofNanos(resetNanos + rows * stepNanos);
    }
}
