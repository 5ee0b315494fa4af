package io.hypertoken.env;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// An environment whose state can be saved and brought back, mid-episode, into a copy made with the same options.
///
/// The generator, the options and the engine's counters are saved by the engine; only the rules' own state is written
/// here.
public interface Snapshot {
    /// Writes all state that decides what happens next.
    void save(DataOutput out) throws IOException;

    /// Reads what [#save] wrote, and is then in the very state that it was written in.
    void load(DataInput in) throws IOException;
}
