package io.hypertoken.app.exchange;

/// The windows and items that bars of one length reach over.
///
/// @param start Unix seconds of the first window
/// @param ids rising
record Span(long start, int windows, int[] ids) {
    /// Bytes that a window of an item takes in memory: two prices and two volumes.
    private static final int BYTES = 4 * Long.BYTES;

    long cells() {
        return (long) windows * ids.length;
    }

    long bytes() {
        return cells() * BYTES;
    }
}
