package io.hypertoken.server.events.store;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import java.nio.file.Path;
import java.time.Duration;

/// Where a log lies and how much of it is kept.
///
/// @param folder made if it is not there; nobody else's files belong in it
/// @param maxBytes the newest so many bytes are kept, at least 1 MiB; the oldest are dropped a segment at a time
/// @param maxAge what is older is dropped, a segment at a time
public record FileStoreSettings(Path folder, long maxBytes, Duration maxAge, FsyncPolicy fsync) {
    /// The least that `maxBytes` may be.
    public static final long LEAST_BYTES = 1 << 20;

    private static final long LARGEST_SEGMENT = 32 << 20;
    private static final int SEGMENTS = 32;

    public FileStoreSettings {
        if (maxBytes < LEAST_BYTES) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused an event log of " + maxBytes + " bytes",
                    "it must hold at least " + LEAST_BYTES,
                    "allow it more");
        }
        if (maxAge.toMillis() <= 0) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused an event log that keeps events for " + maxAge.toMillis() + " ms",
                    "the time must be positive",
                    "allow it more");
        }
    }

    /// A log of at most 1 GiB and 30 days in a folder.
    public static FileStoreSettings in(Path folder) {
        return new FileStoreSettings(folder, 1L << 30, Duration.ofDays(30), FsyncPolicy.DEFAULT);
    }

    /// The same, keeping so many bytes.
    public FileStoreSettings maxBytes(long bytes) {
        return new FileStoreSettings(folder, bytes, maxAge, fsync);
    }

    /// The same, keeping events for so long.
    public FileStoreSettings maxAge(Duration age) {
        return new FileStoreSettings(folder, maxBytes, age, fsync);
    }

    /// The same under another policy.
    public FileStoreSettings fsync(FsyncPolicy policy) {
        return new FileStoreSettings(folder, maxBytes, maxAge, policy);
    }

    /// How large a segment grows before the next one begins. All of the last one is read at start.
    long segmentBytes() {
        return Math.min(LARGEST_SEGMENT, maxBytes / SEGMENTS);
    }
}
