package io.hypertoken.env;

import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/// What each row of a [RemoteRows] is asked in one message; valid until the answers have been read.
public interface RemoteRequest {
    /// What a row is asked.
    enum Kind {
        /// Nothing: it waits for its caller.
        NOTHING,
        /// To play its action.
        STEP,
        /// To begin an episode.
        RESET,
        /// To be made anew, because it was lost or broke, and then to begin an episode.
        RENEW
    }

    /// What this row is asked.
    Kind kind(int row);

    /// The seed to begin with; empty to draw on. One that is made anew has a seed always.
    OptionalLong seed(int row);

    /// The options of the row's episode.
    Options options(int row);

    /// The column of an action leaf, `[rows, agents, *leaf]`, little-endian.
    MemorySegment action(int leaf);

    /// The index of the agent to act; -1 where all alive agents act.
    int turn(int row);
}
