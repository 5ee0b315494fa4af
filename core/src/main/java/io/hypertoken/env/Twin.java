package io.hypertoken.env;

/// The same rules as a plain environment, played on whole blocks of rows whose state lies in arrays side by side.
///
/// A twin equals its plain class bit for bit, and is only ever faster; it serves environments of one agent without
/// masks. The engine keeps resets, limits, totals and autoreset. Blocks of one twin are played by several threads at
/// once, never the same row by two.
public interface Twin {
    /// One row as an environment of the plain kind, to reset, look at, draw, save and load it; its state is the
    /// twin's. Its `step` is never called.
    Environment row(int row);

    /// Plays rows `from` to `to` - 1: reads their actions, and writes observation, reward and terminated of each.
    ///
    /// Rows that wait for a reset are played too, from whatever state they ended in; what comes of it is thrown away,
    /// so it only must not throw.
    ///
    /// @param terminated receives the numbers of the rows that ended by the rules
    /// @return how many there are
    int step(TwinColumns columns, int from, int to, int[] terminated);
}
