package io.hypertoken.env;

import io.hypertoken.random.Generator;

/// The same rules as a plain environment, played on whole blocks of rows whose state lies in arrays side by side.
///
/// A twin equals its plain class bit for bit, and is only ever faster; it serves environments of one agent without
/// masks. The engine keeps resets, limits, totals and autoreset. Blocks of one twin are played by several threads at
/// once, never the same row by two.
public interface Twin {
    /// One row as an environment of the plain kind, to reset, look at, draw, save and load it; its state is the
    /// twin's. Its `step` is never called.
    Environment row(int row);

    /// Begins an episode in a row, if the twin can do so quicker than the reset and observe of [#row(int)]: the same
    /// draws, the same state, and the observation written to its column. Must not throw.
    ///
    /// @return whether it did; false leaves everything as it was
    default boolean begin(TwinColumns columns, int row, Generator random) {
        return false;
    }

    /// Plays rows `from` to `to` - 1: reads their actions, and writes observation, reward and terminated of each.
    ///
    /// Rows that wait for a reset are played too, from whatever state they ended in; what comes of it is thrown away,
    /// so it only must not throw.
    ///
    /// @param terminated receives the numbers of the rows that ended by the rules
    /// @return how many there are
    int step(TwinColumns columns, int from, int to, int[] terminated);
}
