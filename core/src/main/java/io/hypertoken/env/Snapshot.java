package io.hypertoken.env;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InvalidObjectException;

/// An environment whose state can be saved and brought back, mid-episode, into a copy made with the same options.
///
/// The generator, the options and the engine's counters are saved by the engine; only the rules' own state is written
/// here.
///
/// Saved bytes come back from outside, where anyone may have changed them. So [#load] reads all of them, checks by
/// [#require] that its rules could be in such a state, and only then takes it over: whatever bytes it accepts, no later
/// step, look or drawing throws, goes on without end, or shows something outside the declared space. It must accept
/// whatever [#save] wrote, also of an episode that is over.
///
/// ```java
/// public void load(DataInput in) throws IOException {
///     int read = in.readInt();
///     Snapshot.require(read >= 0 && read <= goal, "the walker is at " + read + ", outside the corridor");
///     cell = read;
/// }
/// ```
public interface Snapshot {
    /// Writes all state that decides what happens next.
    void save(DataOutput out) throws IOException;

    /// Reads what [#save] wrote, and is then in the very state that it was written in.
    ///
    /// @throws IOException if it is no state that the rules could be in; the copy is then thrown away or goes on as
    ///     before
    void load(DataInput in) throws IOException;

    /// Refuses a state that was read, unless it is possible.
    ///
    /// @param impossible what is wrong with it, as whoever restores it is told
    static void require(boolean possible, String impossible) throws InvalidObjectException {
        if (!possible) {
            throw new InvalidObjectException(impossible);
        }
    }
}
