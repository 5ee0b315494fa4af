package io.hypertoken.record;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Digests trajectories: a row's digest is the SHA-256 of its records, a batch's that of its rows' digests in order.
///
/// A limit makes the digest one of exactly so many steps a row: a row's records count up to and with its last such
/// step, and not the reset that may follow it. Then rows that reach their limit at different times, as they do under
/// different autoreset modes, have the same digest.
public final class TrajectoryDigest implements RecordSink {
    private final MessageDigest[] rows;
    private final long[] steps;
    private final long limit;

    /// Digests every record of `rows` rows.
    public TrajectoryDigest(int rows) {
        this(rows, Long.MAX_VALUE);
    }

    /// Digests the first `limit` steps of each of `rows` rows.
    public TrajectoryDigest(int rows, long limit) {
        this.rows = new MessageDigest[rows];
        this.steps = new long[rows];
        this.limit = limit;
        for (int row = 0; row < rows; row++) {
            this.rows[row] = sha256();
        }
    }

    @Override
    public void record(int row, byte[] bytes, int length) {
        if (steps[row] == limit) {
            return;
        }
        rows[row].update(bytes, 0, length);
        steps[row] += bytes[0] == RecordLayout.STEP ? 1 : 0;
    }

    /// How many steps of a row have been digested.
    public long steps(int row) {
        return steps[row];
    }

    /// Whether every row has reached the limit.
    public boolean complete() {
        for (long count : steps) {
            if (count < limit) {
                return false;
            }
        }
        return true;
    }

    /// The digest of one row so far, in lower-case hexadecimal.
    public String ofRow(int row) {
        return HexFormat.of().formatHex(bytes(row));
    }

    /// The digest of all rows so far, in lower-case hexadecimal.
    public String ofBatch() {
        MessageDigest batch = sha256();
        for (int row = 0; row < rows.length; row++) {
            batch.update(bytes(row));
        }
        return HexFormat.of().formatHex(batch.digest());
    }

    private byte[] bytes(int row) {
        try {
            return ((MessageDigest) rows[row].clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java's SHA-256 cannot be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
