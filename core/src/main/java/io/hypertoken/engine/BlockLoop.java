package io.hypertoken.engine;

/// Steps a block of rows, one after another.
interface BlockLoop {
    /// Steps rows `from` to `to` - 1, whose actions have been checked.
    void run(Rows rows, RowStep step, RowView view, int from, int to);
}
