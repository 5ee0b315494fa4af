package io.hypertoken.embed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Reads and writes at absolute addresses that the host gave, and keeps valid.
final class HostMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private HostMemory() {}

    static long getLong(long address) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static void putLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    static byte[] bytes(long address, long length) {
        return ALL.asSlice(address, length).toArray(ValueLayout.JAVA_BYTE);
    }

    static String text(long address, long length) {
        return new String(bytes(address, length), StandardCharsets.UTF_8);
    }

    /// Whether any byte is not 0; what lies behind them up to the next multiple of 8 is padding, which is 0.
    static boolean anyFlag(long address, long bytes) {
        for (long at = address; at < address + bytes; at += 8) {
            if (getLong(at) != 0) {
                return true;
            }
        }
        return false;
    }
}
