package io.hypertoken.record;

/// Receives the records of a vector's rows, each row's in order; see [RecordLayout].
@FunctionalInterface
public interface RecordSink {
    /// One record of one row.
    ///
    /// @param bytes holds the record at 0 … `length` - 1; reused for the next one, so copy what you keep
    void record(int row, byte[] bytes, int length);
}
